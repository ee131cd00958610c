//! One tile or strip: from packed bytes to 32-bit floating point.

use std::io::Read as _;

use super::lzw::Unpacker;

/// How samples are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    Lzw,
    Deflate,
    PackBits,
    Zstd,
}

/// What was done to samples before they were packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Predictor {
    None,
    /// Differences along a row (TIFF 6.0, section 14).
    Horizontal,
    /// Bytes sorted by significance, then differences along a row (TIFF technical note 3).
    Floating,
}

/// What a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unsigned,
    Signed,
    Float,
}

/// How a file's samples are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    pub(super) compression: Compression,
    pub(super) predictor: Predictor,
    pub(super) kind: Kind,
    /// Bytes of a sample: 1, 2, 4 or 8.
    pub(super) bytes: usize,
    pub(super) big_endian: bool,
}

/// Room to work in, kept from one tile to the next.
#[derive(Default)]
pub struct Scratch {
    pub(super) packed: Vec<u8>,
    lzw: Unpacker,
    raw: Vec<u8>,
    row: Vec<u8>,
    pub(super) samples: Vec<f32>,
}

impl Coding {
    /// Turns `scratch.packed` into `scratch.samples`, `width` × `height` of them, row by row.
    ///
    /// # Errors
    /// Why it cannot be done.
    pub(super) fn unpack(&self, scratch: &mut Scratch, width: usize, height: usize) -> Result<(), String> {
        let Scratch { packed, lzw, raw, row, samples } = scratch;
        let row_bytes = width * self.bytes;
        let size = row_bytes * height;
        let plain = self.predictor == Predictor::None;
        let bytes: &[u8] = match self.compression {
            Compression::Lzw => lzw.unpack(packed, size).map_err(|e| e.to_string())?,
            Compression::None => packed,
            _ => {
                expand(self.compression, packed, size, raw)?;
                raw
            }
        };
        let Some(bytes) = bytes.get(..size) else {
            return Err(format!("it holds {} of {size} bytes", bytes.len()));
        };
        samples.clear();
        samples.reserve(size / self.bytes.max(1));
        if plain {
            self.convert(bytes, samples);
            return Ok(());
        }
        for line in bytes.chunks_exact(row_bytes.max(1)) {
            row.clear();
            row.extend_from_slice(line);
            match self.predictor {
                Predictor::Floating => {
                    self.undo_floating(row);
                    // Their order is by significance whatever the file's is.
                    Self { big_endian: true, ..*self }.convert(row, samples);
                }
                _ => {
                    self.undo_horizontal(row);
                    self.convert(row, samples);
                }
            }
        }
        Ok(())
    }

    /// Sums up differences of whole samples.
    fn undo_horizontal(&self, row: &mut [u8]) {
        macro_rules! sum_up {
            ($integer:ty) => {{
                let mut before: $integer = 0;
                let (read, write): (fn(_) -> $integer, fn($integer) -> _) = if self.big_endian {
                    (<$integer>::from_be_bytes, <$integer>::to_be_bytes)
                } else {
                    (<$integer>::from_le_bytes, <$integer>::to_le_bytes)
                };
                for bytes in row.as_chunks_mut::<{ size_of::<$integer>() }>().0 {
                    before = before.wrapping_add(read(*bytes));
                    *bytes = write(before);
                }
            }};
        }
        match self.bytes {
            1 => sum_up!(u8),
            2 => sum_up!(u16),
            4 => sum_up!(u32),
            _ => sum_up!(u64),
        }
    }

    /// Sums up differences of bytes, then brings each sample's bytes together, most significant first.
    fn undo_floating(&self, row: &mut [u8]) {
        let mut before = 0u8;
        for byte in row.iter_mut() {
            before = before.wrapping_add(*byte);
            *byte = before;
        }
        let planes = row.to_vec();
        let count = planes.len() / self.bytes;
        for (significance, plane) in planes.chunks_exact(count.max(1)).enumerate() {
            for (sample, byte) in row.chunks_exact_mut(self.bytes).zip(plane) {
                if let Some(place) = sample.get_mut(significance) {
                    *place = *byte;
                }
            }
        }
    }

    /// Appends the samples as 32-bit floating point, which holds phases and coherences far below their noise.
    fn convert(&self, bytes: &[u8], out: &mut Vec<f32>) {
        macro_rules! each {
            ($number:ty) => {{
                let chunks = bytes.as_chunks::<{ size_of::<$number>() }>().0.iter();
                if self.big_endian {
                    out.extend(chunks.map(|b| <$number>::from_be_bytes(*b) as f32));
                } else {
                    out.extend(chunks.map(|b| <$number>::from_le_bytes(*b) as f32));
                }
            }};
        }
        match (self.kind, self.bytes) {
            (Kind::Float, 2) => {
                let bits = |b: &[u8; 2]| {
                    if self.big_endian { u16::from_be_bytes(*b) } else { u16::from_le_bytes(*b) }
                };
                out.extend(bytes.as_chunks::<2>().0.iter().map(|b| half::f16::from_bits(bits(b)).to_f32()));
            }
            (Kind::Float, 4) => each!(f32),
            (Kind::Float, _) => each!(f64),
            (Kind::Unsigned, 1) => each!(u8),
            (Kind::Unsigned, 2) => each!(u16),
            (Kind::Unsigned, 4) => each!(u32),
            (Kind::Unsigned, _) => each!(u64),
            (Kind::Signed, 1) => each!(i8),
            (Kind::Signed, 2) => each!(i16),
            (Kind::Signed, 4) => each!(i32),
            (Kind::Signed, _) => each!(i64),
        }
    }
}

/// Unpacks with a crate's decoder, never beyond `size` bytes.
fn expand(compression: Compression, packed: &[u8], size: usize, raw: &mut Vec<u8>) -> Result<(), String> {
    raw.clear();
    let limit = size as u64;
    match compression {
        Compression::Deflate => {
            flate2::read::ZlibDecoder::new(packed).take(limit).read_to_end(raw).map_err(|e| e.to_string())?;
        }
        Compression::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(packed).map_err(|e| e.to_string())?;
            decoder.take(limit).read_to_end(raw).map_err(|e| e.to_string())?;
        }
        _ => pack_bits(packed, size, raw),
    }
    Ok(())
}

/// PackBits (TIFF 6.0, section 9): a count and bytes as they are, or a negative count and a byte to repeat.
fn pack_bits(mut packed: &[u8], size: usize, raw: &mut Vec<u8>) {
    while raw.len() < size
        && let Some((&count, rest)) = packed.split_first()
    {
        packed = rest;
        match count {
            0..128 => {
                let (run, rest) = packed.split_at(packed.len().min(usize::from(count) + 1));
                raw.extend_from_slice(run);
                packed = rest;
            }
            128 => {}
            _ => {
                let Some((&byte, rest)) = packed.split_first() else { return };
                raw.resize(raw.len() + 257 - usize::from(count), byte);
                packed = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(kind: Kind, bytes: usize, predictor: Predictor, big_endian: bool) -> Coding {
        Coding { compression: Compression::None, predictor, kind, bytes, big_endian }
    }

    fn unpacked(coding: Coding, packed: Vec<u8>, width: usize) -> Result<Vec<f32>, String> {
        let height = packed.len() / (width * coding.bytes);
        let mut scratch = Scratch { packed, ..Scratch::default() };
        coding.unpack(&mut scratch, width, height).map(|()| scratch.samples)
    }

    #[test]
    fn every_sample_type_in_both_orders() {
        let plain = |kind, bytes, big, packed: &[u8]| {
            unpacked(coding(kind, bytes, Predictor::None, big), packed.to_vec(), 1).unwrap()
        };
        assert_eq!(plain(Kind::Unsigned, 1, false, &[200]), [200.0]);
        assert_eq!(plain(Kind::Signed, 1, false, &[200]), [-56.0]);
        for big in [false, true] {
            let ordered = |mut bytes: Vec<u8>| {
                if big {
                    bytes.reverse();
                }
                bytes
            };
            assert_eq!(plain(Kind::Signed, 2, big, &ordered((-7i16).to_le_bytes().to_vec())), [-7.0]);
            assert_eq!(plain(Kind::Unsigned, 2, big, &ordered(60_000u16.to_le_bytes().to_vec())), [60_000.0]);
            assert_eq!(
                plain(Kind::Signed, 4, big, &ordered((-70_000i32).to_le_bytes().to_vec())),
                [-70_000.0]
            );
            assert_eq!(plain(Kind::Unsigned, 8, big, &ordered(5u64.to_le_bytes().to_vec())), [5.0]);
            assert_eq!(plain(Kind::Float, 2, big, &ordered(0x3e00u16.to_le_bytes().to_vec())), [1.5]);
            assert_eq!(plain(Kind::Float, 4, big, &ordered(2.5f32.to_le_bytes().to_vec())), [2.5]);
            assert_eq!(plain(Kind::Float, 8, big, &ordered((-0.25f64).to_le_bytes().to_vec())), [-0.25]);
        }
    }

    #[test]
    fn predictors_are_undone() {
        let differences: Vec<u8> = [10u16, 1, 1, 65_535].iter().flat_map(|v| v.to_le_bytes()).collect();
        let horizontal = coding(Kind::Unsigned, 2, Predictor::Horizontal, false);
        assert_eq!(unpacked(horizontal, differences, 4).unwrap(), [10.0, 11.0, 12.0, 11.0]);
        // 1.0 and 2.0 are 3f 80 00 00 and 40 00 00 00: planes 3f 40 | 80 00 | 00 00 | 00 00.
        let planes = [0x3f, 0x40, 0x80, 0, 0, 0, 0, 0u8];
        let mut before = 0;
        let packed: Vec<u8> =
            planes.iter().map(|b| b.wrapping_sub(std::mem::replace(&mut before, *b))).collect();
        for big in [false, true] {
            assert_eq!(
                unpacked(coding(Kind::Float, 4, Predictor::Floating, big), packed.clone(), 2).unwrap(),
                [1.0, 2.0]
            );
        }
    }

    #[test]
    fn what_is_cut_off_is_said() {
        let coding = coding(Kind::Float, 4, Predictor::None, false);
        let mut scratch = Scratch { packed: vec![0; 10], ..Scratch::default() };
        assert_eq!(coding.unpack(&mut scratch, 2, 2), Err("it holds 10 of 16 bytes".to_owned()));
    }

    #[test]
    fn pack_bits_as_the_specification_has_it() {
        // The example of TIFF 6.0, section 9, is Apple's: a run, four literals, runs and literals again.
        let packed = [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x80, 0xf7, 0x01];
        let mut raw = Vec::new();
        pack_bits(&packed, 20, &mut raw);
        let expected = [&[0xaa; 3][..], &[0x80, 0x00, 0x2a], &[0xaa; 4], &[0x01; 10]].concat();
        assert_eq!(raw, expected);
    }
}
