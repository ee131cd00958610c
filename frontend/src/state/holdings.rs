//! The acquisitions of the picked burst.

use std::sync::Arc;

use domain::{BurstId, Polarization, Stack, stack::polarizations};
use leptos::{prelude::*, task::spawn_local};
use web_sys::AbortController;

use super::{Pick, Session};
use crate::api::{
    Fault,
    catalogue::{self, Harvest},
};

/// How far the catalogue's answer is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Load {
    /// Nothing asked for.
    Idle,
    /// So many records of so many.
    Loading(usize, Option<u64>),
    /// All there.
    Ready,
    /// Given up by the person.
    Stopped,
    /// Failed.
    Failed(Fault),
}

/// What the catalogue has of the picked burst.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holdings {
    /// How far it is.
    pub(crate) load: RwSignal<Load>,
    harvest: RwSignal<Arc<Harvest>>,
    /// The burst that the harvest is of.
    burst: RwSignal<Option<BurstId>>,
    /// The polarization that is shown and launched.
    pub(crate) polarization: RwSignal<Polarization>,
    /// The stack in that polarization, once all of it is there.
    pub(crate) stack: Memo<Option<Arc<Stack>>>,
    abort: StoredValue<Option<AbortController>, LocalStorage>,
    session: Session,
}

impl Holdings {
    /// Follows what is picked.
    pub(crate) fn following(pick: Pick, session: Session) -> Self {
        let harvest = RwSignal::new(Arc::new(Harvest::default()));
        let burst = RwSignal::new(None);
        let polarization = RwSignal::new(Polarization::Vv);
        let load = RwSignal::new(Load::Idle);
        let stack = Memo::new(move |_| {
            let burst: BurstId = burst.get().filter(|_| load.with(|l| *l == Load::Ready))?;
            let all = harvest.with(|h| h.acquisitions.clone());
            Some(Arc::new(Stack::new(burst, polarization.get(), all)))
        });
        let holdings =
            Self { load, harvest, burst, polarization, stack, abort: StoredValue::new_local(None), session };
        Effect::new(move |_| match (pick.burst.get(), session.config()) {
            (Some(burst), Some(_)) => holdings.ask(burst),
            _ => holdings.forget(),
        });
        holdings
    }

    /// Asks the catalogue (again).
    pub(crate) fn ask(self, burst: BurstId) {
        let Some(base) = self.session.config().map(|c| c.catalogue) else { return };
        self.forget();
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        self.abort.set_value(controller);
        self.burst.set(Some(burst));
        self.load.set(Load::Loading(0, None));
        spawn_local(async move {
            let current = move || self.burst.try_get_untracked().flatten() == Some(burst);
            let stopped = signal.clone();
            let told = move |got, of| {
                if current() {
                    self.load.set(Load::Loading(got, of));
                }
            };
            let answer = catalogue::acquisitions(&base, burst, signal.as_ref(), told).await;
            if !current() || stopped.is_some_and(|s| s.aborted()) {
                return;
            }
            match answer {
                Ok(harvest) => self.keep(harvest),
                Err(fault) => self.load.set(Load::Failed(fault)),
            }
        });
    }

    fn keep(self, harvest: Harvest) {
        // The polarization that was chosen stays if there is any of it, else the most frequent one that can be used.
        let counts = polarizations(&harvest.acquisitions);
        let chosen = self.polarization.get_untracked();
        if !counts.iter().any(|(p, _)| *p == chosen)
            && let Some((p, _)) = counts.iter().find(|(p, _)| p.is_copolar())
        {
            self.polarization.set(*p);
        }
        self.harvest.set(Arc::new(harvest));
        self.load.set(Load::Ready);
    }

    /// Stops asking; what is there so far is not shown, since it would look like the whole.
    pub(crate) fn stop(self) {
        self.abort_request();
        self.load.set(Load::Stopped);
    }

    fn forget(self) {
        self.abort_request();
        self.burst.set(None);
        self.load.set(Load::Idle);
    }

    fn abort_request(self) {
        if let Some(controller) = self.abort.try_update_value(Option::take).flatten() {
            controller.abort();
        }
    }

    /// How many acquisitions there are in a polarization.
    pub(crate) fn count(self, polarization: Polarization) -> usize {
        self.harvest
            .with(|h| h.acquisitions.iter().filter(|a| a.granule.polarization() == polarization).count())
    }

    /// How many records could not be read.
    pub(crate) fn left_out(self) -> usize {
        self.harvest.with_untracked(|h| h.left_out.len())
    }
}
