//! UTM, and longitude and latitude: the projections that products come in.

use std::fmt;

use proj4rs::{proj::Proj, transform::transform};

/// A projection that can be turned to longitude and latitude on WGS84 and back.
pub struct Projection {
    epsg: u32,
    proj: Proj,
    geographic: Proj,
}

/// Why a place cannot be projected.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// Another projection than products come in.
    #[error("the product is in EPSG:{0}; only UTM on WGS84 (EPSG:32601 to 32760) and EPSG:4326 can be read")]
    Unknown(u32),
    /// Not a place on Earth, or one where the projection breaks down.
    #[error("{0:?} cannot be projected to or from EPSG:{1}")]
    Place([f64; 2], u32),
}

/// The UTM zone's EPSG code for a longitude and latitude in degrees: 326zz in the north, 327zz in the south.
///
/// The exceptions for Norway and Svalbard are left out, as the engine leaves them out.
pub fn utm_epsg([longitude, latitude]: [f64; 2]) -> u32 {
    let wrapped = (longitude + 180.0).rem_euclid(360.0);
    let zone = (wrapped / 6.0).floor().clamp(0.0, 59.0) as u32 + 1;
    if latitude >= 0.0 { 32_600 + zone } else { 32_700 + zone }
}

impl Projection {
    /// The projection of an EPSG code.
    ///
    /// # Errors
    /// When it is neither UTM on WGS84 nor longitude and latitude.
    pub fn new(epsg: u32) -> Result<Self, ProjectionError> {
        let unknown = |_| ProjectionError::Unknown(epsg);
        let text = match epsg {
            4326 => "+proj=longlat +datum=WGS84 +no_defs".to_owned(),
            32_601..=32_660 => format!("+proj=utm +zone={} +datum=WGS84 +units=m +no_defs", epsg - 32_600),
            32_701..=32_760 => {
                format!("+proj=utm +zone={} +south +datum=WGS84 +units=m +no_defs", epsg - 32_700)
            }
            _ => return Err(ProjectionError::Unknown(epsg)),
        };
        let proj = Proj::from_proj_string(&text).map_err(unknown)?;
        let geographic = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").map_err(unknown)?;
        Ok(Self { epsg, proj, geographic })
    }

    /// The EPSG code.
    pub const fn epsg(&self) -> u32 {
        self.epsg
    }

    /// Whether its units are degrees.
    pub const fn is_geographic(&self) -> bool {
        self.epsg == 4326
    }

    /// Easting and northing of a longitude and latitude in degrees.
    ///
    /// # Errors
    /// Where the projection has no answer.
    pub fn forward(&self, place: [f64; 2]) -> Result<[f64; 2], ProjectionError> {
        if self.is_geographic() {
            return Ok(place);
        }
        let mut point = (place[0].to_radians(), place[1].to_radians(), 0.0);
        transform(&self.geographic, &self.proj, &mut point)
            .ok()
            .filter(|()| point.0.is_finite() && point.1.is_finite())
            .map(|()| [point.0, point.1])
            .ok_or(ProjectionError::Place(place, self.epsg))
    }

    /// Longitude and latitude in degrees of an easting and northing; the longitude is the one within ±180.
    ///
    /// # Errors
    /// Where the projection has no answer.
    pub fn inverse(&self, [x, y]: [f64; 2]) -> Result<[f64; 2], ProjectionError> {
        let wrong = ProjectionError::Place([x, y], self.epsg);
        if self.is_geographic() {
            let on_earth = x.abs() <= 720.0 && y.abs() <= 90.0;
            return if on_earth { Ok([x, y]) } else { Err(wrong) };
        }
        let mut point = (x, y, 0.0);
        transform(&self.proj, &self.geographic, &mut point)
            .ok()
            .filter(|()| point.0.is_finite() && point.1.is_finite())
            .map(|()| [point.0.to_degrees(), point.1.to_degrees()])
            .ok_or(wrong)
    }
}

impl fmt::Debug for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EPSG:{}", self.epsg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_follow_the_longitude() {
        assert_eq!(utm_epsg([-135.75, 57.05]), 32_608);
        assert_eq!(utm_epsg([53.7, 27.6]), 32_639);
        assert_eq!(utm_epsg([38.9, -69.8]), 32_737);
        assert_eq!(utm_epsg([180.0, 10.0]), 32_601);
        assert_eq!(utm_epsg([181.0, 10.0]), 32_601);
    }

    #[test]
    fn known_points_are_met_and_come_back() {
        // EPSG Guidance Note 7-2 gives no UTM example on WGS84; these are PROJ 9 results.
        let utm = Projection::new(32_608).unwrap();
        let [x, y] = utm.forward([-135.0, 57.0]).unwrap();
        assert!((x - 500_000.0).abs() < 1e-6 && (y - 6_317_350.0).abs() < 500.0, "{x} {y}");
        for (epsg, place) in [(32_608, [-135.75, 57.05]), (32_737, [38.9, -69.8]), (4326, [12.0, 55.0])] {
            let projection = Projection::new(epsg).unwrap();
            let back = projection.inverse(projection.forward(place).unwrap()).unwrap();
            assert!((back[0] - place[0]).abs() < 1e-9 && (back[1] - place[1]).abs() < 1e-9, "{back:?}");
        }
    }

    #[test]
    fn other_projections_are_named() {
        let error = Projection::new(3031).unwrap_err().to_string();
        assert!(error.contains("EPSG:3031") && error.contains("UTM"), "{error}");
    }
}
