//! Pairs as six characters each: both days counted from 2014, three digits to the base 36 a day.

use time::{Date, Duration, macros::date};

use crate::PairName;

/// The year of the first Sentinel-1.
const FIRST: Date = date!(2014 - 01 - 01);
const BASE: u32 = 36;
/// Days that three digits can count.
const COUNT: i64 = (BASE * BASE * BASE) as i64;

/// Writes pairs; those with a day that three digits cannot count are left out.
pub(super) fn write(pairs: impl Iterator<Item = PairName>) -> String {
    pairs.filter_map(|pair| Some([day_text(pair.reference)?, day_text(pair.secondary)?].concat())).collect()
}

fn day_text(day: Date) -> Option<String> {
    let days = (day - FIRST).whole_days();
    let days = u32::try_from(days).ok().filter(|_| days < COUNT)?;
    [days / (BASE * BASE), days / BASE % BASE, days % BASE]
        .into_iter()
        .map(|digit| char::from_digit(digit, BASE))
        .collect()
}

/// Reads pairs; nothing where the text is not made of them.
pub(super) fn read(text: &str) -> Option<Vec<PairName>> {
    let days: Vec<Date> = text.as_bytes().chunks(3).map(read_day).collect::<Option<_>>()?;
    let pair = |days: &[Date]| match days {
        [reference, secondary] if reference < secondary => {
            Some(PairName { reference: *reference, secondary: *secondary })
        }
        _ => None,
    };
    days.chunks(2).map(pair).collect()
}

fn read_day(digits: &[u8]) -> Option<Date> {
    let [a, b, c] = <[u8; 3]>::try_from(digits).ok()?.map(|byte| char::from(byte).to_digit(BASE));
    let days = (a? * BASE + b?) * BASE + c?;
    FIRST.checked_add(Duration::days(i64::from(days)))
}
