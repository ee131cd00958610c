//! The plot: baseline over time, with the timeline under it on the same axis. A few SVG paths, however many pairs.

mod drawing;
mod gaps;
mod layout;

use super::live::show;
use std::sync::Arc;

use domain::PairName;
use leptos::{ev, html::Div, prelude::*, svg::Svg};
use leptos_use_resize_observer::use_resize_observer;
use time::Date;
use wasm_bindgen::JsCast;

use crate::logic::{
    model::Model,
    plot::{self, LINE_REACH, REACH, Spot},
};
use drawing::{Axes, Edges, Marks, Tip};
use gaps::Gaps;
pub(crate) use gaps::gaps_in_words;
use layout::Layout;

/// What is under the pointer or the keyboard's cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Near {
    /// A date, by its index.
    Date(usize),
    /// A pair, by its index.
    Link(usize),
}

/// The plot.
#[component]
pub(crate) fn StackPlot(
    /// What is shown.
    #[prop(into)]
    model: Signal<Arc<Model>>,
    /// Whether the time axis shows the chosen dates only.
    #[prop(into)]
    close: Signal<bool>,
    /// The date that waits for a second one.
    #[prop(into)]
    selected: Signal<Option<Date>>,
    /// The pair that is pointed at, here or elsewhere.
    near_pair: RwSignal<Option<PairName>>,
    /// A date was taken.
    on_date: Callback<Date>,
    /// A pair was taken.
    on_pair: Callback<PairName>,
    /// Dates were brushed.
    on_range: Callback<[Date; 2]>,
    /// What taking a pair does, in words.
    pair_hint: &'static str,
) -> impl IntoView {
    let holder = NodeRef::<Div>::new();
    let svg = NodeRef::<Svg>::new();
    let size = RwSignal::new([0.0f64; 2]);
    use_resize_observer(holder, move |entries, _| {
        if let Some(rect) = entries.first().map(web_sys::ResizeObserverEntry::content_rect) {
            size.set([rect.width(), rect.height()]);
        }
    });
    let layout = Memo::new(move |_| {
        let [width, height] = size.get();
        Arc::new(model.with(|m| Layout::new(m, width, height, close.get())))
    });
    let near = RwSignal::new(None::<Near>);
    let brush = RwSignal::new(None::<[f64; 2]>);
    // Indices belong to one model: a new one forgets them.
    Effect::new(move |_| {
        model.track();
        near.set(None);
    });
    Effect::new(move |_| {
        let name = match near.get() {
            Some(Near::Link(i)) => model.with(|m| m.links.get(i).map(|l| l.name)),
            _ => None,
        };
        if near_pair.get_untracked() != name {
            near_pair.set(name);
        }
    });
    let spot = move |event: &ev::PointerEvent| -> Option<Spot> {
        let rect = svg.get_untracked()?.get_bounding_client_rect();
        Some([f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()])
    };
    let hit = move |at: Spot, finger: bool| layout.with(|l| l.hit(at, if finger { 2.0 } else { 1.0 }));
    let moved = move |event: ev::PointerEvent| {
        let Some(at) = spot(&event) else { return };
        match brush.get_untracked() {
            Some([from, _]) => brush.set(Some([from, at[0]])),
            None => near.set(hit(at, event.pointer_type() == "touch")),
        }
    };
    let pressed = move |event: ev::PointerEvent| {
        let Some(at) = spot(&event) else { return };
        let found = hit(at, event.pointer_type() == "touch");
        near.set(found);
        if found.is_none() && event.button() == 0 && layout.with(|l| l.in_timeline(at)) {
            brush.set(Some([at[0], at[0]]));
            if let Some(svg) = svg.get_untracked() {
                let _ = svg.unchecked_ref::<web_sys::Element>().set_pointer_capture(event.pointer_id());
            }
        }
    };
    let act = move |what: Near| {
        let model = model.get_untracked();
        match what {
            Near::Date(i) => model.marks.get(i).map(|mark| on_date.run(mark.day)),
            Near::Link(i) => model.links.get(i).map(|link| on_pair.run(link.name)),
        };
    };
    let released = move |event: ev::PointerEvent| {
        if let Some([from, to]) = brush.get_untracked() {
            brush.set(None);
            if (from - to).abs() > 6.0
                && let Some(days) = layout.with(|l| l.days(from.min(to), from.max(to)))
            {
                on_range.run(days);
            }
        } else if event.button() == 0
            && let Some(what) = spot(&event).and_then(|at| hit(at, event.pointer_type() == "touch"))
        {
            act(what);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (dates, links) = model.with(|m| (m.marks.len(), m.links.len()));
        let step = |by: isize| match near.get_untracked() {
            Some(Near::Date(i)) => plot::step(Some(i), by, dates),
            _ => plot::step(selected.get_untracked().and_then(|d| model.with(|m| m.at(d))), by, dates),
        };
        let step_link = |by: isize| match near.get_untracked() {
            Some(Near::Link(i)) => plot::step(Some(i), by, links),
            _ => plot::step(None, by, links),
        };
        match event.key().as_str() {
            "ArrowRight" => near.set(step(1).map(Near::Date)),
            "ArrowLeft" => near.set(step(-1).map(Near::Date)),
            "ArrowDown" => near.set(step_link(1).map(Near::Link)),
            "ArrowUp" => near.set(step_link(-1).map(Near::Link)),
            "Enter" | " " => {
                if let Some(what) = near.get_untracked() {
                    act(what);
                }
            }
            "p" | "P" => {
                if let (Some(what @ Near::Date(_)), Some(_)) =
                    (near.get_untracked(), selected.get_untracked())
                {
                    act(what);
                }
            }
            "Delete" | "Backspace" => {
                if let Some(what @ Near::Link(_)) = near.get_untracked() {
                    act(what);
                }
            }
            "Escape" => {
                near.set(None);
                if let Some(day) = selected.get_untracked() {
                    on_date.run(day);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="plot" node_ref=holder data-testid="plot">
            <svg
                node_ref=svg
                role="application"
                tabindex="0"
                aria-label="Plot of dates and pairs. Left and right go through dates, up and down through pairs, Enter takes one, P pairs, Delete drops."
                on:pointermove=moved
                on:pointerdown=pressed
                on:pointerup=released
                on:pointercancel=move |_| brush.set(None)
                on:pointerleave=move |_| {
                    if brush.get_untracked().is_none() {
                        near.set(None);
                    }
                }
                on:keydown=keys
            >
                <Gaps model layout/>
                <Axes layout/>
                {show(move || {
                    brush.get().map(|[a, b]| {
                        let [top, height] = layout.with(|l| [l.top, l.bottom - l.top]);
                        view! { <rect class="band" x=a.min(b) y=top width=(a - b).abs() height=height></rect> }
                    })
                })}
                <Edges model layout near_pair/>
                <Marks layout near selected model/>
            </svg>
            <Tip model layout near pair_hint/>
        </div>
    }
}

/// How far a pointer reaches: dates before pairs.
const REACHES: [f64; 2] = [REACH, LINE_REACH];
