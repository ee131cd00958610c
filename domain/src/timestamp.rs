//! A moment in UTC, read tolerantly and written in one way.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{
    Date, PrimitiveDateTime, UtcDateTime,
    format_description::{BorrowedFormatItem, well_known::Rfc3339},
    macros::format_description,
};

/// A moment in UTC.
///
/// Catalogues write times with or without a fraction and with or without `Z`; all of these are read.
/// It is written as RFC 3339 with `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(UtcDateTime);

/// The text is not a date and time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a date and time such as 2018-06-04T15:16:09Z")]
pub struct TimestampError(String);

const WITHOUT_ZONE: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]");
const COMPACT: &[BorrowedFormatItem<'static>] =
    format_description!("[year][month][day]T[hour][minute][second]");
const DAY: &[BorrowedFormatItem<'static>] = format_description!("[year]-[month]-[day]");
const COMPACT_DAY: &[BorrowedFormatItem<'static>] = format_description!("[year][month][day]");

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(UtcDateTime::UNIX_EPOCH);

    /// The moment `seconds` after 1970-01-01, where that lies within the years that can be written.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        UtcDateTime::from_unix_timestamp(seconds).ok().map(Self)
    }

    /// Reads the compact form that granule names carry, `20180604T151609`.
    pub fn from_compact(text: &str) -> Result<Self, TimestampError> {
        PrimitiveDateTime::parse(text, COMPACT)
            .map(|t| Self(t.as_utc()))
            .map_err(|_| TimestampError(text.to_owned()))
    }

    /// Whole seconds since 1970-01-01.
    pub fn unix(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// Seconds since 1970-01-01 with their fraction, as far as an `f64` holds it (about a microsecond).
    pub fn unix_fractional(self) -> f64 {
        self.0.unix_timestamp() as f64 + f64::from(self.0.nanosecond()) * 1e-9
    }

    /// The UTC day.
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// Seconds from `earlier` to `self`, negative where `earlier` is the later one.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0).as_seconds_f64()
    }

    /// `self` moved by whole seconds; stays where it is at the end of what can be written.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.checked_add(time::Duration::seconds(seconds)).unwrap_or(self.0))
    }
}

/// A day as `YYYY-MM-DD`.
pub fn day_text(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}-{:02}-{day:02}", u8::from(month))
}

/// A day as `YYYYMMDD`, the way pair names carry it.
pub fn compact_day_text(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}{:02}{day:02}", u8::from(month))
}

/// Reads `YYYY-MM-DD` or `YYYYMMDD`.
pub fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, DAY).or_else(|_| Date::parse(text, COMPACT_DAY)).ok()
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        UtcDateTime::parse(text, &Rfc3339)
            .or_else(|_| {
                PrimitiveDateTime::parse(text.trim_end_matches('Z'), WITHOUT_ZONE)
                    .map(PrimitiveDateTime::as_utc)
            })
            .map(Self)
            .map_err(|_| TimestampError(text.to_owned()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, nanosecond) = self.0.as_hms_nano();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", day_text(self.0.date()))?;
        match nanosecond {
            0 => f.write_str("Z"),
            n if n % 1_000 == 0 => write!(f, ".{:06}Z", n / 1_000),
            n => write!(f, ".{n:09}Z"),
        }
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling_that_catalogues_use() {
        let expected: Timestamp = "2018-08-15T15:16:42Z".parse().unwrap();
        for text in ["2018-08-15T15:16:42", "2018-08-15T15:16:42.000000", "2018-08-15T15:16:42.000000Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap(), expected, "{text}");
        }
        assert_eq!(Timestamp::from_compact("20180815T151642").unwrap(), expected);
        assert_eq!(expected.to_string(), "2018-08-15T15:16:42Z");
    }

    #[test]
    fn keeps_microseconds_through_text() {
        let time: Timestamp = "2014-10-17T15:16:18.260108Z".parse().unwrap();
        assert_eq!(time.to_string(), "2014-10-17T15:16:18.260108Z");
    }

    #[test]
    fn says_what_is_wrong_with_a_bad_time() {
        let error = "yesterday".parse::<Timestamp>().unwrap_err().to_string();
        assert!(error.contains("yesterday"), "{error}");
    }
}
