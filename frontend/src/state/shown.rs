//! The picture on the map: a layer of the pair in focus.

use std::sync::Arc;

use domain::preview::manifest::{Layer, LayerKind};
use leptos::prelude::*;

use super::{Shot, Watch};
use crate::{
    browser,
    logic::quicklook::{self, Look, Samples},
};

/// What a person may see on the map; amplitude has no colour map of its own yet.
const KINDS: [LayerKind; 3] = [LayerKind::Wrapped, LayerKind::Unwrapped, LayerKind::Coherence];

/// A layer in colours, at its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MapPicture {
    /// Address of the picture.
    pub(crate) address: String,
    /// West, south, east and north in degrees.
    pub(crate) bounds: [f64; 4],
    /// What it shows, for those who do not see it.
    pub(crate) text: String,
    /// How it was coloured.
    pub(crate) look: Look,
}

/// Which layer is shown, and its picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The layer that was chosen.
    pub(crate) kind: RwSignal<LayerKind>,
    /// Whether coherence is the opacity of the other layers.
    pub(crate) fade: RwSignal<bool>,
    /// The layers of the pair in focus.
    pub(crate) kinds: Memo<Vec<LayerKind>>,
    /// The picture of the pair in focus.
    pub(crate) picture: Memo<Option<Arc<MapPicture>>>,
    /// In a run of several bursts, the same layer of the others' pairs of these dates: one picture of the whole pass.
    pub(crate) beside: Memo<Vec<Arc<MapPicture>>>,
}

impl Shown {
    /// Follows the pair in focus.
    pub(crate) fn following(watch: Watch) -> Self {
        let (kind, fade) = (RwSignal::new(LayerKind::Wrapped), RwSignal::new(true));
        // The run is asked for every second; a picture is painted when another preview comes into focus.
        let preview = Memo::new(move |_| {
            let pair = watch.focused()?;
            watch.shot(&pair)?.ok()?;
            pair.preview.map(|artifact| artifact.id)
        });
        let shot = move || watch.opened(preview.get()?);
        let kinds = Memo::new(move |_| {
            let shot = shot();
            let there = |kind: &LayerKind| shot.as_ref().is_some_and(|s| offers(s, *kind));
            KINDS.into_iter().filter(there).collect::<Vec<_>>()
        });
        let picture = Memo::new(move |_| {
            let chosen = kind.get();
            let kind = kinds.with(|all| all.iter().find(|k| **k == chosen).or(all.first()).copied())?;
            picture_of(&shot()?, kind, fade.get()).map(Arc::new)
        });
        let others = Memo::new(move |_| {
            let all = watch.same_dates();
            let ids = all.iter().filter_map(|pair| {
                watch.shot(pair)?.ok()?;
                Some(pair.preview.as_ref()?.id)
            });
            ids.collect::<Vec<_>>()
        });
        let beside = Memo::new(move |_| {
            let (kind, fade) = (kind.get(), fade.get());
            let own = |id: &u64| {
                let shot = watch.opened(*id).filter(|shot| offers(shot, kind))?;
                picture_of(&shot, kind, fade).map(Arc::new)
            };
            // Each unwrapped picture has a constant and a scale of its own: side by side they would seem to jump.
            if kind == LayerKind::Unwrapped {
                Vec::new()
            } else {
                others.with(|ids| ids.iter().filter_map(own).collect())
            }
        });
        Self { kind, fade, kinds, picture, beside }
    }
}

/// Whether a preview has a layer and what it takes to show it.
fn offers(shot: &Shot, kind: LayerKind) -> bool {
    let manifest = shot.bundle.manifest();
    manifest.layer(kind).is_some() && (kind != LayerKind::Unwrapped || manifest.legend.displacement.is_some())
}

/// A layer's name.
pub(crate) const fn name(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Wrapped => "Wrapped",
        LayerKind::Unwrapped => "Unwrapped",
        LayerKind::Coherence => "Coherence",
        LayerKind::Amplitude => "Amplitude",
    }
}

fn picture_of(shot: &Shot, kind: LayerKind, fade: bool) -> Option<MapPicture> {
    let manifest = shot.bundle.manifest();
    let bounds = manifest.grid?.bounds();
    let read = |kind: LayerKind| -> Option<(&Layer, Samples)> {
        Some((manifest.layer(kind)?, Samples::read(shot.bundle.file(kind.file())?)?))
    };
    let (layer, samples) = read(kind)?;
    let coherence = if fade { read(LayerKind::Coherence) } else { None };
    let coherence = coherence.as_ref().map(|(layer, samples)| (*layer, samples));
    let painted = quicklook::paint((layer, &samples), coherence, manifest.legend.displacement.as_ref());
    let address = browser::paint(painted.width, painted.height, &painted.rgba)?;
    let text = format!("{} of {}", name(kind), manifest.pair.name);
    Some(MapPicture { address, bounds, text, look: painted.look })
}
