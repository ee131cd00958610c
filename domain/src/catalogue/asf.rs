//! One record of ASF's search service, in the shapes `geojson` and `jsonlite2`. Neither carries orbit states.

use serde_json::Value;

use super::{
    LeftOut,
    record::{bare, is_closed, number, place, version, whole_number},
};
use crate::{Acquisition, Platform};

/// ASF gives the size of a burst in millions of 1,024 bytes.
const BYTES_OF_SIZE: f64 = 1_024_000.0;

/// A feature of `output=geojson`.
pub(super) fn feature(item: &Value) -> Result<Acquisition, LeftOut> {
    let properties = &item["properties"];
    let name = properties["sceneName"].as_str().or_else(|| properties["fileID"].as_str());
    let bare = bare(name, properties["burst"]["fullBurstID"].as_str())?;
    let centre = || place(number(&properties["centerLon"])?, number(&properties["centerLat"])?);
    let ring = || -> Option<Vec<[f64; 2]>> {
        let points = item["geometry"]["coordinates"][0].as_array()?;
        points.iter().map(|p| place(p[0].as_f64()?, p[1].as_f64()?)).collect()
    };
    Ok(Acquisition {
        start: properties["startTime"].as_str().and_then(|t| t.parse().ok()).unwrap_or(bare.start),
        platform: platform(&properties["platform"]),
        orbit: whole_number(&properties["orbit"]).and_then(|n| u32::try_from(n).ok()),
        bytes: whole_number(&properties["bytes"]),
        ipf: version(&properties["pgeVersion"]),
        centre: centre(),
        outline: ring().filter(|ring| is_closed(ring)),
        ..bare
    })
}

/// A result of `output=jsonlite2`, whose keys are short: `gn` the name, `d` the platform, `st` the start, `o` the orbit,
/// `s` the size, `s1b` the burst, `wu` the outline as WKT.
pub(super) fn lite(item: &Value) -> Result<Acquisition, LeftOut> {
    let bare = bare(item["gn"].as_str(), item["s1b"]["fullBurstID"].as_str())?;
    let orbit = item["o"].get(0).unwrap_or(&item["o"]);
    let outline = || Some(item["wu"].as_str()?.parse::<crate::Area>().ok()?.rings().first()?.clone());
    Ok(Acquisition {
        start: item["st"].as_str().and_then(|t| t.parse().ok()).unwrap_or(bare.start),
        platform: platform(&item["d"]),
        orbit: whole_number(orbit).and_then(|n| u32::try_from(n).ok()),
        bytes: number(&item["s"]).filter(|s| *s > 0.0).map(|s| (s * BYTES_OF_SIZE).round() as u64),
        ipf: version(&item["pge"]),
        outline: outline(),
        ..bare
    })
}

fn platform(value: &Value) -> Option<Platform> {
    value.as_str().map(str::trim).filter(|t| !t.is_empty()).map(Platform::from)
}
