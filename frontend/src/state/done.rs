//! Which pairs of the picked burst the repository has already, and what they took.

use std::sync::Arc;

use domain::{
    BurstId, Looks, Network, PairName, PairNames, Polarization,
    api::Config,
    estimate::Basis,
    preview::Manifest,
    run::{PairView, RunView, State},
};
use leptos::{prelude::*, task::spawn_local};

use super::{Frame, Holdings, Options, Pick, Session};
use crate::{address::Place, api};

/// The most runs of a burst that are looked into, the newest first.
const LOOKED_INTO: usize = 6;
/// So many pairs tell how long one takes.
const ENOUGH: usize = 3;

/// A pair whose product is there.
#[derive(Clone, Debug, PartialEq)]
struct Made {
    name: PairName,
    polarization: Polarization,
    looks: Looks,
    water_mask: bool,
    minutes: Option<f64>,
    bytes: u64,
}

/// What is there already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done {
    made: RwSignal<Arc<Vec<Made>>>,
    /// Whether a launch leaves these out.
    pub(crate) leave_out: RwSignal<bool>,
    holdings: Holdings,
    options: Options,
}

impl Done {
    /// Follows the picked burst, and asks again whenever a person comes back to the board.
    pub(crate) fn following(
        frame: Frame,
        pick: Pick,
        holdings: Holdings,
        options: Options,
        session: Session,
    ) -> Self {
        let done =
            Self { made: RwSignal::new(Arc::default()), leave_out: RwSignal::new(true), holdings, options };
        let asked = Memo::new(move |_| {
            let board = frame.place.with(|place| *place == Place::Board);
            pick.burst.get().filter(|_| board).zip(session.config())
        });
        Effect::new(move |_| {
            let Some((burst, config)) = asked.get() else { return };
            done.made.set(Arc::default());
            spawn_local(async move {
                let made = look(burst, &config).await;
                let current = asked.try_get_untracked().flatten().is_some_and(|(now, _)| now == burst);
                if current {
                    done.made.set(Arc::new(made));
                }
            });
        });
        done
    }

    /// The pairs of a network that are there with the options that are chosen.
    pub(crate) fn of(self, network: &Network) -> PairNames {
        let (polarization, looks, mask) =
            (self.holdings.polarization.get(), self.options.looks.get(), self.options.water_mask.get());
        let fits = |m: &&Made| m.polarization == polarization && m.looks == looks && m.water_mask == mask;
        self.made
            .with(|made| made.iter().filter(fits).map(|m| m.name).filter(|name| network.has(*name)).collect())
    }

    /// The pairs of a network that a launch makes.
    pub(crate) fn to_make(self, network: &Network) -> PairNames {
        let there = if self.leave_out.get() { self.of(network) } else { PairNames::default() };
        network.pairs().without(&there)
    }

    /// What a pair takes, and where that is known from.
    pub(crate) fn basis(self, looks: Looks) -> (Basis, &'static str) {
        self.made.with(|made| {
            let like: Vec<&Made> = made.iter().filter(|m| m.looks == looks).collect();
            if like.len() < ENOUGH {
                return (Basis::published(looks), "as published");
            }
            let minutes: Vec<f64> = like.iter().filter_map(|m| m.minutes).collect();
            let bytes: Vec<u64> = like.iter().map(|m| m.bytes).collect();
            (Basis::measured(looks, &minutes, &bytes), "as measured in earlier runs here")
        })
    }
}

/// Looks into the newest runs of a burst. What cannot be asked for is left out: then nothing is known to be there.
async fn look(burst: BurstId, config: &Config) -> Vec<Made> {
    let Ok(runs) = api::runs().await else { return Vec::new() };
    let name = burst.to_string();
    let own = runs.runs.into_iter().filter(|run| run.title.split_whitespace().next() == Some(name.as_str()));
    let mut made = Vec::new();
    for run in own.take(LOOKED_INTO) {
        if let Ok(view) = api::run(run.id, None).await {
            made.extend(made_by(&view, config).await);
        }
    }
    made
}

/// The pairs of a run with products that can still be had. All pairs of a run have the same options, so that one
/// preview tells them.
async fn made_by(view: &RunView, config: &Config) -> Vec<Made> {
    let there = |pair: &&PairView| {
        pair.state == State::Done && pair.product.as_ref().is_some_and(|product| !product.expired)
    };
    let pairs: Vec<&PairView> = view.pairs.iter().filter(there).collect();
    let preview = pairs.iter().find_map(|pair| pair.preview.as_ref()).filter(|preview| !preview.expired);
    let Some(preview) = preview else { return Vec::new() };
    let Ok(bundle) = api::preview(preview.id).await else { return Vec::new() };
    let Some((polarization, looks, water_mask)) = options_of(bundle.manifest(), config) else {
        return Vec::new();
    };
    let made = |pair: &&PairView| {
        let seconds = pair.started.zip(pair.completed).map(|(from, to)| to.seconds_since(from));
        Some(Made {
            name: pair.name.parse().ok()?,
            polarization,
            looks,
            water_mask,
            minutes: seconds.map(|s| s / 60.0),
            bytes: pair.product.as_ref()?.bytes,
        })
    };
    pairs.iter().filter_map(made).collect()
}

/// The options of a product, where the engine is the one that would make it now.
fn options_of(manifest: &Manifest, config: &Config) -> Option<(Polarization, Looks, bool)> {
    let engine = &manifest.engine;
    let same =
        engine.simulated == config.simulated && (engine.simulated || engine.version == config.engine.version);
    let pair = &manifest.pair;
    Some((pair.polarization?, pair.looks?, pair.water_mask?)).filter(|_| same)
}
