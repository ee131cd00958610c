//! The way to GitHub's sign-in page and back to where one is.

use leptos::{ev, prelude::*};

use crate::{api, browser};

/// A link that looks like a button. What was chosen stands in the address, so it is there again afterwards.
#[component]
pub(crate) fn SignIn(
    /// Whether it is the one thing to do here.
    #[prop(optional)]
    primary: bool,
    /// Whether there is little room.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    // The address changes without a word to anybody, so it is read when the link is pressed.
    let go = move |event: ev::MouseEvent| {
        event.prevent_default();
        let (path, query) = browser::address();
        browser::leave_for(&api::sign_in_address(&format!("{path}{query}")));
    };
    let class = if primary { "button primary" } else { "button" };
    view! {
        <a class=class href="/api/v1/sign-in" data-testid="sign-in" title="Sign in with GitHub" on:click=go>
            {if short { "Sign in" } else { "Sign in with GitHub" }}
        </a>
    }
}
