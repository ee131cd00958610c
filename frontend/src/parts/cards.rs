//! A card for each pair: state, picture, dates.

use super::live::{live, show};
use domain::{
    JobName,
    run::{PairView, State},
    timestamp::day_text,
};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::{Mark, beside::short};
use crate::{
    logic::{
        format,
        plot::{self, shade, shade_colour},
        sorting,
    },
    state::{Drawn, Watch},
};

/// All cards; arrows move from one to the next.
#[component]
pub(crate) fn Cards() -> impl IntoView {
    let watch: Watch = expect_context();
    let drawn: Drawn = expect_context();
    let worst_first = RwSignal::new(false);
    let names = Memo::new(move |_| {
        let names: Vec<String> =
            watch.view.with(|v| v.iter().flat_map(|v| &v.pairs).map(|p| p.name.clone()).collect());
        if !worst_first.get() {
            return names;
        }
        sorting::least_first(&names, |name| drawn.coherence(name)[1])
    });
    let keys = move |event: ev::KeyboardEvent| move_between(&event);
    view! {
        // There from the beginning, so that the cards stay where they are when the first coherence is known.
        <label class="check small">
            <input
                type="checkbox"
                data-testid="worst-first"
                prop:checked=worst_first
                disabled=live(move || !drawn.any_measured.get())
                on:change=move |_| worst_first.update(|w| *w = !*w)
            />
            "Least coherent first"
        </label>
        <div class="cards" role="listbox" aria-label="Pairs of the run" on:keydown=keys>
            <For each=move || names.get() key=Clone::clone children=move |name| view! { <Card name/> }/>
        </div>
    }
}

#[component]
fn Card(name: String) -> impl IntoView {
    let watch: Watch = expect_context();
    let key = StoredValue::new(name.clone());
    let pair = Memo::new(move |_| {
        key.with_value(|name| {
            watch.view.with(|v| v.as_ref()?.pairs.iter().find(|p| p.name == *name).cloned())
        })
    });
    let state = Memo::new(move |_| pair.with(|p| p.as_ref().map_or(State::Queued, |p| p.state)));
    let thumb = Memo::new(move |_| pair.with(|p| watch.shot(p.as_ref()?)?.ok()?.thumb()));
    let focused = Memo::new(move |_| watch.focused().is_some_and(|p| key.with_value(|name| p.name == *name)));
    let drawn: Drawn = expect_context();
    let measured = Memo::new(move |_| key.with_value(|name| drawn.coherence(name)[1]));
    let first = Memo::new(move |_| {
        watch.view.with(|v| {
            v.as_ref().and_then(|v| v.pairs.first()).is_some_and(|p| key.with_value(|n| p.name == *n))
        })
    });
    let stop = move || focused.get() || (first.get() && watch.focused().is_none());
    let choose = move || watch.focus.set(Some(key.get_value()));
    let dates = name.parse::<JobName>().map_or_else(
        |_| view! { <span>{name.clone()}</span> }.into_any(),
        |n| {
            let days = n.pair();
            // In a run of several bursts the days alone do not tell a pair from the others.
            let burst = n.burst().map(|burst| view! { <span>{short(burst)}</span><br/> });
            view! { {burst}<span>{day_text(days.reference)}</span><br/><span>{day_text(days.secondary)}</span> }.into_any()
        },
    );
    let picture = move || {
        match thumb.get() {
        Some(address) => {
            view! { <img data-testid="pair-thumb" src=address alt=format!("Interferogram {}", key.get_value())/> }.into_any()
        }
        None => view! { <Mark state=state.get()/> }.into_any(),
    }
    };
    view! {
        <div
            class="card"
            role="option"
            data-testid="pair-card"
            data-pair=name.clone()
            data-state=live(move || state.get().word())
            tabindex=live(move || if stop() { "0" } else { "-1" })
            aria-selected=live(move || focused.get().to_string())
            on:click=move |_| choose()
            on:keydown=move |event| {
                if matches!(event.key().as_str(), "Enter" | " ") {
                    event.prevent_default();
                    choose();
                }
            }
        >
            <span class="frame">{show(picture)}</span>
            <span class="dates">{dates}</span>
            <span class="state">
                {show(move || view! { <Mark state=state.get()/> })}
                {show(move || told(pair.get().as_ref()))}
                {show(move || measured.get().map(|coherence| view! {
                    <span class="gamma" title="Mean coherence, measured" style=format!("border-color:{}", shade_colour(shade(coherence)))>
                        "γ "{format::coherence(coherence)}
                    </span>
                }))}
            </span>
        </div>
    }
}

fn told(pair: Option<&PairView>) -> String {
    match pair {
        Some(PairView { state: State::Running, step: Some(step), .. }) => step.clone(),
        Some(pair) => pair.state.word().to_owned(),
        None => String::new(),
    }
}

fn move_between(event: &ev::KeyboardEvent) {
    let by = match event.key().as_str() {
        "ArrowRight" | "ArrowDown" => 1,
        "ArrowLeft" | "ArrowUp" => -1,
        _ => return,
    };
    let Some(list) = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    event.prevent_default();
    let cards = list.children();
    let focused = document().active_element();
    let at = (0..cards.length()).find(|i| cards.item(*i) == focused).map(|i| i as usize);
    let next = plot::step(at, by, cards.length() as usize).and_then(|i| cards.item(i as u32));
    if let Some(card) = next.and_then(|card| card.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = card.focus();
        card.click();
    }
}
