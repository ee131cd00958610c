//! A rule as text: the same in the page's address, for `processor pairs --rule` and as an input of `batch-job.yml`.
//!
//! Parts with a point between, in any order, each at most once:
//!
//! | part | rule |
//! |---|---|
//! | `n3` | each date with the 3 next ones; `n0` none, by hand only |
//! | `r20180604` | each date with that of 4 June 2018 |
//! | `t` | Delaunay's triangles of time and baseline |
//! | `m` | the tree of greatest expected coherence |
//! | `d48` | at most 48 days |
//! | `b200` | at most 200 m of perpendicular baseline |
//! | `s0501-1031` | dates from 1 May to 31 October of every year |
//! | `w0701-36-1` | bridges over winters: near 1 July, a window of 36 days, up to 1 year |
//! | `y15-2` | yearly pairs: up to 15 days off, up to 2 years |
//! | `j` | separate parts joined |
//! | `c85-15-40-6000` | the model of coherence: per cent at first and at last, days, metres |
//! | `all` | alone: every two dates |
//!
//! Without `n`, `r`, `t` or `m` every two dates are proposed, within the limits.

use std::{fmt, str::FromStr};

use super::{Bridges, CoherenceModel, MAX_DAYS, MAX_METRES, MAX_NEAREST, MAX_YEARS, Rule, Season, Yearly};
use crate::timestamp::{compact_day_text, parse_day};

/// What is wrong with a rule's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not one of the parts.
    #[error("\"{part}\" cannot be read: {wanted}")]
    Part {
        /// As written.
        part: String,
        /// What could stand there.
        wanted: &'static str,
    },
    /// The same part twice.
    #[error("\"{0}\" says again what was said before: take one out")]
    Twice(String),
}

/// What the parts look like, by their first letter.
const PARTS: [(&str, &str); 11] = [
    ("n", "n and a number of nearest dates, 0 to 99, such as n3"),
    ("r", "r and the day that all others are paired with, such as r20180604"),
    ("t", "t alone, for Delaunay's triangles"),
    ("m", "m alone, for the tree of greatest expected coherence"),
    ("d", "d and the most days, up to 9999, such as d48"),
    ("b", "b and the most metres of perpendicular baseline, up to 9999, such as b200"),
    ("s", "s, first and last day of the season as month and day, such as s0501-1031"),
    ("w", "w, day of the year, window in days, and years, such as w0701-36-1"),
    ("y", "y, days of tolerance, and years, such as y15-1"),
    ("j", "j alone, for joining separate parts"),
    (
        "c",
        "c, coherence at first and at last in per cent, days of decay, and critical metres, such as c85-15-40-6000",
    ),
];

const ANY: &str = "a rule has parts such as n3.d48.b200 (nearest dates, days, metres), or is all";

impl Rule {
    /// The rule's text without its range of dates, which links and workflows hold apart.
    pub fn text(&self) -> String {
        let number = |letter: &str, value: Option<u32>| value.map(|v| format!("{letter}{v}"));
        let flag = |letter: &str, on: bool| on.then(|| letter.to_owned());
        let c = self.model;
        let parts = [
            number("n", self.nearest),
            self.reference.map(|day| format!("r{}", compact_day_text(day))),
            flag("t", self.delaunay),
            flag("m", self.tree),
            number("d", self.max_days),
            number("b", self.max_metres),
            self.season.map(|s| format!("s{}-{}", s.from, s.to)),
            self.bridges.map(|b| format!("w{}-{}-{}", b.target, b.window, b.years)),
            self.yearly.map(|y| format!("y{}-{}", y.tolerance, y.years)),
            flag("j", self.join),
            (c != CoherenceModel::default()).then(|| {
                let numbers = [c.start_percent, c.floor_percent, c.decay_days, c.critical_metres];
                format!("c{}", numbers.map(|n| n.to_string()).join("-"))
            }),
        ];
        match parts.into_iter().flatten().collect::<Vec<_>>() {
            parts if parts.is_empty() => "all".to_owned(),
            parts => parts.join("."),
        }
    }

    fn read(&mut self, part: &str) -> Result<(), RuleError> {
        let (letter, rest) = part.split_at_checked(1).unwrap_or(("", ""));
        let wanted = PARTS.iter().find(|(known, _)| *known == letter).map_or(ANY, |(_, wanted)| wanted);
        let wrong = || RuleError::Part { part: short(part), wanted };
        let fields: Vec<&str> = rest.split('-').collect();
        let limit = |text: &str, most: u32| number(text, most).ok_or_else(wrong);
        let again = match (letter, fields.as_slice()) {
            ("n", [n]) => self.nearest.replace(limit(n, MAX_NEAREST)?).is_some(),
            ("d", [days]) => self.max_days.replace(limit(days, MAX_DAYS)?).is_some(),
            ("b", [metres]) => self.max_metres.replace(limit(metres, MAX_METRES)?).is_some(),
            ("r", [day]) => {
                let day = parse_day(day).filter(|_| day.len() == 8).ok_or_else(wrong)?;
                self.reference.replace(day).is_some()
            }
            ("t", [""]) => std::mem::replace(&mut self.delaunay, true),
            ("m", [""]) => std::mem::replace(&mut self.tree, true),
            ("j", [""]) => std::mem::replace(&mut self.join, true),
            ("s", [from, to]) => {
                let day = |text: &str| text.parse().map_err(|()| wrong());
                self.season.replace(Season { from: day(from)?, to: day(to)? }).is_some()
            }
            ("w", [target, window, years]) => {
                let target = target.parse().map_err(|()| wrong())?;
                let (window, years) = (limit(window, 366)?, limit(years, MAX_YEARS)?);
                self.bridges.replace(Bridges { target, window, years }).is_some()
            }
            ("y", [tolerance, years]) => {
                let (tolerance, years) = (limit(tolerance, 183)?, limit(years, MAX_YEARS)?);
                self.yearly.replace(Yearly { tolerance, years }).is_some()
            }
            ("c", [start, floor, decay, critical]) => {
                let model = CoherenceModel {
                    start_percent: limit(start, 100)?,
                    floor_percent: limit(floor, 100)?,
                    decay_days: limit(decay, MAX_DAYS)?,
                    critical_metres: limit(critical, 99_999)?,
                };
                std::mem::replace(&mut self.model, model) != CoherenceModel::default()
            }
            _ => return Err(wrong()),
        };
        if again { Err(RuleError::Twice(short(part))) } else { Ok(()) }
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    /// Reads what [`Rule::text`] writes; the rule has no range of dates.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut rule = Self::all();
        if text != "all" {
            text.split('.').try_for_each(|part| rule.read(part))?;
        }
        Ok(rule)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Digits only, at most `most`.
fn number(text: &str, most: u32) -> Option<u32> {
    text.parse().ok().filter(|n| *n <= most && !text.starts_with('+'))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
