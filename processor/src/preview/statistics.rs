//! Numbers at the product's full resolution, gathered while its rows pass by. Parts of the raster are gathered apart and
//! put together, so that both cores work.

use std::collections::BTreeMap;

use domain::preview::manifest::{CoherenceStatistics, Components, PhaseStatistics, Ramp, Statistics};

use super::quicklook::wrap;

/// Steps of the fine coherence histogram, from which the median comes.
const COHERENCE_STEPS: usize = 1000;
/// Steps of the histogram in the manifest.
const BINS: usize = 50;
/// Radians of a step of the phase histogram.
const PHASE_STEP: f64 = 0.02;
/// Phases are counted up to this many radians either way; beyond, they count as this.
const PHASE_LIMIT: f64 = 2_000.0;
/// Labels of components are told apart up to this one: more than an unwrapper gives, few enough to hold.
const MOST_LABELS: f32 = 65_535.0;

/// Everything that is counted.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    covered: u64,
    with_phase: u64,
    coherence: Vec<u64>,
    coherence_sum: f64,
    phases: Histogram,
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

/// Counts by step, over the range that occurs.
#[derive(Clone, Debug, Default)]
struct Histogram {
    first: i32,
    counts: Vec<u64>,
}

/// A row of product pixels, all slices of one length; NaN where a layer has no data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) wrapped: &'a [f32],
    pub(super) unwrapped: &'a [f32],
    pub(super) coherence: &'a [f32],
    pub(super) amplitude: &'a [f32],
    /// Labels of the connected components; 0 for none, NaN where the product has no such layer.
    pub(super) components: &'a [f32],
}

/// Where a row lies: kilometres east of the raster's middle for its first pixel, from pixel to pixel, and north.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) east: f64,
    pub(super) step: f64,
    pub(super) north: f64,
}

/// What a jump is looked for between.
#[derive(Clone, Copy)]
struct End {
    unwrapped: f32,
    component: f32,
    /// Whether it has phase, and coherence enough for a jump to mean something.
    usable: bool,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            covered: 0,
            with_phase: 0,
            coherence: vec![0; COHERENCE_STEPS],
            coherence_sum: 0.0,
            phases: Histogram::default(),
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
    /// Counts a row. `above` is the row before, if there is one.
    pub(super) fn add(&mut self, row: &Row<'_>, above: Option<&Row<'_>>, place: Place) {
        let nothing = End { unwrapped: f32::NAN, component: f32::NAN, usable: false };
        let mut left = nothing;
        let mut line = Line::default();
        let mut label = (0u32, 0u64);
        let pixels =
            row.wrapped.iter().zip(row.unwrapped).zip(row.coherence).zip(row.amplitude).zip(row.components);
        for (column, ((((&wrapped, &unwrapped), &coherence), &amplitude), &component)) in pixels.enumerate() {
            if wrapped.is_nan() && unwrapped.is_nan() && coherence.is_nan() && amplitude.is_nan() {
                left = nothing;
                continue;
            }
            self.covered += 1;
            if !coherence.is_nan() {
                self.coherence(coherence);
            }
            if unwrapped.is_nan() {
                self.with_phase += u64::from(!wrapped.is_nan());
                left = nothing;
                continue;
            }
            self.with_phase += 1;
            let phase = f64::from(unwrapped);
            self.phases.count(step_of(phase));
            line.add(place.east + column as f64 * place.step, phase);
            if !wrapped.is_nan() {
                self.compared += 1;
                self.incongruent += u64::from(wrap(unwrapped - wrapped).abs() > 0.5);
            }
            if !component.is_nan() {
                // Labels come in runs.
                let here = component.clamp(0.0, MOST_LABELS) as u32;
                if here != label.0 {
                    self.label(label);
                    label = (here, 0);
                }
                label.1 += 1;
            }
            let here = End::new(unwrapped, coherence, component);
            self.edge(here, left);
            if let Some(above) = above {
                let at = |values: &[f32]| values.get(column).copied().unwrap_or(f32::NAN);
                self.edge(here, End::new(at(above.unwrapped), at(above.coherence), at(above.components)));
            }
            left = here;
        }
        self.label(label);
        self.phase_ends = [self.phase_ends[0].min(line.ends[0]), self.phase_ends[1].max(line.ends[1])];
        self.plane.add(&line, place.north);
    }

    #[inline]
    fn coherence(&mut self, coherence: f32) {
        let step = (f64::from(coherence) * COHERENCE_STEPS as f64).clamp(0.0, COHERENCE_STEPS as f64 - 1.0);
        if let Some(count) = self.coherence.get_mut(step as usize) {
            *count += 1;
        }
        self.coherence_sum += f64::from(coherence);
    }

    fn label(&mut self, (label, count): (u32, u64)) {
        if count > 0 {
            *self.components.entry(label).or_default() += count;
        }
    }

    /// Looks for a whole turn between neighbours where none should be: both coherent, both of one component.
    #[inline]
    fn edge(&mut self, a: End, b: End) {
        let connected = a.component.is_nan() || (a.component == b.component && a.component > 0.0);
        if a.usable && b.usable && connected {
            self.neighbours += 1;
            self.jumps += u64::from((a.unwrapped - b.unwrapped).abs() > 4.5);
        }
    }

    /// Both counts together.
    pub(super) fn merged(mut self, other: &Self) -> Self {
        self.covered += other.covered;
        self.with_phase += other.with_phase;
        self.coherence.iter_mut().zip(&other.coherence).for_each(|(a, b)| *a += b);
        self.coherence_sum += other.coherence_sum;
        self.phases.merge(&other.phases);
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
            coherence: self.coherences(),
            unwrapped: self.unwrapped(),
            components: self.components(),
            ramp: self.plane.ramp(span),
        }
    }

    fn coherences(&self) -> Option<CoherenceStatistics> {
        let count: u64 = self.coherence.iter().sum();
        let histogram = self.coherence.chunks(COHERENCE_STEPS / BINS).map(|bins| bins.iter().sum()).collect();
        let steps = self.coherence.iter().enumerate().map(|(step, count)| (step as i32, *count));
        let median = quantile(steps, count, 0.5)? / COHERENCE_STEPS as f64;
        Some(CoherenceStatistics { mean: self.coherence_sum / count as f64, median, histogram })
    }

    fn unwrapped(&self) -> Option<PhaseStatistics> {
        let count: u64 = self.phases.counts.iter().sum();
        let at = |part: f64| {
            let step = quantile(self.phases.steps(), count, part)?;
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

impl End {
    #[inline]
    fn new(unwrapped: f32, coherence: f32, component: f32) -> Self {
        let coherent = coherence.is_nan() || coherence > 0.45;
        Self { unwrapped, component, usable: coherent && !unwrapped.is_nan() }
    }
}

impl Histogram {
    #[inline]
    fn count(&mut self, step: i32) {
        let at = step.wrapping_sub(self.first) as usize;
        match self.counts.get_mut(at) {
            Some(count) => *count += 1,
            None => self.add(step, 1),
        }
    }

    /// Adds to a step, with more room where it lies outside; steps are bounded by [`PHASE_LIMIT`].
    fn add(&mut self, step: i32, count: u64) {
        /// Steps more than asked for, so that room is seldom made.
        const MORE: i32 = 512;
        if self.counts.is_empty() {
            self.first = step - MORE;
        }
        if step < self.first {
            let new = (self.first - step + MORE) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, new));
            self.first -= new as i32;
        }
        let at = (step - self.first) as usize;
        if at >= self.counts.len() {
            self.counts.resize(at + MORE as usize, 0);
        }
        if let Some(place) = self.counts.get_mut(at) {
            *place += count;
        }
    }

    fn steps(&self) -> impl Iterator<Item = (i32, u64)> {
        self.counts.iter().enumerate().map(|(at, count)| (self.first + at as i32, *count))
    }

    fn merge(&mut self, other: &Self) {
        other.steps().filter(|(_, count)| *count > 0).for_each(|(step, count)| self.add(step, count));
    }
}

/// Sums along one row, where north is the same for all.
struct Line {
    n: f64,
    x: f64,
    xx: f64,
    z: f64,
    xz: f64,
    zz: f64,
    ends: [f64; 2],
}

impl Default for Line {
    fn default() -> Self {
        Self { n: 0.0, x: 0.0, xx: 0.0, z: 0.0, xz: 0.0, zz: 0.0, ends: [f64::INFINITY, f64::NEG_INFINITY] }
    }
}

impl Line {
    #[inline]
    fn add(&mut self, x: f64, z: f64) {
        (self.n, self.x, self.xx) = (self.n + 1.0, self.x + x, self.xx + x * x);
        (self.z, self.xz, self.zz) = (self.z + z, self.xz + x * z, self.zz + z * z);
        let [low, high] = self.ends;
        self.ends = [if z < low { z } else { low }, if z > high { z } else { high }];
    }
}

impl Plane {
    fn add(&mut self, l: &Line, y: f64) {
        (self.n, self.x, self.y) = (self.n + l.n, self.x + l.x, self.y + l.n * y);
        (self.xx, self.xy, self.yy) = (self.xx + l.xx, self.xy + l.x * y, self.yy + l.n * y * y);
        (self.z, self.xz, self.yz, self.zz) =
            (self.z + l.z, self.xz + l.xz, self.yz + l.z * y, self.zz + l.zz);
    }

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

/// The step of the phase histogram: rounded down, without the call that `floor` is on older processors.
#[inline]
fn step_of(phase: f64) -> i32 {
    /// More than there are steps below zero, so that cutting off rounds down.
    const LIFT: i32 = 1 << 20;
    (phase.clamp(-PHASE_LIMIT, PHASE_LIMIT) * (1.0 / PHASE_STEP) + f64::from(LIFT)) as i32 - LIFT
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
mod tests;
