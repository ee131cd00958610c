//! Everything here that reads foreign bytes: GeoTIFFs, whole products, parameter files, bundles, manifests, the
//! records of jobs, and links. What matters is that nothing panics, hangs or fills memory; any answer is right. Fed with changed
//! inputs by the tests and by `examples/fuzz.rs`, and guided by coverage by `processor/fuzz`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use domain::{
    PageState,
    preview::{Bundle, Manifest},
};
use processor::{
    job::{self, Job},
    preview,
    raster::{Scratch, source::Source},
};

use crate::support::{SINGLE, Scene, Spec, product};

/// What reads bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A GeoTIFF, opened and read.
    GeoTiff,
    /// The coherence of a product that is previewed.
    Product,
    /// The parameter file of a product that is previewed.
    Parameters,
    /// A preview bundle.
    Bundle,
    /// A bundle's manifest.
    Manifest,
    /// The record that a job leaves.
    Job,
    /// The page's state in its address.
    Link,
}

impl Target {
    pub(crate) const ALL: [Self; 7] =
        [Self::GeoTiff, Self::Product, Self::Parameters, Self::Bundle, Self::Manifest, Self::Job, Self::Link];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::GeoTiff => "geotiff",
            Self::Product => "product",
            Self::Parameters => "parameters",
            Self::Bundle => "bundle",
            Self::Manifest => "manifest",
            Self::Job => "job",
            Self::Link => "link",
        }
    }

    /// Whether an input takes milliseconds: a whole preview is made of it.
    const fn is_slow(self) -> bool {
        matches!(self, Self::Product | Self::Parameters)
    }
}

/// How many inputs each target was given, and how many of them it took for good.
pub(crate) type Counts = [(&'static str, u64, u64); Target::ALL.len()];

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

/// The readers, and a product for those that need one.
pub(crate) struct Readers {
    folder: tempfile::TempDir,
    product: PathBuf,
    rasters: Vec<Vec<u8>>,
    bundle: Vec<u8>,
}

const PARAMETERS: &[u8] = b"Reference Granule: S1_136232_IW2_20200604T022315_VV_7C85-BURST\nSecondary Granule: \
S1_136232_IW2_20200616T022316_VV_5D11-BURST\nReference Pass Direction: DESCENDING\nReference Orbit Number: 32861\n\
Baseline: -66.1\nHeading: -167.4\nWater mask: no\n";
const RECORD: &[u8] = br#"{"reference":"S1_136232_IW2_20200604T022315_VV_7C85-BURST","secondary":"S1_136232_IW2_20200616T022316_VV_5D11-BURST","looks":"20x4","water_mask":false,"engine":{"name":"hyp3-isce2","version":"3.0.2","simulated":false},"state":"done","product":"S1_x_INT80","attempts":1,"seconds":4.5}"#;

const LINKS: [&str; 5] = [
    "v=1&burst=174_372326_IW3&pol=VV&looks=20x4&pairs=n1&from=20180601&add=18v1av&drop=18v197",
    "v=2&burst=174_372326_IW3&pol=VV&looks=10x2&water=1&pairs=n3.r20180604.t.m.d48.b200.s0501-1031.w0701-36-1.y15-2.j.c80-20-30-5000&to=20191231&lock=18v1av&name=Crater+Ridge%2C+n%C3%A9e",
    "v=2&pol=VV&looks=20x4&pairs=n3.d48.b200&area=14FVvJtTUZEcUwG300CPv3TwG30&tracks=174.50&pass=descending&subswath=IW3",
    "v=2&at=-135.75,57.05",
    "v=3&burst=174_372326_IW3&with=372325_IW3.372326_IW2&pol=VV&looks=20x4&pairs=n1",
];

impl Readers {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let spec = Spec { width: 30, height: 20, tile: Some([16, 16]), compression: 5, ..Spec::default() };
        let product = product(folder.path(), SINGLE, &spec);
        fs::write(product.join(format!("{SINGLE}.txt")), PARAMETERS).unwrap();
        let made = preview::make(&product, Some("pair"), folder.path()).unwrap();
        let bundle = fs::read(made.bundle).unwrap();
        Self { folder, product, rasters: rasters(), bundle }
    }

    /// Good inputs to begin with.
    pub(crate) fn seeds(&self, target: Target) -> Vec<Vec<u8>> {
        match target {
            Target::GeoTiff | Target::Product => self.rasters.clone(),
            Target::Parameters => vec![PARAMETERS.to_vec()],
            Target::Bundle => vec![self.bundle.clone()],
            Target::Manifest => {
                vec![serde_json::to_vec(Bundle::read(&self.bundle).unwrap().manifest()).unwrap()]
            }
            Target::Job => vec![RECORD.to_vec()],
            Target::Link => LINKS.iter().map(|link| link.as_bytes().to_vec()).collect(),
        }
    }

    /// Gives an input to its reader; whether it was taken for good.
    pub(crate) fn take(&self, target: Target, bytes: &[u8]) -> bool {
        match target {
            Target::GeoTiff => raster_is_read(&self.folder.path().join("a.tif"), bytes),
            Target::Product => self.is_previewed("_corr.tif", bytes),
            Target::Parameters => self.is_previewed(".txt", bytes),
            Target::Bundle => Bundle::read(bytes).is_ok(),
            Target::Manifest => Manifest::from_json(bytes).is_ok(),
            Target::Job => {
                fs::write(self.folder.path().join(job::FILE), bytes).unwrap();
                Job::read(self.folder.path()).is_ok()
            }
            Target::Link => std::str::from_utf8(bytes).is_ok_and(link_is_read),
        }
    }

    /// Whether a product shows something with one of its files changed. A bundle there is in any case.
    fn is_previewed(&self, suffix: &str, bytes: &[u8]) -> bool {
        let file = self.product.join(format!("{SINGLE}{suffix}"));
        let good = fs::read(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        let made = preview::make(&self.product, Some("pair"), self.folder.path())
            .expect("a bundle is made whatever the product is");
        fs::write(&file, good).unwrap();
        let bundle = Bundle::read(&fs::read(made.bundle).unwrap()).expect("what is written can be read");
        bundle.manifest().is_done()
    }
}

/// Whether a link is read; if so, what is written of it is the same page again.
fn link_is_read(link: &str) -> bool {
    let Ok(page) = PageState::from_query(link) else { return false };
    assert_eq!(PageState::from_query(&page.to_query()), Ok(page), "{link}");
    true
}

/// Gives each target its inputs: 100 a round, those that take long one a round.
#[allow(dead_code, clippy::allow_attributes, reason = "not where coverage guides")]
pub(crate) fn run(seed: u64, rounds: u64) -> Counts {
    let mut random = Random(seed);
    let readers = Readers::new();
    Target::ALL.map(|target| {
        let seeds = readers.seeds(target);
        let inputs = if target.is_slow() { rounds } else { 100 * rounds };
        let good = (0..inputs).filter(|_| {
            let seed = &seeds[random.below(seeds.len())];
            readers.take(target, &changed(seed, &mut random))
        });
        (target.name(), inputs, good.count() as u64)
    })
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
