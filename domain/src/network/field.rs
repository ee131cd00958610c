//! The days that a rule chooses from, with what it needs to know of any two of them.

use time::Date;

use super::{CoherenceModel, Rule, links::Link};
use crate::{Acquisition, PairName, Stack, baseline::Sight};

/// The usable days of a stack, oldest first, each once.
#[derive(Debug)]
pub(super) struct Field {
    days: Vec<Date>,
    /// The same as numbers, which are subtracted more quickly.
    numbers: Vec<i32>,
    sights: Vec<Option<Sight>>,
    model: CoherenceModel,
    /// What is left of coherence after 0, 1, … days, where every two days are compared.
    left: Vec<f64>,
}

impl Field {
    pub(super) fn new(stack: &Stack, rule: &Rule) -> Self {
        let used: Vec<&Acquisition> = stack.daily().filter(|a| rule.uses(a)).collect();
        let days: Vec<Date> = used.iter().map(|a| a.granule.date()).collect();
        let numbers: Vec<i32> = days.iter().map(|day| day.to_julian_day()).collect();
        // Every two days are compared: an exponential for each span is quicker than one for each pair, unless there are
        // more spans.
        let longest = numbers.last().zip(numbers.first()).map_or(0, |(last, first)| i64::from(last - first));
        let most = (days.len() * days.len() / 2) as i64;
        let spans = if rule.tree || rule.join { longest.min(most) + 1 } else { 0 };
        Self {
            numbers,
            days,
            sights: used.into_iter().map(Sight::of).collect(),
            model: rule.model,
            left: (0..spans).map(|span| rule.model.after(span)).collect(),
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

    /// The pair of two days by their indices, the older one first.
    pub(super) fn name(&self, (a, b): Link) -> PairName {
        PairName { reference: self.days[a], secondary: self.days[b] }
    }

    /// Days from one to another.
    #[inline(always)]
    pub(super) fn span(&self, a: usize, b: usize) -> i64 {
        let days = self.numbers.as_slice();
        i64::from(days[b] - days[a])
    }

    /// The first day that is so many days or more, at least one, after one.
    pub(super) fn first_at(&self, a: usize, span: i64) -> usize {
        self.numbers.partition_point(|number| i64::from(number - self.numbers[a]) < span)
    }

    /// Perpendicular baseline in metres.
    pub(super) fn metres(&self, a: usize, b: usize) -> Option<f64> {
        let sights = self.sights.as_slice();
        sights[a].as_ref()?.metres_to(sights[b].as_ref()?)
    }

    /// Expected coherence of a pair with its baseline.
    #[inline(always)]
    pub(super) fn coherence(&self, (a, b): Link, metres: Option<f64>) -> f64 {
        let span = self.span(a, b);
        let left = self.left.get(span as usize).copied();
        self.model.across(left.unwrap_or_else(|| self.model.after(span)), metres)
    }

    /// Days whose baseline to the first one that has orbit states is known, as day and metres.
    pub(super) fn places(&self) -> Vec<(usize, [f64; 2])> {
        let Some(first) = self.sights.iter().position(Option::is_some) else { return Vec::new() };
        (0..self.count())
            .filter_map(|i| Some((i, [f64::from(self.numbers[i]), self.metres(first, i)?])))
            .collect()
    }
}
