//! What is set for all pairs of a launch.

use domain::Looks;
use leptos::prelude::*;

/// Looks, water mask, name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// Looks.
    pub(crate) looks: RwSignal<Looks>,
    /// Whether water is masked before unwrapping.
    pub(crate) water_mask: RwSignal<bool>,
    /// The name as it is typed, good or not.
    pub(crate) name: RwSignal<String>,
}

impl Options {
    /// As a newcomer finds them.
    pub(crate) fn new() -> Self {
        Self {
            looks: RwSignal::new(Looks::default()),
            water_mask: RwSignal::new(false),
            name: RwSignal::new(String::new()),
        }
    }
}
