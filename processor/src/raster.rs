//! GeoTIFFs on disk and the projections they stand in.

pub mod geotiff;
mod lzw;
pub mod projection;
pub mod source;
mod unpack;

pub use unpack::Scratch;

/// Where a raster's pixels lie in its projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Projection.
    pub epsg: u32,
    /// Easting and northing of the upper-left corner of the upper-left pixel, in the projection's units.
    pub origin: [f64; 2],
    /// Width and height of a pixel in the projection's units, both positive: rows run south.
    pub pixel: [f64; 2],
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Placement {
    /// Easting and northing of a point given in columns and rows from the upper-left corner; pixel centres lie at
    /// halves.
    pub fn at(&self, column: f64, row: f64) -> [f64; 2] {
        [self.origin[0] + column * self.pixel[0], self.origin[1] - row * self.pixel[1]]
    }

    /// Pixels.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}
