//! Writes GeoTIFFs as the engine's packaging does: tiles of 256 × 256, LZW, nodata 0, UTM.
//!
//! The crate `tiff` writes directories but no tiles (0.11), so the tiles are packed here and the crate writes the rest.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use rayon::prelude::*;
use tiff::{encoder::TiffEncoder, tags::Tag};

use super::Placement;

/// Side of a tile in pixels, GDAL's default.
pub const TILE: u32 = 256;
/// GDAL's own tag for metadata, as XML.
const GDAL_METADATA: u16 = 42_112;

/// A sample that products consist of.
pub trait Sample: Copy + Default + Send + Sync {
    /// TIFF's sample format: 1 unsigned, 3 floating point.
    const FORMAT: u16;
    /// Appends the sample's bytes in the machine's order.
    fn append(self, bytes: &mut Vec<u8>);
}

impl Sample for f32 {
    const FORMAT: u16 = 3;
    fn append(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_ne_bytes());
    }
}

impl Sample for u8 {
    const FORMAT: u16 = 1;
    fn append(self, bytes: &mut Vec<u8>) {
        bytes.push(self);
    }
}

/// What a file says about itself in words.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// TIFF's `ImageDescription`; TIFF knows ASCII only.
    pub description: String,
    /// TIFF's `Software`.
    pub software: String,
    /// Names and values for GDAL's metadata.
    pub items: Vec<(String, String)>,
}

/// Writes one band of `placement.width` × `placement.height` samples, row by row.
///
/// # Errors
/// When the file cannot be written, or `samples` has another length.
pub fn write<T: Sample>(path: &Path, placement: &Placement, samples: &[T], labels: &Labels) -> Result<()> {
    let wrong = || format!("cannot write {}", path.display());
    anyhow::ensure!(samples.len() as u64 == placement.pixels(), "{}: wrong number of samples", wrong());
    let mut file = BufWriter::new(File::create(path).with_context(wrong)?);
    encode(&mut file, placement, &tiles(placement, samples)?, T::FORMAT, size_of::<T>() as u16 * 8, labels)
        .with_context(wrong)?;
    file.flush().with_context(wrong)
}

/// Cuts the samples into tiles, filled up with zeros at the right and lower edge, and packs each.
fn tiles<T: Sample>(placement: &Placement, samples: &[T]) -> Result<Vec<Vec<u8>>> {
    let (across, down) = (placement.width.div_ceil(TILE), placement.height.div_ceil(TILE));
    (0..across * down)
        .into_par_iter()
        .map(|index| {
            let (left, top) = ((index % across) * TILE, (index / across) * TILE);
            let mut raw = Vec::with_capacity((TILE * TILE) as usize * size_of::<T>());
            for row in top..top + TILE {
                let start = row as usize * placement.width as usize;
                let line = samples.get(start..start + placement.width as usize).unwrap_or_default();
                for column in left..left + TILE {
                    line.get(column as usize).copied().unwrap_or_default().append(&mut raw);
                }
            }
            let mut packer = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
            packer.encode(&raw).context("a tile could not be packed")
        })
        .collect()
}

fn encode<W: std::io::Write + std::io::Seek>(
    file: W,
    placement: &Placement,
    tiles: &[Vec<u8>],
    format: u16,
    bits: u16,
    labels: &Labels,
) -> Result<()> {
    let mut tiff = TiffEncoder::new(file)?;
    let mut directory = tiff.image_directory()?;
    let mut offsets = Vec::with_capacity(tiles.len());
    let mut counts = Vec::with_capacity(tiles.len());
    for tile in tiles {
        offsets.push(u32::try_from(directory.write_data(tile.as_slice())?)?);
        counts.push(u32::try_from(tile.len())?);
    }
    directory.write_tag(Tag::ImageWidth, placement.width)?;
    directory.write_tag(Tag::ImageLength, placement.height)?;
    directory.write_tag(Tag::BitsPerSample, bits)?;
    directory.write_tag(Tag::SampleFormat, format)?;
    directory.write_tag(Tag::SamplesPerPixel, 1u16)?;
    directory.write_tag(Tag::PlanarConfiguration, 1u16)?;
    directory.write_tag(Tag::Compression, 5u16)?;
    directory.write_tag(Tag::PhotometricInterpretation, 1u16)?;
    directory.write_tag(Tag::TileWidth, TILE)?;
    directory.write_tag(Tag::TileLength, TILE)?;
    directory.write_tag(Tag::TileOffsets, offsets.as_slice())?;
    directory.write_tag(Tag::TileByteCounts, counts.as_slice())?;
    let [width, height] = placement.pixel;
    directory.write_tag(Tag::ModelPixelScaleTag, [width, height, 0.0].as_slice())?;
    let [x, y] = placement.origin;
    directory.write_tag(Tag::ModelTiepointTag, [0.0, 0.0, 0.0, x, y, 0.0].as_slice())?;
    directory.write_tag(Tag::GeoKeyDirectoryTag, geo_keys(placement.epsg)?.as_slice())?;
    directory.write_tag(Tag::GdalNodata, "0")?;
    if !labels.description.is_empty() {
        directory.write_tag(Tag::ImageDescription, labels.description.as_str())?;
    }
    if !labels.software.is_empty() {
        directory.write_tag(Tag::Software, labels.software.as_str())?;
    }
    if !labels.items.is_empty() {
        directory.write_tag(Tag::from_u16_exhaustive(GDAL_METADATA), metadata(&labels.items).as_str())?;
    }
    directory.finish()?;
    Ok(())
}

/// The keys that say which projection it is (OGC GeoTIFF 1.1, section 7): model, pixel is area, EPSG code.
fn geo_keys(epsg: u32) -> Result<[u16; 16]> {
    let code = u16::try_from(epsg).context("EPSG codes of products have five digits at most")?;
    let (model, key) = if epsg == 4326 { (2, 2048) } else { (1, 3072) };
    Ok([1, 1, 0, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, code])
}

/// GDAL's metadata XML.
fn metadata(items: &[(String, String)]) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let lines: String = items
        .iter()
        .map(|(name, value)| format!("  <Item name=\"{}\">{}</Item>\n", escape(name), escape(value)))
        .collect();
    format!("<GDALMetadata>\n{lines}</GDALMetadata>")
}
