//! The plot's layers.

use super::super::live::show;
use std::sync::Arc;

use domain::PairName;
use leptos::prelude::*;
use time::Date;

use super::{Layout, Near};
use crate::logic::{
    format,
    model::{Model, Role},
    plot::{MANY, PARTS, Paths, Spot, class_and_colour, discs_path, lines_path, no_paths, place},
};

/// Chosen dates, grid, numbers and names.
#[component]
pub(super) fn Axes(layout: Memo<Arc<Layout>>) -> impl IntoView {
    show(move || {
        let l = layout.get();
        let (left, right, top, bottom) = (l.left, l.right, l.top, l.bottom);
        let seasons = l.seasons.iter().map(|[from, to]| {
            let (from, width) = (*from, to - from);
            view! { <rect class="season" x=from y=top width=width height=bottom - top></rect> }
        });
        let ends = l.season_ends.iter().map(|(x, _)| format!("M{x:.1} {:.1}V{bottom}", l.lanes_top));
        let ends: String = ends.collect();
        let band = l.range.map(|[from, to]| {
            view! {
                <rect class="band" x=from y=top width=(to - from).max(0.0) height=bottom - top></rect>
                <path class="band-edge" d=format!("M{from} {top}V{bottom}M{to} {top}V{bottom}")></path>
            }
        });
        let metres = l.metres.iter().map(|(y, metres)| {
            let class = if *metres == 0.0 { "rule zero" } else { "rule" };
            view! {
                <path class=class d=format!("M{left} {y:.1}H{right}")></path>
                <text x=left - 8.0 y=y + 4.0 text-anchor="end">{format::signed(metres.round() as i64)}</text>
            }
        });
        let unit = (!l.metres.is_empty()).then(|| {
            let y = f64::midpoint(top, l.lanes_top);
            view! {
                <text x="14" y=y text-anchor="middle" transform=format!("rotate(-90 14 {y:.0})")>
                    "B⊥ (m)"
                </text>
            }
        });
        let ticks = l.ticks.iter().map(|(x, text)| {
            // The last one would be cut by the edge.
            let (at, anchor) = if *x > right - 12.0 { (right + 14.0, "end") } else { (*x, "middle") };
            view! {
                <path class="rule" d=format!("M{x:.1} {top}V{bottom}")></path>
                <text x=at y=bottom + 16.0 text-anchor=anchor>{text.clone()}</text>
            }
        });
        let lanes = l.lanes.iter().map(|(name, y)| {
            view! {
                <path class="rule" d=format!("M{left} {y:.1}H{right}")></path>
                <text class="lane-name" x=left - 8.0 y=y + 4.0 text-anchor="end">{name.clone()}</text>
            }
        });
        view! {
            {seasons.collect_view()}
            <path class="season-end" d=ends></path>
            {band}
            {ticks.collect_view()}
            {metres.collect_view()}
            {lanes.collect_view()}
            {unit}
            <path class="rule zero" d=format!("M{left} {:.1}H{right}", l.lanes_top)></path>
        }
    })
}

/// Pairs by class and step of coherence, and the one that is pointed at.
#[component]
pub(super) fn Edges(
    #[prop(into)] model: Signal<Arc<Model>>,
    layout: Memo<Arc<Layout>>,
    near_pair: RwSignal<Option<PairName>>,
) -> impl IntoView {
    let paths = move || {
        let (m, l) = (model.get(), layout.get());
        let many = m.links.len() > MANY;
        // Behind the colours of coherence, which are the same in every theme, lies what sets them off from the ground.
        let (mut casing, mut drawn) = (Paths::default(), no_paths());
        for (link, line) in m.links.iter().zip(&l.lines) {
            if !visible(&l, link.from, link.to) {
                continue;
            }
            if link.tint.is_some() && !many {
                casing.line(line);
            }
            if let Some(paths) = drawn.get_mut(place(link.class, link.tint)) {
                paths.line(line);
            }
        }
        let drawn =
            drawn.into_iter().enumerate().filter(|(_, paths)| !paths.is_empty()).map(|(at, paths)| {
                let (class, colour) = class_and_colour(at);
                view! {
                    <g
                        class=format!("edges {class}")
                        class:many=many
                        style=colour.map(|c| format!("stroke:{c}"))
                        inner_html=paths.markup()
                    ></g>
                }
            });
        view! {
            <g class="casing" inner_html=casing.markup()></g>
            {drawn.collect_view()}
        }
    };
    let near = move || {
        let (m, l, name) = (model.get(), layout.get(), near_pair.get()?);
        let line = m.links.iter().zip(&l.lines).find(|(link, _)| link.name == name)?.1;
        Some(view! { <path class="edge-near" d=lines_path([line])></path> })
    };
    view! {
        <g>{show(paths)}</g>
        {show(near)}
    }
}

fn visible(layout: &Layout, from: usize, to: usize) -> bool {
    [from, to].iter().all(|i| layout.dots.get(*i).is_some_and(|d| d.visible))
}

/// Dates in both parts of the plot, the selected one, the one that is pointed at.
#[component]
pub(super) fn Marks(
    #[prop(into)] model: Signal<Arc<Model>>,
    layout: Memo<Arc<Layout>>,
    near: RwSignal<Option<Near>>,
    #[prop(into)] selected: Signal<Option<Date>>,
) -> impl IntoView {
    let all = move || {
        let l = layout.get();
        let dots = |wanted: &dyn Fn(&super::layout::Dot) -> bool| {
            discs_path(l.dots.iter().filter(|d| d.visible && wanted(d)).map(|d| &d.at), 3.5)
        };
        let flags = |role: Role| {
            let shown = l.flags.iter().zip(&l.dots).filter(|(_, d)| d.visible && d.role == role);
            let lines: Vec<[Spot; 2]> =
                shown.map(|(f, _)| [[f[0], f[1] - 6.0], [f[0], f[1] + 6.0]]).collect();
            lines_path(&lines)
        };
        view! {
            <path class="dates out" d=dots(&|d| d.known && d.role != Role::In)></path>
            <path class="dates" d=dots(&|d| d.known && d.role == Role::In && d.part == 0)></path>
            {(1..=PARTS)
                .map(|part| {
                    let own = |d: &super::layout::Dot| {
                        d.known && d.role == Role::In && d.part > 0 && (d.part - 1) % PARTS + 1 == part
                    };
                    view! { <path class=format!("dates part-{part}") d=dots(&own)></path> }
                })
                .collect_view()}
            <path class="dates unknown" d=dots(&|d| !d.known)></path>
            <path class="ticks out" d=flags(Role::Out)></path>
            <path class="ticks refused" d=flags(Role::Refused)></path>
            <path class="ticks" d=flags(Role::In)></path>
        }
    };
    let chosen = move || {
        let index = model.with(|m| m.at(selected.get()?))?;
        Some(pointer(&layout.get(), index, "chosen", "chosen-line", 5.5))
    };
    let pointed = move || match near.get()? {
        Near::Date(index) => Some(pointer(&layout.get(), index, "near", "near-line", 6.5)),
        Near::Link(_) => None,
    };
    view! {
        <g>{show(all)}</g>
        {show(chosen)}
        {show(pointed)}
    }
}

fn pointer(
    l: &Layout,
    index: usize,
    class: &'static str,
    line: &'static str,
    radius: f64,
) -> impl IntoView + use<> {
    let dot = l.dots.get(index).map(|d| d.at).unwrap_or_default();
    let flag = l.flags.get(index).copied().unwrap_or_default();
    let (from, to) = (dot[1] + radius, l.bottom);
    view! {
        <path class=line d=format!("M{:.1} {from:.1}V{to:.1}", dot[0])></path>
        <path class=class d=discs_path([&dot], radius)></path>
        <path class=line d=format!("M{:.1} {:.1}v16", flag[0], flag[1] - 8.0)></path>
    }
}

/// What is known of what is pointed at.
#[component]
pub(super) fn Tip(
    #[prop(into)] model: Signal<Arc<Model>>,
    layout: Memo<Arc<Layout>>,
    near: RwSignal<Option<Near>>,
    hints: [&'static str; 2],
) -> impl IntoView {
    let content = move || {
        let (m, l) = (model.get(), layout.get());
        let (mut lines, x) = match near.get()? {
            Near::Date(i) => {
                let mut lines = m.date_facts(i)?;
                lines.push(hints[0].to_owned());
                (lines, l.dots.get(i)?.at[0])
            }
            Near::Link(i) => {
                let mut lines = m.facts(m.links.get(i)?);
                lines.push(hints[1].to_owned());
                let [a, b] = l.lines.get(i)?;
                (lines, f64::midpoint(a[0], b[0]))
            }
        };
        // On the side where there is more room, so that it never covers what it speaks of.
        let middle = f64::midpoint(l.left, l.right);
        let (side, distance) = if x < middle { ("left", x + 14.0) } else { ("right", l.right - x + 30.0) };
        lines.retain(|line| !line.is_empty());
        let mut lines = lines.into_iter();
        let first = lines.next();
        Some(view! {
            <div class="tip float" style=(side, format!("{distance:.0}px"))>
                <strong>{first}</strong>
                {lines.map(|line| view! { <div>{line}</div> }).collect_view()}
            </div>
        })
    };
    view! { <div aria-live="polite">{show(content)}</div> }
}
