//! The grid of all bursts in view, as thin lines, from the zoom on at which single bursts can be told apart.

use domain::coverage::{ViewBox, in_view};
use leaflet::{LayerGroup, Map};

use super::shapes::{polygon, rings, turns_to};

/// The zoom from which on the grid is drawn.
const FROM: f64 = 8.0;
/// More bursts than this are not drawn: the lines would fill the map.
const MOST: usize = 1_500;

/// Draws the grid of the view into an empty group.
pub(crate) fn draw(map: &Map, group: &LayerGroup) {
    if map.get_zoom() < FROM {
        return;
    }
    let view = map.get_bounds();
    let (low, high) = (view.get_south_west(), view.get_north_east());
    let Ok(area) = ViewBox::new(low.lng(), low.lat().max(-90.0), high.lng(), high.lat().min(90.0)) else {
        return;
    };
    let bursts: Vec<_> = in_view(area).take(MOST + 1).collect();
    if bursts.len() > MOST {
        return;
    }
    let middle = map.get_center().lng();
    // One element for all of them: a view pans as quickly as with one.
    let corners = js_sys::Array::new();
    for burst in &bursts {
        let shift = turns_to(burst.centre[0], middle);
        corners.push(&rings([burst.outline.as_slice()], shift).get(0));
    }
    group.add_layer(&polygon(&corners, "cells", "cell"));
}
