//! One record of the catalogue, in NASA's Unified Metadata Model for granules (UMM-G).

use serde_json::Value;

use super::LeftOut;
use crate::{Acquisition, BurstId, GranuleName, Platform, StateVector, StateVectors, Timestamp, decimal};

/// Reads a record; without a usable name or with a burst that contradicts it, it is left out.
pub(super) fn read(item: &Value) -> Result<Acquisition, LeftOut> {
    let umm = &item["umm"];
    let text = umm["GranuleUR"].as_str().or_else(|| item["meta"]["native-id"].as_str());
    let name: String = text.unwrap_or("?").chars().take(80).collect();
    let left_out = |reason: String| LeftOut { name: name.clone(), reason };
    let text = text.ok_or_else(|| left_out("it has no name".to_owned()))?;
    let granule: GranuleName = text.parse().map_err(|e| left_out(format!("{e}")))?;
    let attributes = Attributes(&umm["AdditionalAttributes"]);
    let burst = burst(&attributes, &granule).map_err(left_out)?;
    Ok(Acquisition {
        burst,
        start: start(umm, &attributes).unwrap_or_else(|| granule.time()),
        platform: platform(umm, &attributes),
        orbit: whole_number(&umm["OrbitCalculatedSpatialDomains"][0]["OrbitNumber"])
            .and_then(|n| u32::try_from(n).ok()),
        bytes: attributes.value("BYTE_LENGTH").and_then(whole_number),
        ipf: umm["PGEVersionClass"]["PGEVersion"].as_str().map(|v| v.chars().take(20).collect()),
        state: state_vectors(&attributes),
        centre: centre(&attributes),
        outline: outline(umm),
        granule,
    })
}

/// A number that may be written as text, as it is in some years.
pub(super) fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// UMM's list of `{"Name": …, "Values": […]}`.
struct Attributes<'a>(&'a Value);

impl<'a> Attributes<'a> {
    fn value(&self, name: &str) -> Option<&'a Value> {
        let attribute = self.0.as_array()?.iter().find(|a| a["Name"].as_str() == Some(name))?;
        let values = &attribute["Values"];
        values.get(0).or(Some(values)).filter(|v| !v.is_null())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str().map(str::trim).filter(|t| !t.is_empty())
    }

    fn number(&self, name: &str) -> Option<f64> {
        let value = self.value(name)?;
        value.as_f64().or_else(|| decimal::parse(value.as_str()?)).filter(|n| n.is_finite())
    }
}

fn burst(attributes: &Attributes, granule: &GranuleName) -> Result<BurstId, String> {
    let Some(text) = attributes.text("BURST_ID_FULL") else {
        return granule.burst().map_err(|e| e.to_string());
    };
    let burst: BurstId = text.parse().map_err(|e| format!("{e}"))?;
    if granule.shows(burst) {
        Ok(burst)
    } else {
        Err(format!("its name and its burst {burst} do not fit together"))
    }
}

fn start(umm: &Value, attributes: &Attributes) -> Option<Timestamp> {
    let extent = &umm["TemporalExtent"];
    [&extent["RangeDateTime"]["BeginningDateTime"], &extent["SingleDateTime"]]
        .into_iter()
        .filter_map(Value::as_str)
        .chain(attributes.text("AZIMUTH_TIME"))
        .find_map(|text| text.parse().ok())
}

/// The platform as such, else from the first letters of the group's name (`S1A_IWSV_…`).
fn platform(umm: &Value, attributes: &Attributes) -> Option<Platform> {
    let stated = umm["Platforms"][0]["ShortName"].as_str().map(str::trim).filter(|t| !t.is_empty());
    let from_group =
        || attributes.text("GROUP_ID")?.split('_').next().filter(|t| t.len() == 3 && t.starts_with("S1"));
    stated.or_else(from_group).map(Platform::from)
}

fn state_vectors(attributes: &Attributes) -> Option<StateVectors> {
    let vector = |kind: &str, side: &str| timed_vector(attributes.text(&format!("SV_{kind}_{side}"))?);
    let state = |side: &str| {
        let (position, time) = vector("POSITION", side)?;
        let (velocity, velocity_time) = vector("VELOCITY", side)?;
        (time == velocity_time).then_some(StateVector { time, position, velocity })
    };
    let ascending_node = attributes.text("ASC_NODE_TIME")?.parse().ok()?;
    Some(StateVectors { ascending_node, pre: state("PRE")?, post: state("POST")? })
}

/// `x,y,z,time`.
fn timed_vector(text: &str) -> Option<([f64; 3], Timestamp)> {
    let mut parts = text.split(',').map(str::trim);
    let mut number = || decimal::parse(parts.next()?);
    let vector = [number()?, number()?, number()?];
    let time = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some((vector, time))
}

fn centre(attributes: &Attributes) -> Option<[f64; 2]> {
    place(attributes.number("CENTER_LON")?, attributes.number("CENTER_LAT")?)
}

fn place(longitude: f64, latitude: f64) -> Option<[f64; 2]> {
    (longitude.abs() <= 360.0 && latitude.abs() <= 90.0).then_some([longitude, latitude])
}

fn outline(umm: &Value) -> Option<Vec<[f64; 2]>> {
    let geometry = &umm["SpatialExtent"]["HorizontalSpatialDomain"]["Geometry"];
    let points = geometry["GPolygons"][0]["Boundary"]["Points"].as_array()?;
    let ring: Option<Vec<[f64; 2]>> =
        points.iter().map(|p| place(p["Longitude"].as_f64()?, p["Latitude"].as_f64()?)).collect();
    ring.filter(|ring| ring.len() >= 4 && ring.first() == ring.last())
}
