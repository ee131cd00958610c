//! TIFF's LZW, unpacked. Products are packed with it, and the crate `weezl` takes two thirds of a preview's time on it;
//! this is four times as fast on them (`processor/bench`). Packing, which is not in the way, stays with the crate.
//!
//! A string of the table is always one that already stands in the output, so the table holds places and not bytes
//! (TIFF 6.0, section 13, gives the code; most significant bit first, codes grow one early).

/// Restarts the table.
const CLEAR: usize = 256;
/// Ends the data.
const END: usize = 257;
/// The table's first free code.
const FIRST: usize = 258;
/// Codes have at most 12 bits.
const CODES: usize = 4096;
/// The output begins with one byte of each value, so that literals are strings like all others.
const LITERALS: usize = 256;
/// Bytes copied at once; the output has so many to spare at its end.
const STRIDE: usize = 16;

/// Why data cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its LZW codes make no sense")]
pub(super) struct LzwError;

/// Room to unpack in, kept from one tile to the next.
pub(super) struct Unpacker {
    buffer: Vec<u8>,
    /// Start in the buffer and length of each code's string.
    table: Box<[(u32, u32); CODES]>,
}

impl Default for Unpacker {
    fn default() -> Self {
        let mut table = Box::new([(0, 0); CODES]);
        for (code, entry) in table.iter_mut().enumerate().take(LITERALS) {
            *entry = (code as u32, 1);
        }
        Self { buffer: Vec::new(), table }
    }
}

impl Unpacker {
    /// Unpacks up to `size` bytes; fewer where the data ends earlier.
    ///
    /// # Errors
    /// When a code is used before it is defined.
    pub(super) fn unpack(&mut self, packed: &[u8], size: usize) -> Result<&[u8], LzwError> {
        let end = LITERALS + size;
        self.buffer.resize(end + STRIDE, 0);
        for (value, byte) in self.buffer.iter_mut().enumerate().take(LITERALS) {
            *byte = value as u8;
        }
        let filled = self.fill(packed, end)?;
        Ok(self.buffer.get(LITERALS..filled.min(end)).unwrap_or_default())
    }

    /// Writes strings from [`LITERALS`] on, until `end` or the data's end, and gives where it stopped.
    fn fill(&mut self, packed: &[u8], end: usize) -> Result<usize, LzwError> {
        let (buffer, table) = (self.buffer.as_mut_slice(), self.table.as_mut());
        let mut bits = Bits { packed, at: 0, held: 0, count: 0 };
        let (mut width, mut next) = (9, FIRST);
        let mut at = LITERALS;
        // Start and length of the string before, in the output; length 0 after a restart.
        let mut before = (0usize, 0usize);
        while at < end {
            let Some(code) = bits.take(width) else { break };
            if code == CLEAR {
                (width, next, before) = (9, FIRST, (0, 0));
                continue;
            }
            if code == END {
                break;
            }
            let grows = before.1 > 0 && next < CODES;
            if grows {
                // The string before and the first byte of this one: the output's next byte.
                if let Some(entry) = table.get_mut(next) {
                    *entry = (before.0 as u32, before.1 as u32 + 1);
                }
            }
            if code >= next + usize::from(grows) {
                return Err(LzwError);
            }
            let Some(&(start, length)) = table.get(code) else { return Err(LzwError) };
            let (start, length) = (start as usize, (length as usize).min(end - at));
            copy(buffer, start, at, length);
            if grows && code == next && length > 0 {
                // Its last byte is its own first one, which was not there yet when it was copied.
                let first = buffer.get(start).copied().unwrap_or_default();
                if let Some(last) = buffer.get_mut(at + length - 1).filter(|_| length > before.1) {
                    *last = first;
                }
            }
            before = (at, length);
            at += length;
            next += usize::from(grows);
            if next + 1 == 1 << width && width < 12 {
                width += 1;
            }
        }
        Ok(at)
    }
}

/// Copies a string that ends before `to`, in strides: the bytes after it are written over next.
#[inline]
fn copy(buffer: &mut [u8], from: usize, to: usize, length: usize) {
    if length > 4 * STRIDE {
        return buffer.copy_within(from..from + length, to);
    }
    let mut done = 0;
    while done < length {
        let Some(Ok(bytes)) = buffer.get(from + done..from + done + STRIDE).map(<[u8; STRIDE]>::try_from)
        else {
            return;
        };
        if let Some(target) = buffer.get_mut(to + done..to + done + STRIDE) {
            target.copy_from_slice(&bytes);
        }
        done += STRIDE;
    }
}

/// Codes from bytes, most significant bit first.
struct Bits<'a> {
    packed: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    /// The next code; `None` where the data ends.
    #[inline]
    fn take(&mut self, width: u32) -> Option<usize> {
        if self.count < width {
            if let Some(Ok(four)) = self.packed.get(self.at..self.at + 4).map(<[u8; 4]>::try_from) {
                self.held = self.held << 32 | u64::from(u32::from_be_bytes(four));
                self.at += 4;
                self.count += 32;
            } else {
                while self.count < width {
                    self.held = self.held << 8 | u64::from(*self.packed.get(self.at)?);
                    self.at += 1;
                    self.count += 8;
                }
            }
        }
        self.count -= width;
        Some((self.held >> self.count) as usize & ((1 << width) - 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pack(raw: &[u8]) -> Vec<u8> {
        weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(raw).unwrap()
    }

    #[test]
    fn runs_noise_and_emptiness_come_back() {
        let noise: Vec<u8> = (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let mut mixed = noise.clone();
        mixed.iter_mut().skip(30_000).take(90_000).for_each(|b| *b = 0);
        for raw in [vec![], vec![7], vec![0; 262_144], noise, mixed] {
            let mut unpacker = Unpacker::default();
            assert_eq!(unpacker.unpack(&pack(&raw), raw.len()).unwrap(), raw);
            assert_eq!(unpacker.unpack(&pack(&raw), raw.len()).unwrap(), raw, "with a used table");
            let less = raw.len() / 2;
            assert_eq!(unpacker.unpack(&pack(&raw), less).unwrap(), &raw[..less]);
        }
    }

    #[test]
    fn codes_from_nowhere_are_refused() {
        // 9 bits each: restart, then 300, which nothing has defined.
        let packed = [0b1000_0000, 0b0100_1011, 0b0000_0000];
        assert_eq!(Unpacker::default().unpack(&packed, 10), Err(LzwError));
    }

    proptest! {
        #[test]
        fn what_the_crate_packs_is_unpacked_alike(
            raw in prop::collection::vec(prop_oneof![Just(0u8), 0u8..4, any::<u8>()], 0..6000),
        ) {
            let mut unpacker = Unpacker::default();
            prop_assert_eq!(unpacker.unpack(&pack(&raw), raw.len()).unwrap(), raw);
        }

        #[test]
        fn noise_is_unpacked_as_the_crate_does_or_refused(
            packed in prop::collection::vec(any::<u8>(), 0..600), size in 0usize..3000,
        ) {
            let mut unpacker = Unpacker::default();
            let ours = unpacker.unpack(&packed, size);
            let mut theirs = vec![0; size];
            let result = weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
                .decode_bytes(&packed, &mut theirs);
            if let (Ok(ours), Ok(_)) = (ours, result.status) {
                let same = ours.len().min(result.consumed_out);
                prop_assert_eq!(&ours[..same], &theirs[..same]);
            }
        }
    }
}
