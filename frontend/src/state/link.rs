//! The address as a picture of the state: what one sees can be sent.

use domain::{
    link::{Asked, PageState},
    network::Rule,
};
use leptos::{ev, prelude::*};

use super::{Choice, Frame, Holdings, Options, Pick, Plan, Step, Watch};
use crate::{
    address::{self, Place},
    api::{Fault, capital},
    browser,
};

/// Everything that the address stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// Place and panels.
    pub(crate) frame: Frame,
    /// Burst.
    pub(crate) pick: Pick,
    /// Polarization.
    pub(crate) holdings: Holdings,
    /// Pairs.
    pub(crate) plan: Plan,
    /// Options.
    pub(crate) options: Options,
    /// Run.
    pub(crate) watch: Watch,
    /// Why the address could not be read.
    pub(crate) fault: RwSignal<Option<Fault>>,
}

impl Link {
    /// Reads the address now and whenever a person goes back or forth, and writes it whenever the state changes.
    pub(crate) fn keep(self) {
        self.read();
        let back = window_event_listener(ev::popstate, move |_| {
            self.frame.arrive(Place::parse(&browser::address().0));
            self.read();
        });
        on_cleanup(move || back.remove());
        Effect::new(move |_| {
            let place = self.frame.place.get();
            let pair = address::pair_of(&browser::address().1);
            self.watch.follow(if let Place::Run(run) = place { Some(run) } else { None }, pair);
        });
        Effect::new(move |_| {
            let pair = self.watch.focus.get();
            let place = self.frame.place.get_untracked();
            // Before the run is followed, the address knows better.
            if matches!(place, Place::Run(run) if self.watch.run.get_untracked() == Some(run)) {
                browser::replace(&format!("{}{}", place.path(), address::pair_query(pair.as_deref())));
            }
        });
        Effect::new(move |last: Option<PageState>| {
            let state = self.state();
            if self.frame.place.get() != Place::Board || self.fault.with(Option::is_some) {
                return state;
            }
            let begun = state.bursts.is_some() || state.asked.is_some() || !state.filter.is_empty();
            let query = if begun { format!("/?{}", state.to_query()) } else { "/".to_owned() };
            let (path, now) = browser::address();
            match last {
                _ if format!("{path}{now}") == query => {}
                Some(last) if is_step(&last, &state) => browser::push(&query),
                _ => browser::replace(&query),
            }
            state
        });
    }

    fn state(self) -> PageState {
        let Choice { rule, edits } = self.plan.choice();
        PageState {
            bursts: self.pick.bursts(),
            polarization: Some(self.holdings.polarization.get()),
            looks: self.options.looks.get(),
            water_mask: self.options.water_mask.get(),
            rule,
            edits,
            name: self.options.name.with(|name| name.parse().ok()),
            asked: self.pick.asked(),
            filter: self.pick.filter.get(),
        }
    }

    fn read(self) {
        match self.frame.place.get_untracked() {
            Place::Board => {}
            Place::Run(run) if self.watch.run.get_untracked() == Some(run) => {
                return self.watch.focus.set(address::pair_of(&browser::address().1));
            }
            _ => return,
        }
        let query = browser::address().1;
        let state = match PageState::from_query(&query) {
            // Who comes without a burst and a rule begins with what suits bursts.
            Ok(state) if state.bursts.is_none() && state.rule == Rule::default() => {
                PageState { rule: Rule::for_bursts(), ..state }
            }
            Ok(state) => state,
            Err(error) => return self.refuse(&error.to_string()),
        };
        if let Err(sentence) = self.pick.recall(&state) {
            return self.refuse(&sentence);
        }
        self.fault.set(None);
        if let Some(polarization) = state.polarization {
            self.holdings.polarization.set(polarization);
        }
        self.options.looks.set(state.looks);
        self.options.water_mask.set(state.water_mask);
        self.options.name.set(state.name.map(|n| n.to_string()).unwrap_or_default());
        self.plan.begin(Choice { rule: state.rule, edits: state.edits });
        self.frame.show(if state.bursts.is_some() { &[Step::Pairs, Step::Launch] } else { &[Step::Burst] });
    }

    fn refuse(self, sentence: &str) {
        self.fault.set(Some(Fault::new("The link cannot be read", capital(sentence))));
    }
}

/// Whether one may want to go back from a state to the one before: another burst, or before there is one another kind
/// of question. The rest is a detail.
fn is_step(last: &PageState, now: &PageState) -> bool {
    let kind = |state: &PageState| state.asked.as_ref().map(|asked| matches!(asked, Asked::Area(_)));
    last.bursts != now.bursts || (now.bursts.is_none() && kind(last) != kind(now))
}
