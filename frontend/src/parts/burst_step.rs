//! Choosing one of the bursts that cover a point.

use super::live::{live, show};
use domain::{BurstId, Footprint};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

use super::CopyButton;
use crate::{
    logic::{format, plot},
    state::Pick,
};

/// Where the recorded example lies: Mount Edgecumbe's summit.
const EXAMPLE: [f64; 2] = [-135.75, 57.05];

/// The bursts that cover the point, and the picked one.
#[component]
pub(crate) fn BurstStep() -> impl IntoView {
    let pick: Pick = expect_context();
    show(move || match (pick.point.get(), pick.options.with(Vec::len)) {
        (None, _) => view! { <Invitation/> }.into_any(),
        (Some(point), 0) => {
            view! { <p class="lead">{format!("No Sentinel-1 IW burst covers {}.", format::place(point))}</p> }
                .into_any()
        }
        (Some(point), _) => view! { <Options point/> }.into_any(),
    })
}

#[component]
fn Invitation() -> impl IntoView {
    let pick: Pick = expect_context();
    let example = move |_| {
        pick.ask(EXAMPLE);
        pick.show.update(|n| *n += 1);
    };
    view! {
        <p class="lead">
            "Pick a Sentinel-1 burst on the map, pick image pairs on its timeline, and launch them: interferograms appear one by one while GitHub Actions computes them."
        </p>
        <p>
            "To see how it goes, begin with "
            <button type="button" class="link" data-testid="example" on:click=example>
                "Mount Edgecumbe, Alaska"
            </button> ", a volcano whose ground has been rising since 2018."
        </p>
    }
}

#[component]
fn Options(point: [f64; 2]) -> impl IntoView {
    let pick: Pick = expect_context();
    let options = pick.options.get_untracked();
    let heading = match options.as_slice() {
        [_] => format!("One burst covers {}", format::place(point)),
        all => format!("{} bursts cover {}", all.len(), format::place(point)),
    };
    let bursts: Vec<BurstId> = options.iter().map(|f| f.burst).collect();
    let keys = move |event: ev::KeyboardEvent| move_in_list(&event, pick, &bursts);
    // One stop for the Tab key: the picked option, else the first.
    let first = options.first().map(|f| f.burst);
    let stop = move |burst| pick.burst.get().or(first) == Some(burst);
    let rows = options.into_iter().map(|footprint| {
        let burst = footprint.burst;
        view! { <Row footprint stop=Signal::derive(move || stop(burst))/> }
    });
    view! {
        <p class="small muted" id="bursts-heading">{heading}</p>
        <div class="bursts" role="listbox" aria-labelledby="bursts-heading" on:keydown=keys>
            {rows.collect_view()}
        </div>
        {show(move || pick.burst.get().map(|burst| view! { <Picked burst/> }))}
    }
}

#[component]
fn Row(footprint: Footprint, stop: Signal<bool>) -> impl IntoView {
    let pick: Pick = expect_context();
    let Footprint { burst, pass, .. } = footprint;
    let hover = move |now: bool| pick.hovered.set(now.then_some(burst));
    view! {
        <div
            role="option"
            data-testid="burst-option"
            data-burst=burst.to_string()
            tabindex=live(move || if stop.get() { "0" } else { "-1" })
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
                <span class="small muted">{format!("track {} · {}", burst.track(), burst.subswath())}</span>
            </span>
            <span class="small">{pass.word()}</span>
        </div>
    }
}

#[component]
fn Picked(burst: BurstId) -> impl IntoView {
    let footprint = Footprint::of(burst);
    view! {
        <dl class="facts small">
            <dt>"Burst"</dt>
            <dd class="row">
                <span class="mono">{burst.to_string()}</span>
                <CopyButton text=move || burst.to_string() label="Copy" about="the burst's identifier"/>
            </dd>
            <dt>"Pass"</dt>
            <dd>{footprint.pass.word()}</dd>
            <dt>"Middle"</dt>
            <dd>{format::place(footprint.centre)}</dd>
        </dl>
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
