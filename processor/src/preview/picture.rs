//! Numbers to PNGs: indexed for 8 bits, with their colours, grey for 16. Lossless, so that the page reads numbers back.

use std::f64::consts::{PI, TAU};

use anyhow::{Context as _, Result};
use domain::{
    colour::{ColourMap, Rgb},
    preview::manifest::{Layer, LayerKind},
};

/// Steps in a cycle. One sample less than a byte holds, so that 0 can mean no data; for unwrapped phase the same, so
/// that a rewrapped quick-look has the wrapped one's steps.
const CYCLE_STEPS: f64 = 255.0;
/// The sample that means no data.
const NODATA: u16 = 0;

/// A layer and its PNG.
pub(super) type Encoded = (Layer, Vec<u8>);

/// Wrapped phase in radians.
pub(super) fn wrapped(values: &[f32], width: usize) -> Result<Encoded> {
    let scale = TAU / CYCLE_STEPS;
    let sample = |phase: f64| ((phase + PI) / scale).floor().rem_euclid(CYCLE_STEPS) as u8 + 1;
    // A sample stands for the middle of its step.
    let layer = layer(LayerKind::Wrapped, 8, scale, -PI - scale / 2.0, "rad", ColourMap::RomaO, [-PI, PI]);
    let png = indexed(values, width, &layer, sample)?;
    Ok((layer, png))
}

/// Coherence, 0 to 1.
pub(super) fn coherence(values: &[f32], width: usize) -> Result<Encoded> {
    let scale = 1.0 / 254.0;
    let sample = |value: f64| (value.clamp(0.0, 1.0) / scale).round() as u8 + 1;
    let layer = layer(LayerKind::Coherence, 8, scale, -scale, "1", ColourMap::Batlow, [0.0, 1.0]);
    let png = indexed(values, width, &layer, sample)?;
    Ok((layer, png))
}

/// Amplitude, shown in decibels: a few bright targets would else leave everything dark. The outermost 2 % on either side
/// do not widen what is shown; half as much again is told apart on each side of it.
pub(super) fn amplitude(values: &[f32], width: usize) -> Result<Encoded> {
    let decibels: Vec<f32> =
        values.iter().map(|v| if *v > 0.0 { 20.0 * v.log10() } else { f32::NAN }).collect();
    let mut sorted: Vec<f32> = decibels.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let at = |part: f64| {
        let index = (part * sorted.len().saturating_sub(1) as f64).round() as usize;
        sorted.get(index).map_or(0.0, |v| f64::from(*v))
    };
    let (low, high) = (at(0.02), at(0.98));
    let (low, high) = if high - low > 0.1 { (low, high) } else { (low - 1.0, low + 1.0) };
    let scale = 2.0 * (high - low) / 254.0;
    let base = low - (high - low) / 2.0;
    let sample = |value: f64| ((value - base) / scale).round().clamp(0.0, 254.0) as u8 + 1;
    let layer = layer(LayerKind::Amplitude, 8, scale, base - scale, "dB", ColourMap::Batlow, [low, high]);
    let png = indexed(&decibels, width, &layer, sample)?;
    Ok((layer, png))
}

/// Unwrapped phase in radians; `range` is what to show at first.
pub(super) fn unwrapped(values: &[f32], width: usize, range: [f64; 2]) -> Result<Encoded> {
    let known = || values.iter().filter(|v| v.is_finite()).map(|v| f64::from(*v));
    let (low, high) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) = if low <= high { (low, high) } else { (0.0, 0.0) };
    // 257 cycles fit at the step of the wrapped layer; more are told apart less finely.
    let scale = (TAU / CYCLE_STEPS).max((high - low) / 65_000.0);
    // On one lattice for all pairs, so that differences of two pairs are whole steps.
    let base = (low / scale).floor() - 1.0;
    let samples: Vec<u8> = values
        .iter()
        .flat_map(|v| {
            let step = (f64::from(*v) / scale).round() - base;
            let sample = if v.is_finite() { step.clamp(1.0, 65_535.0) as u16 } else { NODATA };
            sample.to_be_bytes()
        })
        .collect();
    let range = if range[0] < range[1] { range } else { [low - 1.0, high + 1.0] };
    let layer = layer(LayerKind::Unwrapped, 16, scale, base * scale, "rad", ColourMap::Vik, range);
    let png = encode(&samples, width, png::ColorType::Grayscale, png::BitDepth::Sixteen, None, &[])?;
    Ok((layer, png))
}

fn layer(
    kind: LayerKind,
    bits: u8,
    scale: f64,
    offset: f64,
    unit: &str,
    colour_map: ColourMap,
    range: [f64; 2],
) -> Layer {
    let (file, unit) = (kind.file().to_owned(), unit.to_owned());
    Layer { kind, file, bits, nodata: NODATA, scale, offset, unit, colour_map, range }
}

/// An indexed PNG whose palette shows the samples in the layer's colours and range, with 0 transparent.
fn indexed(values: &[f32], width: usize, layer: &Layer, sample: impl Fn(f64) -> u8) -> Result<Vec<u8>> {
    let samples: Vec<u8> =
        values.iter().map(|v| if v.is_finite() { sample(f64::from(*v)) } else { NODATA as u8 }).collect();
    let map = layer.colour_map;
    let colour = |sample: u16| -> Rgb {
        let value = layer.value(sample).unwrap_or_default();
        let [low, high] = layer.range;
        if map.is_cyclic() { map.of_phase(value) } else { map.at((value - low) / (high - low)) }
    };
    let mut colours: Vec<Rgb> = vec![[0; 3]];
    colours.extend((1..256).map(colour));
    encode(&samples, width, png::ColorType::Indexed, png::BitDepth::Eight, Some((&colours, &[0])), &[])
}

/// Packs a PNG. `palette` holds colours and, for the first of them, opacities. Smooth phase and noise want rows filtered
/// in different ways: which packs better is tried on a band from the middle.
pub(super) fn encode(
    samples: &[u8],
    width: usize,
    colour: png::ColorType,
    depth: png::BitDepth,
    palette: Option<(&[Rgb], &[u8])>,
    texts: &[(&str, &str)],
) -> Result<Vec<u8>> {
    /// Rows that are tried.
    const BAND: usize = 32;
    let bytes = width * if depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let wide = u32::try_from(width)?;
    let pack = |samples: &[u8], filter: png::Filter| -> Result<Vec<u8>> {
        let mut packed = Vec::with_capacity(samples.len() / 2 + 4096);
        let mut encoder = png::Encoder::new(&mut packed, wide, u32::try_from(samples.len() / bytes.max(1))?);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        encoder.set_compression(png::Compression::Balanced);
        encoder.set_filter(filter);
        if let Some((colours, opacities)) = palette {
            encoder.set_palette(colours.concat());
            encoder.set_trns(opacities.to_vec());
        }
        for (key, text) in texts {
            encoder.add_itxt_chunk((*key).to_owned(), (*text).to_owned())?;
        }
        let mut writer = encoder.write_header()?;
        writer.write_image_data(samples)?;
        writer.finish()?;
        Ok(packed)
    };
    let rows = samples.len() / bytes.max(1);
    let above = rows.saturating_sub(BAND) / 2;
    let band = samples.get(above * bytes..(above + BAND.min(rows)) * bytes).unwrap_or_default();
    let (plain, filtered) =
        rayon::join(|| pack(band, png::Filter::NoFilter), || pack(band, png::Filter::Adaptive));
    let filter = if plain?.len() <= filtered?.len() { png::Filter::NoFilter } else { png::Filter::Adaptive };
    pack(samples, filter).context("a picture cannot be packed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(png: &[u8]) -> Vec<u16> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut raw = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut raw).unwrap();
        match info.bit_depth {
            png::BitDepth::Sixteen => raw.chunks(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect(),
            _ => raw.iter().map(|b| u16::from(*b)).collect(),
        }
    }

    fn worst(encoded: &Encoded, values: &[f32]) -> f64 {
        let (layer, png) = encoded;
        let read = samples(png);
        assert_eq!(read.len(), values.len());
        let off = |(sample, value): (&u16, &f32)| match layer.value(*sample) {
            Some(read) => (read - f64::from(*value)).abs(),
            None => {
                assert!(value.is_nan());
                0.0
            }
        };
        read.iter().zip(values).map(off).fold(0.0, f64::max)
    }

    #[test]
    fn the_page_reads_back_what_was_there() {
        let phase: Vec<f32> =
            (0..600).map(|i| if i == 7 { f32::NAN } else { (i as f32 / 599.0 * 2.0 - 1.0) * 3.1 }).collect();
        let half = TAU / 255.0 / 2.0;
        assert!(worst(&wrapped(&phase, 30).unwrap(), &phase) <= half + 1e-4);
        let unwrapped_phase: Vec<f32> = phase.iter().map(|p| p * 40.0 - 17.0).collect();
        assert!(
            worst(&unwrapped(&unwrapped_phase, 30, [0.0, 0.0]).unwrap(), &unwrapped_phase) <= half + 1e-4
        );
        let shown: Vec<f32> = phase.iter().map(|p| (p / 3.1 + 1.0) / 2.0).collect();
        assert!(worst(&coherence(&shown, 30).unwrap(), &shown) <= 0.5 / 254.0 + 1e-6);
    }

    #[test]
    fn amplitude_is_in_decibels_and_a_few_bright_targets_do_not_darken_it() {
        let values: Vec<f32> = (0..1000)
            .map(|i| {
                [10f32.powf(i as f32 / 1000.0), 1e9, 0.0][usize::from(i % 100 == 0) * (1 + i % 200 / 100)]
            })
            .collect();
        let (layer, png) = amplitude(&values, 50).unwrap();
        assert!(layer.range[0] > -0.1 && layer.range[1] < 20.1 && layer.unit == "dB", "{layer:?}");
        for (sample, value) in samples(&png).iter().zip(&values) {
            match layer.value(*sample) {
                None => assert_eq!(*value, 0.0),
                Some(read) if *value < 1e8 => {
                    assert!((read - 20.0 * f64::from(value.log10())).abs() < layer.scale);
                }
                Some(read) => assert!(read > layer.range[1]),
            }
        }
        assert!(
            amplitude(&[5.0; 4], 2).unwrap().0.range[0]
                < amplitude(&[f32::NAN; 4], 2).unwrap().0.range[1] + 20.0
        );
    }

    #[test]
    fn a_huge_range_is_still_read_back_without_clipping() {
        let phase = [-9000.0f32, 0.0, 9000.0, f32::NAN];
        let encoded = unwrapped(&phase, 2, [0.0, 0.0]).unwrap();
        assert!(worst(&encoded, &phase) < 0.2);
        assert!(encoded.0.range[0] < encoded.0.range[1]);
    }

    #[test]
    fn unwrapped_layers_of_two_pairs_lie_on_one_lattice() {
        let (a, _) = unwrapped(&[1.0, 2.0], 2, [0.0, 1.0]).unwrap();
        let (b, _) = unwrapped(&[-30.3, 2.0], 2, [0.0, 1.0]).unwrap();
        assert_eq!(a.scale, b.scale);
        let steps = (a.offset - b.offset) / a.scale;
        assert!((steps - steps.round()).abs() < 1e-9);
    }

    #[test]
    fn nothing_but_nodata_is_a_picture_too() {
        let none = [f32::NAN; 6];
        for encoded in [wrapped(&none, 3).unwrap(), unwrapped(&none, 3, [0.0, 0.0]).unwrap()] {
            assert!(samples(&encoded.1).iter().all(|s| *s == 0));
            assert!(encoded.0.range[0] < encoded.0.range[1]);
        }
    }
}
