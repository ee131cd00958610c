//! A view of the map.

use crate::geodesy::wrap_longitude;

/// A box of longitudes and latitudes, in degrees; it may cross the antimeridian and be wider than the Earth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewBox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Why four numbers are no view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ViewBoxError {
    /// Not a number, or endless.
    #[error("a box needs four numbers: west, south, east, north in degrees")]
    NotFinite,
    /// South lies north of north.
    #[error("the box's south lies north of its north: give west, south, east, north")]
    UpsideDown,
    /// Off the Earth.
    #[error("the box lies beyond the poles: latitudes go from -90 to 90")]
    OffEarth,
}

impl ViewBox {
    /// A box from its four sides.
    ///
    /// Longitudes may be given in any turn. Where `east` < `west` the box crosses the antimeridian, as in GeoJSON;
    /// where they differ by 360 or more it goes round the Earth.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, ViewBoxError> {
        if ![west, south, east, north].into_iter().all(f64::is_finite) {
            return Err(ViewBoxError::NotFinite);
        }
        if south > north {
            return Err(ViewBoxError::UpsideDown);
        }
        if north < -90.0 || south > 90.0 {
            return Err(ViewBoxError::OffEarth);
        }
        let (south, north) = (south.max(-90.0), north.min(90.0));
        let width = if east < west { (east - west).rem_euclid(360.0) } else { east - west };
        if width >= 360.0 {
            return Ok(Self { west: -180.0, south, east: 180.0, north });
        }
        let west = wrap_longitude(west);
        Ok(Self { west, south, east: west + width, north })
    }

    /// West (-180 to 180), south, east (at least west, may exceed 180), north.
    pub const fn bounds(&self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longitudes_of_any_turn_become_one_box() {
        for (west, east, expected) in [
            (170.0, -170.0, [170.0, 190.0]),
            (170.0, 190.0, [170.0, 190.0]),
            (-190.0, -170.0, [170.0, 190.0]),
            (-400.0, 400.0, [-180.0, 180.0]),
            (-180.0, 180.0, [-180.0, 180.0]),
            (10.0, 10.0, [10.0, 10.0]),
        ] {
            let [w, _, e, _] = ViewBox::new(west, -1.0, east, 1.0).unwrap().bounds();
            assert_eq!([w, e], expected, "{west} {east}");
        }
    }

    #[test]
    fn what_is_no_box_is_refused_with_what_to_change() {
        for (south, north, part) in
            [(f64::NAN, 1.0, "four numbers"), (2.0, 1.0, "south lies north"), (91.0, 92.0, "-90 to 90")]
        {
            let error = ViewBox::new(0.0, south, 1.0, north).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(ViewBox::new(0.0, -100.0, 1.0, 100.0).unwrap().bounds(), [0.0, -90.0, 1.0, 90.0]);
    }
}
