//! One of the four steps: a word, its state in a line, and what can be done there.

use super::live::{live, show};
use leptos::prelude::*;

use crate::state::{Frame, Step};

impl Step {
    /// Place in the row, word, name in markup.
    const fn heading(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Burst => ("1", "Burst", "burst"),
            Self::Pairs => ("2", "Pairs", "pairs"),
            Self::Launch => ("3", "Launch", "launch"),
            Self::Watch => ("4", "Watch", "watch"),
        }
    }
}

/// A step with its heading, which opens and closes it.
#[component]
pub(crate) fn StepSection(
    /// Which one.
    step: Step,
    /// How it stands, in a line.
    #[prop(into)]
    line: Signal<String>,
    /// Whether it has what the next one needs.
    #[prop(into)]
    ready: Signal<bool>,
    /// What can be done there.
    children: Children,
) -> impl IntoView {
    let frame: Frame = expect_context();
    let (number, word, key) = step.heading();
    let open = move || frame.is_open(step);
    let body = format!("step-{key}");
    view! {
        <section
            class="step"
            data-step=key
            data-open=live(move || open().to_string())
            data-ready=live(move || ready.get().to_string())
        >
            <h2>
                <button
                    type="button"
                    data-testid=format!("step-{key}")
                    aria-expanded=live(move || open().to_string())
                    aria-controls=body.clone()
                    on:click=move |_| frame.toggle(step)
                >
                    <span class="number" aria-hidden="true">{number}</span>
                    <span>{word}</span>
                    <span class="line" title=live(move || line.get())>{show(move || line.get())}</span>
                </button>
            </h2>
            <div class="body" id=body hidden=live(move || !open())>
                {children()}
            </div>
        </section>
    }
}
