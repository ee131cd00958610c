//! The outlines of the bursts that were asked about, and the point.

use domain::{BurstId, Footprint};
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
