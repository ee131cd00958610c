use proptest::prelude::*;

use super::*;
use crate::raster::geotiff::{Labels, write};

fn place(width: u32, height: u32) -> Placement {
    Placement { epsg: 32_608, origin: [400_080.0, 6_300_000.0], pixel: [80.0, 80.0], width, height }
}

fn ramp(placement: &Placement) -> Vec<f32> {
    (0..placement.pixels()).map(|i| if i % 7 == 3 { 0.0 } else { i as f32 * 0.25 - 100.0 }).collect()
}

#[test]
fn what_is_written_is_read_again_in_any_bands_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tif");
    let placement = place(300, 530);
    let samples = ramp(&placement);
    write(&path, &placement, &samples, &Labels::default()).unwrap();
    let source = Source::open(&path).unwrap();
    assert_eq!(*source.placement(), placement);
    assert_eq!(source.nodata(), Some(0.0));
    for rows in [0..530, 0..1, 255..257, 500..530] {
        let mut out = Vec::new();
        source.block(0..300, rows.clone(), &mut Scratch::default(), &mut out).unwrap();
        let expected = &samples[rows.start as usize * 300..rows.end as usize * 300];
        for (a, b) in out.iter().zip(expected) {
            assert!(a == b || (a.is_nan() && *b == 0.0), "{a} {b}");
        }
        assert_eq!(out.len(), expected.len());
    }
}

#[test]
fn a_file_that_is_none_is_refused_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("S1_x_corr.tif");
    std::fs::write(&path, b"<html>503</html>").unwrap();
    let error = Source::open(&path).err().unwrap().to_string();
    assert!(error.starts_with("S1_x_corr.tif: is no TIFF"), "{error}");
    assert!(
        Source::open(&folder.path().join("none.tif")).err().unwrap().to_string().contains("cannot be opened")
    );
}

#[test]
fn real_rasters_of_other_software_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/insar");
    let path = folder.join("pyrate/cropA_20180106-20180130_VV_8rlks_eqa_unw.tif");
    if !path.exists() {
        return println!("left out: no recorded rasters beside the repository");
    }
    let source = Source::open(&path).unwrap();
    let placement = *source.placement();
    assert_eq!((placement.epsg, placement.width, placement.height), (4326, 100, 60));
    let mut out = Vec::new();
    source.block(0..100, 0..60, &mut Scratch::default(), &mut out).unwrap();
    assert!(out.iter().any(|v| v.is_finite() && *v != 0.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn changed_bytes_give_a_sentence_or_numbers_never_a_panic(
        changes in prop::collection::vec((0usize..1 << 20, any::<u8>()), 1..20), cut in 0usize..1 << 20,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        let placement = place(40, 33);
        write(&path, &placement, &ramp(&placement), &Labels::default()).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        bytes.truncate(bytes.len() - cut % 50);
        std::fs::write(&path, &bytes).unwrap();
        if let Ok(source) = Source::open(&path) {
            let Placement { width, height, .. } = *source.placement();
            let mut out = Vec::new();
            let _ = source.block(0..width.min(2000), 0..height.min(2000), &mut Scratch::default(), &mut out);
        }
    }
}
