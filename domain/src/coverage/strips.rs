//! One revolution of the orbit cut into strips of ground, on track 1.

use std::{ops::RangeInclusive, sync::OnceLock};

use crate::{
    Subswath,
    burst::{BURST_SECONDS, LAST_TRACK, ORBIT_SECONDS, PREAMBLE_SECONDS, numbers_of_track},
    footprint::{Swath, ground_point},
    geodesy::longitude_near,
    orbit::{State, TRACK_SPACING, state, track_west},
};

/// Strips of one revolution, 29.6 s or 200 km each.
const COUNT: u32 = 200;
/// A strip's bursts reach so many seconds beyond its start and end: IW1 begins 1.3 s before its place in the grid,
/// IW3 ends 4.2 s after it.
const REACH: [f64; 2] = [-1.3, 4.2];
/// What the ground's curves between two samples may add, in degrees of latitude.
const MARGIN: f64 = 0.1;

/// What the bursts of a span of grid times see from track 1.
pub(super) struct Strip {
    index: u32,
    /// Grid times in seconds after the ascending node; the start belongs to the strip before.
    pub(super) start: f64,
    pub(super) end: f64,
    /// The satellite at the start and at the end.
    pub(super) first: State,
    pub(super) last: State,
    west: f64,
    east: f64,
    south: f64,
    north: f64,
}

/// All strips, made at the first call: some 3,000 points on the ground.
pub(super) fn strips() -> &'static [Strip] {
    static STRIPS: OnceLock<Vec<Strip>> = OnceLock::new();
    STRIPS.get_or_init(|| (0..COUNT).map(Strip::new).collect())
}

impl Strip {
    fn new(index: u32) -> Self {
        let at = |index: u32| f64::from(index) * ORBIT_SECONDS / f64::from(COUNT);
        let (start, end) = (at(index), at(index + 1));
        let samples = 6;
        let times = (0..samples).map(|i| {
            let share = f64::from(i) / f64::from(samples - 1);
            start + REACH[0] + share * (end - start + REACH[1] - REACH[0])
        });
        let points: Vec<[f64; 2]> = times.flat_map(|seconds| across(&state(seconds))).collect();
        let anchor = points.first().map_or(0.0, |p| p[0]);
        let around = points.iter().map(|[x, y]| [longitude_near(*x, anchor), *y]);
        let [west, south, east, north] = around
            .fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], [x, y]| {
                [w.min(x), s.min(y), e.max(x), n.max(y)]
            });
        // A step in latitude is a wider step in longitude the nearer the pole.
        let wider = MARGIN / south.abs().max(north.abs()).min(89.0).to_radians().cos();
        Self {
            index,
            start,
            end,
            first: state(start),
            last: state(end),
            west: west - wider,
            east: east + wider,
            south: south - MARGIN,
            north: north + MARGIN,
        }
    }

    /// The tracks on which this strip may have ground in a box of west, south, east, north with `west` ≤ `east`.
    pub(super) fn tracks(&self, [west, south, east, north]: [f64; 4]) -> impl Iterator<Item = u8> + use<> {
        // Track 1 turned west by k spacings has the strip from `self.west - k·spacing` to `self.east - k·spacing`,
        // whole turns left out: so many whole numbers k put it over the box.
        let first = ((self.west - east) / TRACK_SPACING).ceil() as i64;
        let last = ((self.east - west) / TRACK_SPACING).floor() as i64;
        let apart = self.north < south || self.south > north;
        let last = if apart { first - 1 } else { last.min(first + i64::from(LAST_TRACK) - 1) };
        (first..=last).map(track_west)
    }

    /// The burst numbers of a track whose place in the grid falls into this strip.
    pub(super) fn numbers(&self, track: u8) -> RangeInclusive<u32> {
        let (first, last) = numbers_of_track(track);
        let node = f64::from(track - 1) * ORBIT_SECONDS;
        let until = |seconds: f64| 1.0 + ((seconds + node - PREAMBLE_SECONDS) / BURST_SECONDS).floor();
        let from = if self.index == 0 { first } else { (until(self.start) as u32 + 1).max(first) };
        let to = if self.index == COUNT - 1 { last } else { (until(self.end) as u32).min(last) };
        from..=to
    }
}

/// Near, middle and far of the whole swath.
fn across(state: &State) -> [[f64; 2]; 3] {
    let near = Swath::of(Subswath::Iw1).near_range(state.position);
    let outer = Swath::of(Subswath::Iw3);
    let far = outer.near_range(state.position) + outer.range_span;
    [near, (near + far) / 2.0, far].map(|range| ground_point(state, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strips_share_out_every_number_of_every_track() {
        for track in 1..=LAST_TRACK {
            let (first, last) = numbers_of_track(track);
            let numbers: Vec<u32> = strips().iter().flat_map(|strip| strip.numbers(track)).collect();
            assert_eq!(numbers, (first..=last).collect::<Vec<_>>(), "track {track}");
        }
    }

    #[test]
    fn the_whole_earth_takes_every_track_once() {
        for strip in strips() {
            let mut tracks: Vec<u8> = strip.tracks([-180.0, -90.0, 180.0, 90.0]).collect();
            tracks.sort_unstable();
            assert_eq!(tracks, (1..=LAST_TRACK).collect::<Vec<_>>());
        }
    }
}
