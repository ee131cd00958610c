use proptest::prelude::*;

use super::*;
use crate::preview::manifest::{Outcome, tests::done};

/// As much of a PNG as the reader looks at.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let layers = ["wrapped.png", "unwrapped.png", "coherence.png"].map(|name| (name, png(4, 3)));
    [(THUMB, png(320, 120)), (LOG, b"all went well\n".to_vec())].into_iter().chain(layers).collect()
}

fn raw(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, data) in entries {
        store(&mut zip, name, data).unwrap();
    }
    zip.finish().unwrap();
    bytes
}

#[test]
fn what_is_written_is_read_again_and_written_alike() {
    let bytes = write(&done(), &files()).unwrap();
    let bundle = Bundle::read(&bytes).unwrap();
    assert_eq!(bundle.manifest(), &done());
    assert_eq!(bundle.file("coherence.png").unwrap(), png(4, 3));
    assert_eq!(bundle.log().unwrap(), "all went well\n");
    assert_eq!(bundle.file("Thumb.png"), None);
    assert_eq!(bundle.file("amplitude.png"), None);
    assert_eq!(write(&done(), &files()).unwrap(), bytes);
}

#[test]
fn a_failed_job_needs_no_picture() {
    let mut manifest = done();
    manifest.outcome = Outcome::Failed { reason: "The archive did not answer.".to_owned(), hint: None };
    (manifest.grid, manifest.layers) = (None, vec![]);
    let bundle = Bundle::read(&write(&manifest, &[(LOG, b"503".to_vec())]).unwrap()).unwrap();
    assert!(!bundle.manifest().is_done());
    assert_eq!(bundle.thumb(), None);
}

#[test]
fn what_does_not_belong_is_named() {
    let json = serde_json::to_vec(&done()).unwrap();
    let read = |entries: &[(&str, &[u8])]| Bundle::read(&raw(entries)).unwrap_err();
    assert_eq!(read(&[("thumb.png", &png(1, 1))]), BundleError::Lacks(MANIFEST));
    assert_eq!(read(&[(MANIFEST, &json)]), BundleError::Lacks("wrapped.png"));
    assert_eq!(read(&[(MANIFEST, &json), (MANIFEST, &json)]), BundleError::Twice(MANIFEST));
    for name in ["../manifest.json", "/manifest.json", "manifest.json/", "MANIFEST.JSON", "x.html"] {
        assert!(matches!(read(&[(name, &json)]), BundleError::Stranger(_)), "{name}");
    }
    assert!(matches!(Bundle::read(b"").unwrap_err(), BundleError::Zip(_)));
    assert!(matches!(Bundle::read(&vec![0; LARGEST + 1]).unwrap_err(), BundleError::TooLarge(_)));
}

#[test]
fn pictures_of_another_size_are_refused() {
    let spoil = |name: &'static str, data: Vec<u8>| {
        let mut files = files();
        files.retain(|(n, _)| *n != name);
        files.push((name, data));
        write(&done(), &files).unwrap_err()
    };
    assert_eq!(spoil("wrapped.png", png(60_000, 60_000)), BundleError::Picture("wrapped.png"));
    assert_eq!(spoil("thumb.png", png(60_000, 1)), BundleError::Picture(THUMB));
    assert_eq!(spoil("thumb.png", b"GIF89a".to_vec()), BundleError::Picture(THUMB));
    assert_eq!(spoil("amplitude.png", png(4, 3)), BundleError::Picture("amplitude.png"));
}

#[test]
fn a_compressed_entry_is_refused() {
    let mut bytes = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut bytes);
    let method = rawzip::CompressionMethod::DEFLATE;
    let (mut entry, config) = zip.new_file(MANIFEST).compression_method(method).start().unwrap();
    let (_, descriptor) = config.wrap(&mut entry).finish().unwrap();
    entry.finish(descriptor).unwrap();
    zip.finish().unwrap();
    assert_eq!(Bundle::read(&bytes).unwrap_err(), BundleError::Compressed(MANIFEST));
}

#[test]
fn a_cut_or_changed_file_is_refused() {
    let bytes = write(&done(), &files()).unwrap();
    for length in 0..bytes.len() {
        assert!(Bundle::read(&bytes[..length]).is_err(), "cut at {length}");
    }
    let at = bytes.windows(8).position(|w| w == b"all went").unwrap();
    let mut changed = bytes;
    changed[at] = b'A';
    assert_eq!(Bundle::read(&changed).unwrap_err(), BundleError::Damaged(LOG));
}

proptest! {
    #[test]
    fn changed_bytes_never_panic_nor_read_beyond(changes in prop::collection::vec((0usize..1 << 14, any::<u8>()), 1..12)) {
        let mut bytes = write(&done(), &files()).unwrap();
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        if let Ok(bundle) = Bundle::read(&bytes) {
            let total: usize = NAMES.iter().filter_map(|name| bundle.file(name)).map(<[u8]>::len).sum();
            prop_assert!(total < bytes.len());
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Bundle::read(&bytes);
    }
}
