//! The bursts that are taken together with the picked one, and what the catalogue has of them.

use std::sync::Arc;

use domain::{BurstId, Stack};
use leptos::{prelude::*, task::spawn_local};
use web_sys::AbortController;

use super::{Frame, Holdings, Load, Pick, Session, archive::Archive};
use crate::{
    address::Place,
    api::catalogue::{self, Harvest},
};

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Other {
    /// The burst.
    pub(crate) burst: BurstId,
    /// How far the catalogue's answer is.
    pub(crate) load: Load,
    harvest: Option<Arc<Harvest>>,
}

impl Other {
    /// What a person should know before trusting its dates.
    pub(crate) fn short_of(&self) -> Option<String> {
        let harvest = self.harvest.as_ref()?;
        let (received, unread) = (harvest.received(), harvest.left_out.len());
        harvest
            .announced
            .map(|all| format!("the catalogue announced {all} records but sent {received}"))
            .or_else(|| (unread > 0).then(|| format!("{unread} of {received} records could not be read")))
    }
}

/// The other bursts with their acquisitions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Others {
    /// In the order of their identifiers.
    pub(crate) all: RwSignal<Vec<Other>>,
    /// Their stacks in the polarization of the picked burst; none while one of them is missing.
    pub(crate) stacks: Memo<Option<Arc<Vec<Stack>>>>,
    abort: StoredValue<Option<AbortController>, LocalStorage>,
    archive: Archive,
    session: Session,
}

impl Others {
    /// Follows what is taken, on the board: a run needs the acquisitions of its first burst only.
    pub(crate) fn following(frame: Frame, pick: Pick, holdings: Holdings, session: Session) -> Self {
        let all = RwSignal::new(Vec::<Other>::new());
        let stacks = Memo::new(move |_| {
            let polarization = holdings.polarization.get();
            let stack = |other: &Other| {
                let harvest = other.harvest.as_ref()?;
                Some(Stack::new(other.burst, polarization, harvest.acquisitions.iter().cloned()))
            };
            all.with(|all| all.iter().map(stack).collect::<Option<Vec<Stack>>>()).map(Arc::new)
        });
        let archive = holdings.archive;
        let others = Self { all, stacks, abort: StoredValue::new_local(None), archive, session };
        Effect::new(move |_| {
            let taken = pick.others.get();
            let board = frame.place.with(|place| *place == Place::Board);
            if board && session.config().is_some() {
                others.follow(&taken);
            }
        });
        others
    }

    fn follow(self, taken: &[BurstId]) {
        let before = self.all.get_untracked();
        let known = |burst: BurstId| {
            let harvest = before.iter().find(|o| o.burst == burst).and_then(|o| o.harvest.clone());
            harvest.or_else(|| self.archive.of(burst))
        };
        let other = |burst: &BurstId| {
            let harvest = known(*burst);
            let load = if harvest.is_some() { Load::Ready } else { Load::Loading(0, None) };
            Other { burst: *burst, load, harvest }
        };
        self.all.set(taken.iter().map(other).collect());
        self.ask_missing();
    }

    /// Asks again for one that failed.
    pub(crate) fn ask_again(self, burst: BurstId) {
        self.put(burst, Load::Loading(0, None), None);
        self.ask_missing();
    }

    /// How many dates one of them has.
    pub(crate) fn dates(self, burst: BurstId) -> usize {
        self.stacks.with(|stacks| {
            let stack = stacks.as_ref().and_then(|all| all.iter().find(|stack| stack.burst() == burst));
            stack.map_or(0, |stack| stack.daily().count())
        })
    }

    fn put(self, burst: BurstId, load: Load, harvest: Option<Arc<Harvest>>) {
        self.all.update(|all| {
            if let Some(other) = all.iter_mut().find(|o| o.burst == burst) {
                (other.load, other.harvest) = (load, harvest);
            }
        });
    }

    /// Asks for what is missing, one burst after the other: the catalogue is shared with everybody.
    fn ask_missing(self) {
        if let Some(controller) = self.abort.try_update_value(Option::take).flatten() {
            controller.abort();
        }
        let (Some(base), Ok(controller)) =
            (untrack(|| self.session.config()).map(|c| c.catalogue), AbortController::new())
        else {
            return;
        };
        let signal = controller.signal();
        self.abort.set_value(Some(controller));
        spawn_local(async move {
            let waits =
                |all: &Vec<Other>| all.iter().find(|o| matches!(o.load, Load::Loading(..))).map(|o| o.burst);
            while let Some(burst) = self.all.try_with_untracked(waits).flatten() {
                let told = |news| {
                    if let (catalogue::News::Got(got, of), false) = (news, signal.aborted()) {
                        self.put(burst, Load::Loading(got, of), None);
                    }
                };
                let answer = catalogue::acquisitions(&base, burst, &signal, &told).await;
                if signal.aborted() || self.all.try_with_untracked(|_| ()).is_none() {
                    return;
                }
                match answer.map(Arc::new) {
                    Ok(harvest) => {
                        self.archive.keep(burst, &harvest);
                        self.put(burst, Load::Ready, Some(harvest));
                    }
                    Err(fault) => self.put(burst, Load::Failed(fault), None),
                }
            }
        });
    }
}
