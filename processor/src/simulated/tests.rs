use std::f64::consts::{PI, TAU};

use super::*;
use crate::raster::source::Source;

fn pair(reference: &str, secondary: &str) -> Pair {
    let name = |day: &str| format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST").parse().unwrap();
    Pair::new(name(reference), name(secondary)).unwrap()
}

fn rasters(reference: &str, secondary: &str) -> (model::Rasters, usize) {
    let pair = pair(reference, secondary);
    let scene = Scene::new(pair.reference().burst().unwrap(), Looks::L20x4, "same extent").unwrap();
    let width = scene.placement.width as usize;
    (Model::new(&scene, &pair, Looks::L20x4, false).rasters(), width)
}

fn wrap(phase: f64) -> f64 {
    phase - TAU * (phase / TAU).round()
}

#[test]
fn unwrapped_and_wrapped_phase_differ_by_whole_turns() {
    let (rasters, _) = rasters("20180604", "20180616");
    for (u, w) in rasters.unwrapped.iter().zip(&rasters.wrapped) {
        assert!(wrap(f64::from(*u) - f64::from(*w)).abs() < 1e-4);
        assert!(f64::from(w.abs()) <= PI + 1e-6);
    }
    assert!(rasters.coherence.iter().all(|c| (0.0..=1.0).contains(c)));
}

#[test]
fn loops_of_three_close_but_for_noise_and_flaws() {
    let days = ["20180628", "20180710", "20180722"];
    let burst = pair(days[0], days[1]).reference().burst().unwrap();
    let loops = [(0, 1), (1, 2), (0, 2)];
    for (i, j) in loops {
        assert_eq!(flaws_of(burst, &pair(days[i], days[j])), Vec::<String>::new());
    }
    let [ab, bc, ac] = loops.map(|(i, j)| rasters(days[i], days[j]).0);
    let mut closures: Vec<f64> = (0..ab.unwrapped.len())
        .filter(|i| [&ab, &bc, &ac].iter().all(|r| r.coherence[*i] > 0.6))
        .map(|i| f64::from(ab.unwrapped[i] + bc.unwrapped[i] - ac.unwrapped[i]))
        .collect();
    println!("{burst}: {} pixels of good coherence", closures.len());
    assert!(closures.len() > 2_000);
    closures.sort_by(f64::total_cmp);
    let median = closures[closures.len() / 2];
    assert!(wrap(median).abs() < 0.05, "{median}");
    let wrapped: f64 = closures.iter().map(|c| wrap(*c).abs()).sum::<f64>() / closures.len() as f64;
    assert!(wrapped < 0.35, "{wrapped}");
}

#[test]
fn every_file_has_the_engines_name_grid_and_label() {
    let out = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    let product = make(&pair("20180604", "20180616"), Looks::L20x4, true, out.path(), &mut |l| {
        lines.push(l.to_owned());
    })
    .unwrap();
    let name = product.folder.file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.starts_with("S1_372326_IW3_20180604_20180616_VV_INT80_"), "{name}");
    let suffixes =
        ["unw_phase", "wrapped_phase", "corr", "conncomp", "dem", "lv_theta", "lv_phi", "water_mask"];
    for suffix in suffixes {
        let path = product.folder.join(format!("{name}_{suffix}.tif"));
        let source = Source::open(&path).unwrap();
        let placement = source.placement();
        assert_eq!((placement.epsg, placement.pixel, source.nodata()), (32_608, [80.0, 80.0], Some(0.0)));
        let bytes = std::fs::read(&path).unwrap();
        assert!(bytes.windows(LABEL.len()).any(|w| w == LABEL.as_bytes()), "{suffix} is not labelled");
    }
    let parameters = std::fs::read_to_string(product.folder.join(format!("{name}.txt"))).unwrap();
    assert!(parameters.contains("Simulated: yes") && parameters.contains("Baseline: "), "{parameters}");
    let readme = std::fs::read_to_string(product.folder.join(format!("{name}_README.md.txt"))).unwrap();
    assert!(readme.contains("simulated, not measured"));
    assert!(!lines.is_empty());
}

#[test]
fn the_same_two_names_give_the_same_product() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pair = pair("20180604", "20180628");
    let [a, b] =
        [a.path(), b.path()].map(|out| make(&pair, Looks::L20x4, false, out, &mut |_| ()).unwrap().folder);
    let name = a.file_name().unwrap();
    assert_eq!(name, b.file_name().unwrap());
    for entry in std::fs::read_dir(&a).unwrap() {
        let file = entry.unwrap().file_name();
        assert!(std::fs::read(a.join(&file)).unwrap() == std::fs::read(b.join(&file)).unwrap(), "{file:?}");
    }
}

#[test]
fn summer_2018_at_mount_edgecumbe_has_each_kind_of_flaw_and_mostly_good_pairs() {
    let days =
        ["20180604", "20180616", "20180628", "20180710", "20180722", "20180803", "20180815", "20180827"];
    let burst = pair(days[0], days[1]).reference().burst().unwrap();
    let mut found = Vec::new();
    for two in days.windows(2) {
        let sentences = flaws_of(burst, &pair(two[0], two[1]));
        println!("{two:?} {sentences:?}");
        found.push(sentences.join(" "));
    }
    assert!(found.iter().any(|s| s.contains("one whole turn")));
    assert!(found.iter().any(|s| s.contains("lost most")));
    assert!(found.iter().any(|s| s.contains("badly aligned")));
    assert!(found.iter().filter(|s| s.is_empty()).count() >= 3);
}
