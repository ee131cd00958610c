//! Days of the year: a season, and dates that come round every year.

use std::{fmt, str::FromStr};

use time::{Date, Month, util::days_in_month};

/// A day of every year, written `0501`. The 29th of February is the 28th in years that have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearDay {
    month: u8,
    day: u8,
}

impl YearDay {
    /// The day of the year of a date.
    pub fn of(date: Date) -> Self {
        Self { month: date.month().into(), day: date.day() }
    }

    /// This day in a year, where the calendar reaches so far.
    pub fn in_year(self, year: i32) -> Option<Date> {
        let month = Month::try_from(self.month).ok()?;
        Date::from_calendar_date(year, month, self.day.min(days_in_month(month, year))).ok()
    }

    /// Days to the nearest such day, in this year, the last or the next.
    pub fn days_from(self, date: Date) -> i64 {
        let years = [date.year() - 1, date.year(), date.year() + 1];
        let near = years.into_iter().filter_map(|year| self.in_year(year));
        near.map(|day| (day - date).whole_days().abs()).min().unwrap_or(i64::MAX)
    }
}

impl FromStr for YearDay {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        let number: u16 = text.parse().ok().filter(|_| digits).ok_or(())?;
        let [month, day] = [number / 100, number % 100].map(|n| n as u8);
        let longest = Month::try_from(month).map_err(|_| ())?.length(2024);
        (1..=longest).contains(&day).then_some(Self { month, day }).ok_or(())
    }
}

impl fmt::Display for YearDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.month, self.day)
    }
}

/// A part of every year, both ends included; one that ends before it begins runs over the new year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season {
    /// First day.
    pub from: YearDay,
    /// Last day.
    pub to: YearDay,
}

impl Season {
    /// Whether a date lies in it.
    pub fn has(&self, date: Date) -> bool {
        let day = YearDay::of(date);
        if self.from <= self.to {
            (self.from..=self.to).contains(&day)
        } else {
            day >= self.from || day <= self.to
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::test_stack::date_of;

    fn season(from: &str, to: &str) -> Season {
        Season { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn a_season_may_run_over_the_new_year() {
        let winter = season("1101", "0229");
        assert!(
            [date!(2018 - 11 - 01), date!(2019 - 01 - 05), date!(2019 - 02 - 28)].map(|d| winter.has(d))[..]
                .iter()
                .all(|has| *has)
        );
        assert!(!winter.has(date!(2019 - 03 - 01)) && !winter.has(date!(2018 - 10 - 31)));
        assert!(season("0601", "0831").has(date!(2018 - 08 - 31)));
        for wrong in ["", "601", "1301", "0230", "0631", "0000", "+601", "06 1"] {
            assert!(wrong.parse::<YearDay>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_season_and_the_rest_make_the_year(from in 0u32..366, to in 0u32..366, day in 0u32..3_000) {
            let [from, to] = [from, to].map(date_of);
            let rest = Season { from: YearDay::of(to.next_day().unwrap()), to: YearDay::of(from.previous_day().unwrap()) };
            let it = Season { from: YearDay::of(from), to: YearDay::of(to) };
            // The two may not touch the whole year at once, where the rest would be nothing.
            prop_assume!(rest.from != it.from);
            // A leap day that ends a season of a common year belongs to neither or both.
            prop_assume!(YearDay::of(date_of(day)).to_string() != "0229");
            prop_assert!(it.has(date_of(day)) != rest.has(date_of(day)));
        }

        #[test]
        fn the_distance_to_a_day_of_the_year_is_at_most_half_a_year(day in 0u32..3_000, target in 0u32..365) {
            let target = YearDay::of(date_of(target));
            let days = target.days_from(date_of(day));
            prop_assert!((0..=183).contains(&days));
            let brute = (0..=183i64).find(|n| [-n, *n].iter().any(|n| YearDay::of(date_of(day) + time::Duration::days(*n)) == target));
            prop_assert_eq!(Some(days), brute);
        }
    }
}
