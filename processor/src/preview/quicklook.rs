//! Averages a product onto its quick-look grid: each product pixel is spread over the quick-look pixels that it covers,
//! so that nothing is skipped and nothing counts twice. Phase is averaged as unit phasors; no data takes no part.

use std::f32::consts::TAU;

/// Product pixels smaller than this on the quick-look fall into one of its pixels as a whole: the error is at most half
/// their size.
const WHOLE: f32 = 0.3;

/// Sums for the quick-look pixels of all layers.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    width: usize,
    height: usize,
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
    pub(super) fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, cells: vec![Cell::default(); width * height] }
    }

    /// Adds a product pixel whose centre falls on `place` and which is `scale` quick-look pixels wide.
    pub(super) fn add(&mut self, [x, y]: [f32; 2], scale: f32, pixel: &Pixel) {
        if !(x.is_finite() && y.is_finite()) {
            return;
        }
        if scale < WHOLE {
            return self.put(x.floor() as i64, y.floor() as i64, 1.0, pixel);
        }
        // A pixel that is larger than a quick-look pixel still covers all that it covers.
        let half = scale / 2.0;
        let (left, right, top, bottom) = (x - half, x + half, y - half, y + half);
        for row in top.floor() as i64..=bottom.floor() as i64 {
            let high = (bottom.min(row as f32 + 1.0) - top.max(row as f32)).max(0.0);
            for column in left.floor() as i64..=right.floor() as i64 {
                let wide = (right.min(column as f32 + 1.0) - left.max(column as f32)).max(0.0);
                // Slivers from rounding would give far neighbours a value of their own.
                if wide * high > 1e-3 {
                    self.put(column, row, wide * high, pixel);
                }
            }
        }
    }

    fn put(&mut self, column: i64, row: i64, weight: f32, pixel: &Pixel) {
        let inside =
            column >= 0 && row >= 0 && (column as usize) < self.width && (row as usize) < self.height;
        let index = if inside { row as usize * self.width + column as usize } else { usize::MAX };
        let Some(cell) = self.cells.get_mut(index) else { return };
        if !pixel.wrapped.is_nan() {
            let (sin, cos) = pixel.wrapped.sin_cos();
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

    /// Both sums together.
    pub(super) fn merged(mut self, other: &Self) -> Self {
        for (a, b) in self.cells.iter_mut().zip(&other.cells) {
            a.phasor = [a.phasor[0] + b.phasor[0], a.phasor[1] + b.phasor[1]];
            a.phase_weight += b.phase_weight;
            a.unwrapped += b.unwrapped;
            a.unwrapped_weight += b.unwrapped_weight;
            a.coherence += b.coherence;
            a.coherence_weight += b.coherence_weight;
            a.amplitude += b.amplitude;
            a.amplitude_weight += b.amplitude_weight;
        }
        self
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
            height: self.height,
            wrapped: all(&phase),
            unwrapped: all(&|c| mean(c.unwrapped, c.unwrapped_weight)),
            coherence: all(&|c| mean(c.coherence, c.coherence_weight)),
            amplitude: all(&|c| mean(c.amplitude, c.amplitude_weight)),
        }
    }
}

/// A phase brought to −π to π.
pub(super) fn wrap(phase: f32) -> f32 {
    phase - TAU * (phase / TAU).round()
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
        let mut sums = Sums::new(2, 1);
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
        let mut sums = Sums::new(3, 1);
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
        let mut a = Sums::new(1, 1);
        a.add([-3.0, 0.5], 1.0, &phase(1.0));
        a.add([f32::NAN, 0.5], 0.1, &phase(1.0));
        let mut b = Sums::new(1, 1);
        b.add([0.5, 0.5], 1.0, &phase(0.5));
        let layers = a.merged(&b).layers();
        assert!((layers.wrapped[0] - 0.5).abs() < 1e-6);
    }
}
