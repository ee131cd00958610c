//! Axes: time in days, and metres.

use domain::timestamp::day_text;
use time::Date;

/// Days along a line of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimeScale {
    first: f64,
    last: f64,
    left: f64,
    right: f64,
}

impl TimeScale {
    /// From the first to the last day, with a little air on both sides.
    pub(crate) fn new(first: Date, last: Date, left: f64, right: f64) -> Self {
        let (first, last) = (f64::from(first.to_julian_day()), f64::from(last.to_julian_day()));
        let air = ((last - first) * 0.02).max(6.0);
        Self { first: first - air, last: last + air, left, right: right.max(left + 1.0) }
    }

    /// Pixels from the left edge.
    pub(crate) fn x(&self, day: Date) -> f64 {
        self.left + (f64::from(day.to_julian_day()) - self.first) * self.pixels_per_day()
    }

    /// The day at a pixel.
    pub(crate) fn day(&self, x: f64) -> Option<Date> {
        let day = self.first + (x - self.left) / self.pixels_per_day();
        Date::from_julian_day(day.round() as i32).ok()
    }

    /// How wide a day is drawn.
    pub(crate) fn pixels_per_day(&self) -> f64 {
        (self.right - self.left) / (self.last - self.first)
    }

    /// Where to write dates: pixel and text, years when far away, months when near.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        const ROOM: f64 = 74.0;
        let months = ROOM / self.pixels_per_day() / 30.4;
        let step =
            [1, 2, 3, 6, 12, 24, 60].into_iter().find(|step| f64::from(*step) >= months).unwrap_or(120);
        let (Some(first), Some(last)) = (self.day(self.left), self.day(self.right)) else {
            return Vec::new();
        };
        let mut ticks = Vec::new();
        let mut month = (first.year() * 12).div_euclid(step) * step;
        while let Some(day) = month_start(month).filter(|day| *day <= last) {
            if day >= first {
                let text = day_text(day);
                ticks.push((
                    self.x(day),
                    text.get(..if step >= 12 { 4 } else { 7 }).unwrap_or(&text).to_owned(),
                ));
            }
            month += step;
        }
        ticks
    }
}

fn month_start(months: i32) -> Option<Date> {
    let month = u8::try_from(months.rem_euclid(12) + 1).ok()?.try_into().ok()?;
    Date::from_calendar_date(months.div_euclid(12), month, 1).ok()
}

/// Metres up a column of pixels; larger values are higher up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MetreScale {
    low: f64,
    high: f64,
    top: f64,
    bottom: f64,
}

impl MetreScale {
    /// Round limits around all values, zero among them.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, top: f64, bottom: f64) -> Self {
        let (low, high) = values.into_iter().fold((0.0f64, 0.0f64), |(l, h), v| (l.min(v), h.max(v)));
        let step = nice_step((high - low).max(20.0) / 6.0);
        let low = ((low - step * 0.2) / step).floor() * step;
        let high = ((high + step * 0.2) / step).ceil() * step;
        Self { low, high, top, bottom: bottom.max(top + 1.0) }
    }

    /// Pixels from the top edge.
    pub(crate) fn y(&self, metres: f64) -> f64 {
        self.bottom - (metres - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }

    /// Round values to write beside the axis, as many as have room.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        const ROOM: f64 = 26.0;
        let most = ((self.bottom - self.top) / ROOM).max(1.0);
        let step = nice_step((self.high - self.low) / most);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last).map(|n| n as f64 * step).collect()
    }
}

/// 1, 2 or 5 times a power of ten, at least `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.max(1e-9).log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|f| f * power).find(|s| *s >= rough).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn seven_years_show_years_and_a_summer_shows_months() {
        let long = TimeScale::new(date!(2014 - 10 - 17), date!(2021 - 12 - 21), 40.0, 900.0);
        let texts: Vec<_> = long.ticks().into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022"]);
        let summer = TimeScale::new(date!(2018 - 06 - 04), date!(2018 - 08 - 27), 40.0, 900.0);
        let texts: Vec<_> = summer.ticks().into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["2018-06", "2018-07", "2018-08", "2018-09"]);
    }

    #[test]
    fn metres_have_round_limits_and_zero() {
        let scale = MetreScale::around([-130.0, 85.0], 0.0, 200.0);
        assert_eq!(scale.ticks(), [-150.0, -100.0, -50.0, 0.0, 50.0, 100.0].to_vec());
        assert!(scale.y(85.0) < scale.y(0.0) && scale.y(0.0) < scale.y(-130.0));
    }

    proptest! {
        #[test]
        fn a_pixel_leads_back_to_its_day(first in 2_450_000i32..2_460_000, span in 0i32..6_000, at in 0i32..6_000) {
            let day = |n| Date::from_julian_day(n).unwrap();
            let scale = TimeScale::new(day(first), day(first + span), 40.0, 1_240.0);
            let wanted = day(first + at.min(span));
            prop_assert_eq!(scale.day(scale.x(wanted)), Some(wanted));
        }

        #[test]
        fn ticks_stay_apart(span in 1i32..8_000, width in 200f64..2_000.0) {
            let day = |n| Date::from_julian_day(n).unwrap();
            let scale = TimeScale::new(day(2_455_000), day(2_455_000 + span), 40.0, width);
            let ticks = scale.ticks();
            for pair in ticks.windows(2) {
                prop_assert!(pair[1].0 - pair[0].0 > 60.0);
            }
        }
    }
}
