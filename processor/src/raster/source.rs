//! Opens a GeoTIFF and reads blocks of it, whatever its tiling, compression and sample type.
//!
//! The crate `tiff` reads the header. The tiles are read here: side by side from one open file, each no larger than was
//! made sure of before, LZW by our own decoder.

use std::{fs::File, io::BufReader, ops::Range, os::unix::fs::FileExt as _, path::Path};

use tiff::{
    ColorType,
    decoder::{ChunkType, Decoder, Limits},
    tags::{ByteOrder, CompressionMethod, Tag},
};

use super::{
    Placement,
    unpack::{Coding, Compression, Kind, Predictor, Scratch},
};

/// The most pixels that a product may have: 16 bursts at 20 m, and far less than what would fill a runner's memory.
pub const MOST_PIXELS: u64 = 400_000_000;
/// The longest side in pixels.
pub const LONGEST_SIDE: u32 = 100_000;
/// The most bytes that one tile or strip may take when unpacked.
const LARGEST_CHUNK: u64 = 64 * 1024 * 1024;
/// The most tiles or strips.
const MOST_CHUNKS: u64 = 2_000_000;

/// An open GeoTIFF.
pub struct Source {
    name: String,
    file: File,
    length: u64,
    placement: Placement,
    nodata: Option<f64>,
    coding: Coding,
    /// Columns and rows of a tile or strip.
    chunk: [u32; 2],
    /// Whether tiles at the right and lower edge are filled up; strips are cut.
    filled_up: bool,
    /// Where each tile or strip begins in the file, and its length there.
    chunks: Vec<(u64, u64)>,
}

/// Why a file cannot be read. The sentence names the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    /// When it is no GeoTIFF, too large, or not written or placed in a way that can be used.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        Self::open_named(path, &name).map_err(|reason| SourceError { file: name, reason })
    }

    fn open_named(path: &Path, name: &str) -> Result<Self, String> {
        let cannot = |e: std::io::Error| format!("cannot be opened ({e})");
        let file = File::open(path).map_err(cannot)?;
        let length = file.metadata().map_err(cannot)?.len();
        let limits = {
            let mut limits = Limits::default();
            limits.ifd_value_size = MOST_CHUNKS as usize * 8;
            limits
        };
        let reader = BufReader::with_capacity(1 << 14, file.try_clone().map_err(cannot)?);
        let mut decoder = Decoder::new(reader)
            .map_err(|e| format!("is no TIFF that can be read ({e})"))?
            .with_limits(limits);
        let (width, height) = decoder.dimensions().map_err(|e| format!("has no size ({e})"))?;
        let too_large =
            u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE;
        if width == 0 || height == 0 || too_large {
            return Err(format!("has {width} × {height} pixels, which is none or too many"));
        }
        let coding = coding(&mut decoder)?;
        let placement = placement(&mut decoder, width, height)?;
        let nodata = decoder.get_tag_ascii_string(Tag::GdalNodata).ok().and_then(|t| t.trim().parse().ok());
        let (chunk_width, chunk_height) = decoder.chunk_dimensions();
        let filled_up = decoder.get_chunk_type() == ChunkType::Tile;
        let chunk = [chunk_width, if filled_up { chunk_height } else { chunk_height.min(height) }];
        let area = u64::from(chunk[0]).saturating_mul(u64::from(chunk[1]));
        let bytes = area.saturating_mul(coding.bytes as u64);
        if bytes == 0 || bytes > LARGEST_CHUNK {
            return Err(format!(
                "has tiles or strips of {} × {} pixels: write it with tiles of 256 × 256",
                chunk[0], chunk[1]
            ));
        }
        let chunks = chunks(&mut decoder, filled_up)?;
        let expected = u64::from(width.div_ceil(chunk[0])) * u64::from(height.div_ceil(chunk[1]));
        if chunks.len() as u64 != expected || expected > MOST_CHUNKS {
            return Err(format!("lists {} tiles or strips, {expected} make its pixels", chunks.len()));
        }
        Ok(Self { name: name.to_owned(), file, length, placement, nodata, coding, chunk, filled_up, chunks })
    }

    /// Where its pixels lie.
    pub const fn placement(&self) -> &Placement {
        &self.placement
    }

    /// The value that means *no data*, if the file says so.
    pub const fn nodata(&self) -> Option<f64> {
        self.nodata
    }

    /// Columns and rows of a tile or strip: blocks that are multiples of it are read fastest.
    pub const fn chunk(&self) -> [u32; 2] {
        self.chunk
    }

    /// Reads a block of columns and rows into `out`, row by row. What the file says is no data, what is not a number and
    /// what cannot be read becomes NaN; the last gives an error for its first tile besides.
    pub fn block(
        &self,
        columns: Range<u32>,
        rows: Range<u32>,
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> Result<(), SourceError> {
        out.clear();
        out.resize(columns.len() * rows.len(), f32::NAN);
        let [chunk_width, chunk_height] = self.chunk;
        let across = self.placement.width.div_ceil(chunk_width);
        let nodata = self.nodata.map_or(f32::NAN, |n| n as f32);
        let known = |value: f32| if value == nodata || !value.is_finite() { f32::NAN } else { value };
        let mut result = Ok(());
        for chunk_row in rows.start / chunk_height..rows.end.div_ceil(chunk_height) {
            for chunk_column in columns.start / chunk_width..columns.end.div_ceil(chunk_width) {
                let index = chunk_row * across + chunk_column;
                match self.load(index, scratch) {
                    Ok(true) => {}
                    Ok(false) => continue,
                    Err(reason) => {
                        let reason = format!("part {index} cannot be unpacked ({reason})");
                        result = result.and(Err(SourceError { file: self.name.clone(), reason }));
                        continue;
                    }
                }
                let (left, top) = (chunk_column * chunk_width, chunk_row * chunk_height);
                let overlap = columns.start.max(left)..columns.end.min(left.saturating_add(chunk_width));
                for row in rows.start.max(top)..rows.end.min(top.saturating_add(chunk_height)) {
                    let from = (row - top) as usize * chunk_width as usize + (overlap.start - left) as usize;
                    let to = (row - rows.start) as usize * columns.len()
                        + (overlap.start - columns.start) as usize;
                    if let (Some(source), Some(target)) =
                        (scratch.samples.get(from..from + overlap.len()), out.get_mut(to..to + overlap.len()))
                    {
                        target.iter_mut().zip(source).for_each(|(target, value)| *target = known(*value));
                    }
                }
            }
        }
        result
    }

    /// Unpacks a tile or strip into `scratch.samples`. A tile that was never written holds no data: `false`.
    fn load(&self, index: u32, scratch: &mut Scratch) -> Result<bool, String> {
        let [width, height] = self.chunk;
        let height = if self.filled_up {
            height
        } else {
            let across = self.placement.width.div_ceil(width);
            height.min(self.placement.height.saturating_sub(index / across * height))
        };
        let &(offset, length) = self.chunks.get(index as usize).ok_or("it is not listed")?;
        if offset == 0 || length == 0 {
            return Ok(false);
        }
        let raw = width as usize * height as usize * self.coding.bytes;
        // No packing makes data twice as large: what claims so is not read.
        let length =
            if self.coding.compression == Compression::None { length.min(raw as u64) } else { length };
        if length > 2 * raw as u64 + 4096 {
            return Err(format!("it claims {length} bytes for {raw}"));
        }
        if offset.checked_add(length).is_none_or(|end| end > self.length) {
            return Err("it lies beyond the end of the file, which is cut off".to_owned());
        }
        scratch.packed.resize(length as usize, 0);
        self.file.read_exact_at(&mut scratch.packed, offset).map_err(|e| e.to_string())?;
        self.coding.unpack(scratch, width as usize, height as usize).map(|()| true)
    }
}

/// Where the tiles or strips lie.
fn chunks(decoder: &mut Decoder<BufReader<File>>, tiles: bool) -> Result<Vec<(u64, u64)>, String> {
    let (offsets, counts) = if tiles {
        (Tag::TileOffsets, Tag::TileByteCounts)
    } else {
        (Tag::StripOffsets, Tag::StripByteCounts)
    };
    let mut list =
        |tag| decoder.get_tag_u64_vec(tag).map_err(|e| format!("does not say where its pixels are ({e})"));
    Ok(list(offsets)?.into_iter().zip(list(counts)?).collect())
}

/// How its samples are written, if it is in one of the ways that can be read.
fn coding(decoder: &mut Decoder<BufReader<File>>) -> Result<Coding, String> {
    let samples = match decoder.colortype().map_err(|e| format!("has samples that cannot be read ({e})"))? {
        ColorType::Gray(bits) => bits,
        other => return Err(format!("has samples of the kind {other:?}, one number a pixel is expected")),
    };
    let mut tag = |tag: Tag, default: u16| -> Result<u16, String> {
        let wrong = |e| format!("has a header that cannot be read ({e})");
        Ok(decoder
            .find_tag_unsigned_vec(tag)
            .map_err(wrong)?
            .and_then(|v| v.first().copied())
            .unwrap_or(default))
    };
    let kind = match tag(Tag::SampleFormat, 1)? {
        1 => Kind::Unsigned,
        2 => Kind::Signed,
        3 => Kind::Float,
        other => return Err(format!("has samples of format {other}; numbers are expected")),
    };
    let bytes = match (samples, kind) {
        (8, Kind::Unsigned | Kind::Signed) => 1,
        (16, _) => 2,
        (32, _) => 4,
        (64, _) => 8,
        _ => return Err(format!("has samples of {samples} bits; 8, 16, 32 and 64 can be read")),
    };
    let compression = match CompressionMethod::from_u16_exhaustive(tag(Tag::Compression, 1)?) {
        CompressionMethod::None => Compression::None,
        CompressionMethod::LZW => Compression::Lzw,
        CompressionMethod::Deflate | CompressionMethod::OldDeflate => Compression::Deflate,
        CompressionMethod::PackBits => Compression::PackBits,
        CompressionMethod::ZSTD => Compression::Zstd,
        other => {
            return Err(format!(
                "is packed by {other:?}; LZW, Deflate, Zstandard, PackBits and none can be read"
            ));
        }
    };
    let predictor = match (tag(Tag::Predictor, 1)?, kind) {
        _ if matches!(compression, Compression::None | Compression::PackBits) => Predictor::None,
        (1, _) => Predictor::None,
        (2, _) => Predictor::Horizontal,
        (3, Kind::Float) => Predictor::Floating,
        (other, _) => return Err(format!("has predictor {other}, which does not go with its samples")),
    };
    Ok(Coding {
        compression,
        predictor,
        kind,
        bytes,
        big_endian: decoder.byte_order() == ByteOrder::BigEndian,
    })
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

#[cfg(test)]
mod tests;
