//! All keys, shown by `?`.

use leptos::{ev, prelude::*};

use super::dialog::{Dialog, DialogBox};
use crate::browser;

const KEYS: [(&str, &str); 12] = [
    ("/", "Search"),
    ("Tab", "To the next panel: map, plot, steps"),
    ("← →", "In the plot: from date to date; among cards: from pair to pair"),
    ("↑ ↓", "In the plot: from pair to pair; in the matrix, with ← →, from cell to cell"),
    ("Enter", "Take the date or pair; on the map: ask which bursts cover the crosshair"),
    ("P", "Pair the chosen date with this one"),
    ("Delete", "Drop the pair"),
    ("L", "Lock or unlock the pair"),
    ("Z", "Undo; with Shift redo"),
    ("+ −", "Zoom the map"),
    ("Esc", "Let go of a date, close what is open"),
    ("?", "These keys"),
];

/// The button and the list.
#[component]
pub(crate) fn KeysDialog() -> impl IntoView {
    let dialog = Dialog::new();
    let key = window_event_listener(ev::keydown, move |event| {
        if event.key() == "?" && !browser::is_typing() {
            event.prevent_default();
            dialog.open();
        }
    });
    on_cleanup(move || key.remove());
    let lines = KEYS.map(|(key, what)| view! { <dt><kbd>{key}</kbd></dt><dd>{what}</dd> });
    view! {
        <button type="button" class="quiet keys-button" title="Keys" aria-label="Keys" data-testid="keys" on:click=move |_| dialog.open()>
            "?"
        </button>
        <DialogBox dialog title=Box::new(|| "Keys".to_owned()) testid="keys-dialog" close="Close">
            <dl class="keys">{lines.into_iter().collect_view()}</dl>
        </DialogBox>
    }
}
