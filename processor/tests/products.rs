//! `processor preview` on a product's own folder, in all the ways in which the engine and other software write one.

mod support;

use std::{fs, path::Path};

use domain::{
    Looks,
    preview::{
        Bundle,
        manifest::{LayerKind, Manifest, Outcome},
    },
};
use processor::preview;
use support::{MULTI, SINGLE, Scene, Spec, product};

fn bundle(folder: &Path) -> (Vec<u8>, Manifest) {
    let out = tempfile::tempdir().unwrap();
    let made = preview::make(folder, None, out.path()).unwrap();
    let bytes = fs::read(made.bundle).unwrap();
    let manifest = Bundle::read(&bytes).unwrap().manifest().clone();
    (bytes, manifest)
}

#[test]
fn however_the_samples_are_written_the_bundle_is_the_same_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (expected, manifest) = bundle(&product(folder.path(), SINGLE, &Spec::default()));
    assert!(
        manifest.is_done() && manifest.missing.is_empty(),
        "{:?} {:?}",
        manifest.outcome,
        manifest.missing
    );
    let tilings = [(None, 13), (None, 1), (None, 110), (Some([64, 48]), 1), (Some([256, 256]), 1)];
    let codings = [(1, 1), (32_773, 1)].into_iter();
    let packed = [5, 8, 50_000].into_iter().flat_map(|c| [(c, 1), (c, 2), (c, 3)]);
    let mut ways = 0;
    for (compression, predictor) in codings.chain(packed) {
        for (way, (tile, rows)) in tilings.into_iter().enumerate() {
            let sample = (3, [32, 64][way % 2]);
            for big_endian in [false, true] {
                let spec = Spec { tile, rows, compression, predictor, big_endian, sample, ..Spec::default() };
                let (bytes, manifest) = bundle(&product(folder.path(), SINGLE, &spec));
                assert!(manifest.missing.is_empty(), "{spec:?}: {:?}", manifest.missing);
                assert_eq!(bytes.len(), expected.len(), "{spec:?}");
                // Blocks follow the tiles, and sums differ in their last digits with the blocks.
                let same = bytes.iter().zip(&expected).filter(|(a, b)| a == b).count();
                assert!(same * 1000 > expected.len() * 900, "{spec:?}: {same} of {}", expected.len());
                ways += 1;
            }
        }
    }
    println!("{ways} ways to write the same");
}

#[test]
fn statistics_are_those_of_the_samples_that_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let spec = Spec { tile: Some([64, 64]), compression: 5, ..Spec::default() };
    let (_, manifest) = bundle(&product(folder.path(), SINGLE, &spec));
    let scene = Scene::new(spec.width, spec.height);
    let known: Vec<f64> = scene.coherence.iter().copied().filter(|c| *c != 0.0).collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    let statistics = manifest.statistics.unwrap();
    assert_eq!(statistics.covered_pixels, known.len() as u64);
    let coherence = statistics.coherence.unwrap();
    assert!(
        (coherence.mean - mean).abs() < 1e-9 && coherence.histogram.iter().sum::<u64>() == known.len() as u64
    );
    let phase = statistics.unwrapped.unwrap();
    let with_data =
        || scene.unwrapped.iter().zip(&scene.coherence).filter(|(_, c)| **c != 0.0).map(|(p, _)| *p);
    assert_eq!(phase.max, with_data().fold(f64::MIN, f64::max));
    assert_eq!(phase.min, with_data().fold(f64::MAX, f64::min));
}

#[test]
fn both_lines_of_names_are_read_without_a_record_of_the_job() {
    for name in [SINGLE, MULTI] {
        let folder = tempfile::tempdir().unwrap();
        let path = product(folder.path(), name, &Spec::default());
        let out = folder.path().join("out");
        let made = preview::make(&path, None, &out).unwrap();
        assert_eq!(made.bundle, out.join("20200604_20200616.preview.zip"));
        let (_, manifest) = bundle(&path);
        assert_eq!(manifest.pair.bursts[0].to_string(), "064_136232_IW2");
        assert_eq!((manifest.pair.days, manifest.pair.looks), (Some(12), Some(Looks::L20x4)));
        assert_eq!(manifest.product.unwrap().name, name);
        // As an artifact is unpacked: the files in a folder of another name.
        let renamed = folder.path().join("20200604_20200616");
        fs::rename(&path, &renamed).unwrap();
        assert!(bundle(&renamed).1.is_done());
    }
}

#[test]
fn a_folder_without_a_product_wants_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let error = preview::make(folder.path(), None, folder.path()).unwrap_err().to_string();
    assert!(error.contains("--name"), "{error}");
}

#[test]
fn masks_components_and_amplitude_are_used_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let spec = Spec { tile: Some([64, 64]), compression: 5, ..Spec::default() };
    let path = product(folder.path(), MULTI, &spec);
    let scene = Scene::new(spec.width, spec.height);
    let file = |suffix: &str| path.join(format!("{MULTI}_{suffix}.tif"));
    for sample in [(1, 8), (1, 16), (1, 32), (2, 16), (2, 32), (3, 32), (3, 64)] {
        Spec { sample, ..spec.clone() }.write(&file("conncomp"), &scene.components);
        let (_, manifest) = bundle(&path);
        let components = manifest.statistics.unwrap().components.unwrap();
        assert_eq!((components.count, components.unassigned_share), (2, 0.0), "{sample:?}");
    }
    spec.write(&file("amp"), &scene.amplitude);
    Spec { sample: (1, 8), ..spec.clone() }.write(&file("water_mask"), &scene.components);
    fs::write(
        path.join(format!("{MULTI}.txt")),
        "Water mask: True\nHeading: -167.4\nReference Orbit Number: 32861\n",
    )
    .unwrap();
    let (_, manifest) = bundle(&path);
    assert_eq!(manifest.pair.water_mask, Some(true));
    let amplitude = manifest.layer(LayerKind::Amplitude).unwrap();
    assert_eq!(amplitude.unit, "dB");
    assert!(
        (19.0..25.0).contains(&amplitude.range[0]) && (35.0..40.5).contains(&amplitude.range[1]),
        "{amplitude:?}"
    );
}

#[test]
fn zero_is_a_phase_unless_the_file_says_otherwise() {
    for (nodata, covered) in [
        (Some("0"), None),
        (None, Some(150 * 110)),
        (Some("nan"), Some(150 * 110)),
        (Some("-9999"), Some(150 * 110)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let spec = Spec { nodata, ..Spec::default() };
        let (_, manifest) = bundle(&product(folder.path(), SINGLE, &spec));
        let found = manifest.statistics.unwrap().covered_pixels;
        match covered {
            Some(all) => assert_eq!(found, all, "{nodata:?}"),
            None => assert!(found < 150 * 110, "{nodata:?}"),
        }
    }
}

#[test]
fn products_lie_where_their_projection_says() {
    let places = [
        (32_639, [530_000.0, 3_060_000.0], 80.0, [51.3, 27.66]),
        (32_737, [530_000.0, 2_300_000.0], 80.0, [39.76, -69.4]),
        (4326, [-99.2, 19.5], 0.001, [-99.2, 19.5]),
    ];
    for (epsg, origin, pixel, corner) in places {
        let folder = tempfile::tempdir().unwrap();
        let spec = Spec { epsg, origin, pixel, ..Spec::default() };
        // Named without a burst, so that the grid follows from the raster.
        let (_, manifest) = bundle(&product(folder.path(), "S1_test_INT80", &spec));
        let [west, _, _, north] = manifest.grid.unwrap().bounds();
        assert!(
            (west - corner[0]).abs() < 0.05 && (north - corner[1]).abs() < 0.05,
            "{epsg}: {west} {north}"
        );
        let found = manifest.product.unwrap().corners[0];
        assert!(
            (found[0] - corner[0]).abs() < 0.02 && (found[1] - corner[1]).abs() < 0.02,
            "{epsg}: {found:?}"
        );
    }
}

#[test]
fn the_item_beside_the_bundle_says_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = product(folder.path(), SINGLE, &Spec::default());
    let parameters = "Reference Granule: S1_136232_IW2_20200604T022315_VV_7C85-BURST\n\
        Secondary Granule: S1_136232_IW2_20200616T022316_VV_5D11-BURST\n\
        Reference Pass Direction: DESCENDING\nReference Orbit Number: 32861\nHeading: -167.4428091316586\n";
    fs::write(path.join(format!("{SINGLE}.txt")), parameters).unwrap();
    let look = vec![0.95; 150 * 110];
    Spec::default().write(&path.join(format!("{SINGLE}_lv_theta.tif")), &look);
    let made = preview::make(&path, None, folder.path()).unwrap();
    let item: serde_json::Value = serde_json::from_slice(&fs::read(made.item.unwrap()).unwrap()).unwrap();
    let known = &item["properties"];
    assert_eq!((item["type"].as_str(), item["id"].as_str()), (Some("Feature"), Some(SINGLE)));
    assert_eq!(known["start_datetime"], "2020-06-04T02:23:15Z");
    assert_eq!(known["proj:code"], "EPSG:32639");
    assert_eq!(known["proj:transform"], serde_json::json!([80.0, 0.0, 530_000.0, 0.0, -80.0, 3_060_000.0]));
    assert_eq!(
        (known["sat:orbit_state"].as_str(), known["sat:relative_orbit"].as_u64()),
        (Some("descending"), Some(64))
    );
    assert_eq!(known["view:azimuth"], 282.56);
    assert_eq!(known["view:incidence_angle"], 35.57);
    assert!(item["assets"]["unw_phase"]["href"].as_str().unwrap().ends_with("_unw_phase.tif"));
    let [west, south, east, north] = [0, 1, 2, 3].map(|i| item["bbox"][i].as_f64().unwrap());
    assert!(west < east && south < north);
    for corner in item["geometry"]["coordinates"][0].as_array().unwrap() {
        let (x, y) = (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
        assert!((west..=east).contains(&x) && (south..=north).contains(&y));
    }
}

#[test]
fn a_product_that_cannot_be_shown_has_no_item() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(SINGLE);
    fs::create_dir(&path).unwrap();
    let made = preview::make(&path, None, folder.path()).unwrap();
    assert!(made.item.is_none());
    let manifest = Bundle::read(&fs::read(made.bundle).unwrap()).unwrap().manifest().clone();
    assert!(matches!(manifest.outcome, Outcome::Failed { .. }));
}
