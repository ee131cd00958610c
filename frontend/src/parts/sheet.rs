//! The phone's sheet: what it shows, and how high it stands.

use super::live::{live, show};
use leptos::prelude::*;

use crate::state::{Frame, Tab};

/// Three tabs and a button for the height.
#[component]
pub(crate) fn SheetTabs() -> impl IntoView {
    let frame: Frame = expect_context();
    let choose = move |tab| {
        frame.tab.set(tab);
        frame.sheet.update(|sheet| *sheet = (*sheet).max(1));
    };
    let tabs = Tab::ALL.map(|(tab, key, word)| {
        view! {
            <button
                type="button"
                role="tab"
                data-testid=format!("tab-{key}")
                aria-selected=live(move || (frame.tab.get() == tab).to_string())
                on:click=move |_| choose(tab)
            >
                {word}
            </button>
        }
    });
    let words = move || match frame.sheet.get() {
        0 => ("▴", "Raise the sheet"),
        1 => ("▴", "Raise the sheet to the top"),
        _ => ("▾", "Lower the sheet"),
    };
    view! {
        <nav class="tabs" aria-label="Panels">
            <div role="tablist" class="tablist">{tabs.into_iter().collect_view()}</div>
            <button
                type="button"
                data-testid="sheet-height"
                aria-label=live(move || words().1)
                on:click=move |_| frame.sheet.update(|sheet| *sheet = (*sheet + 1) % 3)
            >
                {show(move || words().0)}
            </button>
        </nav>
    }
}
