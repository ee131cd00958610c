//! Numbers at the product's full resolution, gathered while its rows pass by. Parts of the raster are gathered apart and
//! put together, so that both cores work.

use std::{
    collections::BTreeMap,
    f32::consts::{PI, TAU},
};

use domain::preview::manifest::{CoherenceStatistics, Components, PhaseStatistics, Statistics};

use super::{
    plane::{Line, Place, Plane},
    quicklook::nearest,
    row::Row,
};

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
/// Up to this coherence a jump between neighbours means nothing.
const LEAST_COHERENCE: f32 = 0.45;

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

/// Counts by step, over the range that occurs.
#[derive(Clone, Debug, Default)]
struct Histogram {
    first: i32,
    counts: Vec<u64>,
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
    ///
    /// Each kind of number has a loop of its own: loops that only compare and count are done several pixels at a time.
    pub(super) fn add(&mut self, row: &Row<'_>, above: Option<&Row<'_>>, place: Place) {
        self.coverage(row);
        self.coherences_of(row.coherence);
        self.phases_of(row.unwrapped, place);
        self.congruence(row);
        self.labels(row);
        let width = row.unwrapped.len();
        self.edges(&row.cut(1..width), &row.cut(0..width.saturating_sub(1)));
        if let Some(above) = above {
            self.edges(row, above);
        }
    }

    fn coverage(&mut self, row: &Row<'_>) {
        let (mut covered, mut with_phase) = (0u32, 0u32);
        let pixels = row.wrapped.iter().zip(row.unwrapped).zip(row.coherence).zip(row.amplitude);
        for (((wrapped, unwrapped), coherence), amplitude) in pixels {
            let phase = !wrapped.is_nan() | !unwrapped.is_nan();
            with_phase += u32::from(phase);
            covered += u32::from(phase | !coherence.is_nan() | !amplitude.is_nan());
        }
        self.covered += u64::from(covered);
        self.with_phase += u64::from(with_phase);
    }

    fn coherences_of(&mut self, row: &[f32]) {
        let mut sum = 0.0;
        for coherence in row.iter().filter(|c| !c.is_nan()).map(|c| f64::from(*c)) {
            let step = (coherence * COHERENCE_STEPS as f64).clamp(0.0, COHERENCE_STEPS as f64 - 1.0);
            if let Some(count) = self.coherence.get_mut(step as usize) {
                *count += 1;
            }
            sum += coherence;
        }
        self.coherence_sum += sum;
    }

    fn phases_of(&mut self, row: &[f32], place: Place) {
        let mut line = Line::default();
        for (column, phase) in row.iter().enumerate().filter(|(_, phase)| !phase.is_nan()) {
            let phase = f64::from(*phase);
            self.phases.count(step_of(phase));
            line.add(column, phase);
        }
        let [low, high] = line.ends;
        self.phase_ends = [self.phase_ends[0].min(low), self.phase_ends[1].max(high)];
        self.plane.add(&line, place);
    }

    fn congruence(&mut self, row: &Row<'_>) {
        let (mut compared, mut incongruent) = (0u32, 0u32);
        for (unwrapped, wrapped) in row.unwrapped.iter().zip(row.wrapped) {
            // Not a number where one of them is.
            let off = unwrapped - wrapped;
            compared += u32::from(!off.is_nan());
            incongruent += u32::from(off_whole_turns(off) > 0.5);
        }
        self.compared += u64::from(compared);
        self.incongruent += u64::from(incongruent);
    }

    /// Counts the labels of pixels with unwrapped phase; they come in runs.
    fn labels(&mut self, row: &Row<'_>) {
        let mut run = (0u32, 0u64);
        for (component, unwrapped) in row.components.iter().zip(row.unwrapped) {
            if component.is_nan() || unwrapped.is_nan() {
                continue;
            }
            let here = component.clamp(0.0, MOST_LABELS) as u32;
            if here != run.0 {
                self.label(run);
                run = (here, 0);
            }
            run.1 += 1;
        }
        self.label(run);
    }

    fn label(&mut self, (label, count): (u32, u64)) {
        if count > 0 {
            *self.components.entry(label).or_default() += count;
        }
    }

    /// Looks for a whole turn between neighbours where none should be: both coherent, both of one component.
    fn edges(&mut self, row: &Row<'_>, other: &Row<'_>) {
        let (mut neighbours, mut jumps) = (0u32, 0u32);
        // What is not known counts as coherent and as one component.
        let coherent = |coherence: &f32| coherence.is_nan() | (*coherence > LEAST_COHERENCE);
        let connected = |a: &f32, b: &f32| a.is_nan() | ((a == b) & (*a > 0.0));
        let a = row.unwrapped.iter().zip(row.coherence).zip(row.components);
        let b = other.unwrapped.iter().zip(other.coherence).zip(other.components);
        for (((a, a_coherence), a_part), ((b, b_coherence), b_part)) in a.zip(b) {
            let turn = (a - b).abs();
            let usable =
                !turn.is_nan() & coherent(a_coherence) & coherent(b_coherence) & connected(a_part, b_part);
            neighbours += u32::from(usable);
            jumps += u32::from(usable & (turn > 4.5));
        }
        self.neighbours += u64::from(neighbours);
        self.jumps += u64::from(jumps);
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

/// The step of the phase histogram: rounded down, without the call that `floor` is on older processors.
#[inline]
fn step_of(phase: f64) -> i32 {
    /// More than there are steps below zero, so that cutting off rounds down.
    const LIFT: i32 = 1 << 20;
    (phase.clamp(-PHASE_LIMIT, PHASE_LIMIT) * (1.0 / PHASE_STEP) + f64::from(LIFT)) as i32 - LIFT
}

/// How far a difference of phases is from whole turns; beyond a million radians it counts as half a turn, since 32 bits
/// do not tell any more.
#[inline]
fn off_whole_turns(difference: f32) -> f32 {
    let off = (difference - TAU * nearest(difference * (1.0 / TAU))).abs();
    if difference.abs() > 1e6 { PI } else { off }
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
