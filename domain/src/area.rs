//! An area of interest that a person drew or pasted, as WKT or GeoJSON, and the bursts that cover it.
//!
//! Only what can be answered honestly is taken: simple polygons without holes. Everything else is refused with what to
//! change. Reading is done here, since the crates for it (`wkt`, `geojson`) bring the standard library's reader of
//! decimals and `geo`'s types into the page and check neither holes nor crossings, which is most of the work.

mod cover;
mod geojson;
mod ring;
mod wkt;

use std::{fmt, str::FromStr};

pub use cover::Cover;

use crate::coverage::ViewBox;

/// The most corners an area may have: more than any map at the scale of bursts shows.
pub const MOST_CORNERS: usize = 5_000;
/// The longest text that is read: that many corners with plenty of digits.
pub const MOST_BYTES: usize = 1_000_000;
/// The most bursts an area may touch.
pub const MOST_BURSTS: usize = 3_000;

/// One or several simple polygons without holes, at least one.
///
/// Rings are closed and counter-clockwise, places `[longitude, latitude]` in degrees. Longitudes run on without a
/// jump, so those of an area on the antimeridian go beyond ±180; edges are straight on the plain longitude and
/// latitude map and take the shorter way round the Earth.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    rings: Vec<Vec<[f64; 2]>>,
}

/// Why a text or a drawing is no area.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AreaError {
    /// Nothing was given.
    #[error("there is no area: paste a polygon as WKT or GeoJSON, or draw one")]
    Empty,
    /// Neither WKT nor GeoJSON.
    #[error(
        "\"{0}\" is neither WKT nor GeoJSON: an area looks like POLYGON((-136 57, -135.5 57, -135.5 57.2, -136 57))"
    )]
    Form(String),
    /// WKT or GeoJSON, but broken.
    #[error("the {kind} cannot be read: {reason}")]
    Broken {
        /// `WKT` or `GeoJSON`.
        kind: &'static str,
        /// What is wrong where.
        reason: String,
    },
    /// A point, a line, or something else without a surface.
    #[error("a {0} has no surface: give a polygon, or type the place into the search field")]
    NoSurface(String),
    /// More text than is read.
    #[error("the area is {} MB of text: simplify it to at most {MOST_CORNERS} corners", .0.div_ceil(1_000_000))]
    TooLong(usize),
    /// More corners than are read.
    #[error("the area has more than {MOST_CORNERS} corners: simplify it")]
    TooManyCorners,
    /// A polygon with a hole.
    #[error("the area has a hole, and bursts cannot be asked to leave one out: give the outer ring alone")]
    Hole,
    /// Less than a triangle.
    #[error("the area has fewer than three different corners: add some")]
    TooFewCorners,
    /// All corners on one line.
    #[error("all corners of the area lie on one line: it has no surface")]
    Flat,
    /// The outline runs through itself.
    #[error("the area's outline crosses itself near longitude {0:.4}, latitude {1:.4}: untangle it there")]
    Crossing(f64, f64),
    /// The outline goes once round the Earth.
    #[error("the area goes round a pole, where no burst can be told inside from outside: cut it into pieces")]
    RoundPole,
    /// Off the Earth.
    #[error("{0}, {1} is no longitude and latitude in degrees: {2}")]
    OffEarth(f64, f64, &'static str),
    /// In another reference system.
    #[error("the area is in the reference system {0}: give longitude and latitude in degrees (EPSG:4326)")]
    System(String),
    /// Larger than can be listed.
    #[error("the area touches more than {MOST_BURSTS} bursts: draw a smaller one")]
    TooLarge,
}

impl Area {
    /// An area from the corners of one polygon, in order, closed or not.
    ///
    /// # Errors
    /// Where they make no simple polygon.
    pub fn of_corners(corners: &[[f64; 2]]) -> Result<Self, AreaError> {
        Self::of_rings(vec![corners.to_vec()])
    }

    /// A box, as a map's view is one.
    ///
    /// # Errors
    /// Where the box has no surface or goes round the Earth.
    pub fn of_box(view: ViewBox) -> Result<Self, AreaError> {
        let [west, south, east, north] = view.bounds();
        if east - west > 180.0 {
            return Err(AreaError::TooLarge);
        }
        Self::of_corners(&[[west, south], [east, south], [east, north], [west, north]])
    }

    /// Several polygons without holes, each as the corners of its outline.
    ///
    /// # Errors
    /// Where one of them is no simple polygon, or there is none.
    pub fn of_rings(rings: Vec<Vec<[f64; 2]>>) -> Result<Self, AreaError> {
        Self::of_polygons(&rings.into_iter().map(|ring| vec![ring]).collect::<Vec<_>>())
    }

    /// From polygons, each a list of its rings.
    fn of_polygons(polygons: &[Vec<Vec<[f64; 2]>>]) -> Result<Self, AreaError> {
        let mut rings = Vec::new();
        for polygon in polygons {
            match polygon.as_slice() {
                [] => {}
                [outer] => rings.push(ring::checked(outer)?),
                _ => return Err(AreaError::Hole),
            }
        }
        if rings.is_empty() { Err(AreaError::Empty) } else { Ok(Self { rings }) }
    }

    /// The closed outlines.
    pub fn rings(&self) -> &[Vec<[f64; 2]>] {
        &self.rings
    }

    /// West, south, east and north end of a ring.
    fn bounds(ring: &[[f64; 2]]) -> [f64; 4] {
        ring.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], [x, y]| {
            [w.min(*x), s.min(*y), e.max(*x), n.max(*y)]
        })
    }
}

impl FromStr for Area {
    type Err = AreaError;

    /// Reads WKT (`POLYGON`, `MULTIPOLYGON`, with or without heights, also with `SRID=4326;` in front) and GeoJSON
    /// (a polygon, a feature, a collection).
    fn from_str(text: &str) -> Result<Self, AreaError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(AreaError::Empty);
        }
        if text.len() > MOST_BYTES {
            return Err(AreaError::TooLong(text.len()));
        }
        let polygons = if text.starts_with(['{', '[']) { geojson::read(text)? } else { wkt::read(text)? };
        Self::of_polygons(&polygons)
    }
}

impl fmt::Display for Area {
    /// WKT.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ring = |f: &mut fmt::Formatter<'_>, ring: &[[f64; 2]]| {
            for (i, [x, y]) in ring.iter().enumerate() {
                write!(f, "{}{x} {y}", if i == 0 { "((" } else { ", " })?;
            }
            f.write_str("))")
        };
        if let [only] = self.rings.as_slice() {
            f.write_str("POLYGON ")?;
            return ring(f, only);
        }
        for (i, part) in self.rings.iter().enumerate() {
            f.write_str(if i == 0 { "MULTIPOLYGON (" } else { ", " })?;
            ring(f, part)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests;
