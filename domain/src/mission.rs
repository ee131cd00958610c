//! What the mission flew, against which a stack's gaps are measured.
//!
//! A satellite comes back over a burst every twelve days. How often a burst could have been taken therefore depends on
//! how many satellites flew: every 12 days until 2016, every 6 with two of them, every 12 again after the loss of
//! Sentinel-1B, 6 again from 2025, and oddly while satellites changed places in 2026. Nothing here assumes that each
//! pass was meant to be taken: over most of the Earth it was not.

use time::{Date, macros::date};

use crate::Platform;

/// Days after which a satellite is over the same burst again.
pub const REPEAT_DAYS: i64 = 12;

/// A time in which a satellite took data for users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// Satellite.
    pub platform: Platform,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it flies.
    pub until: Option<Date>,
}

/// All times of all satellites, as known in November 2026. Sentinel-1C took no standard products while it moved to its
/// new place in June 2026.
pub const FLIGHTS: [Flight; 5] = [
    flight(Platform::S1A, date!(2014 - 10 - 03), Some(date!(2026 - 06 - 29))),
    flight(Platform::S1B, date!(2016 - 04 - 25), Some(date!(2021 - 12 - 23))),
    flight(Platform::S1C, date!(2025 - 03 - 26), Some(date!(2026 - 06 - 07))),
    flight(Platform::S1D, date!(2026 - 04 - 14), None),
    flight(Platform::S1C, date!(2026 - 06 - 25), None),
];

const fn flight(platform: Platform, from: Date, until: Option<Date>) -> Flight {
    Flight { platform, from, until }
}

/// How many satellites flew on a day; each passes over a burst once in [`REPEAT_DAYS`].
pub fn satellites(day: Date) -> usize {
    FLIGHTS.iter().filter(|f| f.from <= day && f.until.is_none_or(|until| day <= until)).count()
}

/// A step between two dates of a stack that not even one satellite's own repeat explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The last date before it.
    pub from: Date,
    /// The first date after it.
    pub to: Date,
    /// How many passes the mission flew in between, none of which is in the stack.
    pub flown: u32,
}

impl Gap {
    /// From date to date.
    pub fn days(&self) -> i64 {
        (self.to - self.from).whole_days()
    }
}

/// The gaps between dates, which are in order: steps longer than [`REPEAT_DAYS`] in which the mission flew.
pub fn gaps(days: &[Date]) -> Vec<Gap> {
    days.windows(2)
        .filter_map(|step| {
            let [from, to] = *step else { return None };
            let gap = Gap { from, to, flown: between(from, to) };
            (gap.days() > REPEAT_DAYS && gap.flown > 0).then_some(gap)
        })
        .collect()
}

/// Passes between two dates that are passes themselves.
fn between(from: Date, to: Date) -> u32 {
    let (first, last) = (from.to_julian_day(), to.to_julian_day());
    let satellite_days: usize =
        (first..last).filter_map(|day| Date::from_julian_day(day).ok()).map(satellites).sum();
    // A step of one repeat with one satellite has no pass in between.
    (satellite_days as f64 / REPEAT_DAYS as f64 - 1.0).round().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_stack::recorded_stack;

    #[test]
    fn the_mission_flew_as_its_history_says() {
        for (day, flying) in [
            (date!(2014 - 01 - 01), 0),
            (date!(2015 - 06 - 01), 1),
            (date!(2018 - 06 - 01), 2),
            (date!(2023 - 06 - 01), 1),
            (date!(2025 - 06 - 01), 2),
            (date!(2026 - 05 - 01), 3),
            (date!(2026 - 06 - 15), 2),
            (date!(2026 - 09 - 01), 2),
        ] {
            assert_eq!(satellites(day), flying, "{day}");
        }
    }

    #[test]
    fn a_step_is_a_gap_when_not_even_one_satellites_repeat_explains_it() {
        let steps = |from: Date, days: i64| gaps(&[from, from + time::Duration::days(days)]);
        // Every second pass is what most of the Earth got while two flew.
        assert!(steps(date!(2018 - 06 - 04), 12).is_empty() && steps(date!(2018 - 06 - 04), 6).is_empty());
        assert_eq!(steps(date!(2018 - 06 - 04), 24)[0].flown, 3);
        assert_eq!(steps(date!(2023 - 06 - 04), 24)[0].flown, 1);
        // Sentinel-1C and D one day apart.
        assert!(steps(date!(2026 - 05 - 01), 1).is_empty());
        // Nothing flew: nothing is missing.
        assert!(steps(date!(2013 - 01 - 01), 100).is_empty());
    }

    #[test]
    fn the_recorded_stack_is_sparser_than_the_mission_flew_until_2017() {
        let Some(stack) = recorded_stack() else { return };
        let days: Vec<Date> = stack.daily().map(|a| a.granule.date()).collect();
        let gaps = gaps(&days);
        // Sentinel-1A took every second of its passes; then the long pause; later two passes of Sentinel-1B are missing.
        let longest = gaps.iter().max_by_key(|gap| gap.days()).unwrap();
        assert_eq!((longest.from, longest.to), (date!(2017 - 03 - 17), date!(2017 - 08 - 08)));
        assert_eq!((gaps.len(), longest.days(), longest.flown), (35, 144, 23));
        assert_eq!(gaps.iter().filter(|gap| gap.days() > 24).count(), 5);
        assert_eq!(gaps.iter().filter(|gap| gap.from > date!(2017 - 08 - 08)).count(), 2);
    }
}
