//! The picture of a pair: fringes in romaO where there is coherence, fading where there is none, clear where there is no
//! data. A simulated pair says so on the picture.

use anyhow::Result;
use domain::colour::{ColourMap, Rgb};

use super::{
    picture,
    quicklook::{Layers, phasor},
};

/// Longest side in pixels.
const SIDE: usize = 320;
/// Colours in a turn. Four times as many with their opacities, and three more, fit an indexed picture.
const HUES: usize = 63;
/// Opacities from no coherence to plenty.
const OPACITIES: [u8; 4] = [24, 95, 175, 255];
/// Index of *clear*, of the stamp's ground and of its letters.
const CLEAR: u8 = 0;
const GROUND: u8 = 253;
const LETTERS: u8 = 254;

/// What is drawn.
struct Picture {
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

/// The thumbnail as a PNG.
pub(super) fn png(layers: &Layers, simulated: bool, attribution: &[String]) -> Result<Vec<u8>> {
    let shows_phase = layers.wrapped.iter().chain(&layers.unwrapped).any(|v| v.is_finite());
    let mut picture = shrink(layers, shows_phase);
    if simulated {
        stamp(&mut picture);
    }
    let mut colours: Vec<Rgb> = vec![[0; 3]];
    let mut opacities = vec![0];
    for opacity in OPACITIES {
        for hue in 0..HUES {
            let part = (hue as f64 + 0.5) / HUES as f64;
            let phase = (part - 0.5) * std::f64::consts::TAU;
            colours.push(if shows_phase {
                ColourMap::RomaO.of_phase(phase)
            } else {
                ColourMap::Batlow.at(part)
            });
            opacities.push(opacity);
        }
    }
    colours.extend([[24, 26, 31], [255, 255, 255]]);
    opacities.extend([215, 255]);
    let credit = attribution.join(" ");
    let title = if simulated { "Simulated interferogram, not measured" } else { "Interferogram" };
    let texts = [("Title", title), ("Software", "Burstboard processor"), ("Copyright", credit.as_str())];
    let (colour, depth) = (png::ColorType::Indexed, png::BitDepth::Eight);
    picture::encode(&picture.samples, picture.width, colour, depth, Some((&colours, &opacities)), &texts)
}

/// Averages blocks of quick-look pixels, weighted by their coherence, into the picture's samples.
fn shrink(layers: &Layers, shows_phase: bool) -> Picture {
    let factor = layers.width.max(layers.height).div_ceil(SIDE).max(1);
    let (width, height) = (layers.width.div_ceil(factor), layers.height.div_ceil(factor));
    let block = |column: usize, row: usize| {
        let rows = row * factor..((row + 1) * factor).min(layers.height);
        let columns = column * factor..((column + 1) * factor).min(layers.width);
        let indices = rows.flat_map(|r| columns.clone().map(move |c| r * layers.width + c));
        if shows_phase { phase_sample(layers, indices) } else { plain_sample(layers, indices) }
    };
    let samples =
        (0..height).flat_map(|row| (0..width).map(move |column| (column, row))).map(|(c, r)| block(c, r));
    Picture { width, height, samples: samples.collect() }
}

/// Phase as colour, coherence as opacity.
fn phase_sample(layers: &Layers, indices: impl Iterator<Item = usize>) -> u8 {
    let value = |values: &[f32], i: usize| values.get(i).copied().unwrap_or(f32::NAN);
    let (mut sum, mut weight, mut count, mut coherent) = ([0.0f32; 2], 0.0, 0.0, 0.0);
    for i in indices {
        let wrapped = value(&layers.wrapped, i);
        let phase = if wrapped.is_nan() { value(&layers.unwrapped, i) } else { wrapped };
        if phase.is_nan() {
            continue;
        }
        let coherence = value(&layers.coherence, i);
        let trust = if coherence.is_nan() { 1.0 } else { coherence.clamp(0.02, 1.0) };
        let [cos, sin] = phasor(phase);
        sum = [sum[0] + trust * cos, sum[1] + trust * sin];
        (weight, count, coherent) =
            (weight + trust, count + 1.0, coherent + if coherence.is_nan() { 1.0 } else { coherence });
    }
    if weight <= 0.0 {
        return CLEAR;
    }
    let turn = (sum[1].atan2(sum[0]) / std::f32::consts::TAU + 0.5).rem_euclid(1.0);
    // From 0.1, which noise alone reaches, to 0.4, where fringes are clear.
    let trust = ((coherent / count - 0.1) / 0.3f32).clamp(0.0, 1.0);
    sample(turn, (trust * (OPACITIES.len() - 1) as f32).round() as usize)
}

/// Coherence, or amplitude where there is none, as colour.
fn plain_sample(layers: &Layers, indices: impl Iterator<Item = usize>) -> u8 {
    let (mut sum, mut count) = (0.0, 0.0);
    for i in indices {
        let coherence = layers.coherence.get(i).copied().unwrap_or(f32::NAN);
        let value =
            if coherence.is_nan() { layers.amplitude.get(i).copied().unwrap_or(f32::NAN) } else { coherence };
        if !value.is_nan() {
            (sum, count) = (sum + value, count + 1.0);
        }
    }
    if count > 0.0 { sample((sum / count).clamp(0.0, 0.999), OPACITIES.len() - 1) } else { CLEAR }
}

fn sample(part: f32, opacity: usize) -> u8 {
    let hue = ((part * HUES as f32) as usize).min(HUES - 1);
    (1 + opacity.min(OPACITIES.len() - 1) * HUES + hue) as u8
}

/// The letters of the stamp, five columns by seven rows, a row a number. Nine letters need no font.
const GLYPHS: [[u8; 7]; 9] = [
    [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110], // S
    [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110], // I
    [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001], // M
    [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110], // U
    [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111], // L
    [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001], // A
    [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100], // T
    [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111], // E
    [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110], // D
];

/// Writes SIMULATED into the lower left corner, twice as large where there is room.
fn stamp(picture: &mut Picture) {
    let letters = GLYPHS.len() * 6 - 1;
    let size = if picture.width >= 2 * letters + 40 { 2 } else { 1 };
    let margin = 3 * size;
    let (wide, high) = (letters * size + 2 * margin, 7 * size + 2 * margin);
    let top = picture.height.saturating_sub(high);
    let mut put = |x: usize, y: usize, value: u8| {
        if x < picture.width
            && y < picture.height
            && let Some(place) = picture.samples.get_mut(y * picture.width + x)
        {
            *place = value;
        }
    };
    for y in 0..high {
        for x in 0..wide {
            put(x, top + y, GROUND);
        }
    }
    for (letter, rows) in GLYPHS.iter().enumerate() {
        for (y, row) in rows.iter().enumerate() {
            for x in (0..5).filter(|x| row & (0b10000 >> x) != 0) {
                for dot in 0..size * size {
                    let right = margin + (letter * 6 + x) * size + dot % size;
                    put(right, top + margin + y * size + dot / size, LETTERS);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layers(width: usize, height: usize, phase: f32, coherence: f32) -> Layers {
        let n = width * height;
        Layers {
            width,
            height,
            wrapped: vec![phase; n],
            unwrapped: vec![f32::NAN; n],
            coherence: vec![coherence; n],
            amplitude: vec![f32::NAN; n],
        }
    }

    #[test]
    fn coherence_is_opacity_and_nodata_is_clear() {
        let opacity = |layers: &Layers| {
            let picture = shrink(layers, true);
            (picture.samples[0].checked_sub(1)).map(|s| usize::from(s) / HUES)
        };
        assert_eq!(opacity(&layers(10, 10, 1.0, 0.9)), Some(3));
        assert_eq!(opacity(&layers(10, 10, 1.0, 0.05)), Some(0));
        assert_eq!(opacity(&layers(10, 10, f32::NAN, 0.9)), None);
    }

    #[test]
    fn the_longest_side_fits_and_a_simulated_picture_says_so() {
        let picture =
            |simulated| png(&layers(640, 201, 0.3, 0.8), simulated, &["Credit.".to_owned()]).unwrap();
        let (plain, stamped) = (picture(false), picture(true));
        let size = |png: &[u8]| {
            let info = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
            (info.info().width, info.info().height)
        };
        assert_eq!(size(&plain), (320, 101));
        assert_ne!(plain, stamped);
        assert!(stamped.windows(9).any(|w| w == b"Simulated"));
        let tiny = png(&layers(3, 2, 0.3, 0.8), true, &[]).unwrap();
        assert_eq!(size(&tiny), (3, 2));
    }
}
