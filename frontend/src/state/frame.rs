//! Which place of the page is shown and how its panels stand.

use leptos::prelude::*;

use crate::{address::Place, browser};

/// The four steps of the way through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Choosing a burst.
    Burst,
    /// Choosing pairs.
    Pairs,
    /// Setting options and launching.
    Launch,
    /// Watching runs.
    Watch,
}

/// What a phone's sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    /// Plot and timeline.
    Stack,
    /// Burst, pairs and launch.
    Pairs,
    /// The run.
    Run,
}

impl Tab {
    /// All of them, in their order.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Stack, "stack", "Stack"), (Self::Pairs, "pairs", "Pairs"), (Self::Run, "run", "Run")];

    /// The name in markup.
    pub(crate) fn key(self) -> &'static str {
        Self::ALL.iter().find(|(tab, ..)| *tab == self).map_or("", |(_, key, _)| key)
    }
}

/// Place, open steps, and the phone's sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// What the address names.
    pub(crate) place: RwSignal<Place>,
    /// The open steps of the side panel.
    open: RwSignal<Vec<Step>>,
    /// The phone's tab.
    pub(crate) tab: RwSignal<Tab>,
    /// The phone's sheet: 0 low, 1 middle, 2 high.
    pub(crate) sheet: RwSignal<u8>,
}

impl Frame {
    /// As the address has it.
    pub(crate) fn begin() -> Self {
        let frame = Self {
            place: RwSignal::new(Place::parse(&browser::address().0)),
            open: RwSignal::new(vec![Step::Burst]),
            tab: RwSignal::new(Tab::Pairs),
            sheet: RwSignal::new(1),
        };
        if frame.at_run_untracked() {
            frame.show(&[Step::Watch]);
        }
        frame
    }

    /// Whether a run or a batch is shown.
    pub(crate) fn at_run(self) -> bool {
        self.place.with(|place| matches!(place, Place::Run(_) | Place::Batch(_)))
    }

    /// The same, without following it.
    pub(crate) fn at_run_untracked(self) -> bool {
        untrack(|| self.at_run())
    }

    /// Whether a step is open.
    pub(crate) fn is_open(self, step: Step) -> bool {
        self.open.with(|open| open.contains(&step))
    }

    /// Opens a closed step and closes an open one.
    pub(crate) fn toggle(self, step: Step) {
        self.open.update(|open| match open.iter().position(|s| *s == step) {
            Some(at) => drop(open.remove(at)),
            None => open.push(step),
        });
    }

    /// Opens these steps and closes the others; a phone turns to the tab that holds them.
    pub(crate) fn show(self, steps: &[Step]) {
        self.open.set(steps.to_vec());
        self.tab.set(if steps.contains(&Step::Watch) { Tab::Run } else { Tab::Pairs });
        self.sheet.update(|sheet| *sheet = (*sheet).max(1));
    }

    /// Goes to another place, with a query such as `?burst=…` or nothing.
    pub(crate) fn go(self, place: Place, query: &str) {
        browser::push(&format!("{}{query}", place.path()));
        self.arrive(place);
    }

    /// Shows the place that the address already names.
    pub(crate) fn arrive(self, place: Place) {
        if matches!(place, Place::Run(_) | Place::Batch(_)) {
            self.show(&[Step::Watch]);
        }
        if self.place.get_untracked() != place {
            self.place.set(place);
        }
    }
}
