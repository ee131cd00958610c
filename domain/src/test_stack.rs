//! Stacks for the tests.

use time::{Date, Duration, macros::date};

use crate::{Acquisition, BurstId, Stack, catalogue::CataloguePage, granule::Polarization, recorded};

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
