//! Random fields with a power-law spectrum, as turbulent air and eroded land have them.

use rustfft::{FftPlanner, num_complex::Complex32};

use super::random::Seed;

/// A field on a lattice that repeats at its ends, zero on average and one in standard deviation.
pub(super) struct Field {
    spacing: f64,
    columns: usize,
    rows: usize,
    values: Vec<f32>,
}

impl Field {
    /// A field of at least `extent` metres whose power falls with the wavenumber to the power of −`slope` (11/3 for
    /// turbulence in two dimensions, Hanssen 2001, section 4.7) for wavelengths below `outer` metres.
    pub(super) fn new(seed: Seed, extent: [f64; 2], spacing: f64, slope: f64, outer: f64) -> Self {
        let size = |metres: f64| ((metres / spacing).ceil().clamp(8.0, 4096.0) as usize).next_power_of_two();
        let (columns, rows) = (size(extent[0]), size(extent[1]));
        let mut grid: Vec<Complex32> = (0..columns * rows)
            .map(|i| {
                let [re, im] = seed.normals(i as u64);
                Complex32::new(re as f32, im as f32)
            })
            .collect();
        // White noise has the same power at all wavenumbers, so it can be shaped as it is and transformed once.
        for row in 0..rows {
            for column in 0..columns {
                let k = wavenumber(column, columns, spacing).hypot(wavenumber(row, rows, spacing));
                let shaped = k.hypot(1.0 / outer).powf(-slope / 2.0);
                let weight = if k == 0.0 { 0.0 } else { shaped };
                if let Some(value) = grid.get_mut(row * columns + column) {
                    *value *= weight as f32;
                }
            }
        }
        transform(&mut grid, columns, rows);
        let count = grid.len() as f64;
        let mean = grid.iter().map(|c| f64::from(c.re)).sum::<f64>() / count;
        let variance = grid.iter().map(|c| (f64::from(c.re) - mean).powi(2)).sum::<f64>() / count;
        let scale = 1.0 / variance.sqrt().max(1e-30);
        let values = grid.iter().map(|c| ((f64::from(c.re) - mean) * scale) as f32).collect();
        Self { spacing, columns, rows, values }
    }

    /// The value at metres east and north of the lattice's corner, linear in between.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> f64 {
        let cell = |metres: f64, count: usize| {
            let place = (metres / self.spacing).rem_euclid(count as f64);
            let low = (place.floor() as usize).min(count - 1);
            (low, (low + 1) % count, place - low as f64)
        };
        let ((x0, x1, fx), (y0, y1, fy)) = (cell(x, self.columns), cell(y, self.rows));
        let value =
            |x: usize, y: usize| f64::from(self.values.get(y * self.columns + x).copied().unwrap_or(0.0));
        let lower = value(x0, y0) * (1.0 - fx) + value(x1, y0) * fx;
        let upper = value(x0, y1) * (1.0 - fx) + value(x1, y1) * fx;
        lower * (1.0 - fy) + upper * fy
    }
}

/// Cycles per metre of a place in the transformed lattice.
fn wavenumber(index: usize, count: usize, spacing: f64) -> f64 {
    let signed = if index <= count / 2 { index as f64 } else { index as f64 - count as f64 };
    signed / (count as f64 * spacing)
}

/// The two-dimensional inverse Fourier transform, unscaled.
fn transform(grid: &mut [Complex32], columns: usize, rows: usize) {
    let mut planner = FftPlanner::new();
    planner.plan_fft_inverse(columns).process(grid);
    let mut turned = transposed(grid, columns, rows);
    planner.plan_fft_inverse(rows).process(&mut turned);
    grid.copy_from_slice(&transposed(&turned, rows, columns));
}

fn transposed(grid: &[Complex32], columns: usize, rows: usize) -> Vec<Complex32> {
    (0..columns)
        .flat_map(|c| (0..rows).map(move |r| grid.get(r * columns + c).copied().unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_alike_and_far_points_are_not() {
        let field = Field::new(Seed::of("f", "a"), [100_000.0, 50_000.0], 400.0, 11.0 / 3.0, 60_000.0);
        let pairs = |distance: f64| {
            (0..2000)
                .map(|i| {
                    let (x, y) = (f64::from(i % 50) * 1900.0, f64::from(i / 50) * 1200.0);
                    (field.at([x, y]) - field.at([x + distance, y])).powi(2)
                })
                .sum::<f64>()
                / 2000.0
        };
        let (near, mid, far) = (pairs(400.0), pairs(3200.0), pairs(25_600.0));
        assert!(near < mid && mid < far, "{near} {mid} {far}");
        // Turbulence: the structure function grows with distance to the power of 5/3 within the inertial range.
        let power = (mid / near).log2() / 3.0;
        assert!((1.2..2.0).contains(&power), "{power}");
    }

    #[test]
    fn it_repeats_and_is_seeded() {
        let new = |name| Field::new(Seed::of("f", name), [10_000.0, 10_000.0], 400.0, 3.0, 9_000.0);
        let (a, b) = (new("a"), new("b"));
        assert_eq!(a.at([123.0, 456.0]), new("a").at([123.0, 456.0]));
        assert_ne!(a.at([123.0, 456.0]), b.at([123.0, 456.0]));
        assert!((a.at([-100.0, 50.0]) - a.at([12_800.0 - 100.0, 50.0])).abs() < 1e-9);
    }
}
