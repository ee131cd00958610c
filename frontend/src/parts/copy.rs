//! A button that copies a text and says so.

use super::live::show;
use domain::link::{MOST_AREA_CHARS, carries};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::{browser, state::Pick};

/// Copies the page's address, and says so where the area does not go with it.
#[component]
pub(crate) fn CopyPage() -> impl IntoView {
    let pick: Pick = expect_context();
    let whole = Memo::new(move |_| pick.area.with(|area| area.as_deref().is_none_or(carries)));
    let address = || {
        let (path, query) = browser::address();
        browser::absolute(&format!("{path}{query}"))
    };
    view! {
        <CopyButton text=address label="Copy link" testid="copy-page" about="to this page as it is"/>
        {show(move || (!whole.get()).then(|| view! {
            <p class="small" data-testid="link-without-area">
                {format!("This area does not fit into a link, which takes {MOST_AREA_CHARS} signs and corners a metre apart: the link leaves it out. Send its text along.")}
            </p>
        }))}
    }
}

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
    button(Callback::new(move |()| text()), label, testid, about)
}

/// The same for whatever makes the text: the page carries it once.
fn button(
    text: Callback<(), String>,
    label: &'static str,
    testid: &'static str,
    about: &'static str,
) -> AnyView {
    let copied = RwSignal::new(false);
    let by_hand = RwSignal::new(None::<String>);
    let press = move |_| {
        let text = text.run(());
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
    .into_any()
}
