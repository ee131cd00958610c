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
    /// A pair was taken with Shift or L.
    on_lock: Callback<PairName>,
    /// A date was dragged to another one.
    on_join: Callback<[Date; 2]>,
    /// Dates were brushed.
    on_range: Callback<[Date; 2]>,
    /// The first or, with true, the last day of the season was dragged.
    on_season: Callback<(bool, Date)>,
    /// What taking a date and a pair does, in words.
    hints: [&'static str; 2],
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
    let gesture = RwSignal::new(None::<Gesture>);
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
    let finger = |event: &ev::PointerEvent| event.pointer_type() == "touch";
    let moved = move |event: ev::PointerEvent| {
        let Some(at) = spot(&event) else { return };
        match gesture.get_untracked() {
            Some(Gesture::Brush { from, .. }) => gesture.set(Some(Gesture::Brush { from, to: at[0] })),
            Some(Gesture::Season { last, .. }) => gesture.set(Some(Gesture::Season { last, to: at[0] })),
            Some(Gesture::Pull { date, .. }) => {
                gesture.set(Some(Gesture::Pull { date, to: at }));
                near.set(hit(at, finger(&event)).filter(|n| matches!(n, Near::Date(_))));
            }
            None => near.set(hit(at, finger(&event))),
        }
    };
    let pressed = move |event: ev::PointerEvent| {
        let Some(at) = spot(&event).filter(|_| event.button() == 0) else { return };
        let reach = if finger(&event) { 2.0 } else { 1.0 };
        let found = hit(at, finger(&event));
        near.set(found);
        // The thin ends of the season come before the dates of the timeline, which can be taken in the plot too.
        let begun = layout.with(|l| match (l.season_end(at, reach), found) {
            (Some(last), _) => Some(Gesture::Season { last, to: at[0] }),
            (_, Some(Near::Date(date))) => Some(Gesture::Pull { date, to: at }),
            (_, Some(Near::Link(_))) => None,
            (_, None) => l.in_timeline(at).then_some(Gesture::Brush { from: at[0], to: at[0] }),
        });
        gesture.set(begun);
        if let Some(svg) = svg.get_untracked().filter(|_| begun.is_some()) {
            let _ = svg.unchecked_ref::<web_sys::Element>().set_pointer_capture(event.pointer_id());
        }
    };
    let act = move |what: Near, lock: bool| {
        let model = model.get_untracked();
        match what {
            Near::Date(i) => model.marks.get(i).map(|mark| on_date.run(mark.day)),
            Near::Link(i) if lock => model.links.get(i).map(|link| on_lock.run(link.name)),
            Near::Link(i) => model.links.get(i).map(|link| on_pair.run(link.name)),
        };
    };
    let released = move |event: ev::PointerEvent| {
        let done = gesture.get_untracked();
        gesture.set(None);
        let Some(at) = spot(&event).filter(|_| event.button() == 0) else { return };
        let found = hit(at, finger(&event));
        match done {
            Some(Gesture::Brush { from, to }) if (from - to).abs() > 6.0 => {
                layout
                    .with(|l| l.days(from.min(to), from.max(to)))
                    .into_iter()
                    .for_each(|days| on_range.run(days));
            }
            Some(Gesture::Season { last, to }) => {
                layout.with(|l| l.day(to)).into_iter().for_each(|day| on_season.run((last, day)));
            }
            Some(Gesture::Pull { date, .. }) => match found {
                Some(Near::Date(other)) if other != date => {
                    let model = model.get_untracked();
                    let days = [date, other].map(|i| model.marks.get(i).map(|m| m.day));
                    if let [Some(a), Some(b)] = days {
                        on_join.run([a, b]);
                    }
                }
                Some(what @ Near::Date(_)) => act(what, false),
                _ => {}
            },
            _ => found.into_iter().for_each(|what| act(what, event.shift_key())),
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
                    act(what, false);
                }
            }
            "l" | "L" => {
                if let Some(what @ Near::Link(_)) = near.get_untracked() {
                    act(what, true);
                }
            }
            "p" | "P" => {
                if let (Some(what @ Near::Date(_)), Some(_)) =
                    (near.get_untracked(), selected.get_untracked())
                {
                    act(what, false);
                }
            }
            "Delete" | "Backspace" => {
                if let Some(what @ Near::Link(_)) = near.get_untracked() {
                    act(what, false);
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
                aria-label="Plot of dates and pairs. Left and right go through dates, up and down through pairs, Enter takes one, P pairs, L locks, Delete drops."
                on:pointermove=moved
                on:pointerdown=pressed
                on:pointerup=released
                on:pointercancel=move |_| gesture.set(None)
                on:pointerleave=move |_| {
                    if gesture.get_untracked().is_none() {
                        near.set(None);
                    }
                }
                on:keydown=keys
            >
                <Gaps model layout/>
                <Axes layout/>
                {show(move || gesture.get().map(|g| layout.with(|l| drag(&l.clone(), g))))}
                <Edges model layout near_pair/>
                <Marks layout near selected model/>
            </svg>
            <Tip model layout near hints/>
        </div>
    }
}

/// What a pointer that is held down is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gesture {
    /// Choosing dates along the timeline.
    Brush { from: f64, to: f64 },
    /// Pulling a line from a date to another one.
    Pull { date: usize, to: Spot },
    /// Moving an end of the season.
    Season { last: bool, to: f64 },
}

/// What it will lead to.
fn drag(l: &Layout, gesture: Gesture) -> AnyView {
    let (top, bottom) = (l.top, l.bottom);
    match gesture {
        Gesture::Brush { from, to } => {
            view! { <rect class="band" x=from.min(to) y=top width=(from - to).abs() height=bottom - top></rect> }.into_any()
        }
        Gesture::Season { to, .. } => view! { <path class="band-edge" d=format!("M{to} {top}V{bottom}")></path> }.into_any(),
        Gesture::Pull { date, to } => {
            let from = l.dots.get(date).map_or(to, |d| d.at);
            view! { <path class="edge-near" d=plot::lines_path([&[from, to]])></path> }.into_any()
        }
    }
}

/// How far a pointer reaches: dates before pairs.
const REACHES: [f64; 2] = [REACH, LINE_REACH];
