//! A button that copies a text and says so.

use super::live::show;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::browser;

/// Copies what `text` gives when it is pressed. Where the browser refuses, the text appears, to be copied by hand.
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
    let copied = RwSignal::new(false);
    let by_hand = RwSignal::new(None::<String>);
    let press = move |_| {
        let text = text();
        spawn_local(async move {
            if !browser::copy(&text).await {
                let _ = by_hand.try_set(Some(text));
                return;
            }
            let _ = by_hand.try_set(None);
            let _ = copied.try_set(true);
            TimeoutFuture::new(1_600).await;
            let _ = copied.try_set(false);
        });
    };
    view! {
        <button class="quiet" type="button" data-testid=testid on:click=press>
            {show(move || if copied.get() { "Copied" } else { label })}
            <span class="hidden-text" role="status">{show(move || if copied.get() { "Copied" } else { "" })}</span>
            <span class="hidden-text">{about}</span>
        </button>
        {show(move || by_hand.get().map(|text| view! {
            <div class="by-hand notice" role="status" data-testid="copy-by-hand">
                <p class="small">"The browser does not let this page copy. Copy it from here:"</p>
                <pre tabindex="0">{text}</pre>
                <div><button type="button" on:click=move |_| by_hand.set(None)>"Close"</button></div>
            </div>
        }))}
    }
}
