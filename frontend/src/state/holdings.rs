//! The acquisitions of the picked burst.

use std::sync::Arc;

use domain::{BurstId, Polarization, Stack, stack::polarizations};
use leptos::{prelude::*, task::spawn_local};
use web_sys::AbortController;

use super::{Pick, Session, archive::Archive};
use crate::api::{
    Fault,
    catalogue::{self, Harvest, News},
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
    /// Why it takes longer, in a sentence.
    pub(crate) delay: RwSignal<Option<String>>,
    harvest: RwSignal<Arc<Harvest>>,
    /// What was asked for before.
    pub(crate) archive: Archive,
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
        let holdings = Self {
            load,
            delay: RwSignal::new(None),
            harvest,
            archive: Archive::new(),
            burst,
            polarization,
            stack,
            abort: StoredValue::new_local(None),
            session,
        };
        Effect::new(move |_| match (pick.burst.get(), session.config()) {
            (Some(burst), Some(_)) => holdings.open(burst),
            _ => holdings.forget(),
        });
        holdings
    }

    /// Shows what was asked for before, or asks.
    fn open(self, burst: BurstId) {
        match self.archive.of(burst) {
            Some(harvest) => {
                self.forget();
                self.burst.set(Some(burst));
                self.keep(harvest);
            }
            None => self.ask(burst),
        }
    }

    /// Asks the catalogue (again).
    pub(crate) fn ask(self, burst: BurstId) {
        let Some(base) = self.session.config().map(|c| c.catalogue) else { return };
        let Ok(controller) = AbortController::new() else { return };
        self.forget();
        let signal = controller.signal();
        self.abort.set_value(Some(controller));
        self.burst.set(Some(burst));
        self.load.set(Load::Loading(0, None));
        spawn_local(async move {
            let current = {
                let signal = signal.clone();
                move || !signal.aborted() && self.burst.try_get_untracked().flatten() == Some(burst)
            };
            let told = |news: News| {
                if !current() {
                    return;
                }
                self.delay.set(match news {
                    News::Got(got, of) => {
                        self.load.set(Load::Loading(got, of));
                        None
                    }
                    News::Waiting(seconds) => {
                        Some(format!("The catalogue is busy: asking again in {seconds} s"))
                    }
                    News::SecondWay => {
                        Some("The catalogue does not answer: asking ASF's search service".to_owned())
                    }
                });
            };
            let answer = catalogue::acquisitions(&base, burst, &signal, &told).await;
            if !current() {
                return;
            }
            match answer {
                Ok(harvest) => {
                    let harvest = Arc::new(harvest);
                    self.archive.keep(burst, &harvest);
                    self.keep(harvest);
                }
                Err(fault) => self.load.set(Load::Failed(fault)),
            }
        });
    }

    fn keep(self, harvest: Arc<Harvest>) {
        // The polarization that was chosen stays if there is any of it, else the most frequent one that can be used.
        let counts = polarizations(&harvest.acquisitions);
        let chosen = self.polarization.get_untracked();
        if !counts.iter().any(|(p, _)| *p == chosen)
            && let Some((p, _)) = counts.iter().find(|(p, _)| p.is_copolar())
        {
            self.polarization.set(*p);
        }
        self.harvest.set(harvest);
        self.delay.set(None);
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
        self.delay.set(None);
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

    /// What is there, once it is.
    pub(crate) fn ready(self) -> Option<(BurstId, Arc<Harvest>)> {
        let ready = self.load.with(|load| *load == Load::Ready);
        self.burst.get().filter(|_| ready).map(|burst| (burst, self.harvest.get()))
    }
}
