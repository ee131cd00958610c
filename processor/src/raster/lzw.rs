//! TIFF's LZW, unpacked. Products are packed with it, and with the crate `weezl` a preview spends two thirds of its time
//! on it; this is several times as fast on them (`processor/bench`). Packing, which is not in the way, stays with the
//! crate.
//!
//! A string of the table is one that stands in the output already: the string before and one byte more. So the table
//! holds only where each begins; it ends one byte after the next one's beginning (TIFF 6.0, section 13, gives the code:
//! most significant bit first, codes grow one early).

/// Restarts the table.
const CLEAR: usize = 256;
/// Ends the data.
const END: usize = 257;
/// Codes have at most 12 bits.
const CODES: usize = 4096;
/// The output begins with one byte of each value, so that literals are strings like all others.
const LITERALS: usize = 256;
/// Bytes copied at once.
const STRIDE: usize = 16;
/// Codes taken from one reading of eight bytes: four of 12 bits fit beside the seven bits before them.
const AT_ONCE: usize = 4;
/// Room after the end for the longest strings, the first of which may begin just before it.
const SPARE: usize = AT_ONCE * CODES + 2 * STRIDE;

/// Why data cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("its LZW codes make no sense")]
pub(super) struct LzwError;

/// Room to unpack in, kept from one tile to the next.
pub(super) struct Unpacker {
    buffer: Vec<u8>,
    /// Where each code's string begins in the buffer.
    begins: Box<[u32; CODES + 2]>,
}

impl Default for Unpacker {
    fn default() -> Self {
        let mut begins = Box::new([0; CODES + 2]);
        for (code, begin) in begins.iter_mut().enumerate().take(LITERALS + 1) {
            *begin = code as u32;
        }
        Self { buffer: (0..=u8::MAX).collect(), begins }
    }
}

impl Unpacker {
    /// Unpacks up to `size` bytes; fewer where the data ends earlier.
    ///
    /// # Errors
    /// When a code is used before it is defined.
    pub(super) fn unpack(&mut self, packed: &[u8], size: usize) -> Result<&[u8], LzwError> {
        let end = LITERALS + size;
        if self.buffer.len() < end + SPARE {
            self.buffer.resize(end + SPARE, 0);
        }
        let mut strings =
            Strings { buffer: &mut self.buffer, begins: &mut self.begins, next: END, at: LITERALS };
        strings.fill(packed, end)?;
        let filled = strings.at.min(end);
        Ok(self.buffer.get(LITERALS..filled).unwrap_or_default())
    }
}

/// The output so far and the strings in it.
struct Strings<'a> {
    buffer: &'a mut [u8],
    begins: &'a mut [u32; CODES + 2],
    /// The code whose string begins where the last one did; those below it are complete.
    next: usize,
    /// Where the next string goes.
    at: usize,
}

impl Strings<'_> {
    /// Writes strings until `end` or the data's end. A string may run past the end.
    fn fill(&mut self, packed: &[u8], end: usize) -> Result<(), LzwError> {
        let (mut bit, mut width) = (0, 9);
        while self.at < end {
            // Most codes are neither the last of a width nor near the end of the data: they are taken by fours.
            while self.next + AT_ONCE < (1 << width) - 1
                && self.at < end
                && let Some(mut window) = window(packed, bit)
            {
                let mut special = false;
                for _ in 0..AT_ONCE {
                    let code = (window >> (64 - width)) as usize;
                    special = code & !1 == CLEAR;
                    if special {
                        break;
                    }
                    self.define();
                    self.put(code)?;
                    window <<= width;
                    bit += width;
                }
                if special {
                    break;
                }
            }
            let Some(code) = take(packed, bit, width) else { break };
            bit += width;
            match code {
                CLEAR => (width, self.next) = (9, END),
                END => break,
                _ => {
                    if self.next < CODES {
                        self.define();
                    }
                    self.put(code)?;
                    if self.next + 1 == 1 << width && width < 12 {
                        width += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// The next string of the table begins here.
    #[inline]
    fn define(&mut self) {
        self.next += 1;
        if let Some(begin) = self.begins.get_mut(self.next) {
            *begin = self.at as u32;
        }
    }

    /// Writes a code's string.
    #[inline]
    fn put(&mut self, code: usize) -> Result<(), LzwError> {
        if code >= self.next {
            return Err(LzwError);
        }
        let code = code & (CODES - 1);
        let [begin, following] = [self.begins[code], self.begins[code + 1]].map(|place| place as usize);
        let length = following.wrapping_sub(begin) + usize::from(code > END);
        copy(self.buffer, begin, self.at, length);
        if code + 1 == self.next {
            self.mend(begin, length);
        }
        self.at += length;
        Ok(())
    }

    /// A string that was used while it was being defined: its last byte is its own first one, which was not there yet
    /// when it was copied.
    #[cold]
    fn mend(&mut self, begin: usize, length: usize) {
        let first = self.buffer.get(begin).copied().unwrap_or_default();
        if let Some(last) = self.buffer.get_mut(self.at + length - 1) {
            *last = first;
        }
    }
}

/// Copies a string that ends before `to`, a stride at least: the bytes after it are written over next.
#[inline]
fn copy(buffer: &mut [u8], from: usize, to: usize, length: usize) {
    if let Some(Ok(bytes)) = buffer.get(from..from + STRIDE).map(<[u8; STRIDE]>::try_from)
        && let Some(target) = buffer.get_mut(to..to + STRIDE)
    {
        target.copy_from_slice(&bytes);
    }
    if length > STRIDE {
        copy_long(buffer, from, to, length);
    }
}

/// Strings longer than a stride are rare where there is data.
#[inline(never)]
fn copy_long(buffer: &mut [u8], from: usize, to: usize, length: usize) {
    if from + length <= buffer.len() && to + length <= buffer.len() {
        buffer.copy_within(from..from + length, to);
    }
}

/// The 57 bits or more that begin at a bit, from the most significant on; `None` near the end of the data.
#[inline]
fn window(packed: &[u8], bit: usize) -> Option<u64> {
    let bytes = packed.get(bit / 8..)?.first_chunk()?;
    Some(u64::from_be_bytes(*bytes) << (bit % 8))
}

/// The code of `width` bits that begins at a bit; `None` where the data ends.
fn take(packed: &[u8], bit: usize, width: usize) -> Option<usize> {
    let window = window(packed, bit).or_else(|| {
        let tail = packed.get(bit / 8..).filter(|_| bit + width <= packed.len() * 8)?;
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(tail).for_each(|(byte, last)| *byte = *last);
        window(&bytes, bit % 8)
    })?;
    Some((window >> (64 - width)) as usize)
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
