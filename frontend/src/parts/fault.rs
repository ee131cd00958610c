//! What went wrong, where it went wrong.

use leptos::prelude::*;

use super::SignIn;
use crate::api::{self, Fault};

/// A fault with its findings, a way to try again, and the details in a fold.
#[component]
pub(crate) fn FaultNote(
    /// What went wrong.
    fault: Fault,
    /// What trying again does, if it makes sense.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let findings = (fault.errors.len() > 1).then(|| {
        let lines = fault.errors.iter().map(|e| view! { <li>{api::capital(&e.detail)}</li> }).collect_view();
        view! { <ul class="small">{lines}</ul> }
    });
    let retry = retry.map(|retry| {
        view! {
            <div>
                <button type="button" data-testid="retry" on:click=move |_| retry.run(())>
                    "Try again"
                </button>
            </div>
        }
    });
    let sign_in = fault.wants_sign_in().then(|| view! { <div><SignIn/></div> });
    let technical = fault.technical.map(|text| {
        view! {
            <details class="small">
                <summary>"Details"</summary>
                <pre>{text}</pre>
            </details>
        }
    });
    view! {
        <div class="problem" role="alert" data-testid="fault">
            <h3>{fault.title}</h3>
            <p>{fault.detail}</p>
            {findings}
            {sign_in}
            {retry}
            {technical}
        </div>
    }
}
