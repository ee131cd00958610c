//! The shape of a state: hollow, half, full, cross, bar.

use domain::run::State;
use leptos::prelude::*;

/// A state's shape in its colour. The word beside it says the same.
#[component]
pub(crate) fn Mark(
    /// The state.
    state: State,
) -> impl IntoView {
    let class = format!("mark is-{}", state.word());
    let shape = match state {
        State::Queued => view! { <circle cx="6" cy="6" r="4.5"></circle> }.into_any(),
        State::Running => {
            view! { <circle cx="6" cy="6" r="4.5"></circle><path class="solid" d="M6 1.5a4.5 4.5 0 0 1 0 9z"></path> }.into_any()
        }
        State::Done => view! { <circle class="solid" cx="6" cy="6" r="5.5"></circle> }.into_any(),
        State::Failed => view! { <path d="M1.5 1.5l9 9M10.5 1.5l-9 9"></path> }.into_any(),
        State::Cancelled | State::Skipped => view! { <path d="M1 6h10"></path> }.into_any(),
    };
    view! {
        <svg class=class viewBox="0 0 12 12" aria-hidden="true">
            {shape}
        </svg>
    }
}
