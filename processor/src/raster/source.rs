//! Reads one band of a GeoTIFF in bands of rows, whatever its tiling, compression and sample type.

use std::{
    fs::File,
    io::BufReader,
    ops::Range,
    path::{Path, PathBuf},
};

use tiff::{
    ColorType,
    decoder::{Decoder, DecodingResult, Limits},
    tags::Tag,
};

use super::Placement;

/// The most pixels that a product may have: 16 bursts at 20 m, and far less than what would fill a runner's memory.
pub const MOST_PIXELS: u64 = 400_000_000;
/// The longest side in pixels.
pub const LONGEST_SIDE: u32 = 100_000;
/// The most bytes that one tile or strip may take when unpacked.
const LARGEST_CHUNK: usize = 256 * 1024 * 1024;

/// An open GeoTIFF.
pub struct Source {
    path: PathBuf,
    decoder: Decoder<BufReader<File>>,
    placement: Placement,
    nodata: Option<f64>,
    chunk: [u32; 2],
    /// The chunk read last, kept because a strip may hold more rows than a band asks for.
    last: Option<(u32, Vec<f32>)>,
}

/// Why a file cannot be read. The sentence names the file.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct SourceError {
    /// The file's name, without its folder.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl Source {
    /// Opens a file and reads where it lies.
    ///
    /// # Errors
    /// When it is no GeoTIFF, too large, or not placed in a way that can be used.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let wrong = |reason: String| error(path, reason);
        let file = File::open(path).map_err(|e| wrong(format!("cannot be opened ({e})")))?;
        let limits = {
            let mut limits = Limits::default();
            limits.decoding_buffer_size = LARGEST_CHUNK;
            limits.intermediate_buffer_size = LARGEST_CHUNK;
            limits.ifd_value_size = 64 * 1024 * 1024;
            limits
        };
        let mut decoder = Decoder::new(BufReader::with_capacity(1 << 16, file))
            .map_err(|e| wrong(format!("is no TIFF that can be read ({e})")))?
            .with_limits(limits);
        let (width, height) = decoder.dimensions().map_err(|e| wrong(format!("has no size ({e})")))?;
        let too_large =
            u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE;
        if width == 0 || height == 0 || too_large {
            return Err(wrong(format!("has {width} × {height} pixels, which is none or too many")));
        }
        match decoder.colortype() {
            Ok(ColorType::Gray(_)) => {}
            Ok(other) => {
                return Err(wrong(format!(
                    "has samples of the kind {other:?}, one number a pixel is expected"
                )));
            }
            Err(e) => return Err(wrong(format!("has samples that cannot be read ({e})"))),
        }
        let placement = placement(&mut decoder, width, height).map_err(wrong)?;
        let nodata = decoder.get_tag_ascii_string(Tag::GdalNodata).ok().and_then(|t| t.trim().parse().ok());
        let (chunk_width, chunk_height) = decoder.chunk_dimensions();
        if chunk_width == 0 || chunk_height == 0 {
            return Err(wrong("has tiles without pixels".to_owned()));
        }
        let chunk = [chunk_width.min(width.next_multiple_of(16)), chunk_height];
        Ok(Self { path: path.to_owned(), decoder, placement, nodata, chunk, last: None })
    }

    /// Where its pixels lie.
    pub const fn placement(&self) -> &Placement {
        &self.placement
    }

    /// The value that means *no data*, if the file says so.
    pub const fn nodata(&self) -> Option<f64> {
        self.nodata
    }

    /// Rows of a tile or strip: bands that are a multiple of it are read fastest.
    pub const fn chunk_rows(&self) -> u32 {
        self.chunk[1]
    }

    /// Reads whole rows into `out`, row by row. What the file says is no data, and what is not a number, becomes NaN.
    ///
    /// # Errors
    /// When a tile is missing or broken.
    pub fn rows(&mut self, rows: Range<u32>, out: &mut Vec<f32>) -> Result<(), SourceError> {
        let [chunk_width, chunk_height] = self.chunk;
        let width = self.placement.width as usize;
        out.clear();
        out.resize(width * rows.len(), f32::NAN);
        let across = self.placement.width.div_ceil(chunk_width);
        for chunk_row in rows.start / chunk_height..rows.end.div_ceil(chunk_height) {
            for chunk_column in 0..across {
                let index = chunk_row * across + chunk_column;
                let [data_width, data_height] = self.load(index)?;
                let Some((_, samples)) = &self.last else { continue };
                let (left, top) = ((chunk_column * chunk_width) as usize, chunk_row * chunk_height);
                for row in top.max(rows.start)..(top + data_height).min(rows.end) {
                    let from = (row - top) as usize * data_width as usize;
                    let to = (row - rows.start) as usize * width + left;
                    let count = (data_width as usize).min(width.saturating_sub(left));
                    if let (Some(source), Some(target)) =
                        (samples.get(from..from + count), out.get_mut(to..to + count))
                    {
                        target.copy_from_slice(source);
                    }
                }
            }
        }
        let nodata = self.nodata.map(|n| n as f32);
        for value in out.iter_mut() {
            if nodata == Some(*value) || !value.is_finite() {
                *value = f32::NAN;
            }
        }
        Ok(())
    }

    /// Unpacks a tile or strip into `self.last` and gives its width and height.
    fn load(&mut self, index: u32) -> Result<[u32; 2], SourceError> {
        let (width, height) = self.decoder.chunk_data_dimensions(index);
        if self.last.as_ref().is_some_and(|(last, _)| *last == index) {
            return Ok([width, height]);
        }
        let result = self
            .decoder
            .read_chunk(index)
            .map_err(|e| error(&self.path, format!("part {index} cannot be unpacked ({e})")))?;
        let samples = floats(result);
        if samples.len() < width as usize * height as usize {
            return Err(error(&self.path, format!("part {index} is shorter than it should be")));
        }
        self.last = Some((index, samples));
        Ok([width, height])
    }
}

/// Any sample type as 32-bit floating point, which holds phases and coherences to far below their noise.
fn floats(result: DecodingResult) -> Vec<f32> {
    match result {
        DecodingResult::F32(v) => v,
        DecodingResult::F64(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::U8(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::U16(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::U32(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::U64(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::I8(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::I16(v) => v.into_iter().map(f32::from).collect(),
        DecodingResult::I32(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::I64(v) => v.into_iter().map(|x| x as f32).collect(),
        DecodingResult::F16(v) => v.into_iter().map(|x| x.to_f32()).collect(),
    }
}

/// Reads the GeoTIFF tags: pixel scale and tie point, and the EPSG code of the projection.
fn placement(decoder: &mut Decoder<BufReader<File>>, width: u32, height: u32) -> Result<Placement, String> {
    let none = "does not say where it lies: it needs GeoTIFF's pixel scale and tie point";
    let scale = decoder.get_tag_f64_vec(Tag::ModelPixelScaleTag).map_err(|_| none.to_owned())?;
    let tie = decoder.get_tag_f64_vec(Tag::ModelTiepointTag).map_err(|_| none.to_owned())?;
    let keys = decoder.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).map_err(|_| none.to_owned())?;
    let (&[dx, dy, ..], &[column, row, _, x, y, ..]) = (scale.as_slice(), tie.as_slice()) else {
        return Err(none.to_owned());
    };
    let usable = |n: f64| n.is_finite() && n.abs() < 1e9;
    if ![dx, dy, column, row, x, y].into_iter().all(usable) || dx <= 0.0 || dy <= 0.0 {
        return Err("has a pixel size or place that is not a usable number".to_owned());
    }
    let mut origin = [x - column * dx, y + row * dy];
    let key = |id: u16| {
        keys.chunks_exact(4).skip(1).find(|k| k.first() == Some(&id)).and_then(|k| k.get(3).copied())
    };
    // Pixel is point: the tie point is the centre of the pixel (OGC GeoTIFF 1.1, 7.1.2).
    if key(1025) == Some(2) {
        origin = [origin[0] - dx / 2.0, origin[1] + dy / 2.0];
    }
    let epsg = match (key(1024), key(3072), key(2048)) {
        (Some(1), Some(epsg), _) | (Some(2), _, Some(epsg)) => u32::from(epsg),
        _ => return Err("does not name its projection by an EPSG code".to_owned()),
    };
    Ok(Placement { epsg, origin, pixel: [dx, dy], width, height })
}

fn error(path: &Path, reason: String) -> SourceError {
    let file =
        path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    SourceError { file, reason }
}

#[cfg(test)]
mod tests;
