//! The matrix: the same pairs as cells, dates by dates. Above the diagonal their coherence, expected or measured,
//! below it how they were chosen or how they stand. It does what the plot does.

use std::sync::Arc;

use domain::PairName;
use leptos::{ev, html::Div, prelude::*, svg::Svg};
use leptos_use_resize_observer::use_resize_observer;

use super::live::show;
use crate::{
    logic::{
        matrix::Grid,
        model::{Model, Role},
        plot::{Spot, class_and_colour, lines_path, no_paths, place, squares_path},
    },
    state::pair_text,
};

/// The matrix.
#[component]
pub(crate) fn Matrix(
    /// What is shown.
    #[prop(into)]
    model: Signal<Arc<Model>>,
    /// Whether the axes show the chosen dates only.
    close: Signal<bool>,
    /// The pair that is pointed at, here or elsewhere.
    near_pair: RwSignal<Option<PairName>>,
    /// A cell was taken.
    on_cell: Callback<PairName>,
    /// A cell was taken with Shift or L.
    on_lock: Callback<PairName>,
    /// Whether pairs can be changed.
    planning: bool,
) -> impl IntoView {
    let holder = NodeRef::<Div>::new();
    let svg = NodeRef::<Svg>::new();
    let side = RwSignal::new(0.0f64);
    use_resize_observer(holder, move |entries, _| {
        if let Some(rect) = entries.first().map(web_sys::ResizeObserverEntry::content_rect) {
            side.set(rect.width().min(rect.height()));
        }
    });
    let grid = Memo::new(move |_| model.with(|m| Grid::new(m, side.get(), close.get())).map(Arc::new));
    // The two dates under the pointer or the keyboard's cursor, the older one first.
    let cursor = RwSignal::new(None::<[usize; 2]>);
    let name = move |[older, younger]: [usize; 2]| {
        let day = |i: usize| model.with_untracked(|m| m.marks.get(i).map(|mark| mark.day));
        Some(PairName { reference: day(older)?, secondary: day(younger)? })
    };
    let is_pair = move |name: PairName| {
        model.with_untracked(|m| m.links.binary_search_by_key(&name, |link| link.name).is_ok())
    };
    let point = move |to: Option<[usize; 2]>| {
        cursor.set(to);
        let pair = to.and_then(name).filter(|name| is_pair(*name));
        if near_pair.get_untracked() != pair {
            near_pair.set(pair);
        }
    };
    let at = move |event: &ev::PointerEvent| {
        let rect = svg.get_untracked()?.get_bounding_client_rect();
        let spot = [f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()];
        grid.with_untracked(|g| model.with_untracked(|m| g.as_ref()?.at(m, spot)))
    };
    let act = move |lock: bool| {
        let Some(name) = cursor.get_untracked().and_then(name) else { return };
        match lock {
            true => on_lock.run(name),
            false if planning || is_pair(name) => on_cell.run(name),
            false => {}
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let roles: Vec<Role> = model.with_untracked(|m| m.marks.iter().map(|mark| mark.role).collect());
        // Begins at the last two dates that the rule uses.
        let begin = || {
            let mut used = (0..roles.len()).rev().filter(|i| roles.get(*i) == Some(&Role::In));
            let (younger, older) = (used.next()?, used.next()?);
            Some([older, younger])
        };
        let now = cursor.get_untracked();
        let step = |older: isize, younger: isize| {
            let Some([a, b]) = now else { return begin() };
            let (a, b) = (a.saturating_add_signed(older), b.saturating_add_signed(younger));
            if a < b && b < roles.len() { Some([a, b]) } else { now }
        };
        match event.key().as_str() {
            "ArrowUp" => point(step(-1, 0)),
            "ArrowDown" => point(step(1, 0)),
            "ArrowLeft" => point(step(0, -1)),
            "ArrowRight" => point(step(0, 1)),
            "Enter" | " " | "p" | "P" => act(false),
            "l" | "L" => act(true),
            "Delete" | "Backspace" if now.and_then(name).is_some_and(is_pair) => act(false),
            "Escape" => point(None),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="matrix" node_ref=holder data-testid="matrix">
            <svg
                node_ref=svg
                role="application"
                tabindex="0"
                aria-label="Matrix of dates by dates. Up and down change the older date, left and right the younger one, Enter adds or drops their pair, L locks it."
                on:pointermove=move |event| point(at(&event))
                on:pointerleave=move |_| point(None)
                on:pointerup=move |event| {
                    point(at(&event));
                    if event.button() == 0 {
                        act(event.shift_key());
                    }
                }
                on:keydown=keys
            >
                {show(move || grid.get().map(|g| model.with(|m| drawing(m, &g))))}
                {show(move || {
                    let g = grid.get()?;
                    let [older, younger] = cursor.get().or_else(|| near_pair.get().and_then(|n| model.with(|m| Some([m.at(n.reference)?, m.at(n.secondary)?]))))?;
                    let (x, y) = (*g.places.get(younger)?, *g.places.get(older)?);
                    let cells = squares_path([[x, y], [y, x]], g.cell.max(5.0) + 2.0);
                    let lines = format!("M{:.1} {y:.1}H{:.1}M{x:.1} {:.1}V{:.1}", g.near, g.far, g.near, g.far);
                    Some(view! { <path class="near-line" d=lines></path><path class="near" d=cells></path> })
                })}
            </svg>
            <div class="says small" aria-live="polite">
                {show(move || cursor.get().and_then(name).map(|name| says(&model.get(), name, planning)))}
            </div>
        </div>
    }
}

/// Axes and cells.
fn drawing(m: &Model, g: &Grid) -> impl IntoView + use<> {
    let (near, far) = (g.near, g.far);
    let ticks = g.ticks.iter().map(|(at, text)| {
        // Texts at the ends would be cut; a matrix that is folded away has no room between them.
        let place = at.min(far - 26.0).max(near + 10.0);
        view! {
            <path class="rule" d=format!("M{at:.1} {near}V{far}M{near} {at:.1}H{far}")></path>
            <text x=place y=near - 8.0 text-anchor="middle">{text.clone()}</text>
            <text text-anchor="middle" transform=format!("translate({:.1} {place:.1}) rotate(-90)", near - 8.0)>{text.clone()}</text>
        }
    });
    // Above the diagonal by step of coherence, below it by class.
    let mut drawn = no_paths();
    let mut draw = |place: usize, spot: Spot| {
        if let Some(paths) = drawn.get_mut(place) {
            paths.square(spot, g.cell);
        }
    };
    for (link, at) in m.links.iter().zip(&g.cells).filter(|(link, _)| g.shows(link.from) && g.shows(link.to))
    {
        draw(place(link.class, None), [at[1], at[0]]);
        draw(place(link.class, link.tint), *at);
    }
    let cells = drawn.into_iter().enumerate().filter(|(_, paths)| !paths.is_empty()).map(|(at, paths)| {
        let (class, colour) = class_and_colour(at);
        view! { <g class=format!("cells {class}") style=colour.map(|c| format!("fill:{c}")) inner_html=paths.markup()></g> }
    });
    view! {
        {ticks.collect_view()}
        <path class="frame" d=format!("M{near} {near}H{far}V{far}H{near}Z{}", lines_path([&[[near, near], [far, far]]]))></path>
        {cells.collect_view()}
    }
}

/// What is known of two dates, in a line.
fn says(m: &Model, name: PairName, planning: bool) -> String {
    match m.links.binary_search_by_key(&name, |link| link.name).ok().and_then(|i| m.links.get(i)) {
        Some(link) => m.facts(link).join(" · "),
        None if planning => format!("{} · Enter or click pairs them", pair_text(name)),
        None => pair_text(name),
    }
}
