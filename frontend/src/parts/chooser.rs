//! A small choice on the map, where several bursts cover the place that was clicked.

use super::{burst_list::BurstList, live::show};
use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::state::Pick;

/// How many bursts it offers; the panel beside the map has them all.
const MOST: usize = 8;
/// Its width, the height of a row and that of all else in pixels, to keep it on the map.
const WIDTH: f64 = 270.0;
const ROW: f64 = 54.0;
const AROUND: f64 = 44.0;

/// The choice, while there is one to make.
#[component]
pub(crate) fn Chooser() -> impl IntoView {
    let pick: Pick = expect_context();
    let holder = NodeRef::<Div>::new();
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && pick.chooser.with_untracked(Option::is_some) {
            pick.chooser.set(None);
            focus_map();
        }
    });
    on_cleanup(move || escape.remove());
    Effect::new(move |_| {
        let by_key = pick.chooser.get().is_some_and(|(_, by_key)| by_key);
        if let Some(holder) = holder.get().filter(|_| by_key)
            && let Ok(Some(row)) = holder.query_selector("[role=option]")
        {
            let _ = row.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    show(move || {
        let ([x, y], _) = pick.chooser.get()?;
        let covers = pick.covers.get();
        let shown: Vec<_> = covers.iter().take(MOST).cloned().collect();
        let more = covers.len() - shown.len();
        let height = ROW * shown.len() as f64 + AROUND;
        // Beside the place, on the side that has room.
        let place = format!(
            "inset-inline-start:clamp(8px,{:.0}px,calc(100% - {:.0}px));inset-block-start:clamp(8px,{:.0}px,max(8px,calc(100% - {height:.0}px)))",
            x + 12.0,
            WIDTH + 8.0,
            y - height / 2.0,
        );
        Some(view! {
            <div class="chooser float" style=place data-testid="chooser" node_ref=holder>
                <p class="small muted">
                    {format!("{} bursts cover this place", covers.len())}
                </p>
                <BurstList covers=shown label="Bursts that cover the place" testid="chooser-option"/>
                {(more > 0).then(|| view! { <p class="small muted">{format!("and {more} more in the list")}</p> })}
            </div>
        })
    })
}

/// Leads the keyboard back to where it came from.
fn focus_map() {
    if let Ok(Some(map)) = document().query_selector("[data-testid=map]") {
        let _ = map.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}
