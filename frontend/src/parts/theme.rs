//! Light, dark, high contrast, or as the system has it.

use super::live::live;
use leptos::prelude::*;

use crate::browser;

const THEMES: [(&str, &str); 4] =
    [("system", "System"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast")];

/// The switch; what is chosen is remembered.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let stored = browser::remembered("theme").filter(|s| THEMES.iter().any(|(key, _)| key == s));
    let theme = RwSignal::new(stored.unwrap_or_else(|| "system".to_owned()));
    Effect::new(move |_| {
        let chosen = theme.get();
        let chosen = Some(chosen.as_str()).filter(|theme| *theme != "system");
        browser::remember("theme", chosen);
        if let Some(root) = document().document_element() {
            let _ = match chosen {
                Some(theme) => root.set_attribute("data-theme", theme),
                None => root.remove_attribute("data-theme"),
            };
        }
    });
    view! {
        <select
            aria-label="Theme"
            title="Theme"
            data-testid="theme"
            prop:value=live(move || theme.get())
            on:change=move |event| theme.set(event_target_value(&event))
        >
            {THEMES
                .map(|(key, word)| {
                    view! { <option value=key selected=live(move || theme.get() == key)>{word}</option> }
                })
                .into_iter()
                .collect_view()}
        </select>
    }
}
