//! ASF's search service, the second way to the same records: `output=geojson`, without orbit states.

use axum::{
    Json,
    extract::RawQuery,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::record::{Record, records};

/// The path that stands for the search service's.
pub const ASF_PATH: &str = "/catalogue/services/search/param";

/// Answers a search by burst.
pub(super) async fn search(RawQuery(query): RawQuery) -> Response {
    let mut response = answer(&query.unwrap_or_default());
    // As the service does: any page may ask.
    response.headers_mut().insert("access-control-allow-origin", HeaderValue::from_static("*"));
    response
}

fn answer(query: &str) -> Response {
    let mut burst = String::new();
    let mut most = usize::MAX;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            (name, "") => return error(&format!("Empty value for keyword {name}")),
            ("fullburstid", value) => burst = value.to_owned(),
            ("dataset", "SLC-BURST") | ("output", "geojson") => {}
            ("maxresults", value) => match value.parse() {
                Ok(number) => most = number,
                Err(_) => return error("maxResults has to be a whole number"),
            },
            (name, value) => {
                return error(&format!("The search service in the sandbox does not know {name}={value}"));
            }
        }
    }
    let fits = |record: &&Record| record.burst().eq_ignore_ascii_case(&burst);
    let features: Vec<Value> = records().iter().filter(fits).take(most).map(feature).collect();
    Json(json!({ "type": "FeatureCollection", "features": features })).into_response()
}

fn error(report: &str) -> Response {
    let body = json!({ "error": { "type": "VALIDATION_ERROR", "report": report } });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// An acquisition as the service lists it.
fn feature(record: &Record) -> Value {
    let row = record.row;
    let [longitude, latitude] = record.centre().map(|text| text.parse::<f64>().ok());
    let number = |text: &str| text.parse::<u64>().ok();
    let (name, platform) = (record.granule(), row.platform());
    let address =
        format!("https://sentinel1-burst.asf.alaska.edu/{}/IW3/VV/{}", row.slc, record.burst_index());
    json!({
        "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": [record.outline()] },
        "properties": {
            "beamModeType": "IW", "browse": null, "bytes": number(row.bytes),
            "centerLat": latitude, "centerLon": longitude,
            "fileID": name, "fileName": format!("{name}.tiff"), "sceneName": name,
            "flightDirection": "DESCENDING", "orbit": number(row.orbit()), "pathNumber": 174, "platform": platform,
            "polarization": "VV", "processingLevel": "BURST", "sensor": "C-SAR", "pgeVersion": row.ipf,
            "startTime": record.begin(), "stopTime": record.end(), "url": format!("{address}.tiff"),
            "burst": {
                "absoluteBurstID": record.absolute_burst(), "relativeBurstID": record.number(),
                "fullBurstID": record.burst(),
                "burstIndex": record.burst_index(), "samplesPerBurst": number(row.samples), "subswath": "IW3",
                "azimuthAnxTime": record.azimuth_anx_time(),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use domain::catalogue::CataloguePage;

    use super::{super::record::recorded, *};

    #[test]
    fn every_feature_is_as_asf_recorded_it() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/data/asf/burst_stack_174_372326_IW3_VV.geojson"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("left out: the recorded search is not there");
            return;
        };
        let search: Value = serde_json::from_str(&text).unwrap();
        let features = search["features"].as_array().unwrap();
        assert_eq!(features.len(), recorded().count());
        for record in recorded() {
            let ours = feature(record);
            let theirs = features
                .iter()
                .find(|f| f["properties"]["sceneName"] == ours["properties"]["sceneName"])
                .unwrap();
            assert_eq!(ours["geometry"], theirs["geometry"]);
            for (key, value) in
                ours["properties"].as_object().unwrap().iter().filter(|(key, _)| *key != "burst")
            {
                assert_eq!(value, &theirs["properties"][key], "{key}");
            }
            for (key, value) in ours["properties"]["burst"].as_object().unwrap() {
                assert_eq!(value, &theirs["properties"]["burst"][key], "{key}");
            }
        }
    }

    #[tokio::test]
    async fn a_search_is_answered_as_the_page_asks_it() {
        let url = domain::catalogue::asf_query_url("", "174_372326_IW3".parse().unwrap());
        let body = |query: String| async move {
            let response = search(RawQuery(Some(query))).await;
            axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap()
        };
        let page = CataloguePage::parse(&body(url.trim_start_matches('?').to_owned()).await).unwrap();
        assert_eq!((page.acquisitions.len(), page.left_out.len()), (166, 0));
        assert!(page.acquisitions.iter().all(|a| a.state.is_none() && a.platform.is_some()));
        let other = CataloguePage::parse(&body("fullBurstID=064_136231_IW2".to_owned()).await).unwrap();
        assert!(other.acquisitions.is_empty());
        let refused = CataloguePage::parse(&body("fullBurstID=".to_owned()).await).unwrap_err().to_string();
        assert!(refused.contains("Empty value for keyword fullburstid"), "{refused}");
    }
}
