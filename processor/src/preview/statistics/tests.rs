use super::*;
use crate::preview::quicklook::wrap;

/// A row of one coherence, with its own phase rewrapped.
struct Line {
    wrapped: Vec<f32>,
    unwrapped: Vec<f32>,
    coherence: Vec<f32>,
    amplitude: Vec<f32>,
    components: Vec<f32>,
}

impl Line {
    fn new(unwrapped: Vec<f32>, coherence: f32, component: f32) -> Self {
        let n = unwrapped.len();
        Self {
            wrapped: unwrapped.iter().map(|p| wrap(*p)).collect(),
            unwrapped,
            coherence: vec![coherence; n],
            amplitude: vec![f32::NAN; n],
            components: vec![component; n],
        }
    }

    fn row(&self) -> Row<'_> {
        Row {
            wrapped: &self.wrapped,
            unwrapped: &self.unwrapped,
            coherence: &self.coherence,
            amplitude: &self.amplitude,
            components: &self.components,
        }
    }
}

const HERE: Place = Place { east: 0.0, step: 0.0, north: 0.0 };

#[test]
fn a_plane_is_found_and_what_is_left_of_it() {
    let mut halves = [Gathered::default(), Gathered::default()];
    for row in 0..100 {
        let place = Place { east: -25.0, step: 0.5, north: f64::from(row) * 0.2 - 10.0 };
        let phase = |column: i32| {
            let noise = if column % 2 == 0 { 0.1 } else { -0.1 };
            (0.3 * (place.east + f64::from(column) * place.step) - 0.7 * place.north + 5.0 + noise) as f32
        };
        let line = Line::new((0..100).map(phase).collect(), 0.8, 1.0);
        halves[row as usize / 50].add(&line.row(), None, place);
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
    let mut line = Line::new(vec![1.0; 1000], 0.0, 0.0);
    for i in 0..1000 {
        line.coherence[i] = (i as f32 + 0.5) / 1000.0;
        line.components[i] = if i < 600 { 1.0 } else { [0.0, 2.0][usize::from(i < 800)] };
    }
    let mut gathered = Gathered::default();
    gathered.add(&line.row(), None, HERE);
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
    let above = Line::new(vec![0.0, 0.1, 0.0, 0.0], 0.9, 1.0);
    let mut line = Line::new(vec![6.3, 6.4, f32::NAN, 6.3], 0.9, 1.0);
    // Of another piece than its neighbours: no jump.
    line.components[3] = 2.0;
    let mut gathered = Gathered::default();
    gathered.add(&line.row(), Some(&above.row()), HERE);
    assert_eq!((gathered.jumps, gathered.neighbours), (2, 3));
    assert_eq!((gathered.incongruent, gathered.compared), (0, 3));
}

#[test]
fn phases_far_apart_are_counted_in_bounded_room() {
    let mut gathered = Gathered::default();
    let far = vec![0.0, -1e30, 1e30, -500.0, 500.0, f32::NAN];
    gathered.add(&Line::new(far, 0.9, 7e9).row(), None, HERE);
    assert!(gathered.phases.counts.len() < 210_000);
    let phase = gathered.statistics([1.0, 1.0]).unwrapped.unwrap();
    assert!(phase.median.abs() < 0.1 && phase.min < -9e29, "{phase:?}");
}

#[test]
fn nothing_at_all_gives_no_statistics() {
    let statistics = Gathered::default().statistics([1.0, 1.0]);
    assert_eq!((statistics.covered_pixels, statistics.valid_share), (0, 0.0));
    assert_eq!((statistics.coherence, statistics.unwrapped), (None, None));
}
