//! Where a quick-look lies: whole pixels of one global grid in EPSG:3857.
//!
//! Products of one burst share a UTM grid but not an extent. On a global grid two quick-looks of the same level differ
//! by whole pixels only, so the page can subtract them without resampling.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// Radius of EPSG:3857's sphere in metres.
pub const RADIUS: f64 = 6_378_137.0;
/// Metres of EPSG:3857 per pixel at level 0: the whole world in 256 pixels, as web map tiles have it at zoom 0.
pub const LEVEL_0_STEP: f64 = 2.0 * PI * RADIUS / 256.0;
/// Levels per zoom of the web map: in quarters, a picture that must fit 640 pixels is never smaller than 538.
pub const LEVELS_PER_ZOOM: u8 = 4;
/// The finest level: zoom 22, four centimetres.
pub const LAST_LEVEL: u8 = 22 * LEVELS_PER_ZOOM;
/// The longest side of a quick-look in pixels.
pub const LONGEST_SIDE: u32 = 640;
/// The latitude at which the web map ends.
pub const LAST_LATITUDE: f64 = 85.051_128_779_806_6;

/// A rectangle of whole pixels of the global grid of one level. The grid's origin is longitude 0, latitude 0; columns
/// count east, rows count south.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Grid {
    level: u8,
    left: i32,
    top: i32,
    width: u32,
    height: u32,
}

/// Why a rectangle is no quick-look grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// The level does not exist.
    #[error("level {0} of the quick-look grid does not exist: levels run from 0 to {LAST_LEVEL}")]
    Level(u8),
    /// No pixels, or too many.
    #[error("a quick-look of {0} × {1} pixels is out of bounds: each side has 1 to {LONGEST_SIDE}")]
    Size(u32, u32),
    /// Outside of the web map.
    #[error("the quick-look lies outside of the web map, which ends at 85° north and south")]
    Outside,
    /// Another projection than the one the page knows.
    #[error("the quick-look is in EPSG:{0}: only EPSG:3857 is known")]
    Projection(u32),
}

impl Grid {
    /// A rectangle, if it has pixels and lies on the web map.
    pub fn new(level: u8, left: i32, top: i32, width: u32, height: u32) -> Result<Self, GridError> {
        if level > LAST_LEVEL {
            return Err(GridError::Level(level));
        }
        if !(1..=LONGEST_SIDE).contains(&width) || !(1..=LONGEST_SIDE).contains(&height) {
            return Err(GridError::Size(width, height));
        }
        let grid = Self { level, left, top, width, height };
        let [west, south, east, north] = grid.metres();
        // One world to either side, so that what crosses the antimeridian stays in one piece. Half a pixel more at
        // the poles, where the outermost row may reach over the edge.
        let (half, slack) = (PI * RADIUS, grid.step());
        let on_map =
            west >= -3.0 * half && east <= 3.0 * half && south >= -half - slack && north <= half + slack;
        if on_map { Ok(grid) } else { Err(GridError::Outside) }
    }

    /// The rectangle of `level` that covers what lies between the given EPSG:3857 metres.
    pub fn covering(level: u8, [west, south, east, north]: [f64; 4]) -> Result<Self, GridError> {
        let step = step(level);
        // A hair less than the bounds, so that a product that ends on a pixel's edge does not gain an empty row.
        let hair = 1e-6;
        let left = (west / step + hair).floor();
        let top = (-north / step + hair).floor();
        let width = (east / step - hair).ceil() - left;
        let height = (-south / step - hair).ceil() - top;
        if !(left.abs() < 1e9 && top.abs() < 1e9) {
            return Err(GridError::Outside);
        }
        Self::new(level, left as i32, top as i32, width.max(1.0) as u32, height.max(1.0) as u32)
    }

    /// The finest rectangle that covers what lies between the given EPSG:3857 metres with at most `longest` pixels a
    /// side and no finer than `finest` metres a pixel.
    pub fn fitting(metres: [f64; 4], finest: f64, longest: u32) -> Result<Self, GridError> {
        let fits = |grid: &Self| grid.width <= longest && grid.height <= longest;
        (0..=LAST_LEVEL)
            .rev()
            .filter(|level| step(*level) >= finest)
            .find_map(|level| Self::covering(level, metres).ok().filter(fits))
            .ok_or(GridError::Outside)
    }

    /// Level: the step halves every four levels.
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// Columns from the grid's origin to the left edge, east positive.
    pub const fn left(&self) -> i32 {
        self.left
    }

    /// Rows from the grid's origin to the upper edge, south positive.
    pub const fn top(&self) -> i32 {
        self.top
    }

    /// Columns.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// EPSG:3857 metres per pixel.
    pub fn step(&self) -> f64 {
        step(self.level)
    }

    /// West, south, east and north edge in EPSG:3857 metres.
    pub fn metres(&self) -> [f64; 4] {
        let (step, left, top) = (self.step(), f64::from(self.left), f64::from(self.top));
        [
            left * step,
            -(top + f64::from(self.height)) * step,
            (left + f64::from(self.width)) * step,
            -top * step,
        ]
    }

    /// West, south, east and north edge in degrees. East of the antimeridian longitudes run on beyond 180.
    pub fn bounds(&self) -> [f64; 4] {
        let [west, south, east, north] = self.metres();
        let ([west, south], [east, north]) = (to_degrees([west, south]), to_degrees([east, north]));
        [west, south, east, north]
    }

    /// EPSG:3857 metres of a pixel's centre.
    pub fn centre(&self, column: u32, row: u32) -> [f64; 2] {
        let [west, _, _, north] = self.metres();
        let step = self.step();
        [west + (f64::from(column) + 0.5) * step, north - (f64::from(row) + 0.5) * step]
    }

    /// The column and row of the pixel at a longitude and latitude in degrees, if it is on this grid.
    pub fn pixel_at(&self, [longitude, latitude]: [f64; 2]) -> Option<(u32, u32)> {
        let [west, _, _, north] = self.metres();
        let world = 2.0 * PI * RADIUS;
        let [x, y] = to_metres([longitude, latitude]);
        // The same meridian has many longitudes: take the one that this grid counts in.
        let column = ((x - west).rem_euclid(world) / self.step()).floor();
        let row = ((north - y) / self.step()).floor();
        let inside = column < f64::from(self.width) && (0.0..f64::from(self.height)).contains(&row);
        inside.then_some((column as u32, row as u32))
    }
}

/// EPSG:3857 metres per pixel of a level.
pub fn step(level: u8) -> f64 {
    LEVEL_0_STEP * (-f64::from(level) / f64::from(LEVELS_PER_ZOOM)).exp2()
}

/// Longitude and latitude in degrees to EPSG:3857 metres; latitudes end where the web map does.
pub fn to_metres([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    let latitude = latitude.clamp(-LAST_LATITUDE, LAST_LATITUDE).to_radians();
    [longitude.to_radians() * RADIUS, latitude.tan().asinh() * RADIUS]
}

/// EPSG:3857 metres to longitude and latitude in degrees.
pub fn to_degrees([x, y]: [f64; 2]) -> [f64; 2] {
    [(x / RADIUS).to_degrees(), (y / RADIUS).sinh().atan().to_degrees()]
}

/// How a grid stands in the manifest: the numbers it consists of, and what a reader without this code needs.
#[derive(Clone, Serialize, Deserialize)]
struct Wire {
    epsg: u32,
    level: u8,
    left: i32,
    top: i32,
    width: u32,
    height: u32,
    /// Metres per pixel; follows from the level.
    #[serde(default)]
    step: f64,
    /// Degrees; follow from the rest.
    #[serde(default)]
    bounds: [f64; 4],
}

impl TryFrom<Wire> for Grid {
    type Error = GridError;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        if wire.epsg != 3857 {
            return Err(GridError::Projection(wire.epsg));
        }
        Self::new(wire.level, wire.left, wire.top, wire.width, wire.height)
    }
}

impl From<Grid> for Wire {
    fn from(grid: Grid) -> Self {
        Self {
            epsg: 3857,
            level: grid.level,
            left: grid.left,
            top: grid.top,
            width: grid.width,
            height: grid.height,
            step: grid.step(),
            bounds: grid.bounds(),
        }
    }
}

#[cfg(test)]
mod tests;
