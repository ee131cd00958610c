//! Whom to name where a preview is shown.

use domain::{
    colour,
    preview::manifest::{EngineInfo, PairInfo},
};

/// One line for each to be named.
pub(super) fn lines(pair: &PairInfo, engine: &EngineInfo) -> Vec<String> {
    if engine.simulated {
        return vec![
            "Simulated by Burstboard; no satellite data.".to_owned(),
            format!("{}.", colour::CITATION),
        ];
    }
    let mut years: Vec<i32> = pair.reference.iter().chain(&pair.secondary).map(|g| g.date().year()).collect();
    years.sort_unstable();
    years.dedup();
    let years = years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ");
    let years = if years.is_empty() { String::new() } else { format!(" {years}") };
    vec![
        format!("Contains modified Copernicus Sentinel data{years}, processed by ESA."),
        "Bursts: Alaska Satellite Facility (ASF DAAC).".to_owned(),
        format!("Processed with {} {} and ISCE2.", engine.name, engine.version),
        "Elevation: Copernicus DEM GLO-30, © DLR e.V. 2010–2014 and © Airbus Defence and Space GmbH 2014–2018, \
         provided under Copernicus by the European Union and ESA."
            .to_owned(),
        format!("{}.", colour::CITATION),
    ]
}
