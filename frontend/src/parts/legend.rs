//! What the colours on the map mean.

use super::live::show;
use domain::{colour::ColourMap, preview::manifest::LayerKind};
use leptos::prelude::*;

use crate::state::{Shot, Watch};

/// The legend of the picture on the map: scale, unit, sign, and whether it is simulated.
#[component]
pub(crate) fn MapLegend() -> impl IntoView {
    let watch: Watch = expect_context();
    let shown = Memo::new(move |_| {
        let shot = watch.shot(&watch.focused()?)?.ok()?;
        shot.on_map()?;
        Some(lines(&shot))
    });
    show(move || {
        let (map, ends, lines, simulated) = shown.get()??;
        Some(view! {
            <div class="legend float" data-testid="legend">
                <div class="row spread">
                    <strong>"Wrapped phase"</strong>
                    {simulated.then(|| view! { <span class="tag simulated">"simulated"</span> })}
                </div>
                <div class="scale" style=("background", gradient(map))></div>
                <div class="ends"><span>{ends[0].clone()}</span><span>"rad"</span><span>{ends[1].clone()}</span></div>
                <details>
                    <summary>"What it means"</summary>
                    {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                </details>
            </div>
        })
    })
}

type Lines = (ColourMap, [String; 2], Vec<String>, bool);

fn lines(shot: &Shot) -> Option<Lines> {
    let manifest = shot.bundle.manifest();
    let layer = manifest.layer(LayerKind::Wrapped)?;
    let end = |value: f64| {
        let turns = value / std::f64::consts::PI;
        if (turns.abs() - 1.0).abs() < 0.02 {
            format!("{}π", if turns < 0.0 { "−" } else { "" })
        } else {
            format!("{value:.1}")
        }
    };
    let fringe =
        format!("One fringe is {:.1} mm along the line of sight.", manifest.legend.millimetres_per_fringe);
    let lines = vec![fringe, manifest.legend.sign.clone(), manifest.attribution.join(" · ")];
    Some((layer.colour_map, layer.range.map(end), lines, manifest.engine.simulated))
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
