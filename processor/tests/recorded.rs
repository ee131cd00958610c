//! Thirty recorded Sentinel-1 pairs (Mexico City, 2018; PyRate's test data, made by GAMMA) previewed by the real code.
//! They are unwrapped phase and coherence in EPSG:4326, packed by PackBits, and have no wrapped phase.

mod support;

use std::{collections::BTreeMap, fs};

use domain::preview::{Bundle, manifest::LayerKind};
use processor::preview;

#[test]
fn thirty_real_pairs_have_a_preview_on_one_grid() {
    let pairs = support::recorded_pairs();
    if pairs.is_empty() {
        return println!("left out: no recorded pairs beside the repository");
    }
    assert_eq!(pairs.len(), 30);
    let folder = tempfile::tempdir().unwrap();
    let mut grids = BTreeMap::new();
    for name in &pairs {
        let product = support::recorded_product(folder.path(), name);
        // Where to look at the pictures, if someone wants to.
        let out = std::env::var_os("BURSTBOARD_KEEP_PREVIEWS")
            .map_or_else(|| folder.path().join("out"), Into::into);
        let made = preview::make(&product, Some(name), &out).unwrap();
        let bundle = Bundle::read(&fs::read(made.bundle).unwrap()).unwrap();
        let manifest = bundle.manifest();
        assert!(manifest.is_done(), "{name}: {:?}", manifest.outcome);
        let kinds: Vec<LayerKind> = manifest.layers.iter().map(|l| l.kind).collect();
        assert_eq!(kinds, [LayerKind::Wrapped, LayerKind::Unwrapped, LayerKind::Coherence], "{name}");
        assert!(manifest.missing.iter().any(|m| m.contains("wrapped again")), "{:?}", manifest.missing);
        let statistics = manifest.statistics.clone().unwrap();
        assert!(statistics.valid_share > 0.5, "{name}: {statistics:?}");
        assert!((0.1..1.0).contains(&statistics.coherence.unwrap().mean), "{name}");
        let grid = manifest.grid.unwrap();
        assert!(grid.pixel_at([-99.12, 19.41]).is_some(), "{name}: {grid:?}");
        *grids.entry(format!("{grid:?}")).or_insert(0) += 1;
        assert!(bundle.thumb().is_some());
    }
    assert_eq!(grids.len(), 1, "all are on one raster, so on one grid: {grids:?}");
}
