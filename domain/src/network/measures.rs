//! What is measured, or expected, of each pair of a network.

use super::{CoherenceModel, Network};
use crate::{PairName, Stack, baseline::Sight};

/// What is known of a pair before it is processed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The pair.
    pub name: PairName,
    /// Days from reference to secondary.
    pub days: i64,
    /// Perpendicular baseline in metres, by ASF's sign; unknown without orbit states.
    pub metres: Option<f64>,
    /// Expected coherence, 0 to 1.
    pub coherence: f64,
    /// Whether two different satellites took it; false where one of them is unknown.
    pub across: bool,
}

/// All pairs of a network with what is known of them, and what stands out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// One a pair, oldest first.
    pub pairs: Vec<Measure>,
}

impl Measures {
    /// Looks at every pair of a network.
    pub fn of(network: &Network, stack: &Stack, model: CoherenceModel) -> Self {
        let daily: Vec<_> = stack.daily().map(|a| (a, Sight::of(a))).collect();
        let days: Vec<_> = daily.iter().map(|(a, _)| a.granule.date()).collect();
        let measure = |(name, a, b): (PairName, usize, usize)| {
            let ((a, from), (b, to)) = (&daily[a], &daily[b]);
            let days = i64::from(name.secondary.to_julian_day() - name.reference.to_julian_day());
            let metres = from.as_ref().zip(to.as_ref()).and_then(|(from, to)| from.metres_to(to));
            let platforms = a.platform.as_ref().zip(b.platform.as_ref());
            Measure {
                name,
                days,
                metres,
                coherence: model.expected(days, metres),
                across: platforms.is_some_and(|(a, b)| a != b),
            }
        };
        Self { pairs: network.pairs().among(&days).map(measure).collect() }
    }

    /// The pair with the largest perpendicular baseline to either side.
    pub fn farthest(&self) -> Option<&Measure> {
        let across = |m: &Measure| m.metres.map_or(-1.0, f64::abs);
        self.pairs.iter().filter(|m| m.metres.is_some()).max_by(|a, b| across(a).total_cmp(&across(b)))
    }

    /// How many pairs are of two satellites.
    pub fn across(&self) -> usize {
        self.pairs.iter().filter(|m| m.across).count()
    }

    /// How many pairs have an unknown baseline.
    pub fn unknown(&self) -> usize {
        self.pairs.iter().filter(|m| m.metres.is_none()).count()
    }

    /// The mean of the expected coherences; nothing without pairs.
    pub fn mean_coherence(&self) -> Option<f64> {
        let sum: f64 = self.pairs.iter().map(|m| m.coherence).sum();
        (!self.pairs.is_empty()).then(|| sum / self.pairs.len() as f64)
    }
}
