//! Which pairs are to be made: a rule, edits by hand, and their past.

use std::sync::Arc;

use domain::{
    Bursts, Network, PairName, PairNames, exchange,
    network::{Edits, Health, Measures, Rule},
};
use leptos::prelude::*;
use time::Date;

use super::Holdings;
use crate::{
    api::capital,
    browser,
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
    /// How the network hangs together.
    pub(crate) health: Memo<Option<Arc<Health>>>,
    /// What is known of each pair.
    pub(crate) measures: Memo<Option<Arc<Measures>>>,
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
            browser::mark("rule");
            let network = Network::new(&stack, &choice.rule, choice.edits);
            browser::mark("rule-end");
            Some(Arc::new(network))
        });
        let health = Memo::new(move |_| {
            let network = network.get()?;
            browser::mark("health");
            let health = network.health();
            browser::mark("health-end");
            Some(Arc::new(health))
        });
        let measures = Memo::new(move |_| {
            let (network, stack) = (network.get()?, holdings.stack.get()?);
            let model = history.with(|h| h.now().rule.model);
            Some(Arc::new(Measures::of(&network, &stack, model)))
        });
        Self {
            history,
            network,
            health,
            measures,
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
    pub(crate) fn rule_of(self, pairs: &PairNames) -> Option<Rule> {
        let network = self.network.get()?;
        let planned = network.pairs();
        let rule = self.history.with(|h| h.now().rule);
        let limited = rule.start.is_some() || rule.end.is_some();
        (pairs.is_subset(planned) && (limited || pairs.len() == planned.len())).then_some(rule)
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

    /// Changes the rule to what a text says, or tells what is wrong with it. The dates stay.
    pub(crate) fn set_rule_text(self, text: &str) -> Result<(), String> {
        let rule: Rule = text.trim().parse().map_err(|e| capital(&format!("{e}")))?;
        self.set_rule(|now| *now = Rule { start: now.start, end: now.end, ..rule });
        Ok(())
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

    /// Takes a pair out, unless it is locked.
    pub(crate) fn drop_pair(self, name: PairName) {
        let Some(network) = self.network.get_untracked().filter(|n| n.has(name)) else { return };
        if network.edits().is_locked(name) {
            return self.said.set(format!("{} is locked: L unlocks it", text(name)));
        }
        self.set_edits(Network::drop(&network, name));
        self.near.set(None);
        self.said.set(format!("{} dropped", text(name)));
    }

    /// Puts a pair in or takes it out.
    pub(crate) fn toggle(self, name: PairName) {
        match self.network.with_untracked(|n| n.as_ref().is_some_and(|n| n.has(name))) {
            true => self.drop_pair(name),
            false => self.pair(name.reference, name.secondary),
        }
    }

    /// Locks a pair, or unlocks it.
    pub(crate) fn toggle_lock(self, name: PairName) {
        let Some(network) = self.network.get_untracked().filter(|n| n.has(name)) else { return };
        let edits = network.toggle_lock(name);
        let word = if edits.is_locked(name) { "locked" } else { "unlocked" };
        self.set_edits(edits);
        self.said.set(format!("{} {word}", text(name)));
    }

    /// Makes the network that of a list, by whichever is the shorter to write down: changes to the rule, or all pairs
    /// by hand. Gives how many pairs the list has that the stack has not, or what is wrong with the list.
    pub(crate) fn import(self, list: &str, bursts: &Bursts) -> Result<usize, String> {
        let (Some(network), Some(stack)) =
            (self.network.get_untracked(), self.holdings.stack.get_untracked())
        else {
            return Err("The list needs the burst's acquisitions, which are not there yet.".to_owned());
        };
        let wanted = exchange::read(list, &stack, bursts).map_err(|e| capital(&e.to_string()))?;
        let mut choice = self.history.with_untracked(|h| h.now().clone());
        let locked: Vec<PairName> = choice.edits.locked().collect();
        let over_rule = Edits::between(network.proposed(), &wanted, locked.iter().copied());
        let by_hand = Edits::between(&PairNames::default(), &wanted, locked);
        let length = |edits: &Edits| edits.added().count() + edits.dropped().count();
        if length(&over_rule) < length(&by_hand) {
            choice.edits = over_rule;
        } else {
            let (start, end) = (choice.rule.start, choice.rule.end);
            choice.rule = Rule { start, end, nearest: Some(0), model: choice.rule.model, ..Rule::default() };
            choice.edits = by_hand;
        }
        self.history.update(|h| h.set(choice));
        let left = self.network.with_untracked(|n| n.as_ref().map_or(0, |n| n.left_out().len()));
        self.said.set(format!("{} read", format::count(wanted.len() - left, "pair", "pairs")));
        Ok(left)
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

    /// `84 pairs · 30 dates · connected`.
    pub(crate) fn line(self) -> String {
        self.health.with(|health| {
            let Some(health) = health else { return "after the burst".to_owned() };
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
pub(crate) fn text(name: PairName) -> String {
    use domain::timestamp::day_text;
    format!("{} – {}", day_text(name.reference), day_text(name.secondary))
}
