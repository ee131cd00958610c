//! A list of bursts to pick one from, by pointer or by keyboard.

use super::live::live;
use domain::{BurstId, area::Cover};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use crate::{
    logic::{format, plot},
    state::Pick,
};

/// One row a burst: its name, track, subswath, pass, and how much of the area it covers where that is not all.
#[component]
pub(crate) fn BurstList(
    /// The bursts.
    covers: Vec<Cover>,
    /// What the list is of.
    label: &'static str,
    /// The rows' hook for tests.
    testid: &'static str,
) -> impl IntoView {
    let pick: Pick = expect_context();
    let bursts: Vec<BurstId> = covers.iter().map(|c| c.footprint.burst).collect();
    // One stop for the Tab key: the picked row, else the first.
    let (first, all) = (bursts.first().copied(), bursts.clone());
    let stop = Memo::new(move |_| pick.burst.get().filter(|burst| all.contains(burst)).or(first));
    let rows = covers.into_iter().map(|cover| view! { <Row cover stop testid/> });
    view! {
        <div class="bursts" role="listbox" aria-label=label on:keydown=move |event| move_in_list(&event, pick, &bursts)>
            {rows.collect_view()}
        </div>
    }
}

#[component]
fn Row(cover: Cover, stop: Memo<Option<BurstId>>, testid: &'static str) -> impl IntoView {
    let pick: Pick = expect_context();
    let (burst, pass) = (cover.footprint.burst, cover.footprint.pass);
    let hover = move |now: bool| pick.hovered.set(now.then_some(burst));
    let share = (cover.share < 1.0).then(|| format!("{} of the area", format::percent(cover.share)));
    let place = format!("track {} · {}", burst.track(), burst.subswath());
    view! {
        <div
            role="option"
            data-testid=testid
            data-burst=burst.to_string()
            tabindex=live(move || if stop.get() == Some(burst) { "0" } else { "-1" })
            aria-selected=live(move || (pick.burst.get() == Some(burst)).to_string())
            on:click=move |_| pick.choose(Some(burst))
            on:pointerenter=move |_| hover(true)
            on:pointerleave=move |_| hover(false)
            on:focus=move |_| hover(true)
            on:blur=move |_| hover(false)
        >
            <span class=format!("dash {}", pass.word()) aria-hidden="true"></span>
            <span>
                <span class="mono">{burst.to_string()}</span>
                <br/>
                <span class="small muted">{share.unwrap_or(place)}</span>
            </span>
            <span class="small">{pass.word()}</span>
        </div>
    }
}

/// Arrows go through the list, Enter and Space pick.
fn move_in_list(event: &ev::KeyboardEvent, pick: Pick, bursts: &[BurstId]) {
    let Some(list) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let rows = list.children();
    let focused = document().active_element();
    let at = (0..rows.length()).find(|i| rows.item(*i) == focused).map(|i| i as usize);
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        "Enter" | " " => {
            event.prevent_default();
            if let Some(burst) = at.and_then(|i| bursts.get(i)) {
                pick.choose(Some(*burst));
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    let next = plot::step(at, step, bursts.len()).and_then(|i| rows.item(i as u32));
    if let Some(row) = next.and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = row.focus();
    }
}
