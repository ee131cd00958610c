//! Numbers at the product's full resolution, gathered while its rows pass by. Parts of the raster are gathered apart and
//! put together, so that both cores work.

use std::collections::BTreeMap;

use domain::preview::manifest::{CoherenceStatistics, Components, PhaseStatistics, Ramp, Statistics};

use super::quicklook::{Pixel, wrap};

/// Steps of the fine coherence histogram, from which the median comes.
const COHERENCE_STEPS: usize = 1000;
/// Steps of the histogram in the manifest.
const BINS: usize = 50;
/// Radians of a step of the phase histogram.
const PHASE_STEP: f64 = 0.02;
/// Phases are counted up to this many radians either way; beyond, they count as this.
const PHASE_LIMIT: f64 = 2_000.0;

/// Everything that is counted.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    covered: u64,
    with_phase: u64,
    coherence: Vec<u64>,
    coherence_sum: f64,
    phases: BTreeMap<i32, u64>,
    phase_ends: [f64; 2],
    plane: Plane,
    components: BTreeMap<u32, u64>,
    /// Unwrapped pixels that differ from the wrapped ones by other than whole turns.
    pub(super) incongruent: u64,
    /// Unwrapped pixels that were compared with wrapped ones.
    pub(super) compared: u64,
    /// Neighbours that differ by about a whole turn although they are coherent and of one component.
    pub(super) jumps: u64,
    /// Neighbours that were looked at for jumps.
    pub(super) neighbours: u64,
}

/// Sums for a least-squares plane; coordinates in kilometres from the raster's middle.
#[derive(Clone, Copy, Debug, Default)]
struct Plane {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
    z: f64,
    xz: f64,
    yz: f64,
    zz: f64,
}

/// A product pixel with what statistics need besides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) pixel: Pixel,
    /// Label of the connected component; 0 for none, NaN where the product has no such layer.
    pub(super) component: f32,
    /// Kilometres east and north of the raster's middle.
    pub(super) place: [f64; 2],
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            covered: 0,
            with_phase: 0,
            coherence: vec![0; COHERENCE_STEPS],
            coherence_sum: 0.0,
            phases: BTreeMap::new(),
            phase_ends: [f64::INFINITY, f64::NEG_INFINITY],
            plane: Plane::default(),
            components: BTreeMap::new(),
            incongruent: 0,
            compared: 0,
            jumps: 0,
            neighbours: 0,
        }
    }
}

impl Gathered {
    /// Counts a pixel. `left` and `above` are its neighbours, where there are any.
    pub(super) fn add(&mut self, sample: &Sample, left: Option<&Sample>, above: Option<&Sample>) {
        let Pixel { wrapped, unwrapped, coherence, amplitude } = sample.pixel;
        if wrapped.is_nan() && unwrapped.is_nan() && coherence.is_nan() && amplitude.is_nan() {
            return;
        }
        self.covered += 1;
        if !coherence.is_nan() {
            let step =
                (f64::from(coherence) * COHERENCE_STEPS as f64).clamp(0.0, COHERENCE_STEPS as f64 - 1.0);
            if let Some(count) = self.coherence.get_mut(step as usize) {
                *count += 1;
            }
            self.coherence_sum += f64::from(coherence);
        }
        let phase = if unwrapped.is_nan() { wrapped } else { unwrapped };
        if !phase.is_nan() {
            self.with_phase += 1;
        }
        if unwrapped.is_nan() {
            return;
        }
        self.phase(f64::from(unwrapped), sample.place);
        if !wrapped.is_nan() {
            self.compared += 1;
            self.incongruent += u64::from(wrap(unwrapped - wrapped).abs() > 0.5);
        }
        if !sample.component.is_nan() {
            *self.components.entry(sample.component.clamp(0.0, 1e6) as u32).or_default() += 1;
        }
        for neighbour in [left, above].into_iter().flatten() {
            self.edge(sample, neighbour);
        }
    }

    fn phase(&mut self, phase: f64, [x, y]: [f64; 2]) {
        let step = (phase.clamp(-PHASE_LIMIT, PHASE_LIMIT) / PHASE_STEP).floor() as i32;
        *self.phases.entry(step).or_default() += 1;
        self.phase_ends = [self.phase_ends[0].min(phase), self.phase_ends[1].max(phase)];
        let p = &mut self.plane;
        p.n += 1.0;
        (p.x, p.y, p.z) = (p.x + x, p.y + y, p.z + phase);
        (p.xx, p.xy, p.yy) = (p.xx + x * x, p.xy + x * y, p.yy + y * y);
        (p.xz, p.yz, p.zz) = (p.xz + x * phase, p.yz + y * phase, p.zz + phase * phase);
    }

    /// Looks for a whole turn between neighbours where none should be: both coherent, both of one component.
    fn edge(&mut self, a: &Sample, b: &Sample) {
        let coherent = |s: &Sample| s.pixel.coherence.is_nan() || s.pixel.coherence > 0.45;
        let connected = a.component.is_nan() || (a.component == b.component && a.component > 0.0);
        if !(coherent(a) && coherent(b) && connected) || b.pixel.unwrapped.is_nan() {
            return;
        }
        self.neighbours += 1;
        self.jumps += u64::from((a.pixel.unwrapped - b.pixel.unwrapped).abs() > 4.5);
    }

    /// Both counts together.
    pub(super) fn merged(mut self, other: &Self) -> Self {
        self.covered += other.covered;
        self.with_phase += other.with_phase;
        self.coherence.iter_mut().zip(&other.coherence).for_each(|(a, b)| *a += b);
        self.coherence_sum += other.coherence_sum;
        other.phases.iter().for_each(|(step, count)| *self.phases.entry(*step).or_default() += count);
        let [low, high] = other.phase_ends;
        self.phase_ends = [self.phase_ends[0].min(low), self.phase_ends[1].max(high)];
        self.plane = self.plane.merged(&other.plane);
        other
            .components
            .iter()
            .for_each(|(label, count)| *self.components.entry(*label).or_default() += count);
        self.incongruent += other.incongruent;
        self.compared += other.compared;
        self.jumps += other.jumps;
        self.neighbours += other.neighbours;
        self
    }

    /// The statistics of the manifest; `span` is the raster's width and height in kilometres.
    pub(super) fn statistics(&self, span: [f64; 2]) -> Statistics {
        Statistics {
            covered_pixels: self.covered,
            valid_share: share(self.with_phase, self.covered),
            coherence: self.coherence(),
            unwrapped: self.unwrapped(),
            components: self.components(),
            ramp: self.plane.ramp(span),
        }
    }

    fn coherence(&self) -> Option<CoherenceStatistics> {
        let count: u64 = self.coherence.iter().sum();
        let histogram = self.coherence.chunks(COHERENCE_STEPS / BINS).map(|bins| bins.iter().sum()).collect();
        let steps = self.coherence.iter().enumerate().map(|(step, count)| (step as i32, *count));
        let median = quantile(steps, count, 0.5)? / COHERENCE_STEPS as f64;
        Some(CoherenceStatistics { mean: self.coherence_sum / count as f64, median, histogram })
    }

    fn unwrapped(&self) -> Option<PhaseStatistics> {
        let count: u64 = self.phases.values().sum();
        let at = |part: f64| {
            let step = quantile(self.phases.iter().map(|(s, c)| (*s, *c)), count, part)?;
            Some((step * PHASE_STEP).clamp(self.phase_ends[0], self.phase_ends[1]))
        };
        let mean = self.plane.z / self.plane.n;
        let deviation = (self.plane.zz / self.plane.n - mean * mean).max(0.0).sqrt();
        let [min, max] = self.phase_ends;
        Some(PhaseStatistics { min, max, mean, median: at(0.5)?, low: at(0.02)?, high: at(0.98)?, deviation })
    }

    fn components(&self) -> Option<Components> {
        let total: u64 = self.components.values().sum();
        if total == 0 {
            return None;
        }
        let labelled = || self.components.iter().filter(|(label, _)| **label > 0).map(|(_, count)| *count);
        Some(Components {
            count: labelled().count() as u32,
            largest_share: share(labelled().max().unwrap_or(0), total),
            unassigned_share: share(total - labelled().sum::<u64>(), total),
        })
    }
}

impl Plane {
    fn merged(self, o: &Self) -> Self {
        Self {
            n: self.n + o.n,
            x: self.x + o.x,
            y: self.y + o.y,
            xx: self.xx + o.xx,
            xy: self.xy + o.xy,
            yy: self.yy + o.yy,
            z: self.z + o.z,
            xz: self.xz + o.xz,
            yz: self.yz + o.yz,
            zz: self.zz + o.zz,
        }
    }

    /// Least squares in two unknowns, after the means are taken off.
    fn ramp(&self, span: [f64; 2]) -> Option<Ramp> {
        if self.n < 100.0 {
            return None;
        }
        let (mx, my, mz) = (self.x / self.n, self.y / self.n, self.z / self.n);
        let (xx, xy, yy) =
            (self.xx / self.n - mx * mx, self.xy / self.n - mx * my, self.yy / self.n - my * my);
        let (xz, yz, zz) =
            (self.xz / self.n - mx * mz, self.yz / self.n - my * mz, self.zz / self.n - mz * mz);
        let determinant = xx * yy - xy * xy;
        if !(determinant > 1e-9 * xx * yy && xx > 0.0) {
            return None;
        }
        let east = (xz * yy - yz * xy) / determinant;
        let north = (yz * xx - xz * xy) / determinant;
        let residual = (zz - east * xz - north * yz).max(0.0).sqrt();
        Some(Ramp { east, north, span: (east * span[0]).abs() + (north * span[1]).abs(), residual })
    }
}

/// A share; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The place in a histogram below which `part` of the count lies, in steps, the middle of its step.
fn quantile(steps: impl Iterator<Item = (i32, u64)>, count: u64, part: f64) -> Option<f64> {
    let wanted = part * count as f64;
    let mut below = 0;
    for (step, here) in steps {
        below += here;
        if here > 0 && below as f64 >= wanted {
            return Some(f64::from(step) + 0.5);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(unwrapped: f32, coherence: f32, component: f32, place: [f64; 2]) -> Sample {
        Sample {
            pixel: Pixel { wrapped: wrap(unwrapped), unwrapped, coherence, amplitude: f32::NAN },
            component,
            place,
        }
    }

    #[test]
    fn a_plane_is_found_and_what_is_left_of_it() {
        let mut halves = [Gathered::default(), Gathered::default()];
        for i in 0..10_000 {
            let (x, y) = (f64::from(i % 100) * 0.5 - 25.0, f64::from(i / 100) * 0.2 - 10.0);
            let noise = if i % 2 == 0 { 0.1 } else { -0.1 };
            let phase = 0.3 * x - 0.7 * y + 5.0 + noise;
            halves[i as usize / 5_000].add(&sample(phase as f32, 0.8, 1.0, [x, y]), None, None);
        }
        let [a, b] = halves;
        let statistics = a.merged(&b).statistics([50.0, 20.0]);
        let ramp = statistics.ramp.unwrap();
        assert!((ramp.east - 0.3).abs() < 1e-3 && (ramp.north + 0.7).abs() < 1e-3, "{ramp:?}");
        assert!((ramp.residual - 0.1).abs() < 5e-3 && (ramp.span - 29.0).abs() < 0.1, "{ramp:?}");
        assert_eq!(statistics.valid_share, 1.0);
        let phase = statistics.unwrapped.unwrap();
        assert!((phase.mean - 4.9).abs() < 0.2 && (phase.median - phase.mean).abs() < 0.3, "{phase:?}");
        assert!(phase.min < phase.low && phase.low < phase.high && phase.high < phase.max);
    }

    #[test]
    fn coherence_and_components_are_counted() {
        let mut gathered = Gathered::default();
        for i in 0..1000 {
            let component = if i < 600 {
                1.0
            } else if i < 800 {
                2.0
            } else {
                0.0
            };
            gathered.add(&sample(1.0, (i as f32 + 0.5) / 1000.0, component, [0.0, 0.0]), None, None);
        }
        let statistics = gathered.statistics([1.0, 1.0]);
        let coherence = statistics.coherence.unwrap();
        assert!((coherence.mean - 0.5).abs() < 1e-6 && (coherence.median - 0.5).abs() < 2e-3);
        assert_eq!(coherence.histogram, vec![20; 50]);
        let components = statistics.components.unwrap();
        assert_eq!((components.count, components.largest_share, components.unassigned_share), (2, 0.6, 0.2));
        assert_eq!(statistics.ramp, None);
    }

    #[test]
    fn a_whole_turn_between_coherent_neighbours_is_a_jump() {
        let mut gathered = Gathered::default();
        let here = |phase, component| sample(phase, 0.9, component, [0.0, 0.0]);
        gathered.add(&here(6.3, 1.0), Some(&here(0.0, 1.0)), None);
        gathered.add(&here(6.3, 1.0), Some(&here(0.0, 2.0)), None);
        gathered.add(&here(0.3, 1.0), Some(&here(0.0, 1.0)), Some(&here(0.1, 1.0)));
        assert_eq!((gathered.jumps, gathered.neighbours), (1, 3));
        assert_eq!((gathered.incongruent, gathered.compared), (0, 3));
    }

    #[test]
    fn nothing_at_all_gives_no_statistics() {
        let statistics = Gathered::default().statistics([1.0, 1.0]);
        assert_eq!((statistics.covered_pixels, statistics.valid_share), (0, 0.0));
        assert_eq!((statistics.coherence, statistics.unwrapped), (None, None));
    }
}
