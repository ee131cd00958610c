//! The outlines of the bursts that were asked about, and the point or the area.

use domain::{Area, BurstId, Footprint};
use leaflet::{CircleMarker, LatLng, Layer, LayerGroup};
use wasm_bindgen::{JsCast, JsValue};

use super::shapes::{corner, polygon, rings, turns_to};

/// Which of the bursts are marked.
#[derive(Clone, Copy)]
pub(crate) struct Marked<'a> {
    /// The picked one.
    pub(crate) picked: Option<BurstId>,
    /// Those that are taken along.
    pub(crate) others: &'a [BurstId],
    /// The one under pointer or focus.
    pub(crate) hovered: Option<BurstId>,
}

impl Marked<'_> {
    /// How far in front a burst is drawn, and the class for it.
    fn rank(self, burst: BurstId) -> (u8, &'static str) {
        let (hovered, along) = (self.hovered == Some(burst), self.others.contains(&burst));
        match (self.picked == Some(burst), hovered, along) {
            (true, ..) => (3, " picked"),
            (_, true, true) => (2, " along hovered"),
            (_, true, false) => (2, " hovered"),
            (_, false, true) => (1, " along"),
            _ => (0, ""),
        }
    }
}

/// Draws outlines and point into a group that held those before; `middle` is the longitude of the map's middle.
pub(crate) fn draw(
    group: &LayerGroup,
    footprints: &[Footprint],
    marked: Marked<'_>,
    point: Option<[f64; 2]>,
    middle: f64,
) {
    group.clear_layers();
    let mut ordered: Vec<&Footprint> = footprints.iter().collect();
    ordered.sort_by_key(|f| marked.rank(f.burst).0);
    for footprint in ordered {
        let shift = turns_to(footprint.centre[0], middle);
        let class = format!("footprint {}{}", footprint.pass.word(), marked.rank(footprint.burst).1);
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

fn dot(place: &LatLng) -> Layer {
    let options = leaflet::PathOptions::new();
    options.set_class_name("point".to_owned());
    options.set_interactive(false);
    options.set_pane("points".to_owned());
    let marker = CircleMarker::new_with_options(place, &JsValue::from(options));
    marker.set_radius(4.5);
    marker.unchecked_into()
}
