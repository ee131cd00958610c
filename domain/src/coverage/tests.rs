use std::{collections::BTreeSet, sync::OnceLock, thread};

use geo::{Intersects, LineString, Polygon, Rect, coord};
use proptest::prelude::*;

use super::*;
use crate::burst::{LAST_TRACK, numbers_of_track};

type Row = Vec<(BurstId, [f32; 4])>;

/// Every burst on Earth with the bounds of its outline, grouped by whole degrees of latitude so that going through
/// all of them is quick enough; made once, on all cores.
fn all_bounds() -> &'static [Row] {
    static ALL: OnceLock<Vec<Row>> = OnceLock::new();
    ALL.get_or_init(|| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let parts: Vec<Row> = thread::scope(|scope| {
            let workers: Vec<_> = (0..cores)
                .map(|core| {
                    scope.spawn(move || {
                        (1..=LAST_TRACK).skip(core).step_by(cores).flat_map(of_track).collect()
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        let mut rows = vec![Vec::new(); 181];
        for (burst, bounds) in parts.into_iter().flatten() {
            for row in &mut rows[row_of(bounds[1])..=row_of(bounds[3])] {
                row.push((burst, bounds));
            }
        }
        rows
    })
}

fn row_of(latitude: f32) -> usize {
    (latitude.clamp(-90.0, 90.0) + 90.0).floor() as usize
}

fn of_track(track: u8) -> Row {
    let (first, last) = numbers_of_track(track);
    let bursts =
        (first..=last).flat_map(|number| Subswath::ALL.map(|s| BurstId::new(track, number, s).unwrap()));
    // Outwards by more than what single precision loses.
    let rounded = |[w, s, e, n]: [f64; 4]| [w - 1e-4, s - 1e-4, e + 1e-4, n + 1e-4].map(|d| d as f32);
    bursts.map(|burst| (burst, rounded(Footprint::of(burst).bounds()))).collect()
}

/// The bursts that a geometry library finds to meet a box, by going through all of them.
fn brute_force([west, south, east, north]: [f64; 4]) -> BTreeSet<BurstId> {
    let mut found = BTreeSet::new();
    for (burst, bounds) in all_bounds()[row_of(south as f32)..=row_of(north as f32)].iter().flatten() {
        for turn in [-720.0, -360.0, 0.0, 360.0, 720.0] {
            let [w, s, e, n] = bounds.map(f64::from);
            if w > east + turn || e < west + turn || s > north || n < south {
                continue;
            }
            let outline = Polygon::new(LineString::from(Footprint::of(*burst).outline.to_vec()), Vec::new());
            let rect = Rect::new(coord! { x: west + turn, y: south }, coord! { x: east + turn, y: north });
            if outline.intersects(&rect) {
                found.insert(*burst);
            }
        }
    }
    found
}

fn found_in_view(west: f64, south: f64, east: f64, north: f64) -> Vec<BurstId> {
    in_view(ViewBox::new(west, south, east, north).unwrap()).map(|f| f.burst).collect()
}

fn check_point(place: [f64; 2]) -> Result<(), TestCaseError> {
    let found: Vec<BurstId> = covering(place).into_iter().map(|f| f.burst).collect();
    let set: BTreeSet<BurstId> = found.iter().copied().collect();
    prop_assert_eq!(found.len(), set.len(), "twice at {:?}", place);
    prop_assert_eq!(set, brute_force([place[0], place[1], place[0], place[1]]), "{:?}", place);
    Ok(())
}

fn check_view([west, south, east, north]: [f64; 4]) -> Result<(), TestCaseError> {
    let found = found_in_view(west, south, east, north);
    let set: BTreeSet<BurstId> = found.iter().copied().collect();
    prop_assert_eq!(found.len(), set.len(), "twice in {:?}", [west, south, east, north]);
    prop_assert_eq!(set, brute_force([west, south, east, north]));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn covers_of_any_place_are_those_of_brute_force(lon in -180.0..180.0, lat in -90.0..90.0) {
        check_point([lon, lat])?;
    }

    #[test]
    fn covers_near_the_northern_end_of_the_orbit(lon in -180.0..180.0, lat in 78.0..90.0) {
        check_point([lon, lat])?;
    }

    #[test]
    fn covers_near_the_southern_end_of_the_orbit(lon in -180.0..180.0, lat in -90.0..-74.0) {
        check_point([lon, lat])?;
    }

    #[test]
    fn covers_near_the_antimeridian(off in -0.6..0.6, lat in -75.0..80.0, side in prop_oneof![Just(180.0), Just(-180.0)]) {
        check_point([side + off, lat])?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn views_are_those_of_brute_force(
        west in -190.0..190.0, south in -90.0..89.0, width in 0.0..4.0, height in 0.0..2.0,
    ) {
        check_view([west, south, west + width, f64::min(south + height, 90.0)])?;
    }

    #[test]
    fn views_at_the_ends_of_the_orbit(west in -190.0..190.0, width in 0.0..30.0, end in 0usize..2) {
        let [south, north] = [[84.0, 90.0], [-90.0, -78.5]][end];
        check_view([west, south, west + width, north])?;
    }
}

#[test]
fn a_band_round_the_earth_has_every_burst_once() {
    let mut found = found_in_view(-180.0, 40.0, 180.0, 40.01);
    found.sort_unstable();
    let all: Vec<BurstId> = brute_force([-180.0, 40.0, 180.0, 40.01]).into_iter().collect();
    assert_eq!(found, all);
}

#[test]
fn a_volcano_is_seen_from_both_sides() {
    // Mount Edgecumbe: the recorded stack's burst is among those that cover it.
    let found = covering([-135.75, 57.05]);
    assert!(found.iter().any(|f| f.burst.to_string() == "174_372326_IW3"), "{found:?}");
    let passes: BTreeSet<_> = found.iter().map(|f| f.pass).collect();
    assert_eq!(passes.len(), 2, "{found:?}");
    // In another turn it is the same place.
    let names = |found: &[Footprint]| found.iter().map(|f| f.burst).collect::<Vec<_>>();
    assert_eq!(names(&covering([-135.75 + 720.0, 57.05])), names(&found));
}

#[test]
fn places_that_no_burst_covers_have_none() {
    for place in [[0.0, 90.0], [12.0, -90.0], [f64::NAN, 0.0], [0.0, f64::INFINITY], [0.0, 200.0]] {
        assert!(covering(place).is_empty(), "{place:?}");
    }
}

#[test]
fn neighbours_lie_along_the_track_and_beside_it() {
    for (number, subswath, count) in [
        (136_231, Subswath::Iw2, 8),
        (372_326, Subswath::Iw3, 5),
        // At a track's end the next track goes on.
        (2_148, Subswath::Iw1, 5),
        (1, Subswath::Iw2, 5),
        (375_887, Subswath::Iw2, 5),
    ] {
        let burst = BurstId::of_number(number, subswath).unwrap();
        let here = Footprint::of(burst);
        let found = neighbours(burst);
        assert_eq!(found.len(), count, "{burst}: {found:?}");
        assert!(
            found[0].burst.subswath() == subswath && found[0].burst.number().abs_diff(number) == 1,
            "{burst}"
        );
        assert!(
            found.iter().all(|f| kilometres_between(f.centre, here.centre) < 110.0),
            "{burst}: {found:?}"
        );
    }
}
