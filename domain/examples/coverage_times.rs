//! How long the questions of the map take on this machine: `cargo run --release -p burstboard-domain --example
//! coverage_times`.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "it prints what it timed, natively")]

use std::time::{Duration, Instant};

use domain::coverage::{ViewBox, ViewBoxError, covering, in_view};

fn main() -> Result<(), ViewBoxError> {
    let begin = Instant::now();
    let first = covering([-135.75, 57.05]).len();
    println!("first point, with the strips made: {} bursts, {:?}", first, begin.elapsed());

    // A spiral of places over the whole Earth.
    let places: Vec<[f64; 2]> = (0..10_000)
        .map(f64::from)
        .map(|i| [i * 0.618_034 * 360.0 % 360.0 - 180.0, i * 0.017 - 85.0])
        .collect();
    let times: Vec<(Duration, usize)> = places.iter().map(|place| timed(|| covering(*place).len())).collect();
    report("point", &times);

    let mut views = Vec::new();
    for i in 0..200 {
        let [west, south] = [f64::from(i) * 1.7 - 180.0, f64::from(i) * 0.6 - 60.0];
        // About two thousand footprints: ten degrees of the equator, less where tracks are closer.
        let width = 11.0;
        let height = 11.0 * south.to_radians().cos().max(0.2);
        let view = ViewBox::new(west, south, west + width, south + height)?;
        views.push(timed(|| in_view(view).count()));
    }
    report("view", &views);
    Ok(())
}

/// The shortest of five times, so that other work on the machine does not count, and what was found.
fn timed(question: impl Fn() -> usize) -> (Duration, usize) {
    let once = || {
        let begin = Instant::now();
        let count = question();
        (begin.elapsed(), count)
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

fn report(name: &str, times: &[(Duration, usize)]) {
    let mut sorted: Vec<Duration> = times.iter().map(|(time, _)| *time).collect();
    sorted.sort_unstable();
    let at = |share: usize| sorted.get(sorted.len() * share / 100).copied().unwrap_or_default();
    let found: usize = times.iter().map(|(_, count)| count).sum();
    let total: Duration = sorted.iter().sum();
    println!(
        "{name}: median {:?}, 99 of 100 {:?}, longest {:?}; {} bursts on average, {:?} for each",
        at(50),
        at(99),
        sorted.last().copied().unwrap_or_default(),
        found / times.len().max(1),
        total / u32::try_from(found.max(1)).unwrap_or(u32::MAX),
    );
}
