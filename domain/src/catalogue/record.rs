//! One record of the catalogue, in NASA's Unified Metadata Model for granules (UMM-G).

use serde_json::Value;

use super::{LeftOut, asf};
use crate::{Acquisition, BurstId, GranuleName, Platform, StateVector, StateVectors, Timestamp, decimal};

/// Reads a record of whatever shape; without a usable name or with a burst that contradicts it, it is left out.
pub(super) fn read(item: &Value) -> Result<Acquisition, LeftOut> {
    if item["umm"].is_null() && item["properties"].is_object() {
        return asf::feature(item);
    }
    if item["gn"].is_string() {
        return asf::lite(item);
    }
    let umm = &item["umm"];
    let attributes = Attributes(&umm["AdditionalAttributes"]);
    let name = umm["GranuleUR"].as_str().or_else(|| item["meta"]["native-id"].as_str());
    let bare = bare(name, attributes.text("BURST_ID_FULL"))?;
    Ok(Acquisition {
        start: start(umm, &attributes).unwrap_or(bare.start),
        platform: platform(umm, &attributes),
        orbit: whole_number(&umm["OrbitCalculatedSpatialDomains"][0]["OrbitNumber"])
            .and_then(|n| u32::try_from(n).ok()),
        bytes: attributes.value("BYTE_LENGTH").and_then(whole_number),
        ipf: version(&umm["PGEVersionClass"]["PGEVersion"]),
        state: state_vectors(&attributes),
        centre: centre(&attributes),
        outline: outline(umm),
        ..bare
    })
}

/// What a record's name and its burst say, and nothing else.
pub(super) fn bare(name: Option<&str>, burst: Option<&str>) -> Result<Acquisition, LeftOut> {
    let left_out = |reason: String| LeftOut { name: name.unwrap_or("?").chars().take(80).collect(), reason };
    let text = name.ok_or_else(|| left_out("it has no name".to_owned()))?;
    let granule: GranuleName = text.parse().map_err(|e| left_out(format!("{e}")))?;
    let burst = burst_of(burst, &granule).map_err(left_out)?;
    Ok(Acquisition {
        burst,
        start: granule.time(),
        platform: None,
        orbit: None,
        bytes: None,
        ipf: None,
        state: None,
        centre: None,
        outline: None,
        granule,
    })
}

fn burst_of(stated: Option<&str>, granule: &GranuleName) -> Result<BurstId, String> {
    let Some(text) = stated else { return granule.burst().map_err(|e| e.to_string()) };
    let burst: BurstId = text.parse().map_err(|e| format!("{e}"))?;
    if granule.shows(burst) {
        Ok(burst)
    } else {
        Err(format!("its name and its burst {burst} do not fit together"))
    }
}

/// The version of ESA's processor.
pub(super) fn version(value: &Value) -> Option<String> {
    value.as_str().map(|v| v.trim().chars().take(20).collect()).filter(|v: &String| !v.is_empty())
}

/// A number that may be written as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| decimal::parse(value.as_str()?)).filter(|n| n.is_finite())
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
        number(self.value(name)?)
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

pub(super) fn place(longitude: f64, latitude: f64) -> Option<[f64; 2]> {
    (longitude.abs() <= 360.0 && latitude.abs() <= 90.0).then_some([longitude, latitude])
}

fn outline(umm: &Value) -> Option<Vec<[f64; 2]>> {
    let geometry = &umm["SpatialExtent"]["HorizontalSpatialDomain"]["Geometry"];
    let points = geometry["GPolygons"][0]["Boundary"]["Points"].as_array()?;
    let ring: Option<Vec<[f64; 2]>> =
        points.iter().map(|p| place(p["Longitude"].as_f64()?, p["Latitude"].as_f64()?)).collect();
    ring.filter(|ring| is_closed(ring))
}

pub(super) fn is_closed(ring: &[[f64; 2]]) -> bool {
    ring.len() >= 4 && ring.first() == ring.last()
}
