//! Networks of pairs over a stack: a rule proposes, a person adds and drops, and the health shows at once.
//!
//! A network knows pairs by their two days ([`PairName`]); the stack says which granule stands for a day. What a
//! person did by hand is kept as differences over the rule, so that it outlives a change of the rule and fits into
//! a link.

mod coherence;
mod delaunay;
mod edits;
mod field;
mod health;
mod links;
mod measures;
mod rule;
mod season;
mod text;
mod together;
mod tree;

use time::Date;

pub use coherence::CoherenceModel;
pub use edits::Edits;
pub use health::Health;
pub use measures::{Measure, Measures};
pub use rule::{Bridges, MAX_DAYS, MAX_METRES, MAX_NEAREST, MAX_YEARS, Rule, Yearly, nearest};
pub use season::{Season, YearDay};
pub use text::RuleError;
pub use together::Together;

use crate::{Pair, PairName, PairNames, Stack, engine, pair_names::days_once, timestamp::day_text};

/// A set of pairs over a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    proposed: PairNames,
    pairs: PairNames,
    edits: Edits,
    days: Vec<Date>,
    left_out: Vec<PairName>,
}

/// Why two days do not make a pair of a stack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The same day twice.
    #[error("{day} is both reference and secondary: choose two days", day = day_text(*.0))]
    SameDay(Date),
    /// Nothing was taken on that day.
    #[error("the stack has no acquisition on {day}: choose a day that has one", day = day_text(*.0))]
    NoAcquisition(Date),
    /// The engine cannot process a day.
    #[error(transparent)]
    Engine(#[from] engine::GateError),
    /// The polarization makes no interferogram.
    #[error("acquisitions in {0} make no interferograms: choose VV or HH")]
    Polarization(crate::granule::Polarization),
}

impl Network {
    /// What `rule` proposes for `stack`, with a person's edits on top.
    ///
    /// Added pairs that the stack cannot have, from an old link for example, are kept in the edits but are not part
    /// of the network: [`Network::left_out`] names them.
    pub fn new(stack: &Stack, rule: &Rule, edits: Edits) -> Self {
        let proposed = rule.propose(stack);
        let (by_hand, left_out): (Vec<PairName>, Vec<PairName>) = edits
            .added()
            .chain(edits.locked())
            .partition(|name| pair_of(stack, name.reference, name.secondary).is_ok());
        let by_hand = by_hand.iter().flat_map(|name| [name.reference, name.secondary]);
        let days = days_once(rule.days(stack).into_iter().chain(by_hand));
        let mut pairs = edits.apply(&proposed);
        for name in &left_out {
            pairs.remove(name);
        }
        Self { proposed, pairs, edits, days, left_out }
    }

    /// The pairs, oldest first.
    pub const fn pairs(&self) -> &PairNames {
        &self.pairs
    }

    /// Whether a pair is in.
    pub fn has(&self, name: PairName) -> bool {
        self.pairs.contains(&name)
    }

    /// The pairs with their granules, oldest first, as a launch wants them.
    pub fn granules(&self, stack: &Stack) -> Vec<Pair> {
        self.pairs.iter().filter_map(|n| pair_of(stack, n.reference, n.secondary).ok()).collect()
    }

    /// The days that the rule looks at and those of pairs added by hand, oldest first.
    pub fn days(&self) -> &[Date] {
        &self.days
    }

    /// Pairs of the edits that the stack cannot have.
    pub fn left_out(&self) -> &[PairName] {
        &self.left_out
    }

    /// What the rule alone proposes.
    pub const fn proposed(&self) -> &PairNames {
        &self.proposed
    }

    /// What was changed by hand.
    pub const fn edits(&self) -> &Edits {
        &self.edits
    }

    /// The edits with a pair of two days, given in any order, put in; the pair's name tells what to call it.
    pub fn add(&self, stack: &Stack, a: Date, b: Date) -> Result<(PairName, Edits), EditError> {
        let name = pair_of(stack, a.min(b), a.max(b))?.name();
        Ok((name, self.edits.clone().with(name, &self.proposed)))
    }

    /// The edits with a pair taken out; nothing changes where it was not in or is locked.
    pub fn drop(&self, name: PairName) -> Edits {
        self.edits.clone().without(name, &self.proposed)
    }

    /// The edits with a pair locked, or no longer locked where it was.
    pub fn toggle_lock(&self, name: PairName) -> Edits {
        let edits = self.edits.clone();
        if edits.is_locked(name) { edits.unlock(name, &self.proposed) } else { edits.lock(name) }
    }

    /// How well the network hangs together.
    pub fn health(&self) -> Health {
        health::health(&self.pairs, &self.days)
    }
}

/// The pair of two days of a stack, the first granule of each, where the engine can process both.
pub fn pair_of(stack: &Stack, reference: Date, secondary: Date) -> Result<Pair, EditError> {
    if reference == secondary {
        return Err(EditError::SameDay(reference));
    }
    let acquisition = |day| stack.on(day).ok_or(EditError::NoAcquisition(day));
    let (first, second) = (acquisition(reference)?, acquisition(secondary)?);
    for acquisition in [first, second] {
        engine::can_process(acquisition.platform.as_ref(), acquisition.granule.date())?;
    }
    Pair::new(first.granule.clone(), second.granule.clone())
        .map_err(|_| EditError::Polarization(stack.polarization()))
}

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;
