//! The outlines of the bursts that were asked about, and the point or the area.

use domain::{Area, BurstId, Footprint};
use leaflet::{CircleMarker, LatLng, Layer, LayerGroup};
use wasm_bindgen::{JsCast, JsValue};

use super::shapes::{corner, polygon, rings, turns_to};

/// Draws outlines and point into a group that held those before; `middle` is the longitude of the map's middle.
pub(crate) fn draw(
    group: &LayerGroup,
    footprints: &[Footprint],
    picked: Option<BurstId>,
    hovered: Option<BurstId>,
    point: Option<[f64; 2]>,
    middle: f64,
) {
    group.clear_layers();
    let rank = |f: &&Footprint| (Some(f.burst) == picked, Some(f.burst) == hovered);
    let mut ordered: Vec<&Footprint> = footprints.iter().collect();
    ordered.sort_by_key(rank);
    for footprint in ordered {
        let shift = turns_to(footprint.centre[0], middle);
        let class = class(footprint, picked, hovered);
        group.add_layer(&polygon(&rings([footprint.outline.as_slice()], shift), "overlayPane", &class));
    }
    if let Some(point) = point {
        group.add_layer(&dot(&corner(point, turns_to(point[0], middle))));
    }
}

/// Adds an area, and the corners of one that is being drawn.
pub(crate) fn add_area(group: &LayerGroup, area: Option<&Area>, drawing: &[[f64; 2]], middle: f64) {
    let rings_of_area = area.map(Area::rings).unwrap_or_default().iter().map(Vec::as_slice);
    for ring in rings_of_area.chain((drawing.len() > 1).then_some(drawing)) {
        let shift = ring.first().map_or(0.0, |corner| turns_to(corner[0], middle));
        group.add_layer(&polygon(&rings([ring], shift), "overlayPane", "area"));
    }
    for place in drawing {
        group.add_layer(&dot(&corner(*place, turns_to(place[0], middle))));
    }
}

fn class(footprint: &Footprint, picked: Option<BurstId>, hovered: Option<BurstId>) -> String {
    let mut class = format!("footprint {}", footprint.pass.word());
    if Some(footprint.burst) == picked {
        class.push_str(" picked");
    } else if Some(footprint.burst) == hovered {
        class.push_str(" hovered");
    }
    class
}

fn dot(place: &LatLng) -> Layer {
    let options = leaflet::PathOptions::new();
    options.set_class_name("point".to_owned());
    options.set_interactive(false);
    options.set_pane("points".to_owned());
    let marker = CircleMarker::new_with_options(place, &JsValue::from(options));
    marker.set_radius(4.5);
    marker.unchecked_into()
}
