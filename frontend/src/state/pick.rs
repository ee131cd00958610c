//! Which point or area was asked about, which bursts cover it, and which one was picked.

use std::sync::Arc;

use domain::{
    Area, BurstId, Bursts, Footprint,
    area::Cover,
    coverage::{self, Filter},
    link::{Asked, PageState, to_metre},
};
use leptos::prelude::*;

/// A point or an area, its bursts, the picked one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick {
    /// Longitude and latitude that were asked about.
    pub(crate) point: RwSignal<Option<[f64; 2]>>,
    /// The area that was asked about.
    pub(crate) area: RwSignal<Option<Arc<Area>>>,
    /// The corners of an area that is being drawn.
    pub(crate) drawing: RwSignal<Option<Vec<[f64; 2]>>>,
    /// Which bursts are wanted.
    pub(crate) filter: RwSignal<Filter>,
    /// The wanted bursts that cover the point, the most central one first, or the area, those with most of it first.
    pub(crate) covers: Memo<Arc<Vec<Cover>>>,
    /// The bursts under the pointer on the map, the most central one first.
    pub(crate) under: RwSignal<Vec<BurstId>>,
    /// Where on the map, in pixels, a choice among several bursts is offered, and whether it takes the focus.
    pub(crate) chooser: RwSignal<Option<([f64; 2], bool)>>,
    /// The option under pointer or focus.
    pub(crate) hovered: RwSignal<Option<BurstId>>,
    /// The picked burst.
    pub(crate) burst: RwSignal<Option<BurstId>>,
    /// The bursts that are taken together with it.
    pub(crate) others: RwSignal<Vec<BurstId>>,
    /// Counts up when the map should move to what was picked.
    pub(crate) show: RwSignal<u32>,
}

impl Pick {
    /// Nothing picked.
    pub(crate) fn new() -> Self {
        let (point, area) = (RwSignal::new(None::<[f64; 2]>), RwSignal::new(None::<Arc<Area>>));
        let filter = RwSignal::new(Filter::default());
        // What covers a place does not change with the filter.
        let all = Memo::new(move |_| {
            let of_area = || area.get().and_then(|area| area.covers().ok()).unwrap_or_default();
            point
                .get()
                .map_or_else(of_area, |place| coverage::covering(place).into_iter().map(whole).collect())
        });
        Self {
            point,
            area,
            drawing: RwSignal::new(None),
            filter,
            covers: Memo::new(move |_| {
                let wanted = |cover: &&Cover| filter.with(|f| f.takes(&cover.footprint));
                Arc::new(all.with(|all| all.iter().filter(wanted).cloned().collect()))
            }),
            under: RwSignal::new(Vec::new()),
            chooser: RwSignal::new(None),
            hovered: RwSignal::new(None),
            burst: RwSignal::new(None),
            others: RwSignal::new(Vec::new()),
            show: RwSignal::new(0),
        }
    }

    /// Asks which bursts cover a point. What was picked stays if it does.
    pub(crate) fn ask(self, point: [f64; 2]) {
        self.area.set(None);
        self.point.set(Some(to_metre(point)));
        self.settle();
    }

    /// Asks which bursts cover an area, and brings it into view.
    ///
    /// # Errors
    /// With a sentence where there are too many.
    pub(crate) fn ask_area(self, area: Area) -> Result<(), String> {
        area.covers().map_err(|e| e.to_string())?;
        self.point.set(None);
        self.area.set(Some(Arc::new(area)));
        self.settle();
        if self.burst.get_untracked().is_none() {
            self.show.update(|n| *n += 1);
        }
        Ok(())
    }

    /// The one burst that covers what was asked about; the picked one stays if it is among several.
    fn settle(self) {
        self.hovered.set(None);
        self.chooser.set(None);
        let covers = self.covers.get_untracked();
        let covered = |burst| covers.iter().any(|c| c.footprint.burst == burst);
        match covers.as_slice() {
            [only] => self.choose(Some(only.footprint.burst)),
            _ if self.burst.get_untracked().is_some_and(covered) => {}
            _ => self.choose(None),
        }
    }

    /// Picks a burst, or none, alone.
    pub(crate) fn choose(self, burst: Option<BurstId>) {
        self.chooser.set(None);
        if self.burst.get_untracked() != burst {
            self.take_along(None);
            self.burst.set(burst);
        }
    }

    /// The picked burst and those that are taken with it.
    pub(crate) fn bursts(self) -> Option<Bursts> {
        let others = self.others.get();
        others.into_iter().try_fold(Bursts::from(self.burst.get()?), Bursts::with).ok()
    }

    /// Sets which bursts are taken with the picked one.
    pub(crate) fn take_along(self, bursts: Option<&Bursts>) {
        let others = bursts.map(Bursts::others).unwrap_or_default();
        if self.others.with_untracked(|now| now != others) {
            self.others.set(others.to_vec());
        }
    }

    /// Takes another burst along, or leaves it out again.
    pub(crate) fn toggle(self, burst: BurstId) {
        let Some(bursts) = untrack(|| self.bursts()) else { return };
        let changed = if bursts.holds(burst) { Ok(bursts.without(burst)) } else { bursts.with(burst) };
        if let Ok(bursts) = changed {
            self.take_along(Some(&bursts));
        }
    }

    /// Picks a burst and brings it into view.
    pub(crate) fn visit(self, burst: BurstId) {
        let centre = Footprint::of(burst).centre;
        self.area.set(None);
        self.point.set(Some(centre));
        self.choose(Some(burst));
        self.show.update(|n| *n += 1);
    }

    /// What was asked about, where the picked burst does not say it by itself.
    pub(crate) fn asked(self) -> Option<Asked> {
        let middle = self.footprint().map(|f| f.centre);
        let point = self.point.get().filter(|point| Some(*point) != middle).map(Asked::Point);
        self.area.get().map(Asked::Area).or(point)
    }

    /// Shows what a link says, and brings what is new of it into view. Of several bursts none is picked that the link
    /// does not name: whoever goes back to a choice wants to choose.
    ///
    /// # Errors
    /// With a sentence where the area is too large.
    pub(crate) fn recall(self, page: &PageState) -> Result<(), String> {
        let burst = page.bursts.as_ref().map(Bursts::first);
        let centre = burst.map(|burst| Footprint::of(burst).centre);
        let (point, area) = match &page.asked {
            Some(Asked::Point(point)) => (Some(*point), None),
            Some(Asked::Area(area)) => (None, Some(area.clone())),
            None => (centre, None),
        };
        area.as_ref().map_or(Ok(()), |area| area.covers().map(drop)).map_err(|e| e.to_string())?;
        let is_new = untrack(|| self.asked() != page.asked || (burst.is_some() && burst != self.burst.get()));
        self.point.set(point);
        self.area.set(area);
        if self.filter.with_untracked(|filter| *filter != page.filter) {
            self.filter.set(page.filter.clone());
        }
        self.hovered.set(None);
        self.choose(burst);
        self.take_along(page.bursts.as_ref());
        if is_new {
            self.show.update(|n| *n += 1);
        }
        Ok(())
    }

    /// Picks bursts and shows nothing else, as a run does.
    pub(crate) fn show_only(self, bursts: &Bursts) {
        self.area.set(None);
        self.point.set(None);
        self.choose(Some(bursts.first()));
        self.take_along(Some(bursts));
        self.show.update(|n| *n += 1);
    }

    /// The picked burst's place.
    pub(crate) fn footprint(self) -> Option<Footprint> {
        self.burst.get().map(Footprint::of)
    }
}

fn whole(footprint: Footprint) -> Cover {
    Cover { footprint, share: 1.0 }
}
