//! What the colours on the map mean, and which layer they show.

use super::live::{live, show};
use domain::{colour::ColourMap, preview::manifest::LayerKind};
use leptos::prelude::*;

use crate::state::{Shown, Watch, layer_name};

/// The legend of the picture on the map: layer, scale, unit, sign, and whether it is simulated.
#[component]
pub(crate) fn MapLegend() -> impl IntoView {
    let shown: Shown = expect_context();
    let there = Memo::new(move |_| shown.picture.with(Option::is_some));
    show(move || {
        there.get().then(|| {
            view! {
                <div class="legend float" data-testid="legend">
                    {show(move || view! { <Layers kinds=shown.kinds.get()/> })}
                    {show(move || shown.picture.get().map(|picture| {
                        let [low, unit, high] = picture.look.scale();
                        view! {
                            <div class="scale" style=("background", gradient(picture.look.map()))></div>
                            <div class="ends"><span>{low}</span><span>{unit}</span><span>{high}</span></div>
                        }
                    }))}
                    <Fade/>
                    <Meaning/>
                </div>
            }
        })
    })
}

#[component]
fn Layers(kinds: Vec<LayerKind>) -> impl IntoView {
    let shown: Shown = expect_context();
    let choices = kinds.into_iter().map(|kind| {
        view! {
            <label>
                <input
                    type="radio"
                    name="layer"
                    prop:checked=live(move || shown.kind.get() == kind)
                    on:change=move |_| shown.kind.set(kind)
                />
                {layer_name(kind)}
            </label>
        }
    });
    view! {
        <div class="choice" role="radiogroup" aria-label="Layer on the map" data-testid="layers">
            {choices.collect_view()}
        </div>
    }
}

/// Whether noise fades; only where there is a coherence to fade by.
#[component]
fn Fade() -> impl IntoView {
    let shown: Shown = expect_context();
    let offered = Memo::new(move |_| {
        shown.kind.get() != LayerKind::Coherence && shown.kinds.with(|k| k.contains(&LayerKind::Coherence))
    });
    show(move || {
        offered.get().then(|| {
            view! {
                <label class="fade">
                    <input
                        type="checkbox"
                        data-testid="fade"
                        prop:checked=live(move || shown.fade.get())
                        on:change=move |event| shown.fade.set(event_target_checked(&event))
                    />
                    "Fade where coherence is low"
                </label>
            }
        })
    })
}

/// Signs, fringes and sources, in a fold.
#[component]
fn Meaning() -> impl IntoView {
    let watch: Watch = expect_context();
    let shown: Shown = expect_context();
    let content = move || {
        let shot = watch.shot(&watch.focused()?)?.ok()?;
        let manifest = shot.bundle.manifest();
        let fringe = manifest.legend.millimetres_per_fringe;
        let layer = match shown.kind.get() {
            LayerKind::Unwrapped => "Displacement against the picture's median, since unwrapping leaves a constant open. The outermost 2 % lie beyond the scale.".to_owned(),
            LayerKind::Coherence => "How alike both acquisitions are: 0 is noise, 1 is the same.".to_owned(),
            LayerKind::Wrapped | LayerKind::Amplitude => format!("One fringe is {fringe:.1} mm along the line of sight."),
        };
        let sign = manifest.legend.sign.clone();
        let lines = [layer, sign, manifest.attribution.join(" · ")];
        Some(lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view())
    };
    let simulated = Memo::new(move |_| {
        watch
            .focused()
            .and_then(|p| watch.shot(&p)?.ok())
            .is_some_and(|s| s.bundle.manifest().engine.simulated)
    });
    view! {
        <details>
            <summary>"What it means"</summary>
            {show(content)}
        </details>
        {show(move || simulated.get().then(|| view! { <span class="tag simulated">"simulated"</span> }))}
    }
}

/// The table itself as a gradient, every eighth entry.
fn gradient(map: ColourMap) -> String {
    let stops: Vec<String> = (0..=32u32)
        .map(|i| {
            let [r, g, b] = map.entry((i * 8).min(255) as u8);
            format!("rgb({r} {g} {b})")
        })
        .collect();
    format!("linear-gradient(to right, {})", stops.join(","))
}
