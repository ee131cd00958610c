//! The zip of a preview: stored entries only, so that the Worker passes bytes through and the page need not inflate.
//!
//! The reader trusts nothing: names must be of the known ones, sizes within limits and true, checksums right, pictures
//! as large as the manifest says (a browser would otherwise unpack whatever a small file claims to be).

use std::{collections::BTreeMap, io::Write as _, ops::Range};

use super::manifest::{LayerKind, Manifest, ManifestError};

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The coloured picture's name.
pub const THUMB: &str = "thumb.png";
/// The name of the end of the engine's log.
pub const LOG: &str = "log.txt";
/// All names that a bundle may hold. Others are refused: a file that nobody asked for is a sign of another format.
pub const NAMES: [&str; 7] =
    [MANIFEST, THUMB, "wrapped.png", "unwrapped.png", "coherence.png", "amplitude.png", LOG];
/// The largest bundle in bytes. Real ones stay under 500 kB; a burst that fills the grid may take more.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// The largest manifest in bytes.
pub const LARGEST_MANIFEST: usize = 256 * 1024;
/// Zip's checksum. One small table: the one of the zip crate is sixteen times as large, and the page carries it.
const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
/// The longest side of the thumbnail in pixels.
pub const THUMB_SIDE: u32 = 640;

/// A bundle that was read and checked.
#[derive(Clone, Debug)]
pub struct Bundle {
    bytes: Vec<u8>,
    entries: BTreeMap<&'static str, Range<usize>>,
    manifest: Manifest,
}

/// Why bytes are no preview bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// Too large.
    #[error("the preview has {0} bytes, more than the {LARGEST} that a preview may have")]
    TooLarge(usize),
    /// Not a zip, or a broken one.
    #[error("the preview is not a complete zip file ({0}): download it again, or run the pair again")]
    Zip(String),
    /// An entry that is compressed or encrypted.
    #[error("{0} in the preview is compressed: a preview's files are stored as they are")]
    Compressed(&'static str),
    /// An unknown entry.
    #[error("the preview holds a file that does not belong there: {0:?}")]
    Stranger(String),
    /// The same name twice.
    #[error("the preview holds {0} twice")]
    Twice(&'static str),
    /// Sizes that lie, data that was changed, entries that share bytes.
    #[error("{0} in the preview is damaged: its size or checksum is wrong")]
    Damaged(&'static str),
    /// Something is not there.
    #[error("the preview lacks {0}")]
    Lacks(&'static str),
    /// A picture that is none, or of another size than the manifest says.
    #[error("{0} in the preview is not the picture that the manifest describes")]
    Picture(&'static str),
    /// The manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl Bundle {
    /// Reads and checks a bundle.
    pub fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > LARGEST {
            return Err(BundleError::TooLarge(bytes.len()));
        }
        let entries = entries(bytes)?;
        let part = |name: &'static str| {
            entries.get(name).and_then(|range| bytes.get(range.clone())).ok_or(BundleError::Lacks(name))
        };
        let json = part(MANIFEST)?;
        if json.len() > LARGEST_MANIFEST {
            return Err(BundleError::TooLarge(json.len()));
        }
        let manifest = Manifest::from_json(json)?;
        if let Ok(png) = part(THUMB) {
            let small = png_size(png).is_some_and(|(w, h)| w.max(h) <= THUMB_SIDE && w.min(h) > 0);
            small.then_some(()).ok_or(BundleError::Picture(THUMB))?;
        }
        for layer in &manifest.layers {
            let name = layer.kind.file();
            let expected = manifest.grid.map(|grid| (grid.width(), grid.height()));
            (png_size(part(name)?) == expected).then_some(()).ok_or(BundleError::Picture(name))?;
        }
        // A picture that the manifest does not describe has no checked size: nobody may show it.
        let described = |name: &str| {
            LayerKind::ALL.iter().all(|kind| kind.file() != name || manifest.layer(*kind).is_some())
        };
        if let Some(name) = entries.keys().copied().find(|name| !described(name)) {
            return Err(BundleError::Picture(name));
        }
        Ok(Self { bytes: bytes.to_vec(), entries, manifest })
    }

    /// The manifest.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes of a file by its exact name, such as [`THUMB`] or [`LayerKind::file`].
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.entries.get(name).and_then(|range| self.bytes.get(range.clone()))
    }

    /// The coloured picture.
    pub fn thumb(&self) -> Option<&[u8]> {
        self.file(THUMB)
    }

    /// The end of the engine's log; bytes that are not UTF-8 are replaced.
    pub fn log(&self) -> Option<String> {
        self.file(LOG).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

/// Writes a bundle: the manifest and the files that it describes, in the order given. The same content gives the same
/// bytes, whenever it is written.
///
/// # Errors
/// What [`Bundle::read`] would not take is refused here already.
pub fn write(manifest: &Manifest, files: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, BundleError> {
    let json = serde_json::to_vec(manifest).map_err(|e| ManifestError::Shape(e.to_string()))?;
    let mut bytes =
        Vec::with_capacity(files.iter().map(|(_, data)| data.len() + 200).sum::<usize>() + json.len());
    let mut zip = rawzip::ZipArchiveWriter::new(&mut bytes);
    let manifest_entry = (MANIFEST, json.as_slice());
    let others = files.iter().map(|(name, data)| (*name, data.as_slice()));
    for (name, data) in std::iter::once(manifest_entry).chain(others) {
        store(&mut zip, name, data).map_err(|e| BundleError::Zip(e.to_string()))?;
    }
    zip.finish().map_err(|e| BundleError::Zip(e.to_string()))?;
    Bundle::read(&bytes)?;
    Ok(bytes)
}

/// Adds one stored entry.
fn store(
    zip: &mut rawzip::ZipArchiveWriter<&mut Vec<u8>>,
    name: &str,
    data: &[u8],
) -> Result<(), rawzip::Error> {
    let (mut entry, config) =
        zip.new_file(rawzip::path::EntryPath::verbatim(name.as_bytes())).unix_permissions(0o644).start()?;
    let mut writer = config.wrap(&mut entry);
    writer.write_all(data)?;
    let (_, descriptor) = writer.finish()?;
    entry.finish(descriptor)?;
    Ok(())
}

/// Where each known entry's bytes lie.
fn entries(bytes: &[u8]) -> Result<BTreeMap<&'static str, Range<usize>>, BundleError> {
    let broken = |e: rawzip::Error| BundleError::Zip(e.to_string());
    let archive = rawzip::ZipArchive::from_slice(bytes).map_err(broken)?;
    let mut found: BTreeMap<&'static str, Range<usize>> = BTreeMap::new();
    let mut directory = archive.entries();
    while let Some(record) = directory.next_entry().map_err(broken)? {
        let path = record.file_path();
        let name = NAMES.into_iter().find(|name| name.as_bytes() == path.as_bytes()).ok_or_else(|| {
            let text = String::from_utf8_lossy(path.as_bytes()).chars().take(60).collect();
            BundleError::Stranger(text)
        })?;
        if record.compression_method() != rawzip::CompressionMethod::STORE || record.flags().is_encrypted() {
            return Err(BundleError::Compressed(name));
        }
        let entry = archive.get_entry(record.wayfinder()).map_err(|_| BundleError::Damaged(name))?;
        let (start, end) = entry.compressed_data_range();
        let range = usize::try_from(start).ok().zip(usize::try_from(end).ok()).map(|(s, e)| s..e);
        let range = range.filter(|range| range.end <= bytes.len()).ok_or(BundleError::Damaged(name))?;
        let overlaps = |other: &Range<usize>| range.start < other.end && other.start < range.end;
        let true_name = entry.local_header().file_path().as_bytes() == name.as_bytes();
        let data = entry.data();
        let claim = entry.claim_verifier();
        let is = rawzip::ZipVerification { crc: CRC.checksum(data), uncompressed_size: data.len() as u64 };
        if !true_name || found.values().any(overlaps) || claim.valid(is).is_err() {
            return Err(BundleError::Damaged(name));
        }
        if found.insert(name, range).is_some() {
            return Err(BundleError::Twice(name));
        }
    }
    if archive.entries_hint() != found.len() as u64 {
        return Err(BundleError::Zip("its directory is cut off".to_owned()));
    }
    Ok(found)
}

/// Width and height in a PNG's header, which always comes first (PNG specification, section 5.6).
fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number = |at: usize| header.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    number(0).zip(number(4))
}

#[cfg(test)]
mod tests;
