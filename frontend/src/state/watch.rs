//! The run that is watched, and the previews of its pairs.

use std::{collections::HashMap, sync::Arc};

use domain::{
    BurstId, JobName, PairName, Timestamp,
    preview::Bundle,
    run::{PairView, RunView},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use crate::{
    api::{self, Fault},
    browser::{self, Picture},
    logic::{
        poll::{self, Pace},
        previews, progress,
    },
};

/// An opened preview.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// Manifest and files.
    pub(crate) bundle: Arc<Bundle>,
    /// The coloured picture.
    thumb: Option<Arc<SendWrapper<Picture>>>,
}

impl Shot {
    fn of(bundle: Bundle) -> Self {
        let thumb = bundle.thumb().and_then(Picture::png).map(|picture| Arc::new(SendWrapper::new(picture)));
        Self { bundle: Arc::new(bundle), thumb }
    }

    /// Address of the coloured picture.
    pub(crate) fn thumb(&self) -> Option<String> {
        self.thumb.as_ref().map(|p| p.address().to_owned())
    }
}

/// The watched run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// Its number; none where no run is watched.
    pub(crate) run: RwSignal<Option<u64>>,
    /// What was last heard.
    pub(crate) view: RwSignal<Option<Arc<RunView>>>,
    /// Why the last request failed.
    pub(crate) fault: RwSignal<Option<Fault>>,
    /// Opened previews, by artifact; a fault where one cannot be opened.
    pub(crate) shots: RwSignal<HashMap<u64, Option<Result<Shot, Fault>>>>,
    /// The pair in focus, by name.
    pub(crate) focus: RwSignal<Option<String>>,
    /// Counts up to ask at once.
    asked: RwSignal<u32>,
    /// The attempt that was over when pairs were run again: GitHub takes a moment to begin the next one.
    over: RwSignal<u32>,
}

impl Watch {
    /// Nothing is watched.
    pub(crate) fn new() -> Self {
        Self {
            run: RwSignal::new(None),
            view: RwSignal::new(None),
            fault: RwSignal::new(None),
            shots: RwSignal::new(HashMap::new()),
            focus: RwSignal::new(None),
            asked: RwSignal::new(0),
            over: RwSignal::new(0),
        }
    }

    /// Watches a run, or none, with a pair in focus.
    pub(crate) fn follow(self, run: Option<u64>, pair: Option<String>) {
        if self.run.get_untracked() == run {
            return;
        }
        self.run.set(run);
        self.view.set(None);
        self.fault.set(None);
        self.focus.set(pair);
        self.over.set(0);
        self.shots.update(HashMap::clear);
        self.ask_now();
    }

    /// Asks at once, after something was changed or when a person comes back.
    pub(crate) fn ask_now(self) {
        self.asked.update(|n| *n += 1);
        let Some(run) = self.run.get_untracked() else { return };
        spawn_local(self.keep_asking(run, self.asked.get_untracked()));
    }

    /// Goes on after pairs were run again: the run is over until GitHub begins its next attempt.
    pub(crate) fn again<T>(self, answer: Result<T, Fault>) -> Result<T, Fault> {
        if answer.is_ok() {
            let attempt = self.view.try_with_untracked(|v| v.as_ref().map_or(0, |v| v.run.attempt));
            let _ = self.over.try_set(attempt.unwrap_or_default());
        }
        if self.asked.try_get_untracked().is_some() {
            self.ask_now();
        }
        answer
    }

    /// Asks until the run has ended, another one is watched, or a newer round of asking began.
    async fn keep_asking(self, run: u64, round: u32) {
        let current = move || {
            self.run.try_get_untracked().flatten() == Some(run)
                && self.asked.try_get_untracked() == Some(round)
        };
        let (mut unchanged, mut failed) = (0, 0);
        while current() {
            let answer = api::run(run, None).await;
            if !current() {
                return;
            }
            match answer {
                Ok(view) => {
                    failed = 0;
                    unchanged = if self.hear(view) { 0 } else { unchanged + 1 };
                }
                Err(fault) => {
                    let missing = fault.is_missing();
                    self.fault.set(Some(fault));
                    if missing {
                        return;
                    }
                    failed += 1;
                }
            }
            let state = self.view.with_untracked(|v| v.as_ref().map(|v| v.run.state));
            let state = state.unwrap_or(domain::run::State::Queued);
            match poll::wait(Pace { state, unchanged, failed, hidden: browser::hidden() }) {
                Some(milliseconds) => TimeoutFuture::new(milliseconds).await,
                None if self.next_is_awaited() && unchanged < 30 => TimeoutFuture::new(1_000).await,
                // Artifacts of the last pairs may be listed a moment after the run has ended.
                None if self.lacks_previews() && unchanged < 5 => TimeoutFuture::new(2_000).await,
                None => return,
            }
        }
    }

    /// Takes in an answer; whether it brought something new.
    fn hear(self, view: RunView) -> bool {
        self.fault.set(None);
        let same = |old: &RunView| {
            old.pairs == view.pairs
                && old.others == view.others
                && old.run.state == view.run.state
                && old.run.attempt == view.run.attempt
        };
        let new = self.view.with_untracked(|old| old.as_ref().is_none_or(|old| !same(old)));
        self.view.set(Some(Arc::new(view)));
        self.open_previews();
        new
    }

    fn next_is_awaited(self) -> bool {
        let attempt = self.view.with_untracked(|v| v.as_ref().map_or(0, |v| v.run.attempt));
        attempt > 0 && attempt <= self.over.get_untracked()
    }

    fn lacks_previews(self) -> bool {
        use domain::run::State::{Done, Failed};
        self.view.with_untracked(|view| {
            view.iter()
                .flat_map(|v| &v.pairs)
                .any(|p| matches!(p.state, Done | Failed) && p.preview.is_none())
        })
    }

    /// Fetches what is not there yet, a few previews at a time.
    fn open_previews(self) {
        while let Some(id) = self.next_preview() {
            self.shots.update(|shots| drop(shots.insert(id, None)));
            spawn_local(async move {
                let shot = api::preview(id).await.map(Shot::of);
                // Another run may be watched by now.
                let taken = self
                    .shots
                    .try_update(|shots| shots.get_mut(&id).map(|place| *place = Some(shot)).is_some());
                if taken == Some(true) {
                    self.open_previews();
                }
            });
        }
    }

    fn next_preview(self) -> Option<u64> {
        let focus = self.focus.get_untracked();
        self.view.with_untracked(|view| {
            let pairs = &view.as_ref()?.pairs;
            self.shots.with_untracked(|shots| {
                let under_way = shots.values().filter(|shot| shot.is_none()).count();
                let has = |id: u64| shots.contains_key(&id);
                previews::next(pairs, focus.as_deref(), &has).filter(|_| under_way < previews::AT_ONCE)
            })
        })
    }

    /// The mean coherence of each pair whose preview is there and tells it.
    pub(crate) fn measured(self) -> Vec<(JobName, f64)> {
        let mean = |pair: &PairView| {
            let shot = self.shot(pair)?.ok()?;
            let statistics = shot.bundle.manifest().statistics.as_ref()?;
            Some((pair.name.parse().ok()?, statistics.coherence.as_ref()?.mean))
        };
        self.view.with(|view| view.iter().flat_map(|v| &v.pairs).filter_map(mean).collect())
    }

    /// The burst whose network is looked at in a run of several: that of the pair in focus, else the first one.
    pub(crate) fn burst(self) -> Option<BurstId> {
        let focused = self.focused();
        let named = |pair: &PairView| pair.name.parse::<JobName>().ok()?.burst();
        self.view.with(|view| named(focused.as_ref().or_else(|| view.as_ref()?.pairs.first())?))
    }

    /// The pairs of the other bursts that have the dates of the one in focus.
    pub(crate) fn same_dates(self) -> Vec<PairView> {
        let name = |pair: &PairView| pair.name.parse::<JobName>().ok();
        let Some(focused) = self.focused().as_ref().and_then(name).filter(|name| name.burst().is_some())
        else {
            return Vec::new();
        };
        let same = |pair: &&PairView| {
            name(pair).is_some_and(|name| name.pair() == focused.pair() && name != focused)
        };
        self.view.with(|view| view.iter().flat_map(|v| &v.pairs).filter(same).cloned().collect())
    }

    /// The bursts of a run of several, in order.
    pub(crate) fn bursts(self) -> Vec<BurstId> {
        let mut bursts = Vec::new();
        self.view.with(|view| {
            bursts.extend(
                view.iter().flat_map(|v| &v.pairs).filter_map(|p| p.name.parse::<JobName>().ok()?.burst()),
            );
        });
        bursts.dedup();
        bursts
    }

    /// Puts the pair of two dates into focus, in a run of several bursts the one of the burst that is looked at.
    pub(crate) fn look_at(self, days: PairName, burst: Option<BurstId>) {
        let is_it = |pair: &&PairView| {
            pair.name.parse::<JobName>().is_ok_and(|name| name.pair() == days && name.burst() == burst)
        };
        let name = self.view.with_untracked(|v| v.as_ref()?.pairs.iter().find(is_it).map(|p| p.name.clone()));
        if name.is_some() {
            self.focus.set(name);
        }
    }

    /// Looks at another burst of the run: at its pair of the same dates, else at its first one.
    pub(crate) fn turn_to(self, burst: BurstId) {
        let name = |pair: &PairView| pair.name.parse::<JobName>().ok();
        let of_burst = |pair: &&PairView| name(pair).is_some_and(|name| name.burst() == Some(burst));
        let days = untrack(|| self.focused()).as_ref().and_then(name).map(JobName::pair);
        let found = self.view.with_untracked(|view| {
            let mut own = view.iter().flat_map(|v| &v.pairs).filter(of_burst);
            let same = own.clone().find(|pair| name(pair).map(JobName::pair) == days);
            same.or_else(|| own.next()).map(|pair| pair.name.clone())
        });
        if found.is_some() {
            self.focus.set(found);
        }
    }

    /// The preview of a pair, once it is there.
    pub(crate) fn shot(self, pair: &PairView) -> Option<Result<Shot, Fault>> {
        let id = pair.preview.as_ref()?.id;
        self.shots.with(|shots| shots.get(&id).cloned().flatten())
    }

    /// An opened preview, by its artifact.
    pub(crate) fn opened(self, artifact: u64) -> Option<Shot> {
        self.shots.with(|shots| shots.get(&artifact)?.as_ref()?.as_ref().ok().cloned())
    }

    /// The pair in focus: the chosen one, else the first that failed or the first that is done.
    pub(crate) fn focused(self) -> Option<PairView> {
        let wanted = self.focus.get();
        self.view.with(|view| {
            let pairs = &view.as_ref()?.pairs;
            let chosen = wanted.and_then(|name| pairs.iter().find(|p| p.name == name));
            chosen.or_else(|| pairs.iter().find(|p| p.state == domain::run::State::Done)).cloned()
        })
    }

    /// `12 of 84 done · 2 running · ~9 min left`.
    pub(crate) fn line(self) -> String {
        self.view.with(|view| match view {
            Some(view) => progress::line(view, browser::now().unwrap_or(view.as_of)),
            None if self.run.get().is_some() => "asking".to_owned(),
            None => "no run open".to_owned(),
        })
    }

    /// When the answer that is shown was given, if newer ones failed to come.
    pub(crate) fn stale_since(self) -> Option<Timestamp> {
        self.fault.with(Option::is_some).then(|| self.view.with(|v| v.as_ref().map(|v| v.as_of)))?
    }
}
