//! Which point was asked about, which bursts cover it, and which one was picked.

use domain::{BurstId, Footprint, coverage};
use leptos::prelude::*;

/// A point, its bursts, the picked one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick {
    /// Longitude and latitude that were asked about.
    pub(crate) point: RwSignal<Option<[f64; 2]>>,
    /// The bursts that cover it, the most central one first.
    pub(crate) options: Memo<Vec<Footprint>>,
    /// The option under pointer or focus.
    pub(crate) hovered: RwSignal<Option<BurstId>>,
    /// The picked burst.
    pub(crate) burst: RwSignal<Option<BurstId>>,
    /// Counts up when the map should move to what was picked.
    pub(crate) show: RwSignal<u32>,
}

impl Pick {
    /// Nothing picked.
    pub(crate) fn new() -> Self {
        let point = RwSignal::new(None::<[f64; 2]>);
        Self {
            point,
            options: Memo::new(move |_| point.get().map(coverage::covering).unwrap_or_default()),
            hovered: RwSignal::new(None),
            burst: RwSignal::new(None),
            show: RwSignal::new(0),
        }
    }

    /// Asks which bursts cover a point. What was picked stays if it does.
    pub(crate) fn ask(self, point: [f64; 2]) {
        self.point.set(Some(point));
        self.hovered.set(None);
        let covers = |burst| self.options.with_untracked(|all| all.iter().any(|f| f.burst == burst));
        match self.options.with_untracked(|all| (all.len(), all.first().map(|f| f.burst))) {
            (1, Some(only)) => self.choose(Some(only)),
            _ if self.burst.get_untracked().is_some_and(covers) => {}
            _ => self.choose(None),
        }
    }

    /// Picks a burst, or none.
    pub(crate) fn choose(self, burst: Option<BurstId>) {
        if self.burst.get_untracked() != burst {
            self.burst.set(burst);
        }
    }

    /// Picks a burst and brings it into view.
    pub(crate) fn visit(self, burst: BurstId) {
        let centre = Footprint::of(burst).centre;
        self.point.set(Some(centre));
        self.choose(Some(burst));
        self.show.update(|n| *n += 1);
    }

    /// Picks a burst and shows it alone, as a run does.
    pub(crate) fn show_only(self, burst: BurstId) {
        self.point.set(None);
        self.choose(Some(burst));
        self.show.update(|n| *n += 1);
    }

    /// The picked burst's place.
    pub(crate) fn footprint(self) -> Option<Footprint> {
        self.burst.get().map(Footprint::of)
    }
}
