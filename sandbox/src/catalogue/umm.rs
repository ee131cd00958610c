//! An acquisition in the shape of CMR's UMM-G.

use serde_json::{Value, json};

use super::record::Record;

/// The attributes of an acquisition by which searches choose.
pub(super) fn attributes(record: &Record) -> Vec<(&'static str, String)> {
    let row = record.row;
    let [longitude, latitude] = record.centre();
    let text = |text: &str| text.to_owned();
    let vector = |[time, position, _]: [&str; 3]| format!("{position},{time}");
    let velocity = |[time, _, velocity]: [&str; 3]| format!("{velocity},{time}");
    let mission = row.slc.get(..3).unwrap_or_default();
    let mut attributes = vec![
        ("ASC_NODE_TIME", text(row.ascending_node)),
        ("ASCENDING_DESCENDING", text("DESCENDING")),
        ("AZIMUTH_ANX_TIME", record.azimuth_anx_time()),
        ("AZIMUTH_TIME", record.azimuth_time()),
        ("BEAM_MODE", text("IW")),
        ("BURST_ID_ABSOLUTE", record.absolute_burst().to_string()),
        ("BURST_ID_FULL", record.burst()),
        ("BURST_ID_RELATIVE", record.number().to_string()),
        ("BURST_INDEX", record.burst_index().to_string()),
        ("BYTE_LENGTH", text(row.bytes)),
        ("BYTE_OFFSET", record.offset().to_string()),
        ("CENTER_LAT", latitude),
        ("CENTER_LON", longitude),
        ("GROUP_ID", format!("{mission}_{}_{}_174", row.group, row.orbit())),
        ("LINES_PER_BURST", text(row.lines)),
        ("PATH_NUMBER", text("174")),
        ("POLARIZATION", text("VV")),
        ("PROCESSING_LEVEL", text("L1")),
        ("PROCESSING_TYPE", text("BURST")),
        ("SAMPLES_PER_BURST", text(row.samples)),
        ("SUBSWATH_NAME", text("IW3")),
        ("SV_POSITION_POST", vector(row.post)),
        ("SV_POSITION_PRE", vector(row.pre)),
        ("SV_VELOCITY_POST", velocity(row.post)),
        ("SV_VELOCITY_PRE", velocity(row.pre)),
    ];
    if record.is_derived() {
        // No attribute of ASF's: nobody shall take these for records.
        attributes.push(("DERIVED_FROM", text("174_372326_IW3, moved along the track")));
    }
    attributes
}

/// `{meta, umm}` as CMR lists it.
pub fn item(record: &Record) -> Value {
    let (row, granule) = (record.row, record.granule());
    let attributes: Vec<Value> = attributes(record)
        .into_iter()
        .map(|(name, value)| json!({"Name": name, "Values": [value]}))
        .collect();
    let points: Vec<Value> =
        record.outline().iter().map(|[x, y]| json!({"Longitude": x, "Latitude": y})).collect();
    let burst = format!("https://sentinel1-burst.asf.alaska.edu/{}/IW3/VV/{}", row.slc, record.burst_index());
    let orbit: u32 = row.orbit().parse().unwrap_or_default();
    json!({
        "meta": {
            "concept-type": "granule", "concept-id": format!("G{}-ASF", record.concept()), "revision-id": 2,
            "native-id": granule, "provider-id": "ASF", "format": "application/vnd.nasa.cmr.umm+json",
        },
        "umm": {
            "TemporalExtent": {"RangeDateTime": {"BeginningDateTime": record.begin(), "EndingDateTime": record.end()}},
            "OrbitCalculatedSpatialDomains": [{"OrbitNumber": orbit}],
            "GranuleUR": granule,
            "AdditionalAttributes": attributes,
            "SpatialExtent": {"HorizontalSpatialDomain": {"Geometry": {"GPolygons": [{"Boundary": {"Points": points}}]}}},
            "CollectionReference": {"ShortName": "SENTINEL-1_BURSTS", "Version": "1"},
            "PGEVersionClass": {"PGEName": "Sentinel-1 IPF", "PGEVersion": row.ipf},
            "RelatedUrls": [
                {"URL": format!("{burst}.tiff"), "Type": "USE SERVICE API", "Format": "GeoTIFF"},
                {"URL": format!("{burst}.xml"), "Type": "USE SERVICE API", "Format": "XML"},
            ],
            "InputGranules": [format!("{}-SLC", row.slc)],
            "Platforms": [{
                "Instruments": [{"ShortName": "C-SAR", "Characteristics": [{"Name": "LookDirection", "Value": "RIGHT"}]}],
                "ShortName": row.platform(),
            }],
            "MetadataSpecification": {
                "URL": "https://cdn.earthdata.nasa.gov/umm/granule/v1.6.5", "Name": "UMM-G", "Version": "1.6.5",
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{super::record::recorded, *};

    /// Whether all of `ours` stands in `theirs`; lists of named or addressed things are compared by name or address.
    fn contained(ours: &Value, theirs: &Value, at: &str) {
        match (ours, theirs) {
            (Value::Object(ours), Value::Object(theirs)) => {
                for (key, value) in ours {
                    contained(value, theirs.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"));
                }
            }
            (Value::Array(ours), Value::Array(theirs)) => {
                for (n, value) in ours.iter().enumerate() {
                    let same = |other: &&Value| {
                        ["Name", "URL"].iter().any(|k| value.get(k).is_some() && value.get(k) == other.get(k))
                    };
                    let other = theirs.iter().find(same).or_else(|| theirs.get(n)).unwrap_or(&Value::Null);
                    contained(value, other, &format!("{at}[{n}]"));
                }
            }
            _ => assert_eq!(ours, theirs, "{at}"),
        }
    }

    #[test]
    fn every_item_is_as_asf_recorded_it() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/data/asf/burst_stack_174_372326_IW3_VV_full.json"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("left out: the recorded stack is not there");
            return;
        };
        let records: Vec<Value> = serde_json::from_str(&text).unwrap();
        assert_eq!(records.len(), recorded().count());
        for record in recorded() {
            let item = item(record);
            let same =
                records.iter().find(|other| other["umm"]["GranuleUR"] == item["umm"]["GranuleUR"]).unwrap();
            contained(&item, same, &record.granule());
            let count = |item: &Value| item["umm"]["AdditionalAttributes"].as_array().unwrap().len();
            // The description of the beam mode is prose and is left out.
            assert_eq!(count(&item) + 1, count(same));
        }
    }
}
