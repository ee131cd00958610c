//! What lies under the pointer, and what a click or Enter asks for.

use domain::{Footprint, coverage::covering};
use leaflet::{Evented, EventedHandle, LayerGroup, Map, MouseEvent};
use leptos::{ev, prelude::*};

use super::{
    area::{NEAR, hold},
    grid, outlines,
};
use crate::{
    browser,
    state::{Frame, Pick, Step},
};

/// A click, or Enter under the crosshair, asks which bursts cover the place; while an area is drawn it sets a corner.
pub(super) fn listen(map: &Map, element: &web_sys::HtmlElement, pick: Pick) -> impl Sized + use<> {
    let frame: Frame = expect_context();
    let ask = move |map: &Map, place: [f64; 2], at: [f64; 2], by_key: bool| {
        if let Some(mut corners) = pick.drawing.get_untracked() {
            corners.push(place);
            return pick.drawing.set(Some(corners));
        }
        // Far out the map moves to what was found, and the panel beside it has the list.
        let near = map.get_zoom() >= NEAR;
        pick.ask(place);
        let choice =
            near && !frame.at_run_untracked() && pick.covers.with_untracked(|covers| covers.len() > 1);
        // On a phone a choice on the map would cover what it is about; the sheet below has the same list.
        let in_sheet = browser::is_narrow() && !by_key;
        if pick.burst.get_untracked().is_none() || (choice && in_sheet) {
            frame.show(&[Step::Burst]);
        }
        if choice && !in_sheet {
            pick.chooser.set(Some((at, by_key)));
        }
    };
    let clicked = map.clone();
    let clicks: EventedHandle<MouseEvent> =
        Evented::on_leaflet_event(&map, "click", move |event: MouseEvent| {
            let (place, at) = (event.lat_lng(), event.container_point());
            ask(&clicked, [place.lng(), place.lat()], [at.x(), at.y()], false);
        });
    let (map, element) = (map.clone(), element.clone());
    let enter = window_event_listener(ev::keydown, move |event| {
        let here = document().active_element().is_some_and(|e| e.is_same_node(Some(&element)));
        if here && event.key() == "Enter" && !browser::is_typing() {
            event.prevent_default();
            let (place, size) = (map.get_center(), map.get_size());
            ask(&map, [place.lng(), place.lat()], [size.x() / 2.0, size.y() / 2.0], true);
        }
    });
    on_cleanup(move || enter.remove());
    clicks
}

/// Keeps `pick.under` and draws the burst that a click would find.
pub(super) fn follow(map: &Map, pick: Pick) {
    let frame: Frame = expect_context();
    let tell = move |bursts| {
        // The pointer may still move over a map that is being taken down.
        if pick.under.try_with_untracked(|now| *now != bursts) == Some(true) {
            pick.under.set(bursts);
        }
    };
    let over = map.clone();
    let moves: EventedHandle<MouseEvent> =
        Evented::on_leaflet_event(&map, "mousemove", move |event: MouseEvent| {
            let place = event.lat_lng();
            if over.get_zoom() < grid::FROM || frame.at_run_untracked() {
                return tell(Vec::new());
            }
            let found = covering([place.lng(), place.lat()]);
            let wanted = |f: &&Footprint| pick.filter.with_untracked(|filter| filter.takes(f));
            tell(found.iter().filter(wanted).map(|f| f.burst).collect());
        });
    hold(moves);
    let leaves: EventedHandle<MouseEvent> =
        Evented::on_leaflet_event(&map, "mouseout", move |_: MouseEvent| tell(Vec::new()));
    hold(leaves);
    let (map, group) = (map.clone(), LayerGroup::new());
    map.add_layer(group.as_ref());
    Effect::new(move |_| {
        let first = pick.under.with(|all| all.first().copied());
        let middle = map.get_center().lng();
        let footprints: Vec<Footprint> =
            first.filter(|b| pick.burst.get_untracked() != Some(*b)).map(Footprint::of).into_iter().collect();
        outlines::draw(
            &group,
            &footprints,
            outlines::Marked { picked: None, others: &[], hovered: first },
            None,
            middle,
        );
    });
}
