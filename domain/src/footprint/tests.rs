use std::collections::BTreeMap;

use geo::{Area, BooleanOps, LineString, Polygon, Validation};
use proptest::prelude::*;

use super::*;
use crate::{burst::numbers_of_track, geodesy::kilometres_between, recorded};

fn polygon(outline: &[[f64; 2]]) -> Polygon {
    Polygon::new(LineString::from(outline.to_vec()), Vec::new())
}

/// Every burst with its polygon and pass in the recorded searches.
fn recorded_outlines() -> BTreeMap<BurstId, (Vec<[f64; 2]>, Pass)> {
    let mut outlines = BTreeMap::new();
    let names = [
        "burst_stack_174_372326_IW3_VV_full.json",
        "burst_stack_174_372326_IW3_VV.geojson",
        "burst_granule_174_372326_IW3_20180815_full.json",
        "search_intersects_146_3131xx_IW2_HH_120.geojson",
    ];
    for record in names.iter().filter_map(|name| recorded::json(name)) {
        let features = record.get("features").unwrap_or(&record);
        for feature in features.as_array().map_or(std::slice::from_ref(features), Vec::as_slice) {
            let properties = &feature["properties"];
            let burst = properties["burst"]["fullBurstID"].as_str().unwrap().parse().unwrap();
            let pass = serde_json::from_value(properties["flightDirection"].clone()).unwrap();
            let ring = serde_json::from_value(feature["geometry"]["coordinates"][0].clone()).unwrap();
            outlines.insert(burst, (ring, pass));
        }
    }
    outlines
}

#[test]
fn the_catalogues_polygons_are_met() {
    for (burst, (ring, pass)) in recorded_outlines() {
        let footprint = Footprint::of(burst);
        let (computed, theirs) = (polygon(&footprint.outline), polygon(&ring));
        let both = computed.intersection(&theirs).unsigned_area();
        let share = both / (computed.unsigned_area() + theirs.unsigned_area() - both);
        println!("{burst}: overlap {share:.4}");
        assert!(share >= 0.97, "{burst}: {share}");
        assert_eq!(footprint.pass, pass, "{burst}");
    }
}

#[test]
fn the_demos_burst_lies_in_iran() {
    let footprint = Footprint::of("064_136231_IW2".parse().unwrap());
    let [west, south, east, north] = footprint.bounds();
    for (computed, expected) in [(west, 53.22), (south, 27.49), (east, 54.14), (north, 27.82)] {
        assert!((computed - expected).abs() < 0.01, "{computed} {expected}");
    }
    assert_eq!(footprint.pass, Pass::Descending);
}

#[test]
fn outlines_run_on_over_the_antimeridian() {
    let mut crossing = 0;
    for number in (1..crate::burst::LAST_NUMBER).step_by(37) {
        let footprint = Footprint::of(BurstId::of_number(number, Subswath::Iw2).unwrap());
        let [west, _, east, _] = footprint.bounds();
        assert!(east - west < 40.0, "{}: {west} {east}", footprint.burst);
        assert!((-180.0..180.0).contains(&footprint.centre[0]));
        assert!(footprint.wrapped_outline().iter().all(|[x, _]| (-180.0..180.0).contains(x)));
        if east > 180.0 {
            crossing += 1;
            assert!(footprint.contains(footprint.centre));
            assert!(footprint.contains([footprint.centre[0] - 360.0, footprint.centre[1]]));
            assert!(
                footprint.meets([179.9, -90.0, 180.1, 90.0])
                    && footprint.meets([-180.1, -90.0, -179.9, 90.0])
            );
        }
    }
    assert!(crossing > 10, "{crossing}");
}

#[test]
fn the_seam_between_two_tracks_does_not_tear() {
    for track in 1..crate::burst::LAST_TRACK {
        let last = numbers_of_track(track).1;
        let here = Footprint::of(BurstId::new(track, last, Subswath::Iw2).unwrap());
        let there = Footprint::of(BurstId::new(track + 1, last + 1, Subswath::Iw2).unwrap());
        let distance = kilometres_between(here.centre, there.centre);
        assert!((15.0..22.0).contains(&distance), "track {track}: {distance} km");
    }
}

proptest! {
    #[test]
    fn what_is_seen_lies_abeam_at_its_range(seconds in 0.0..5_924.0, range in 790_000.0..970_000.0) {
        let state = state(seconds);
        let seen = crate::geodesy::earth_fixed(ground_point(&state, range), 0.0);
        let sight = crate::vector::difference(seen, state.position);
        prop_assert!((norm(sight) - range).abs() < 1e-3, "{}", norm(sight) - range);
        prop_assert!(dot(unit(sight), unit(state.velocity)).abs() < 1e-8);
        prop_assert!(dot(sight, cross(state.velocity, state.position)) > 0.0, "to the right");
    }

    #[test]
    fn every_outline_is_a_simple_counter_clockwise_ring_round_its_centre(
        number in 1..=crate::burst::LAST_NUMBER,
        subswath in 0usize..3,
    ) {
        let footprint = Footprint::of(BurstId::of_number(number, Subswath::ALL[subswath]).unwrap());
        let ring = polygon(&footprint.outline);
        prop_assert!(ring.is_valid());
        prop_assert!(ring.signed_area() > 0.0);
        prop_assert!(footprint.contains(footprint.centre));
        for corner in &footprint.outline {
            let distance = kilometres_between(*corner, footprint.centre);
            prop_assert!(distance < 60.0, "{} {distance}", footprint.burst);
            let [x, y] = *corner;
            prop_assert!(Middle::of(footprint.burst).may_meet([x - 1.0, y, x, y + 1.0]));
        }
    }

    #[test]
    fn a_box_meets_an_outline_as_geometry_says(
        number in 1..=crate::burst::LAST_NUMBER,
        dx in -2.0..2.0, dy in -1.0..1.0, width in 0.0..1.0, height in 0.0..1.0, turns in -2i32..=2,
    ) {
        use geo::{Intersects, Rect, coord};
        let footprint = Footprint::of(BurstId::of_number(number, Subswath::Iw1).unwrap());
        let [x, y] = [footprint.centre[0] + dx, footprint.centre[1] + dy];
        let rect = Rect::new(coord! { x: x, y: y }, coord! { x: x + width, y: y + height });
        let shift = 360.0 * f64::from(turns);
        prop_assert_eq!(
            footprint.meets([x + shift, y, x + width + shift, y + height]),
            polygon(&footprint.outline).intersects(&rect)
        );
    }
}
