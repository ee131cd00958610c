//! The time of day, as the sandbox stores and writes it: milliseconds since 1970 inside, GitHub's spellings outside.

use time::UtcDateTime;

/// Milliseconds since 1970-01-01.
pub type Millis = i64;

/// Now.
pub fn now() -> Millis {
    i64::try_from(UtcDateTime::now().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// `2026-11-23T20:24:06Z`: GitHub's API knows whole seconds only.
pub fn iso(millis: Millis) -> String {
    domain::Timestamp::from_unix(millis.div_euclid(1000)).map(|t| t.to_string()).unwrap_or_default()
}

/// `2026-11-23T20:24:06.1234567Z`: the stamp before each line of a job's log.
pub fn log_stamp() -> String {
    let now = UtcDateTime::now();
    let (hour, minute, second, nano) = now.as_hms_nano();
    format!(
        "{}T{hour:02}:{minute:02}:{second:02}.{:07}Z",
        domain::timestamp::day_text(now.date()),
        nano / 100
    )
}
