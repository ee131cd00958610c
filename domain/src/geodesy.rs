//! The WGS84 ellipsoid and the web's map projection.
//!
//! Places are `[longitude, latitude]` in degrees throughout, as in GeoJSON.

use std::f64::consts::FRAC_PI_2;

use crate::vector::Vector;

/// Equatorial radius of WGS84 in metres.
pub const SEMI_MAJOR: f64 = 6_378_137.0;
/// Flattening of WGS84.
pub const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Polar radius of WGS84 in metres.
pub const SEMI_MINOR: f64 = SEMI_MAJOR * (1.0 - FLATTENING);
/// First eccentricity squared of WGS84.
pub const ECCENTRICITY_SQUARED: f64 = FLATTENING * (2.0 - FLATTENING);

/// Earth-fixed metres of a place at `height` metres above the ellipsoid.
pub fn earth_fixed([longitude, latitude]: [f64; 2], height: f64) -> [f64; 3] {
    let (sin_lat, cos_lat) = latitude.to_radians().sin_cos();
    let (sin_lon, cos_lon) = longitude.to_radians().sin_cos();
    let prime_vertical = SEMI_MAJOR / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
    let from_axis = (prime_vertical + height) * cos_lat;
    [
        from_axis * cos_lon,
        from_axis * sin_lon,
        (prime_vertical * (1.0 - ECCENTRICITY_SQUARED) + height) * sin_lat,
    ]
}

/// The place of a point that lies on the ellipsoid, where the latitude needs no iteration.
pub(crate) fn place_on_ellipsoid([x, y, z]: Vector) -> [f64; 2] {
    let from_axis = (x * x + y * y).sqrt();
    [y.atan2(x).to_degrees(), z.atan2((1.0 - ECCENTRICITY_SQUARED) * from_axis).to_degrees()]
}

/// Distance in metres from the Earth's centre to the ellipsoid in the direction of `point`.
pub(crate) fn radius_below([x, y, z]: Vector) -> f64 {
    let squares = [x * x + y * y, z * z];
    let inverse = (squares[0] / (SEMI_MAJOR * SEMI_MAJOR) + squares[1] / (SEMI_MINOR * SEMI_MINOR))
        / (squares[0] + squares[1]);
    1.0 / inverse.sqrt()
}

/// The same longitude between -180 (included) and 180 (left out).
pub fn wrap_longitude(longitude: f64) -> f64 {
    if (-180.0..180.0).contains(&longitude) {
        return longitude;
    }
    let wrapped = (longitude + 180.0).rem_euclid(360.0) - 180.0;
    // A tiny negative number is rounded up to 360 by the remainder.
    if wrapped < 180.0 { wrapped } else { -180.0 }
}

/// The same longitude within 180 degrees of `centre`: it may lie beyond ±180. One that lies there already stays, also
/// at just 180 degrees, where two would do.
pub fn longitude_near(longitude: f64, centre: f64) -> f64 {
    let off = longitude - centre;
    if off.abs() <= 180.0 { longitude } else { longitude - 360.0 * (off / 360.0).round() }
}

/// The latitude at which the web's square map ends: that whose tangent is sinh π.
pub const LAST_MERCATOR_LATITUDE: f64 = 85.051_128_779_806_59;

/// Web Mercator (EPSG:3857) metres of a place: x east, y north.
///
/// Longitudes beyond ±180 go on to the sides; latitudes beyond the map's end are taken to its end.
pub fn web_mercator([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let sin = latitude.clamp(-LAST_MERCATOR_LATITUDE, LAST_MERCATOR_LATITUDE).to_radians().sin();
    [longitude.to_radians() * SEMI_MAJOR, ((1.0 + sin) / (1.0 - sin)).ln() / 2.0 * SEMI_MAJOR]
}

/// The place of Web Mercator (EPSG:3857) metres.
pub fn from_web_mercator([x, y]: [f64; 2]) -> [f64; 2] {
    [(x / SEMI_MAJOR).to_degrees(), (FRAC_PI_2 - 2.0 * (-y / SEMI_MAJOR).exp().atan()).to_degrees()]
}

/// Great-circle distance in kilometres on a sphere of the Earth's mean radius; within half a per cent of the true
/// one.
pub fn kilometres_between(a: [f64; 2], b: [f64; 2]) -> f64 {
    let [lat_a, lat_b] = [a[1].to_radians(), b[1].to_radians()];
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let chord = half(b[1] - a[1]) + lat_a.cos() * lat_b.cos() * half(b[0] - a[0]);
    2.0 * 6371.009 * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_places() {
        let end = std::f64::consts::PI.sinh().atan().to_degrees();
        assert!((LAST_MERCATOR_LATITUDE - end).abs() < 1e-12, "{end}");
        // The corner of the web map's square, and a point from EPSG's guidance note 7-2 (method 1024).
        let [x, y] = web_mercator([180.0, 90.0]);
        assert!((x - 20_037_508.343).abs() < 1e-3 && (y - x).abs() < 1e-3, "{x} {y}");
        let [x, y] = web_mercator([-100.333_333_333_3, 24.381_786_944_4]);
        assert!((x + 11_169_055.58).abs() < 0.02 && (y - 2_800_000.0).abs() < 0.02, "{x} {y}");
        assert_eq!(earth_fixed([0.0, 0.0], 10.0), [SEMI_MAJOR + 10.0, 0.0, 0.0]);
        assert!((earth_fixed([0.0, 90.0], 0.0)[2] - SEMI_MINOR).abs() < 1e-6);
        assert!((kilometres_between([0.0, 0.0], [0.0, 1.0]) - 111.195).abs() < 0.01);
    }

    #[test]
    fn longitudes_wrap_into_one_turn() {
        for (longitude, expected) in [(190.0, -170.0), (-190.0, 170.0), (180.0, -180.0), (-1e-300, -1e-300)] {
            assert_eq!(wrap_longitude(longitude), expected);
        }
        assert_eq!(longitude_near(-179.0, 179.0), 181.0);
        assert_eq!([180.0, -180.0].map(|end| longitude_near(end, 0.0)), [180.0, -180.0]);
    }

    proptest! {
        #[test]
        fn mercator_and_back(lon in -400.0..400.0, lat in -85.0..85.0) {
            let [x, y] = from_web_mercator(web_mercator([lon, lat]));
            prop_assert!((x - lon).abs() < 1e-9 && (y - lat).abs() < 1e-9);
        }

        #[test]
        fn earth_fixed_and_back(lon in -179.9..179.9, lat in -90.0..90.0) {
            let [x, y] = place_on_ellipsoid(earth_fixed([lon, lat], 0.0));
            prop_assert!((y - lat).abs() < 1e-9);
            prop_assert!(lat.abs() > 89.99 || (x - lon).abs() < 1e-9);
        }

        #[test]
        fn wrapping_changes_no_place(lon in -2000.0..2000.0, centre in -180.0..180.0) {
            let wrapped = wrap_longitude(lon);
            prop_assert!((-180.0..180.0).contains(&wrapped));
            let near = longitude_near(lon, centre);
            prop_assert!((near - centre).abs() <= 180.0 + 1e-9);
            prop_assert!((((near - wrapped) / 360.0).round() * 360.0 - (near - wrapped)).abs() < 1e-9);
        }
    }
}
