//! The text files of a product: parameters as the engine writes them, and a readme that says that it is modelled.

use std::fmt::Write as _;

use domain::{Looks, Pair, Pass, engine};

use super::{scene::Scene, terrain::EDGECUMBE};

/// The parameter file: `Key: value`, one a line, in the engine's order, with two lines more that say what it is.
pub(super) fn parameters(
    scene: &Scene,
    pair: &Pair,
    looks: Looks,
    water_mask: bool,
    baseline: f64,
) -> String {
    let pass = match scene.footprint.pass {
        Pass::Ascending => "ASCENDING",
        Pass::Descending => "DESCENDING",
    };
    let [_, orientation] = scene.look(scene.place(0.5, 0.5));
    // Right-looking: the satellite flies a quarter turn to the right of the direction from ground to satellite.
    let heading = 180.0 - orientation.to_degrees();
    let heading = (heading + 180.0).rem_euclid(360.0) - 180.0;
    let utc = pair.reference().time().unix().rem_euclid(86_400);
    let (range, azimuth) = match looks {
        Looks::L20x4 => (20, 4),
        Looks::L10x2 => (10, 2),
        Looks::L5x1 => (5, 1),
    };
    let masked = if water_mask { "yes" } else { "no" };
    let lines = [
        format!("Reference Granule: {}", pair.reference()),
        format!("Secondary Granule: {}", pair.secondary()),
        format!("Reference Pass Direction: {pass}"),
        format!("Secondary Pass Direction: {pass}"),
        format!("Baseline: {baseline}"),
        format!("UTC time: {utc}"),
        format!("Heading: {heading}"),
        "Spacecraft height: 693000.0".to_owned(),
        "Earth radius at nadir: 6337286.638938101".to_owned(),
        format!("Range looks: {range}"),
        format!("Azimuth looks: {azimuth}"),
        "INSAR phase filter: yes".to_owned(),
        "Phase filter parameter: 0.5".to_owned(),
        "Range bandpass filter: no".to_owned(),
        "Azimuth bandpass filter: no".to_owned(),
        "DEM source: modelled".to_owned(),
        "Unwrapping type: modelled".to_owned(),
        "Speckle filter: no".to_owned(),
        format!("Water mask: {masked}"),
        "Simulated: yes".to_owned(),
        format!("Simulated by: Burstboard processor {}", env!("CARGO_PKG_VERSION")),
    ];
    lines.join("\n") + "\n"
}

/// The readme.
pub(super) fn readme(product: &str, scene: &Scene, pair: &Pair, looks: Looks, flaws: &[String]) -> String {
    let mut text = format!(
        "{product}\n\nThis product is simulated, not measured. Burstboard's processor made it from a model, to try out \
         the way from\na launch to a preview without an account and without a download. Use it for no study.\n\n\
         It has the file names, sample types, UTM grid, tiling, compression and no-data value of a product of {} {}.\n\n\
         - Reference: {}\n- Secondary: {}\n- Burst: {}\n- Looks: {looks}, pixel spacing {} m\n- Projection: EPSG:{}\n\n\
         The model: a pressure point at depth (Mogi) that changes over time; turbulent and stratified air of each date; \
         coherence\nthat falls with time, baseline, snow and water; noise that follows from coherence. Phase belongs to \
         dates, so that loops\nof three pairs close up to noise and flaws.\n",
        engine::NAME,
        engine::VERSION,
        pair.reference(),
        pair.secondary(),
        scene.burst,
        looks.pixel_metres(),
        scene.placement.epsg,
    );
    if super::terrain::showpiece(scene).is_some() {
        let [longitude, latitude] = EDGECUMBE;
        let _ = writeln!(
            text,
            "The source lies below Mount Edgecumbe ({latitude}, {longitude}); its episode of 2018 is made up."
        );
    }
    text.push_str("\nFlaws on purpose:\n");
    if flaws.is_empty() {
        text.push_str("- none in this pair\n");
    }
    for flaw in flaws {
        let _ = writeln!(text, "- {flaw}");
    }
    text
}
