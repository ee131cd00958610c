//! Averages a product onto its quick-look grid: each product pixel is spread over the quick-look pixels that it covers,
//! so that nothing is skipped and nothing counts twice. Phase is averaged as unit phasors; no data takes no part.

use std::{f32::consts::TAU, ops::Range};

use rayon::prelude::*;

use super::row::Row;

/// Product pixels smaller than this on the quick-look fall into one of its pixels as a whole: the error is at most half
/// their size.
const WHOLE: f32 = 0.3;

/// Sums for the quick-look pixels of all layers, within a window of the quick-look.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    left: usize,
    top: usize,
    width: usize,
    cells: Vec<Cell>,
}

/// Sums of one quick-look pixel, or what one product pixel adds to them: each value is followed by the weight of what
/// had data. An array, so that the compiler adds four at a time.
#[derive(Clone, Copy, Debug, Default)]
struct Cell([f32; 10]);

/// Places in a [`Cell`]; the cosine is followed by the sine and their weight.
const COSINE: usize = 0;
const UNWRAPPED: usize = 3;
const COHERENCE: usize = 5;
const AMPLITUDE: usize = 7;

/// Averages; NaN where there is no data.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) wrapped: Vec<f32>,
    pub(super) unwrapped: Vec<f32>,
    pub(super) coherence: Vec<f32>,
    pub(super) amplitude: Vec<f32>,
}

impl Sums {
    /// Empty sums for a window of columns and rows.
    pub(super) fn new(columns: Range<usize>, rows: Range<usize>) -> Self {
        let cells = vec![Cell::default(); columns.len() * rows.len()];
        Self { left: columns.start, top: rows.start, width: columns.len(), cells }
    }

    /// Adds a row of product pixels whose centres fall on `places` of the quick-look and which are `scale` of its pixels
    /// wide. `phasors` is room to work in.
    pub(super) fn add(
        &mut self,
        row: &Row<'_>,
        places: &[[f32; 2]],
        scale: f32,
        phasors: &mut Vec<[f32; 2]>,
    ) {
        turn(row.wrapped, phasors);
        let layers = phasors.iter().zip(row.unwrapped).zip(row.coherence).zip(row.amplitude);
        let pixels = layers.map(|(((phasor, unwrapped), coherence), amplitude)| {
            Cell::of(*phasor, *unwrapped, *coherence, *amplitude)
        });
        let known = places.iter().zip(pixels).filter_map(|(place, pixel)| Some((*place, pixel?)));
        if scale < WHOLE {
            self.add_whole(known);
        } else {
            known.for_each(|(place, pixel)| self.add_shared(place, scale, &pixel));
        }
    }

    /// Adds pixels to the one that their centre falls on. Many neighbours fall on the same: they are summed up before.
    fn add_whole(&mut self, pixels: impl Iterator<Item = ([f32; 2], Cell)>) {
        let (mut here, mut sum) = ([-1, -1], Cell::default());
        for ([x, y], pixel) in pixels {
            let place = if x >= 0.0 && y >= 0.0 { [x as i32, y as i32] } else { [-1, -1] };
            if place != here {
                self.put(here, 1.0, &sum);
                (here, sum) = (place, Cell::default());
            }
            sum.add(1.0, &pixel);
        }
        self.put(here, 1.0, &sum);
    }

    /// Adds a pixel to all that it covers, by area.
    #[inline]
    fn add_shared(&mut self, [x, y]: [f32; 2], scale: f32, pixel: &Cell) {
        let half = scale / 2.0;
        let (left, right, top, bottom) = ((x - half).max(0.0), x + half, (y - half).max(0.0), y + half);
        if !(right >= left && bottom >= top) {
            return;
        }
        for row in top as i32..=bottom as i32 {
            let high = bottom.min(row as f32 + 1.0) - top.max(row as f32);
            for column in left as i32..=right as i32 {
                let wide = right.min(column as f32 + 1.0) - left.max(column as f32);
                // Slivers from rounding would give far neighbours a value of their own.
                if wide * high > 1e-3 {
                    self.put([column, row], wide * high, pixel);
                }
            }
        }
    }

    /// Adds to one quick-look pixel; those outside are dropped.
    #[inline]
    fn put(&mut self, [column, row]: [i32; 2], weight: f32, pixel: &Cell) {
        // Numbers below zero become numbers that are too large.
        let (column, row) =
            ((column as usize).wrapping_sub(self.left), (row as usize).wrapping_sub(self.top));
        if column < self.width
            && let Some(cell) = self.cells.get_mut(row.wrapping_mul(self.width).wrapping_add(column))
        {
            cell.add(weight, pixel);
        }
    }

    /// Adds the sums of a window that lies within this one.
    pub(super) fn merge(&mut self, other: &Self) {
        for (row, line) in other.cells.chunks_exact(other.width.max(1)).enumerate() {
            let start = (other.top + row).wrapping_sub(self.top).wrapping_mul(self.width);
            let start = start.wrapping_add(other.left.wrapping_sub(self.left));
            let Some(target) = self.cells.get_mut(start..start.wrapping_add(line.len())) else { continue };
            target.iter_mut().zip(line).for_each(|(a, b)| a.add(1.0, b));
        }
    }

    /// The averages.
    pub(super) fn layers(&self) -> Layers {
        let all = |value: fn(&Cell) -> f32| self.cells.par_iter().with_min_len(1 << 14).map(value).collect();
        Layers {
            width: self.width,
            height: self.cells.len() / self.width.max(1),
            wrapped: all(Cell::direction),
            unwrapped: all(|cell| cell.mean(UNWRAPPED)),
            coherence: all(|cell| cell.mean(COHERENCE)),
            amplitude: all(|cell| cell.mean(AMPLITUDE)),
        }
    }
}

impl Cell {
    /// A quick-look pixel that is covered by less than this share of a product pixel belongs to its neighbour.
    const LEAST: f32 = 0.05;

    /// What a product pixel adds; `None` where no layer has data.
    #[inline]
    fn of([cosine, sine]: [f32; 2], unwrapped: f32, coherence: f32, amplitude: f32) -> Option<Self> {
        let part = |value: f32| if value.is_nan() { [0.0, 0.0] } else { [value, 1.0] };
        let ([cosine, phase], [sine, _]) = (part(cosine), part(sine));
        let [[unwrapped, u], [coherence, c], [amplitude, a]] = [unwrapped, coherence, amplitude].map(part);
        (phase + u + c + a > 0.0)
            .then_some(Self([cosine, sine, phase, unwrapped, u, coherence, c, amplitude, a, 0.0]))
    }

    #[inline]
    fn add(&mut self, weight: f32, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, value)| *sum += weight * value);
    }

    fn mean(&self, place: usize) -> f32 {
        let [sum, weight] = [self.0[place], self.0[place + 1]];
        if weight > Self::LEAST { sum / weight } else { f32::NAN }
    }

    /// The phase of the summed phasors; those that cancel out have none.
    fn direction(&self) -> f32 {
        let [cosine, sine, weight] = [self.0[COSINE], self.0[COSINE + 1], self.0[COSINE + 2]];
        let known = weight > Self::LEAST && cosine.hypot(sine) > 1e-6 * weight;
        if known { sine.atan2(cosine) } else { f32::NAN }
    }
}

/// 1.5 × 2²³: where the steps of 32-bit floating point are one, so that adding it rounds.
const ONES: f32 = 12_582_912.0;
/// Phases up to this many radians are turned by the short series.
const FAR: f32 = 1_500.0;

/// The nearest whole number, for up to some millions: in registers, where `round` is a call on older processors.
#[inline]
pub(super) fn nearest(value: f32) -> f32 {
    (value + ONES) - ONES
}

/// A phase brought to −π to π.
#[inline]
pub(super) fn wrap(phase: f32) -> f32 {
    phase - TAU * if phase.abs() < 1e6 { nearest(phase * (1.0 / TAU)) } else { (phase / TAU).round() }
}

/// Cosine and sine of all phases; not a number where a phase is none.
fn turn(phases: &[f32], out: &mut Vec<[f32; 2]>) {
    out.clear();
    let far = phases.iter().fold(false, |far, phase| far | (phase.abs() > FAR));
    if far {
        out.extend(phases.iter().map(|phase| phasor(*phase)));
    } else {
        // Without a branch, so that the compiler turns several at a time.
        out.extend(phases.iter().map(|phase| near_phasor(*phase)));
    }
}

/// Cosine and sine of a phase, to a millionth.
#[inline]
pub(super) fn phasor(phase: f32) -> [f32; 2] {
    if phase.abs() > FAR {
        let (sin, cos) = phase.sin_cos();
        return [cos, sin];
    }
    near_phasor(phase)
}

/// As [`phasor`], for up to [`FAR`]. Phases come by the ten million, the library's answer is finer than needed.
#[inline]
fn near_phasor(phase: f32) -> [f32; 2] {
    let lifted = phase * (4.0 / TAU) + ONES;
    let quarters = lifted - ONES;
    // Within an eighth of a turn around 0, where the series are short; π/2 in three parts, the first two of few digits,
    // so that their products are exact.
    let rest = phase - quarters * 1.570_312_5 - quarters * 4.837_513e-4 - quarters * 7.549_79e-8;
    let square = rest * rest;
    let sin = rest * (1.0 + square * (-1.0 / 6.0 + square * (1.0 / 120.0 - square / 5040.0)));
    let cos = 1.0 + square * (-0.5 + square * (1.0 / 24.0 + square * (-1.0 / 720.0 + square / 40_320.0)));
    // The last bits of the lifted number are the quarter: in odd ones sine and cosine change places, in two of four each
    // changes its sign. By bits, since a branch would keep the compiler from turning several at a time.
    let quarter = lifted.to_bits();
    let (cos, sin) = (cos.to_bits(), sin.to_bits());
    let swap = (cos ^ sin) & (quarter & 1).wrapping_neg();
    let sign = |two: u32| (two & 2) << 30;
    [cos ^ swap ^ sign(quarter.wrapping_add(1)), sin ^ swap ^ sign(quarter)].map(f32::from_bits)
}

#[cfg(test)]
mod tests {
    use std::f32::consts::PI;

    use super::*;

    /// One product pixel: place, wrapped and unwrapped phase, coherence; NaN where there is no data.
    type Pixel = ([f32; 2], [f32; 3]);

    fn add(sums: &mut Sums, scale: f32, pixels: &[Pixel]) {
        let layer = |index: usize| pixels.iter().map(|(_, layers)| layers[index]).collect::<Vec<_>>();
        let [wrapped, unwrapped, coherence] = [layer(0), layer(1), layer(2)];
        let none = vec![f32::NAN; pixels.len()];
        let row = Row {
            wrapped: &wrapped,
            unwrapped: &unwrapped,
            coherence: &coherence,
            amplitude: &none,
            components: &none,
        };
        let places: Vec<[f32; 2]> = pixels.iter().map(|(place, _)| *place).collect();
        sums.add(&row, &places, scale, &mut Vec::new());
    }

    fn phase(place: [f32; 2], phase: f32) -> Pixel {
        (place, [phase, phase, f32::NAN])
    }

    #[test]
    fn phase_is_averaged_round_the_circle_and_nodata_takes_no_part() {
        let mut sums = Sums::new(0..2, 0..1);
        let row = [phase([0.3, 0.5], PI - 0.1), phase([0.6, 0.5], -PI + 0.1), phase([0.7, 0.5], f32::NAN)];
        add(&mut sums, 0.1, &row);
        let layers = sums.layers();
        assert!(layers.wrapped[0].abs() > PI - 1e-3, "{}", layers.wrapped[0]);
        assert!(layers.unwrapped[0].abs() < 1e-3);
        assert!(layers.wrapped[1].is_nan() && layers.coherence[0].is_nan());
    }

    #[test]
    fn a_pixel_is_shared_out_by_what_it_covers() {
        let mut sums = Sums::new(0..3, 0..1);
        add(&mut sums, 0.8, &[([1.0, 0.5], [f32::NAN, 4.0, 1.0])]);
        add(&mut sums, 0.4, &[([1.6, 0.5], [f32::NAN, 0.0, 0.0])]);
        let layers = sums.layers();
        assert!((layers.coherence[0] - 1.0).abs() < 1e-5);
        // 0.4 × 0.8 of the one against 0.4 × 0.4 of the other.
        assert!((layers.coherence[1] - 0.32 / 0.48).abs() < 1e-5, "{}", layers.coherence[1]);
        assert!(layers.coherence[2].is_nan());
    }

    #[test]
    fn pixels_outside_are_dropped_and_sums_add_up() {
        let mut a = Sums::new(0..4, 0..3);
        add(&mut a, 1.0, &[phase([-3.0, 0.5], 1.0)]);
        add(&mut a, 0.1, &[phase([f32::NAN, 0.5], 1.0), phase([-3.0, 0.5], 1.0), phase([1e30, 1e30], 1.0)]);
        let mut b = Sums::new(2..4, 1..2);
        add(&mut b, 1.0, &[phase([3.5, 1.5], 0.5), phase([0.5, 1.5], 0.7)]);
        a.merge(&b);
        let layers = a.layers();
        assert!((layers.wrapped[7] - 0.5).abs() < 1e-6);
        assert_eq!(layers.wrapped.iter().filter(|v| !v.is_nan()).count(), 1);
    }

    #[test]
    fn short_series_are_as_good_as_the_library() {
        for step in -200_000..200_000 {
            let phase = step as f32 * 1e-3;
            let ([cos, sin], (s, c)) = (phasor(phase), phase.sin_cos());
            assert!((cos - c).abs() < 2e-6 && (sin - s).abs() < 2e-6, "{phase}: {cos} {c} {sin} {s}");
        }
        for phase in [1e9f32, -3e30, f32::MAX] {
            let [cos, sin] = phasor(phase);
            assert!((cos.hypot(sin) - 1.0).abs() < 1e-3 && wrap(phase).is_finite());
        }
    }
}
