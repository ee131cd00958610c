//! Files that are cut off, lie or hold nothing: a sentence each, a bundle that says what is missing, and never a panic.

#[path = "support/fuzz.rs"]
mod fuzz;
mod support;

use std::{fs, path::Path};

use domain::preview::{
    Bundle,
    manifest::{Manifest, Outcome},
};
use processor::preview;
use support::{SINGLE, Scene, Spec, product};

fn manifest(folder: &Path) -> Manifest {
    let out = tempfile::tempdir().unwrap();
    let made = preview::make(folder, Some("pair"), out.path()).unwrap();
    Bundle::read(&fs::read(made.bundle).unwrap()).unwrap().manifest().clone()
}

fn reason(manifest: &Manifest) -> String {
    match &manifest.outcome {
        Outcome::Failed { reason, .. } => reason.clone(),
        Outcome::Done => String::new(),
    }
}

/// A product whose coherence file is spoiled.
fn spoiled(spec: &Spec, spoil: impl FnOnce(&mut Vec<u8>)) -> Manifest {
    let folder = tempfile::tempdir().unwrap();
    let path = product(folder.path(), SINGLE, spec);
    let file = path.join(format!("{SINGLE}_corr.tif"));
    let mut bytes = fs::read(&file).unwrap();
    spoil(&mut bytes);
    fs::write(&file, &bytes).unwrap();
    manifest(&path)
}

/// Where a tag's value stands in a file of ours, and its bytes are set.
fn set(bytes: &mut [u8], tag: u16, value: u32) {
    let start = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = u16::from_le_bytes(bytes[start..start + 2].try_into().unwrap()) as usize;
    let entry =
        (0..count).map(|i| start + 2 + i * 12).find(|at| bytes[*at..*at + 2] == tag.to_le_bytes()).unwrap();
    bytes[entry + 8..entry + 12].copy_from_slice(&value.to_le_bytes());
}

fn tiled() -> Spec {
    Spec { tile: Some([64, 64]), compression: 5, ..Spec::default() }
}

#[test]
fn what_is_wrong_with_one_file_is_told_and_the_others_are_shown() {
    type Spoil = Box<dyn FnOnce(&mut Vec<u8>)>;
    let cases: Vec<(Spoil, &str)> = vec![
        (Box::new(|b| b.truncate(b.len() / 2)), "is no TIFF that can be read"),
        (Box::new(|b| b.truncate(4)), "is no TIFF that can be read"),
        (Box::new(Vec::clear), "is no TIFF that can be read"),
        // 2³¹ pixels, and sides that are longer than anything.
        (Box::new(|b| (set(b, 256, 65_536), set(b, 257, 32_768)).0), "is no TIFF that can be read"),
        (Box::new(|b| set(b, 256, u32::MAX)), "corr.tif"),
        (Box::new(|b| set(b, 322, 0)), "is no TIFF that can be read"),
        (Box::new(|b| set(b, 322, 1 << 30)), "corr.tif"),
        (Box::new(|b| set(b, 259, 34_887)), "is packed by"),
        (Box::new(|b| set(b, 339, 6)), "samples"),
        (Box::new(|b| set(b, 258, 24)), "24 bits"),
        (Box::new(|b| set(b, 317, 9)), "is no TIFF that can be read"),
        // The directory names itself as the next one.
        (
            Box::new(|b| {
                let start = u32::from_le_bytes(b[4..8].try_into().unwrap());
                let count = u16::from_le_bytes(b[start as usize..start as usize + 2].try_into().unwrap());
                let next = start as usize + 2 + usize::from(count) * 12;
                b[next..next + 4].copy_from_slice(&start.to_le_bytes());
            }),
            "cycle",
        ),
    ];
    for (number, (spoil, part)) in cases.into_iter().enumerate() {
        let manifest = spoiled(&tiled(), spoil);
        assert!(manifest.is_done(), "case {number}: {:?}", manifest.outcome);
        let told = manifest.missing.join(" ");
        assert!(told.contains(part), "case {number}: {told:?}");
    }
}

#[test]
fn a_broken_tile_leaves_the_others() {
    let manifest = spoiled(&tiled(), |bytes| bytes[9..60].fill(0xff));
    assert!(manifest.is_done());
    assert!(manifest.missing[0].contains("part 0 cannot be unpacked"), "{:?}", manifest.missing);
    let statistics = manifest.statistics.unwrap();
    let coherent: u64 = statistics.coherence.unwrap().histogram.iter().sum();
    assert!(coherent > 0 && coherent < statistics.covered_pixels);
}

#[test]
fn counts_that_lie_reserve_no_memory() {
    // The only strip claims four gigabytes.
    let one = Spec { rows: 110, ..Spec::default() };
    for compression in [5, 8, 50_000] {
        let manifest = spoiled(&Spec { compression, ..one.clone() }, |bytes| set(bytes, 279, u32::MAX));
        assert!(manifest.missing[0].contains("claims 4294967295 bytes"), "{:?}", manifest.missing);
    }
    let manifest = spoiled(&one, |bytes| set(bytes, 273, u32::MAX - 9));
    assert!(manifest.missing[0].contains("beyond the end"), "{:?}", manifest.missing);
}

#[test]
fn nothing_but_nodata_or_nan_is_told() {
    for value in [0.0, f64::NAN, f64::INFINITY] {
        let folder = tempfile::tempdir().unwrap();
        let spec = tiled();
        let path = product(folder.path(), SINGLE, &spec);
        for suffix in ["wrapped_phase", "unw_phase", "corr"] {
            spec.write(&path.join(format!("{SINGLE}_{suffix}.tif")), &vec![value; 150 * 110]);
        }
        assert!(reason(&manifest(&path)).contains("none of its pixels holds data"), "{value}");
    }
}

#[test]
fn one_pixel_is_enough_for_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let spec = tiled();
    let path = product(folder.path(), SINGLE, &spec);
    let scene = Scene::new(150, 110);
    for (suffix, samples) in
        [("wrapped_phase", &scene.wrapped), ("unw_phase", &scene.unwrapped), ("corr", &scene.coherence)]
    {
        let mut one = vec![0.0; samples.len()];
        one[9_000] = samples[9_000];
        spec.write(&path.join(format!("{SINGLE}_{suffix}.tif")), &one);
    }
    let manifest = manifest(&path);
    assert!(manifest.is_done() && manifest.layers.len() == 3, "{:?}", manifest.outcome);
    let statistics = manifest.statistics.unwrap();
    assert_eq!((statistics.covered_pixels, statistics.ramp), (1, None));
}

#[test]
fn thousands_of_changed_inputs_end_in_an_answer() {
    for (target, inputs, good) in fuzz::run(20_261_123, 30) {
        println!("{target}: {inputs} inputs, {good} of them taken");
        // A product with one spoiled file is shown without it; of all else some must be refused and some not.
        let shown_anyway = matches!(target, "product" | "parameters");
        assert!(if shown_anyway { good == inputs } else { (1..inputs).contains(&good) }, "{target}");
    }
}
