//! What a person changed in a proposed network.

use crate::{PairName, PairNames};

/// Pairs put in, taken out and locked by hand, as differences over what a rule proposes.
///
/// An edit stays when the rule changes: a pair put in stays in, a pair taken out stays out. A locked pair is in, and
/// has to be unlocked before it can be taken out. A pair is in one of the three at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    added: PairNames,
    dropped: PairNames,
    locked: PairNames,
}

impl Edits {
    /// Edits from lists; what is locked is not also put in, and what is either is not taken out.
    pub fn new(
        added: impl IntoIterator<Item = PairName>,
        dropped: impl IntoIterator<Item = PairName>,
        locked: impl IntoIterator<Item = PairName>,
    ) -> Self {
        let mut edits = Self::default();
        edits.locked.extend(locked);
        edits.added.extend(added.into_iter().filter(|name| !edits.locked.contains(name)));
        let held = |name: &PairName| edits.added.contains(name) || edits.locked.contains(name);
        edits.dropped.extend(dropped.into_iter().filter(|name| !held(name)));
        edits
    }

    /// The edits that make of what is proposed exactly `pairs`, with these locked.
    pub fn between(
        proposed: &PairNames,
        pairs: &PairNames,
        locked: impl IntoIterator<Item = PairName>,
    ) -> Self {
        let (more, fewer) = (pairs.without(proposed), proposed.without(pairs));
        let held = locked.into_iter().filter(|name| pairs.contains(name));
        Self::new(more.iter().copied(), fewer.iter().copied(), held)
    }

    /// Pairs put in, oldest first.
    pub fn added(&self) -> impl Iterator<Item = PairName> {
        self.added.iter().copied()
    }

    /// Pairs taken out, oldest first.
    pub fn dropped(&self) -> impl Iterator<Item = PairName> {
        self.dropped.iter().copied()
    }

    /// Pairs locked, oldest first.
    pub fn locked(&self) -> impl Iterator<Item = PairName> {
        self.locked.iter().copied()
    }

    /// Whether a pair is locked.
    pub fn is_locked(&self, name: PairName) -> bool {
        self.locked.contains(&name)
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.locked.is_empty()
    }

    /// The edits with a pair put in; one that the rule proposes anyway is only no longer taken out.
    #[must_use]
    pub fn with(mut self, name: PairName, proposed: &PairNames) -> Self {
        self.dropped.remove(&name);
        if !proposed.contains(&name) && !self.locked.contains(&name) {
            self.added.insert(name);
        }
        self
    }

    /// The edits with a pair taken out, unless it is locked; one that the rule does not propose is only no longer put
    /// in.
    #[must_use]
    pub fn without(mut self, name: PairName, proposed: &PairNames) -> Self {
        self.added.remove(&name);
        if proposed.contains(&name) && !self.locked.contains(&name) {
            self.dropped.insert(name);
        }
        self
    }

    /// The edits with a pair locked, which puts it in.
    #[must_use]
    pub fn lock(mut self, name: PairName) -> Self {
        self.added.remove(&name);
        self.dropped.remove(&name);
        self.locked.insert(name);
        self
    }

    /// The edits with a pair no longer locked; it stays in.
    #[must_use]
    pub fn unlock(mut self, name: PairName, proposed: &PairNames) -> Self {
        if self.locked.remove(&name) { self.with(name, proposed) } else { self }
    }

    /// Whether a pair is in after the edits.
    pub fn keeps(&self, name: PairName, proposed: &PairNames) -> bool {
        self.added.contains(&name)
            || self.locked.contains(&name)
            || proposed.contains(&name) && !self.dropped.contains(&name)
    }

    /// What is in after the edits.
    pub fn apply(&self, proposed: &PairNames) -> PairNames {
        let mut pairs = proposed.without(&self.dropped);
        pairs.extend(self.added().chain(self.locked()));
        pairs
    }
}
