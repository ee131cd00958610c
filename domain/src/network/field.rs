//! The days that a rule chooses from, with what it needs to know of any two of them.

use time::Date;

use super::{CoherenceModel, Rule};
use crate::{Acquisition, PairName, Stack, baseline::Sight};

/// Two days of a field by their indices, the older one first.
pub(super) type Link = (usize, usize);

/// The usable days of a stack, oldest first, each once.
#[derive(Debug)]
pub(super) struct Field {
    days: Vec<Date>,
    sights: Vec<Option<Sight>>,
    model: CoherenceModel,
}

impl Field {
    pub(super) fn new(stack: &Stack, rule: &Rule) -> Self {
        let used: Vec<&Acquisition> = stack.daily().filter(|a| rule.uses(a)).collect();
        Self {
            days: used.iter().map(|a| a.granule.date()).collect(),
            sights: used.into_iter().map(Sight::of).collect(),
            model: rule.model,
        }
    }

    pub(super) fn days(&self) -> &[Date] {
        &self.days
    }

    pub(super) fn count(&self) -> usize {
        self.days.len()
    }

    pub(super) fn at(&self, day: Date) -> Option<usize> {
        self.days.binary_search(&day).ok()
    }

    pub(super) fn name(&self, (a, b): Link) -> PairName {
        PairName { reference: self.days[a], secondary: self.days[b] }
    }

    /// Days from one to another.
    pub(super) fn span(&self, a: usize, b: usize) -> i64 {
        i64::from(self.days[b].to_julian_day() - self.days[a].to_julian_day())
    }

    /// Perpendicular baseline in metres.
    pub(super) fn metres(&self, a: usize, b: usize) -> Option<f64> {
        self.sights[a].as_ref()?.metres_to(self.sights[b].as_ref()?)
    }

    /// Expected coherence of a pair, whichever is the older.
    pub(super) fn coherence(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (a.min(b), a.max(b));
        self.model.expected(self.span(a, b), self.metres(a, b))
    }

    /// Days whose baseline to the first one that has orbit states is known, as day and metres.
    pub(super) fn places(&self) -> Vec<(usize, [f64; 2])> {
        let Some(first) = self.sights.iter().position(Option::is_some) else { return Vec::new() };
        (0..self.count())
            .filter_map(|i| Some((i, [f64::from(self.days[i].to_julian_day()), self.metres(first, i)?])))
            .collect()
    }
}
