//! What is sent: a zip of the files, or the media type of the one file.

use std::{fs::File, io::BufWriter, path::Path};

use anyhow::Context;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::find::Found;

/// Writes the zip to `target`.
pub(super) fn zip(found: &Found, level: u8, target: &Path) -> anyhow::Result<()> {
    let file = File::create(target).with_context(|| format!("{} cannot be written", target.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = match level {
        0 => SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        level => SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(i64::from(level.min(9)))),
    };
    for path in &found.files {
        let name = path.strip_prefix(&found.root).unwrap_or(path);
        let size = path.metadata().map(|about| about.len()).unwrap_or_default();
        zip.start_file_from_path(name, options.large_file(size >= u64::from(u32::MAX)))?;
        let mut file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        std::io::copy(&mut file, &mut zip)?;
    }
    zip.finish()?;
    Ok(())
}

/// The media type that the action gives a single file, by its extension.
pub(super) fn media(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("zip") => "application/zip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("txt" | "log") => "text/plain",
        Some("html" | "htm") => "text/html",
        Some("xml") => "application/xml",
        Some("pdf") => "application/pdf",
        Some("tif" | "tiff") => "image/tiff",
        _ => "application/octet-stream",
    }
}
