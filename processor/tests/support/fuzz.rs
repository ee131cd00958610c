//! Changed inputs for everything here that reads foreign bytes: GeoTIFFs, whole products, bundles, manifests and the
//! records of jobs. What matters is that nothing panics, hangs or fills memory; any answer is right.

use std::{fs, path::Path};

use domain::preview::{Bundle, Manifest};
use processor::{
    job::{self, Job},
    preview,
    raster::{Scratch, source::Source},
};

use crate::support::{SINGLE, Scene, Spec, product};

/// How many inputs each target was given, and how many of them it took for good.
pub(crate) type Counts = [(&'static str, u64, u64); 5];

/// Small and without state of its own (SplitMix64), so that a seed tells the inputs.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Changes some bytes: single ones, numbers at their limits, pieces moved, ends cut.
fn changed(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(6) {
        if bytes.is_empty() {
            break;
        }
        // Headers and directories stand at both ends: go there more often than by chance.
        let length = bytes.len();
        let at = match random.below(3) {
            0 => random.below(length.min(64)),
            1 => length - 1 - random.below(length.min(400)),
            _ => random.below(length),
        };
        match random.below(7) {
            0 => bytes[at] = random.next() as u8,
            1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes.truncate(at),
            3 => {
                let limits = [0u32, 1, 0xff, 0xffff, 0x7fff_ffff, u32::MAX, 1 << 16, 400_000_000];
                let number = limits[random.below(limits.len())].to_le_bytes();
                bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = new);
            }
            4 => {
                let piece: Vec<u8> =
                    bytes.iter().skip(random.below(length)).take(random.below(40)).copied().collect();
                bytes.splice(at..at, piece);
            }
            5 => {
                let end = (at + random.below(40)).min(length);
                bytes.drain(at..end);
            }
            _ => bytes.iter_mut().skip(at).take(1 + random.below(16)).for_each(|byte| *byte = b'9'),
        }
    }
    bytes
}

/// Rasters of all codings, 30 × 20 pixels.
fn rasters() -> Vec<Vec<u8>> {
    let scene = Scene::new(30, 20);
    let mut all = Vec::new();
    for compression in [1, 5, 8, 32_773, 50_000] {
        for (predictor, tile, big_endian) in
            [(1, None, false), (2, Some([16, 16]), true), (3, Some([16, 16]), false)]
        {
            let predictor = if matches!(compression, 1 | 32_773) { 1 } else { predictor };
            let spec =
                Spec { width: 30, height: 20, compression, predictor, tile, big_endian, ..Spec::default() };
            all.push(spec.encode(&scene.wrapped));
        }
    }
    all
}

/// Gives each target its inputs; `rounds` of 100 each, and one whole product a round.
pub(crate) fn run(seed: u64, rounds: u64) -> Counts {
    let mut random = Random(seed);
    let folder = tempfile::tempdir().unwrap();
    let spec = Spec { width: 30, height: 20, tile: Some([16, 16]), compression: 5, ..Spec::default() };
    let path = product(folder.path(), SINGLE, &spec);
    let parameters =
        "Reference Granule: S1_136232_IW2_20200604T022315_VV_7C85-BURST\nBaseline: -66.1\nHeading: -167.4\n";
    fs::write(path.join(format!("{SINGLE}.txt")), parameters).unwrap();
    let made = preview::make(&path, Some("pair"), folder.path()).unwrap();
    let bundle = fs::read(made.bundle).unwrap();
    let manifest = serde_json::to_vec(Bundle::read(&bundle).unwrap().manifest()).unwrap();
    let record = br#"{"reference":"S1_136232_IW2_20200604T022315_VV_7C85-BURST","secondary":"S1_136232_IW2_20200616T022316_VV_5D11-BURST","looks":"20x4","water_mask":false,"engine":{"name":"hyp3-isce2","version":"3.0.2","simulated":false},"state":"done","product":"S1_x_INT80","attempts":1,"seconds":4.5}"#;
    let rasters = rasters();
    let names = ["GeoTIFF", "product", "bundle", "manifest", "job.json"];
    let mut counts = names.map(|name| (name, 0, 0));
    let mut count = |target: usize, good: bool| {
        counts[target].1 += 1;
        counts[target].2 += u64::from(good);
    };
    for round in 0..rounds {
        for _ in 0..100 {
            let raster = &rasters[random.below(rasters.len())];
            count(0, raster_is_read(&folder.path().join("a.tif"), &changed(raster, &mut random)));
            count(2, Bundle::read(&changed(&bundle, &mut random)).is_ok());
            count(3, Manifest::from_json(&changed(&manifest, &mut random)).is_ok());
            fs::write(folder.path().join(job::FILE), changed(record, &mut random)).unwrap();
            count(4, Job::read(folder.path()).is_ok());
        }
        let suffix = ["_corr.tif", "_unw_phase.tif", ".txt"][(round % 3) as usize];
        let file = path.join(format!("{SINGLE}{suffix}"));
        let good = fs::read(&file).unwrap();
        fs::write(&file, changed(&good, &mut random)).unwrap();
        let made = preview::make(&path, Some("pair"), folder.path())
            .expect("a bundle is made whatever the product is");
        let bundle = Bundle::read(&fs::read(made.bundle).unwrap()).expect("what is written can be read");
        count(1, bundle.manifest().is_done());
        fs::write(&file, good).unwrap();
    }
    counts
}

/// Whether a file opens; if so it is read, as far as a test has patience.
fn raster_is_read(path: &Path, bytes: &[u8]) -> bool {
    fs::write(path, bytes).unwrap();
    let Ok(source) = Source::open(path) else { return false };
    let place = *source.placement();
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let _ = source.block(0..place.width.min(500), 0..place.height.min(500), &mut scratch, &mut out);
    true
}
