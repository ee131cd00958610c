//! Stacks for the tests.

use proptest::prelude::*;
use time::{Date, Duration, macros::date};

use crate::{
    Acquisition, BurstId, Stack, StateVectors,
    catalogue::CataloguePage,
    granule::Polarization,
    network::{Bridges, CoherenceModel, Rule, Season, YearDay, Yearly},
    recorded,
};

/// An acquisition of which only the name is known.
pub(crate) fn acquisition(granule: &str) -> Acquisition {
    let granule: crate::GranuleName = granule.parse().unwrap();
    Acquisition {
        burst: granule.burst().unwrap(),
        start: granule.time(),
        platform: None,
        orbit: None,
        bytes: None,
        ipf: None,
        state: None,
        centre: None,
        outline: None,
        granule,
    }
}

/// A burst's stack with acquisitions so many days after 2018-01-01.
pub(crate) fn stack_of_days(days: impl IntoIterator<Item = u32>) -> Stack {
    let name = |day| {
        let day = crate::timestamp::compact_day_text(date_of(day));
        acquisition(&format!("S1_372326_IW3_{day}T151600_VV_ABCD-BURST"))
    };
    Stack::new(edgecumbe(), Polarization::Vv, days.into_iter().map(name))
}

pub(crate) fn date_of(day: u32) -> Date {
    date!(2018 - 01 - 01) + Duration::days(i64::from(day))
}

/// Any rule without a range of dates.
pub(crate) fn rules() -> impl Strategy<Value = Rule> {
    let year_day = || (0u32..365).prop_map(|day| YearDay::of(date_of(day)));
    let season = prop::option::of((year_day(), year_day()).prop_map(|(from, to)| Season { from, to }));
    let numbers = (
        prop::option::of(0u32..6),
        prop::option::of(0u32..400),
        prop::option::of(0u32..300),
        prop::option::of((0u32..500).prop_map(date_of)),
    );
    let flags = (prop::bool::weighted(0.3), prop::bool::weighted(0.3), prop::bool::weighted(0.3));
    let bridges = (year_day(), 0u32..=366, 0u32..=3).prop_map(|(target, window, years)| Bridges {
        target,
        window,
        years,
    });
    let yearly = (0u32..=183, 0u32..=3).prop_map(|(tolerance, years)| Yearly { tolerance, years });
    let model = (50u32..=100, 0u32..50, 1u32..100, 500u32..9_000).prop_map(|(a, b, c, d)| CoherenceModel {
        start_percent: a,
        floor_percent: b,
        decay_days: c,
        critical_metres: d,
    });
    let more = (prop::option::of(bridges), prop::option::of(yearly), model);
    (season, numbers, flags, more).prop_map(
        |(
            season,
            (nearest, max_days, max_metres, reference),
            (delaunay, tree, join),
            (bridges, yearly, model),
        )| {
            let range = Rule::all();
            Rule {
                season,
                nearest,
                reference,
                delaunay,
                tree,
                max_days,
                max_metres,
                bridges,
                yearly,
                join,
                model,
                ..range
            }
        },
    )
}

/// A stack of so many days after 2018-01-01, each with the satellite's offset in metres across the line of sight, or
/// without orbit states: a made-up straight flight over the burst, good for comparing baselines with each other.
pub(crate) fn stack_of_places(places: impl IntoIterator<Item = (u32, Option<f64>)>) -> Stack {
    let one = |(day, metres): (u32, Option<f64>)| {
        let mut made = stack_of_days([day]).acquisitions()[0].clone();
        made.state = metres.map(|metres| {
            let node = made.start;
            let state = |seconds: i64| crate::StateVector {
                time: node.plus_seconds(seconds),
                position: [
                    -3_000_000.0 + metres,
                    -2_600_000.0 + 0.3 * metres,
                    5_900_000.0 - 7_000.0 * seconds as f64,
                ],
                velocity: [0.0, 0.0, -7_000.0],
            };
            StateVectors { ascending_node: node, pre: state(0), post: state(10) }
        });
        made
    };
    Stack::new(edgecumbe(), Polarization::Vv, places.into_iter().map(one))
}

fn edgecumbe() -> BurstId {
    "174_372326_IW3".parse().unwrap()
}

/// The recorded stack of 166 acquisitions, where it is there.
pub(crate) fn recorded_stack() -> Option<Stack> {
    let record = recorded::json("burst_stack_174_372326_IW3_VV_full.json")?;
    let page = serde_json::json!({ "items": record }).to_string();
    let page = CataloguePage::parse(page.as_bytes()).unwrap();
    Some(Stack::new(edgecumbe(), Polarization::Vv, page.acquisitions))
}
