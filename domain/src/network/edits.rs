//! What a person changed in a proposed network.

use std::collections::BTreeSet;

use crate::PairName;

/// Pairs put in and taken out by hand, as differences over what a rule proposes.
///
/// A pair is never in both. An edit stays when the rule changes: a pair put in stays in, a pair taken out stays out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    added: BTreeSet<PairName>,
    dropped: BTreeSet<PairName>,
}

impl Edits {
    /// Edits from two lists; a pair that is in both counts as put in.
    pub fn new(
        added: impl IntoIterator<Item = PairName>,
        dropped: impl IntoIterator<Item = PairName>,
    ) -> Self {
        let mut edits = Self::default();
        edits.added.extend(added);
        edits.dropped.extend(dropped.into_iter().filter(|name| !edits.added.contains(name)));
        edits
    }

    /// Pairs put in, oldest first.
    pub fn added(&self) -> impl Iterator<Item = PairName> {
        self.added.iter().copied()
    }

    /// Pairs taken out, oldest first.
    pub fn dropped(&self) -> impl Iterator<Item = PairName> {
        self.dropped.iter().copied()
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty()
    }

    /// The edits with a pair put in; one that the rule proposes anyway is only no longer taken out.
    #[must_use]
    pub fn with(mut self, name: PairName, proposed: &BTreeSet<PairName>) -> Self {
        self.dropped.remove(&name);
        if !proposed.contains(&name) {
            self.added.insert(name);
        }
        self
    }

    /// The edits with a pair taken out; one that the rule does not propose is only no longer put in.
    #[must_use]
    pub fn without(mut self, name: PairName, proposed: &BTreeSet<PairName>) -> Self {
        self.added.remove(&name);
        if proposed.contains(&name) {
            self.dropped.insert(name);
        }
        self
    }

    /// Whether a pair is in after the edits.
    pub fn keeps(&self, name: PairName, proposed: &BTreeSet<PairName>) -> bool {
        self.added.contains(&name) || proposed.contains(&name) && !self.dropped.contains(&name)
    }

    /// What is in after the edits.
    pub fn apply(&self, proposed: &BTreeSet<PairName>) -> BTreeSet<PairName> {
        let mut pairs = BTreeSet::new();
        pairs.extend(proposed.difference(&self.dropped).chain(&self.added));
        pairs
    }
}
