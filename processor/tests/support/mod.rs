//! Writes small GeoTIFFs in all the ways in which software writes them, and products made of them. Written from the
//! TIFF 6.0 specification and shares no code with the reader.

#![allow(dead_code, clippy::allow_attributes, reason = "each test takes what it needs")]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// How to write a raster.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Columns and rows of tiles; without, strips of `rows` rows.
    pub(crate) tile: Option<[u32; 2]>,
    pub(crate) rows: u32,
    /// TIFF's numbers: 1 none, 5 LZW, 8 Deflate, 32773 PackBits, 50000 Zstandard.
    pub(crate) compression: u16,
    /// 1 none, 2 horizontal, 3 floating.
    pub(crate) predictor: u16,
    /// 1 unsigned, 2 signed, 3 float; and bits.
    pub(crate) sample: (u16, u16),
    pub big_endian: bool,
    pub(crate) nodata: Option<&'static str>,
    pub(crate) epsg: u16,
    pub(crate) origin: [f64; 2],
    pub(crate) pixel: f64,
}

impl Default for Spec {
    fn default() -> Self {
        Self {
            width: 150,
            height: 110,
            tile: None,
            rows: 13,
            compression: 1,
            predictor: 1,
            sample: (3, 32),
            big_endian: false,
            nodata: Some("0"),
            epsg: 32_639,
            origin: [530_000.0, 3_060_000.0],
            pixel: 80.0,
        }
    }
}

impl Spec {
    fn bytes<const N: usize>(&self, mut little: [u8; N]) -> [u8; N] {
        if self.big_endian {
            little.reverse();
        }
        little
    }

    fn sample(&self, value: f64) -> Vec<u8> {
        match self.sample {
            (1, 8) => vec![value as u8],
            (1, 16) => self.bytes((value as u16).to_le_bytes()).to_vec(),
            (1, 32) => self.bytes((value as u32).to_le_bytes()).to_vec(),
            (2, 16) => self.bytes((value as i16).to_le_bytes()).to_vec(),
            (2, 32) => self.bytes((value as i32).to_le_bytes()).to_vec(),
            (3, 32) => self.bytes((value as f32).to_le_bytes()).to_vec(),
            (3, 64) => self.bytes(value.to_le_bytes()).to_vec(),
            other => panic!("no writer for {other:?}"),
        }
    }

    /// One row of a tile, after the predictor.
    fn row(&self, values: &[f64]) -> Vec<u8> {
        let plain: Vec<Vec<u8>> = values.iter().map(|v| self.sample(*v)).collect();
        let size = plain[0].len();
        match self.predictor {
            2 => {
                let number = |bytes: &[u8]| {
                    let ordered: Vec<u8> =
                        if self.big_endian { bytes.iter().rev().copied().collect() } else { bytes.to_vec() };
                    ordered.iter().rev().fold(0u64, |n, b| n << 8 | u64::from(*b))
                };
                let mut before = 0u64;
                plain
                    .iter()
                    .flat_map(|bytes| {
                        let here = number(bytes);
                        let difference = here.wrapping_sub(before).to_le_bytes()[..size].to_vec();
                        before = here;
                        if self.big_endian { difference.into_iter().rev().collect() } else { difference }
                    })
                    .collect()
            }
            3 => {
                let significance = |i: usize| if self.big_endian { i } else { size - 1 - i };
                let planes: Vec<u8> =
                    (0..size).flat_map(|i| plain.iter().map(move |bytes| bytes[significance(i)])).collect();
                let mut before = 0u8;
                planes.iter().map(|b| b.wrapping_sub(std::mem::replace(&mut before, *b))).collect()
            }
            _ => plain.concat(),
        }
    }

    fn pack(&self, raw: &[u8]) -> Vec<u8> {
        match self.compression {
            1 => raw.to_vec(),
            5 => weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(raw).unwrap(),
            8 => {
                let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(raw).unwrap();
                encoder.finish().unwrap()
            }
            32_773 => {
                raw.chunks(128).flat_map(|run| [vec![run.len() as u8 - 1], run.to_vec()].concat()).collect()
            }
            50_000 => {
                let level = ruzstd::encoding::CompressionLevel::Fastest;
                ruzstd::encoding::compress_to_vec(raw, level)
            }
            other => panic!("no packer for {other}"),
        }
    }

    /// The file's bytes.
    pub(crate) fn encode(&self, samples: &[f64]) -> Vec<u8> {
        assert_eq!(samples.len(), (self.width * self.height) as usize);
        let [wide, high] = self.tile.unwrap_or([self.width, self.rows]);
        let mut chunks = Vec::new();
        for top in (0..self.height).step_by(high as usize) {
            for left in (0..self.width).step_by(wide as usize) {
                let bottom = if self.tile.is_some() { top + high } else { (top + high).min(self.height) };
                let raw: Vec<u8> = (top..bottom)
                    .flat_map(|row| {
                        let value = |column: u32| {
                            let inside = column < self.width && row < self.height;
                            if inside { samples[(row * self.width + column) as usize] } else { 0.0 }
                        };
                        self.row(&(left..left + wide).map(value).collect::<Vec<_>>())
                    })
                    .collect();
                chunks.push(self.pack(&raw));
            }
        }
        let mut file = if self.big_endian { b"MM\0*\0\0\0\0".to_vec() } else { b"II*\0\0\0\0\0".to_vec() };
        let mut offsets = Vec::new();
        for chunk in &chunks {
            offsets.push(file.len() as u32);
            file.extend(chunk);
        }
        let counts: Vec<u32> = chunks.iter().map(|c| c.len() as u32).collect();
        let mut tags: Vec<(u16, u16, u32, Vec<u8>)> = Vec::new();
        let shorts = |v: &[u16]| v.iter().flat_map(|v| self.bytes(v.to_le_bytes())).collect::<Vec<u8>>();
        let longs = |v: &[u32]| v.iter().flat_map(|v| self.bytes(v.to_le_bytes())).collect::<Vec<u8>>();
        let doubles = |v: &[f64]| v.iter().flat_map(|v| self.bytes(v.to_le_bytes())).collect::<Vec<u8>>();
        let mut short = |tag, v: &[u16]| tags.push((tag, 3, v.len() as u32, shorts(v)));
        short(258, &[self.sample.1]);
        short(259, &[self.compression]);
        short(262, &[1]);
        short(277, &[1]);
        short(284, &[1]);
        short(317, &[self.predictor]);
        short(339, &[self.sample.0]);
        let (model, key) = if self.epsg == 4326 { (2, 2048) } else { (1, 3072) };
        short(34_735, &[1, 1, 0, 3, 1024, 0, 1, model, 1025, 0, 1, 1, key, 0, 1, self.epsg]);
        let mut long = |tag, v: &[u32]| tags.push((tag, 4, v.len() as u32, longs(v)));
        long(256, &[self.width]);
        long(257, &[self.height]);
        if self.tile.is_some() {
            long(322, &[wide]);
            long(323, &[high]);
            long(324, &offsets);
            long(325, &counts);
        } else {
            long(273, &offsets);
            long(278, &[high]);
            long(279, &counts);
        }
        tags.push((33_550, 12, 3, doubles(&[self.pixel, self.pixel, 0.0])));
        tags.push((33_922, 12, 6, doubles(&[0.0, 0.0, 0.0, self.origin[0], self.origin[1], 0.0])));
        if let Some(nodata) = self.nodata {
            tags.push((42_113, 2, nodata.len() as u32 + 1, [nodata.as_bytes(), &[0]].concat()));
        }
        tags.sort_by_key(|tag| tag.0);
        self.directory(file, &tags)
    }

    fn directory(&self, mut file: Vec<u8>, tags: &[(u16, u16, u32, Vec<u8>)]) -> Vec<u8> {
        file.resize(file.len().next_multiple_of(8), 0);
        let start = file.len() as u32;
        file[4..8].copy_from_slice(&self.bytes(start.to_le_bytes()));
        let mut beyond = start + 2 + tags.len() as u32 * 12 + 4;
        let mut values: Vec<u8> = Vec::new();
        file.extend(self.bytes((tags.len() as u16).to_le_bytes()));
        for (tag, kind, count, bytes) in tags {
            file.extend(self.bytes(tag.to_le_bytes()));
            file.extend(self.bytes(kind.to_le_bytes()));
            file.extend(self.bytes(count.to_le_bytes()));
            if bytes.len() <= 4 {
                let mut inline: Vec<u8> = bytes.clone();
                inline.resize(4, 0);
                file.extend(inline);
            } else {
                file.extend(self.bytes(beyond.to_le_bytes()));
                beyond += bytes.len() as u32;
                values.extend(bytes);
            }
        }
        file.extend([0; 4]);
        file.extend(values);
        file
    }

    pub(crate) fn write(&self, path: &Path, samples: &[f64]) {
        fs::write(path, self.encode(samples)).unwrap();
    }
}

/// The layers of a small product: unwrapped phase with a plane and a wave in it, coherence from 0.2 to 0.9, two
/// components; no data in a corner.
pub(crate) struct Scene {
    pub(crate) unwrapped: Vec<f64>,
    pub(crate) wrapped: Vec<f64>,
    pub(crate) coherence: Vec<f64>,
    pub(crate) components: Vec<f64>,
    pub(crate) amplitude: Vec<f64>,
}

impl Scene {
    pub(crate) fn new(width: u32, height: u32) -> Self {
        let pixels = || (0..height).flat_map(move |y| (0..width).map(move |x| (f64::from(x), f64::from(y))));
        let inside = |x: f64, y: f64| x + y > 40.0;
        let each = |value: &dyn Fn(f64, f64) -> f64| {
            // As 32-bit floating point, so that all sample types of a phase hold the same.
            pixels()
                .map(|(x, y)| if inside(x, y) { f64::from(value(x, y) as f32) } else { 0.0 })
                .collect::<Vec<_>>()
        };
        let phase = |x: f64, y: f64| 0.05 * x - 0.02 * y + 3.0 * (x / 17.0).sin() + 0.013;
        let tau = std::f64::consts::TAU;
        Self {
            unwrapped: each(&phase),
            wrapped: each(&|x, y| phase(x, y) - tau * (phase(x, y) / tau).round()),
            coherence: each(&|x, y| 0.55 + 0.35 * (x / 11.0).sin() * (y / 9.0).cos()),
            components: each(&|x, _| if x < 100.0 { 1.0 } else { 2.0 }),
            amplitude: each(&|x, y| 10f64.powf(1.0 + (x * y % 97.0) / 97.0)),
        }
    }
}

/// A single burst's product as the engine up to 3.x names it.
pub(crate) const SINGLE: &str = "S1_136232_IW2_20200604_20200616_VV_INT80_663F";
/// The same burst as the engine from 4.0 names it.
pub(crate) const MULTI: &str =
    "S1_064_000000s1n00-136232s2n01-000000s3n00_IW_20200604_20200616_VV_INT80_77F1";

/// Writes wrapped and unwrapped phase and coherence; more by hand.
pub(crate) fn product(parent: &Path, name: &str, spec: &Spec) -> PathBuf {
    let folder = parent.join(name);
    fs::create_dir_all(&folder).unwrap();
    let scene = Scene::new(spec.width, spec.height);
    for (suffix, samples) in
        [("wrapped_phase", &scene.wrapped), ("unw_phase", &scene.unwrapped), ("corr", &scene.coherence)]
    {
        spec.write(&folder.join(format!("{name}_{suffix}.tif")), samples);
    }
    folder
}

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/insar/pyrate")
}

/// The names of the recorded pairs, `20180106_20180130`; none where there are no records.
pub(crate) fn recorded_pairs() -> Vec<String> {
    let files = fs::read_dir(recorded()).into_iter().flatten().filter_map(Result::ok);
    let name = |file: String| {
        let dates = file.strip_prefix("cropA_")?.strip_suffix("_VV_8rlks_eqa_unw.tif")?;
        Some(dates.replace('-', "_"))
    };
    let mut pairs: Vec<String> =
        files.filter_map(|f| name(f.file_name().to_string_lossy().into_owned())).collect();
    pairs.sort();
    pairs
}

/// A product's folder with links to a recorded pair, named as the engine names its files.
pub(crate) fn recorded_product(parent: &Path, pair: &str) -> PathBuf {
    let name = format!("S1_cropA_{pair}_VV_INT150_0000");
    let folder = parent.join(&name);
    fs::create_dir_all(&folder).unwrap();
    let dates = pair.replace('_', "-");
    for (theirs, ours) in [("eqa_unw", "unw_phase"), ("flat_eqa_cc", "corr")] {
        let target =
            fs::canonicalize(recorded().join(format!("cropA_{dates}_VV_8rlks_{theirs}.tif"))).unwrap();
        std::os::unix::fs::symlink(target, folder.join(format!("{name}_{ours}.tif"))).unwrap();
    }
    folder
}
