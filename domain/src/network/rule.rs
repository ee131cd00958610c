//! Rules that propose pairs from the days of a stack.

use std::collections::BTreeSet;

use time::Date;

use crate::{PairName, Stack, engine};

/// The most next dates that a rule pairs a date with.
pub const MAX_NEAREST: u32 = 99;
/// The most days that a rule's pairs may span.
pub const MAX_DAYS: u32 = 9_999;

/// Which pairs to propose: a date range, then each of its limits that is set.
///
/// Without any limit every two dates are a pair; `nearest` 0 proposes none, for a network made by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// First day that is used, itself included.
    pub start: Option<Date>,
    /// Last day that is used, itself included.
    pub end: Option<Date>,
    /// Each date is paired with so many of the next ones in the range.
    pub nearest: Option<u32>,
    /// Pairs span at most so many days.
    pub max_days: Option<u32>,
}

impl Default for Rule {
    /// Each date with the next one, as `batch-job.yml` does it without further inputs.
    fn default() -> Self {
        Self { start: None, end: None, nearest: Some(1), max_days: None }
    }
}

impl Rule {
    /// The days of a stack that the rule uses: those in its range that the engine can process. A day counts once,
    /// with the first granule taken on it.
    pub fn days(&self, stack: &Stack) -> Vec<Date> {
        stack
            .daily()
            .filter(|a| engine::can_process(a.platform.as_ref(), a.granule.date()).is_ok())
            .map(|a| a.granule.date())
            .filter(|day| {
                self.start.is_none_or(|start| *day >= start) && self.end.is_none_or(|end| *day <= end)
            })
            .collect()
    }

    /// The pairs that the rule proposes; none in a polarization that makes no interferograms.
    pub fn propose(&self, stack: &Stack) -> BTreeSet<PairName> {
        if stack.polarization().is_copolar() { self.pairs(&self.days(stack)) } else { BTreeSet::new() }
    }

    /// The pairs among days that are sorted and differ.
    fn pairs(&self, days: &[Date]) -> BTreeSet<PairName> {
        let next = self.nearest.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        let near =
            |from: Date, to: Date| self.max_days.is_none_or(|max| (to - from).whole_days() <= i64::from(max));
        let mut pairs = BTreeSet::new();
        let mut rest = days;
        while let [reference, later @ ..] = rest {
            let secondaries = later.iter().take(next).take_while(|day| near(*reference, **day));
            pairs.extend(secondaries.map(|day| PairName { reference: *reference, secondary: *day }));
            rest = later;
        }
        pairs
    }
}

/// Each date of a stack with its `n` next ones: the rule that `processor pairs` and the demo use.
pub fn nearest(stack: &Stack, n: u32) -> BTreeSet<PairName> {
    Rule { nearest: Some(n), ..Rule::default() }.propose(stack)
}
