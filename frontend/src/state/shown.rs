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
            picture(&shot()?, kind, fade.get()).map(Arc::new)
        });
        Self { kind, fade, kinds, picture }
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

fn picture(shot: &Shot, kind: LayerKind, fade: bool) -> Option<MapPicture> {
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
