//! Averages a product onto its quick-look grid: each product pixel is spread over the quick-look pixels that it covers,
//! so that nothing is skipped and nothing counts twice. Phase is averaged as unit phasors; no data takes no part.

use std::{f32::consts::TAU, ops::Range};

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

/// Sums of one quick-look pixel.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    phasor: [f32; 2],
    phase_weight: f32,
    unwrapped: f32,
    unwrapped_weight: f32,
    coherence: f32,
    coherence_weight: f32,
    amplitude: f32,
    amplitude_weight: f32,
}

/// One product pixel; NaN where a layer has no data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pixel {
    pub(super) wrapped: f32,
    pub(super) unwrapped: f32,
    pub(super) coherence: f32,
    pub(super) amplitude: f32,
}

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

    /// Adds a product pixel whose centre falls on `place` of the quick-look and which is `scale` of its pixels wide.
    #[inline]
    pub(super) fn add(&mut self, [x, y]: [f32; 2], scale: f32, pixel: &Pixel) {
        if scale < WHOLE {
            if x >= 0.0 && y >= 0.0 {
                self.put(x as usize, y as usize, 1.0, pixel);
            }
            return;
        }
        // A pixel that is larger than a quick-look pixel still covers all that it covers.
        let half = scale / 2.0;
        let (left, right, top, bottom) = ((x - half).max(0.0), x + half, (y - half).max(0.0), y + half);
        if !(right >= left && bottom >= top) {
            return;
        }
        for row in top as usize..=bottom as usize {
            let high = bottom.min(row as f32 + 1.0) - top.max(row as f32);
            for column in left as usize..=right as usize {
                let wide = right.min(column as f32 + 1.0) - left.max(column as f32);
                // Slivers from rounding would give far neighbours a value of their own.
                if wide * high > 1e-3 {
                    self.put(column, row, wide * high, pixel);
                }
            }
        }
    }

    #[inline]
    fn put(&mut self, column: usize, row: usize, weight: f32, pixel: &Pixel) {
        let (column, row) = (column.wrapping_sub(self.left), row.wrapping_sub(self.top));
        if column >= self.width {
            return;
        }
        let Some(cell) = self.cells.get_mut(row.wrapping_mul(self.width).wrapping_add(column)) else {
            return;
        };
        if !pixel.wrapped.is_nan() {
            let [cos, sin] = phasor(pixel.wrapped);
            cell.phasor = [cell.phasor[0] + weight * cos, cell.phasor[1] + weight * sin];
            cell.phase_weight += weight;
        }
        let add = |sum: &mut f32, total: &mut f32, value: f32| {
            if !value.is_nan() {
                *sum += weight * value;
                *total += weight;
            }
        };
        add(&mut cell.unwrapped, &mut cell.unwrapped_weight, pixel.unwrapped);
        add(&mut cell.coherence, &mut cell.coherence_weight, pixel.coherence);
        add(&mut cell.amplitude, &mut cell.amplitude_weight, pixel.amplitude);
    }

    /// Adds the sums of a window that lies within this one.
    pub(super) fn merge(&mut self, other: &Self) {
        for (row, line) in other.cells.chunks_exact(other.width.max(1)).enumerate() {
            let start = (other.top + row).wrapping_sub(self.top).wrapping_mul(self.width);
            let start = start.wrapping_add(other.left.wrapping_sub(self.left));
            let Some(target) = self.cells.get_mut(start..start.wrapping_add(line.len())) else { continue };
            target.iter_mut().zip(line).for_each(|(a, b)| a.merge(b));
        }
    }

    /// The averages.
    pub(super) fn layers(&self) -> Layers {
        // A pixel that is covered by less than this share of a product pixel belongs to its neighbour.
        let least = 0.05;
        let mean = |sum: f32, weight: f32| if weight > least { sum / weight } else { f32::NAN };
        let phase = |c: &Cell| {
            // Phasors that cancel out have no direction.
            let length = c.phasor[0].hypot(c.phasor[1]);
            let known = c.phase_weight > least && length > 1e-6 * c.phase_weight;
            if known { c.phasor[1].atan2(c.phasor[0]) } else { f32::NAN }
        };
        let all = |value: &dyn Fn(&Cell) -> f32| self.cells.iter().map(value).collect::<Vec<f32>>();
        Layers {
            width: self.width,
            height: self.cells.len() / self.width.max(1),
            wrapped: all(&phase),
            unwrapped: all(&|c| mean(c.unwrapped, c.unwrapped_weight)),
            coherence: all(&|c| mean(c.coherence, c.coherence_weight)),
            amplitude: all(&|c| mean(c.amplitude, c.amplitude_weight)),
        }
    }
}

impl Cell {
    fn merge(&mut self, other: &Self) {
        self.phasor = [self.phasor[0] + other.phasor[0], self.phasor[1] + other.phasor[1]];
        self.phase_weight += other.phase_weight;
        self.unwrapped += other.unwrapped;
        self.unwrapped_weight += other.unwrapped_weight;
        self.coherence += other.coherence;
        self.coherence_weight += other.coherence_weight;
        self.amplitude += other.amplitude;
        self.amplitude_weight += other.amplitude_weight;
    }
}

/// The nearest whole number, for up to some millions: in registers, where `round` is a call on older processors.
#[inline]
fn nearest(value: f32) -> f32 {
    /// 1.5 × 2²³: where the steps of 32-bit floating point are one.
    const ONES: f32 = 12_582_912.0;
    (value + ONES) - ONES
}

/// A phase brought to −π to π.
#[inline]
pub(super) fn wrap(phase: f32) -> f32 {
    phase - TAU * if phase.abs() < 1e6 { nearest(phase * (1.0 / TAU)) } else { (phase / TAU).round() }
}

/// Cosine and sine of a phase, to a millionth. Phases come by the ten million, the library's answer is finer than needed.
#[inline]
pub(super) fn phasor(phase: f32) -> [f32; 2] {
    let quarters = nearest(phase * (4.0 / TAU));
    if quarters.abs() > 1000.0 {
        let (sin, cos) = phase.sin_cos();
        return [cos, sin];
    }
    // Within an eighth of a turn around 0, where the series are short; π/2 in three parts, the first two of few digits,
    // so that their products are exact.
    let rest = phase - quarters * 1.570_312_5 - quarters * 4.837_513e-4 - quarters * 7.549_79e-8;
    let square = rest * rest;
    let sin = rest * (1.0 + square * (-1.0 / 6.0 + square * (1.0 / 120.0 - square / 5040.0)));
    let cos = 1.0 + square * (-0.5 + square * (1.0 / 24.0 + square * (-1.0 / 720.0 + square / 40_320.0)));
    match quarters as i32 & 3 {
        0 => [cos, sin],
        1 => [-sin, cos],
        2 => [-cos, -sin],
        _ => [sin, -cos],
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::PI;

    use super::*;

    fn phase(wrapped: f32) -> Pixel {
        Pixel { wrapped, unwrapped: wrapped, coherence: f32::NAN, amplitude: f32::NAN }
    }

    #[test]
    fn phase_is_averaged_round_the_circle_and_nodata_takes_no_part() {
        let mut sums = Sums::new(0..2, 0..1);
        sums.add([0.3, 0.5], 0.1, &phase(PI - 0.1));
        sums.add([0.6, 0.5], 0.1, &phase(-PI + 0.1));
        sums.add([0.7, 0.5], 0.1, &phase(f32::NAN));
        let layers = sums.layers();
        assert!(layers.wrapped[0].abs() > PI - 1e-3, "{}", layers.wrapped[0]);
        assert!(layers.unwrapped[0].abs() < 1e-3);
        assert!(layers.wrapped[1].is_nan() && layers.coherence[0].is_nan());
    }

    #[test]
    fn a_pixel_is_shared_out_by_what_it_covers() {
        let mut sums = Sums::new(0..3, 0..1);
        let one = Pixel { wrapped: f32::NAN, unwrapped: 4.0, coherence: 1.0, amplitude: f32::NAN };
        let zero = Pixel { unwrapped: 0.0, coherence: 0.0, ..one };
        sums.add([1.0, 0.5], 0.8, &one);
        sums.add([1.6, 0.5], 0.4, &zero);
        let layers = sums.layers();
        assert!((layers.coherence[0] - 1.0).abs() < 1e-5);
        // 0.4 × 0.8 of the one against 0.4 × 0.4 of the other.
        assert!((layers.coherence[1] - 0.32 / 0.48).abs() < 1e-5, "{}", layers.coherence[1]);
        assert!(layers.coherence[2].is_nan());
    }

    #[test]
    fn pixels_outside_are_dropped_and_sums_add_up() {
        let mut a = Sums::new(0..4, 0..3);
        a.add([-3.0, 0.5], 1.0, &phase(1.0));
        a.add([f32::NAN, 0.5], 0.1, &phase(1.0));
        let mut b = Sums::new(2..4, 1..2);
        b.add([3.5, 1.5], 1.0, &phase(0.5));
        b.add([0.5, 1.5], 1.0, &phase(0.7));
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
