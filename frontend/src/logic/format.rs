//! Numbers and times as people read them.

use domain::Timestamp;

/// Stands for what is not known.
pub(crate) const UNKNOWN: &str = "–";

/// `12 d`.
pub(crate) fn days(days: i64) -> String {
    format!("{days} d")
}

/// `−66 m`, with a true minus; a dash where it is not known.
pub(crate) fn metres(value: Option<f64>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |m| format!("{} m", signed(m.round() as i64)))
}

/// `0.45`: a coherence has two digits.
pub(crate) fn coherence(value: f64) -> String {
    format!("{value:.2}")
}

/// A whole number with a true minus.
pub(crate) fn signed(value: i64) -> String {
    if value < 0 { format!("−{}", value.unsigned_abs()) } else { value.to_string() }
}

/// A number with one digit after the point and a true minus.
pub(crate) fn decimal(value: f64) -> String {
    format!("{value:.1}").replace('-', "−")
}

/// `146 MB`, `2.1 GB`: powers of ten, as GitHub and ASF count.
pub(crate) fn bytes(bytes: u64) -> String {
    let value = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.0} kB", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", value / 1e6),
        _ => format!("{:.1} GB", value / 1e9),
    }
}

/// `40 s`, `9 min`, `2 h 5 min`.
pub(crate) fn duration(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    let minutes = (seconds + 30) / 60;
    match (seconds, minutes) {
        (0..60, _) => format!("{seconds} s"),
        (_, 0..60) => format!("{minutes} min"),
        (_, m) if m % 60 == 0 => format!("{} h", m / 60),
        (_, m) => format!("{} h {} min", m / 60, m % 60),
    }
}

/// `2018-06-04 15:16 UTC`.
pub(crate) fn minute(time: Timestamp) -> String {
    let text: String = time.to_string().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}

/// `1 pair`, `84 pairs`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// `12 345` with thin spaces.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `57.05° N 135.75° W`.
pub(crate) fn place([longitude, latitude]: [f64; 2]) -> String {
    let side = |value: f64, positive: char, negative: char| if value < 0.0 { negative } else { positive };
    format!(
        "{:.2}° {} {:.2}° {}",
        latitude.abs(),
        side(latitude, 'N', 'S'),
        longitude.abs(),
        side(longitude, 'E', 'W')
    )
}

/// A share as `97 %`; never rounded up to all or down to nothing.
pub(crate) fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        v if v > 0.0 && v < 1.0 => "< 1 %".to_owned(),
        v if v > 99.0 && v < 100.0 => "> 99 %".to_owned(),
        v => format!("{v:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_the_field_writes_them() {
        assert_eq!(metres(Some(-66.4)), "−66 m");
        assert_eq!(metres(Some(-0.2)), "0 m");
        assert_eq!(metres(None), "–");
        assert_eq!(bytes(144_671_472), "145 MB");
        assert_eq!(bytes(2_100_000_000), "2.1 GB");
        assert_eq!(thousands(1_127_661), "1\u{202f}127\u{202f}661");
        assert_eq!(count(1, "pair", "pairs"), "1 pair");
        assert_eq!(place([-135.75, 57.05]), "57.05° N 135.75° W");
    }

    #[test]
    fn durations_take_the_unit_that_fits() {
        assert_eq!(duration(40.2), "40 s");
        assert_eq!(duration(540.0), "9 min");
        assert_eq!(duration(3_599.0), "1 h");
        assert_eq!(duration(7_500.0), "2 h 5 min");
        assert_eq!(duration(-3.0), "0 s");
    }

    #[test]
    fn shares_do_not_lie_at_their_ends() {
        assert_eq!(percent(0.9991), "> 99 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.0004), "< 1 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn times_are_utc_and_say_so() {
        assert_eq!(minute("2018-06-04T15:16:09Z".parse().unwrap()), "2018-06-04 15:16 UTC");
    }
}
