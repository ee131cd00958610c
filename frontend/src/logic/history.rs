//! Undo and redo of a value.

/// The most steps that are kept.
const KEPT: usize = 200;

/// A value with what it was before and what was undone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History<T> {
    now: T,
    before: Vec<T>,
    undone: Vec<T>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A value without a past.
    pub(crate) fn new(now: T) -> Self {
        Self { now, before: Vec::new(), undone: Vec::new() }
    }

    /// The value.
    pub(crate) const fn now(&self) -> &T {
        &self.now
    }

    /// Takes a new value; what was undone is forgotten. A value that changes nothing is no step.
    pub(crate) fn set(&mut self, value: T) {
        if value == self.now {
            return;
        }
        self.before.push(std::mem::replace(&mut self.now, value));
        self.undone.clear();
        if self.before.len() > KEPT {
            self.before.remove(0);
        }
    }

    /// Goes a step back, where there is one.
    pub(crate) fn undo(&mut self) {
        if let Some(value) = self.before.pop() {
            self.undone.push(std::mem::replace(&mut self.now, value));
        }
    }

    /// Takes an undone step again, where there is one.
    pub(crate) fn redo(&mut self) {
        if let Some(value) = self.undone.pop() {
            self.before.push(std::mem::replace(&mut self.now, value));
        }
    }

    /// Whether there is a step to undo.
    pub(crate) const fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether there is a step to take again.
    pub(crate) const fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_and_forth_until_something_new_is_done() {
        let mut history = History::new(1);
        history.set(2);
        history.set(2);
        history.set(3);
        history.undo();
        history.undo();
        assert_eq!((*history.now(), history.can_undo()), (1, false));
        history.redo();
        assert_eq!(*history.now(), 2);
        history.set(9);
        assert!(!history.can_redo());
        history.undo();
        assert_eq!(*history.now(), 2);
    }

    #[test]
    fn the_past_does_not_grow_without_end() {
        let mut history = History::new(0);
        (1..1_000).for_each(|n| history.set(n));
        assert_eq!(history.before.len(), KEPT);
    }
}
