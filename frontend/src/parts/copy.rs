//! A button that copies a text and says so.

use super::live::show;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::browser;

/// Copies what `text` gives when it is pressed.
#[component]
pub(crate) fn CopyButton(
    /// What is copied.
    text: impl Fn() -> String + Copy + Send + Sync + 'static,
    /// The button's words.
    label: &'static str,
    /// Hook for tests.
    #[prop(optional)]
    testid: &'static str,
    /// Further words for those who do not see what the button stands beside.
    #[prop(optional)]
    about: &'static str,
) -> impl IntoView {
    let said = RwSignal::new("");
    let press = move |_| {
        let text = text();
        spawn_local(async move {
            let done = browser::copy(&text).await;
            let _ = said.try_set(if done { "Copied" } else { "Not allowed here" });
            TimeoutFuture::new(1_600).await;
            let _ = said.try_set("");
        });
    };
    let words = move || if said.get().is_empty() { label } else { said.get() };
    view! {
        <button class="quiet" type="button" data-testid=testid on:click=press>
            {show(words)}
            <span class="hidden-text" role="status">{show(move || said.get())}</span>
            <span class="hidden-text">{about}</span>
        </button>
    }
}
