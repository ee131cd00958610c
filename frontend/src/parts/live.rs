//! Closures of one type.
//!
//! Leptos compiles its machinery anew for every closure that stands in a view. Boxed, they share it, and the page is
//! smaller for those who load it.

use leptos::prelude::*;

/// A part of a view that follows the signals it reads.
pub(crate) fn show<V: IntoAny + 'static>(
    part: impl Fn() -> V + Send + 'static,
) -> Box<dyn FnMut() -> AnyView + Send> {
    Box::new(move || part().into_any())
}

/// A value of an attribute that follows the signals it reads.
pub(crate) fn live<T: 'static>(value: impl Fn() -> T + Send + 'static) -> Box<dyn FnMut() -> T + Send> {
    Box::new(value)
}
