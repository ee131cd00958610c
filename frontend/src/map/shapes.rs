//! From degrees to Leaflet's objects.

use js_sys::Array;
use leaflet::{LatLng, LatLngBounds, Layer, Polygon, PolylineOptions};

/// The layers of the map, lowest first, with their height; Leaflet's tiles are at 200, its own paths at 400.
pub(crate) const PANES: [(&str, &str); 4] =
    [("land", "150"), ("cells", "380"), ("pictures", "390"), ("points", "450")];

/// A corner, moved by whole turns of the globe.
pub(crate) fn corner([longitude, latitude]: [f64; 2], shift: f64) -> LatLng {
    LatLng::new(latitude, longitude + shift)
}

/// Closed rings as Leaflet wants them.
pub(crate) fn rings<'a>(rings: impl IntoIterator<Item = &'a [[f64; 2]]>, shift: f64) -> Array {
    rings.into_iter().map(|ring| ring.iter().map(|point| corner(*point, shift)).collect::<Array>()).collect()
}

/// A polygon in a pane, with classes that say what it is.
pub(crate) fn polygon(corners: &Array, pane: &str, class: &str) -> Layer {
    let options = PolylineOptions::new();
    options.set_pane(pane.to_owned());
    options.set_class_name(class.to_owned());
    options.set_interactive(false);
    if pane == "land" {
        options.set_attribution("Land: Natural Earth".to_owned());
        options.set_smooth_factor(0.5);
    }
    Polygon::new_with_options(corners, &options).into()
}

/// Whole turns that bring a longitude next to another.
pub(crate) fn turns_to(longitude: f64, near: f64) -> f64 {
    ((near - longitude) / 360.0).round() * 360.0
}

/// A box of west, south, east and north.
pub(crate) fn bounds([west, south, east, north]: [f64; 4], shift: f64) -> LatLngBounds {
    LatLngBounds::new(&corner([west, south], shift), &corner([east, north], shift))
}

#[cfg(test)]
mod tests {
    use super::turns_to;

    #[test]
    fn what_lies_beyond_the_antimeridian_is_brought_near() {
        assert_eq!(turns_to(181.0, -179.0), -360.0);
        assert_eq!(turns_to(-179.5, 179.0), 360.0);
        assert_eq!(turns_to(10.0, -100.0), 0.0);
    }
}
