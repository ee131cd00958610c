//! What there is to set in a rule: one line a value, read and written alike.

use domain::{
    network::{Bridges, CoherenceModel, MAX_DAYS, MAX_METRES, MAX_YEARS, Rule, Season, YearDay, Yearly},
    timestamp::{day_text, parse_day},
};
use time::Date;

/// Where in a rule a value lies; nothing while its part is not ticked.
type At<T> = fn(&mut Rule) -> Option<&mut T>;

/// A value of a rule, by its form.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// A whole number up to a greatest one.
    Number(u32, At<u32>),
    /// The same, or nothing.
    Limit(u32, At<Option<u32>>),
    /// A day of every year.
    YearDay(At<YearDay>),
    /// A day.
    Day(At<Date>),
}

impl Value {
    /// What it says; empty where it says nothing.
    pub(super) fn text(self, mut rule: Rule) -> String {
        let rule = &mut rule;
        let text = match self {
            Self::Number(_, at) => at(rule).map(|n| n.to_string()),
            Self::Limit(_, at) => at(rule).and_then(|n| *n).map(|n| n.to_string()),
            Self::YearDay(at) => at(rule).map(|day| dashed(*day)),
            Self::Day(at) => at(rule).map(|day| day_text(*day)),
        };
        text.unwrap_or_default()
    }

    /// Takes what was typed; nothing where that cannot be.
    pub(super) fn set(self, rule: &mut Rule, typed: &str) -> Option<()> {
        let typed = typed.trim();
        let number = |most: u32| typed.parse().ok().filter(|n| *n <= most);
        match self {
            Self::Number(most, at) => *at(rule)? = number(most)?,
            Self::Limit(_, at) if typed.is_empty() => *at(rule)? = None,
            Self::Limit(most, at) => *at(rule)? = Some(number(most)?),
            Self::YearDay(at) => *at(rule)? = year_day(typed)?,
            Self::Day(at) => *at(rule)? = parse_day(typed)?,
        }
        Some(())
    }
}

/// A value with its words.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) label: &'static str,
    pub(super) id: &'static str,
    pub(super) unit: &'static str,
    pub(super) value: Value,
}

const fn field(label: &'static str, id: &'static str, unit: &'static str, value: Value) -> Field {
    Field { label, id, unit, value }
}

/// A part of a rule that is ticked, with what there is to set once it is.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    pub(super) label: &'static str,
    pub(super) id: &'static str,
    pub(super) is: fn(&Rule) -> bool,
    /// Takes the tick, and a date that could be meant.
    pub(super) tick: fn(&mut Rule, bool, Date),
    pub(super) fields: &'static [Field],
}

/// Limits, always there.
pub(super) const LIMITS: [Field; 2] = [
    field("At most", "rule-days", "days", Value::Limit(MAX_DAYS, |r| Some(&mut r.max_days))),
    field("B⊥ at most", "rule-metres", "m", Value::Limit(MAX_METRES, |r| Some(&mut r.max_metres))),
];

/// What is ticked.
pub(super) const CHOICES: [Choice; 8] = [
    Choice {
        label: "Season",
        id: "rule-season",
        is: |r| r.season.is_some(),
        tick: |r, on, _| {
            let season = || Some(Season { from: year_day("0601")?, to: year_day("0930")? });
            r.season = season().filter(|_| on);
        },
        fields: &[
            field("From", "season-from", "MM-DD", Value::YearDay(|r| Some(&mut r.season.as_mut()?.from))),
            field("To", "season-to", "MM-DD", Value::YearDay(|r| Some(&mut r.season.as_mut()?.to))),
        ],
    },
    Choice {
        label: "One reference for all",
        id: "rule-reference",
        is: |r| r.reference.is_some(),
        tick: |r, on, day| r.reference = on.then_some(day),
        fields: &[field("Date", "reference-day", "YYYY-MM-DD", Value::Day(|r| r.reference.as_mut()))],
    },
    Choice {
        label: "Delaunay's triangles of time and B⊥",
        id: "rule-delaunay",
        is: |r| r.delaunay,
        tick: |r, on, _| r.delaunay = on,
        fields: &[],
    },
    Choice {
        label: "Tree of greatest expected coherence",
        id: "rule-tree",
        is: |r| r.tree,
        tick: |r, on, _| r.tree = on,
        fields: &[],
    },
    Choice {
        label: "Bridges over winters",
        id: "rule-bridges",
        is: |r| r.bridges.is_some(),
        tick: |r, on, _| {
            let bridges = |target| Bridges { target, window: 36, years: 1 };
            r.bridges = year_day("0701").map(bridges).filter(|_| on);
        },
        fields: &[
            field(
                "Near",
                "bridge-target",
                "MM-DD",
                Value::YearDay(|r| Some(&mut r.bridges.as_mut()?.target)),
            ),
            field(
                "Window",
                "bridge-window",
                "days",
                Value::Number(366, |r| Some(&mut r.bridges.as_mut()?.window)),
            ),
            field(
                "Up to",
                "bridge-years",
                "years",
                Value::Number(MAX_YEARS, |r| Some(&mut r.bridges.as_mut()?.years)),
            ),
        ],
    },
    Choice {
        label: "Yearly pairs",
        id: "rule-yearly",
        is: |r| r.yearly.is_some(),
        tick: |r, on, _| r.yearly = on.then_some(Yearly { tolerance: 15, years: 1 }),
        fields: &[
            field(
                "Off by",
                "yearly-tolerance",
                "days",
                Value::Number(183, |r| Some(&mut r.yearly.as_mut()?.tolerance)),
            ),
            field(
                "Up to",
                "yearly-years",
                "years",
                Value::Number(MAX_YEARS, |r| Some(&mut r.yearly.as_mut()?.years)),
            ),
        ],
    },
    Choice {
        label: "Join separate parts by the fewest pairs",
        id: "rule-join",
        is: |r| r.join,
        tick: |r, on, _| r.join = on,
        fields: &[],
    },
    Choice {
        label: "Own model of coherence",
        id: "rule-model",
        is: |r| r.model != CoherenceModel::default(),
        tick: |r, on, _| {
            r.model = CoherenceModel::default();
            // The first number that differs shows the others.
            r.model.decay_days += u32::from(on);
        },
        fields: &[
            field("At first", "model-start", "%", Value::Number(100, |r| Some(&mut r.model.start_percent))),
            field("At last", "model-floor", "%", Value::Number(100, |r| Some(&mut r.model.floor_percent))),
            field("Decay", "model-decay", "days", Value::Number(MAX_DAYS, |r| Some(&mut r.model.decay_days))),
            field(
                "B⊥ critical",
                "model-critical",
                "m",
                Value::Number(99_999, |r| Some(&mut r.model.critical_metres)),
            ),
        ],
    },
];

/// `06-01`.
fn dashed(day: YearDay) -> String {
    let text = day.to_string();
    format!("{}-{}", &text[..2], &text[2..])
}

fn year_day(text: &str) -> Option<YearDay> {
    text.replace('-', "").parse().ok()
}
