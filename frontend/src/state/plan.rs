//! Which pairs are to be made: a rule, edits by hand, and their past.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    Network, PairName,
    network::{Edits, Rule},
};
use leptos::prelude::*;
use time::Date;

use super::Holdings;
use crate::{
    api::capital,
    logic::{format, history::History},
};

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choice {
    /// What proposes pairs.
    pub(crate) rule: Rule,
    /// What was changed by hand.
    pub(crate) edits: Edits,
}

impl Choice {
    /// The rule alone: another burst has other dates.
    pub(crate) fn without_edits(self) -> Self {
        Self { edits: Edits::default(), ..self }
    }
}

/// The network that is planned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    history: RwSignal<History<Choice>>,
    /// The pairs over the stack.
    pub(crate) network: Memo<Option<Arc<Network>>>,
    /// The date that waits for a second one.
    pub(crate) selected: RwSignal<Option<Date>>,
    /// The pair under the pointer, in plot or table.
    pub(crate) near: RwSignal<Option<PairName>>,
    /// What was last done by hand, or why it was not.
    pub(crate) said: RwSignal<String>,
    holdings: Holdings,
}

impl Plan {
    /// A plan over what the catalogue has.
    pub(crate) fn over(holdings: Holdings) -> Self {
        let history = RwSignal::new(History::new(Choice::default()));
        let network = Memo::new(move |_| {
            let stack = holdings.stack.get()?;
            let choice = history.with(|h| h.now().clone());
            Some(Arc::new(Network::new(&stack, &choice.rule, choice.edits)))
        });
        Self {
            history,
            network,
            selected: RwSignal::new(None),
            near: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            holdings,
        }
    }

    /// What is chosen.
    pub(crate) fn choice(self) -> Choice {
        self.history.with(|h| h.now().clone())
    }

    /// The rule, if all of these pairs are planned here and its dates are limited or nothing else is planned.
    pub(crate) fn rule_of(self, pairs: &BTreeSet<PairName>) -> Option<Rule> {
        let planned = self.network.get()?.pairs();
        let rule = self.history.with(|h| h.now().rule);
        let limited = rule.start.is_some() || rule.end.is_some();
        (pairs.is_subset(&planned) && (limited || pairs.len() == planned.len())).then_some(rule)
    }

    /// Starts over with a choice and no past, for another burst or another address.
    pub(crate) fn begin(self, choice: Choice) {
        self.history.set(History::new(choice));
        self.selected.set(None);
        self.near.set(None);
        self.said.set(String::new());
    }

    /// Changes the rule.
    pub(crate) fn set_rule(self, change: impl FnOnce(&mut Rule)) {
        let mut choice = self.history.with_untracked(|h| h.now().clone());
        change(&mut choice.rule);
        self.history.update(|h| h.set(choice));
    }

    fn set_edits(self, edits: Edits) {
        let mut choice = self.history.with_untracked(|h| h.now().clone());
        choice.edits = edits;
        self.history.update(|h| h.set(choice));
    }

    /// Takes a date: the first one waits, the second one makes a pair.
    pub(crate) fn take(self, day: Date) {
        match self.selected.get_untracked() {
            None => self.selected.set(Some(day)),
            Some(first) if first == day => self.selected.set(None),
            Some(first) => self.pair(first, day),
        }
    }

    /// Puts a pair in.
    pub(crate) fn pair(self, a: Date, b: Date) {
        let (Some(network), Some(stack)) =
            (self.network.get_untracked(), self.holdings.stack.get_untracked())
        else {
            return;
        };
        match network.add(&stack, a, b) {
            Ok((name, _)) if network.has(name) => self.said.set(format!("{} is there already", text(name))),
            Ok((name, edits)) => {
                self.set_edits(edits);
                self.said.set(format!("{} added", text(name)));
            }
            Err(error) => self.said.set(capital(&error.to_string())),
        }
        self.selected.set(None);
    }

    /// Takes a pair out.
    pub(crate) fn drop_pair(self, name: PairName) {
        let Some(network) = self.network.get_untracked().filter(|n| n.has(name)) else { return };
        self.set_edits(Network::drop(&network, name));
        self.near.set(None);
        self.said.set(format!("{} dropped", text(name)));
    }

    /// A step back.
    pub(crate) fn undo(self) {
        self.history.update(History::undo);
        self.said.set(String::new());
    }

    /// A step forward again.
    pub(crate) fn redo(self) {
        self.history.update(History::redo);
        self.said.set(String::new());
    }

    /// Whether there is a step back.
    pub(crate) fn can_undo(self) -> bool {
        self.history.with(History::can_undo)
    }

    /// Whether there is a step forward.
    pub(crate) fn can_redo(self) -> bool {
        self.history.with(History::can_redo)
    }

    /// The pairs, oldest first.
    pub(crate) fn pairs(self) -> Vec<PairName> {
        self.network.with(|n| n.as_ref().map(|n| n.pairs().into_iter().collect()).unwrap_or_default())
    }

    /// `84 pairs · 30 dates · connected`.
    pub(crate) fn line(self) -> String {
        self.network.with(|network| {
            let Some(network) = network else { return "after the burst".to_owned() };
            let health = network.health();
            let joined = match (health.connected(), health.parts.len(), health.unlinked.len()) {
                (true, ..) if health.pairs == 0 => String::new(),
                (true, ..) => " · connected".to_owned(),
                (_, 0 | 1, alone) => format!(" · {} without a pair", format::count(alone, "date", "dates")),
                (_, parts, _) => format!(" · in {parts} parts"),
            };
            format!(
                "{} · {}{joined}",
                format::count(health.pairs, "pair", "pairs"),
                format::count(health.linked, "date", "dates")
            )
        })
    }
}

/// A pair in words.
fn text(name: PairName) -> String {
    use domain::timestamp::day_text;
    format!("{} – {}", day_text(name.reference), day_text(name.secondary))
}
