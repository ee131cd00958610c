//! ASF's search service, the second way to the same records: `output=geojson`, without orbit states.

use axum::{
    Json,
    extract::RawQuery,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    table::{Row, rows},
    umm::{BURST, CENTRE, OUTLINE},
};

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
    let fits = burst.eq_ignore_ascii_case(BURST);
    let features: Vec<Value> = rows().iter().filter(|_| fits).take(most).map(feature).collect();
    Json(json!({ "type": "FeatureCollection", "features": features })).into_response()
}

fn error(report: &str) -> Response {
    let body = json!({ "error": { "type": "VALIDATION_ERROR", "report": report } });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// An acquisition as the service lists it.
fn feature(row: &Row) -> Value {
    let number = |text: &str| text.parse::<u64>().ok();
    let (name, platform) = (row.granule(), row.platform());
    let address = format!("https://sentinel1-burst.asf.alaska.edu/{}/IW3/VV/{}", row.slc, row.burst_index);
    json!({
        "type": "Feature",
        "geometry": { "type": "Polygon", "coordinates": [OUTLINE] },
        "properties": {
            "beamModeType": "IW", "browse": null, "bytes": number(row.bytes),
            "centerLat": CENTRE.1.parse::<f64>().ok(), "centerLon": CENTRE.0.parse::<f64>().ok(),
            "fileID": name, "fileName": format!("{name}.tiff"), "sceneName": name,
            "flightDirection": "DESCENDING", "orbit": number(row.orbit()), "pathNumber": 174, "platform": platform,
            "polarization": "VV", "processingLevel": "BURST", "sensor": "C-SAR", "pgeVersion": row.ipf,
            "startTime": row.begin, "stopTime": row.end, "url": format!("{address}.tiff"),
            "burst": {
                "absoluteBurstID": number(row.absolute_burst), "relativeBurstID": 372_326, "fullBurstID": BURST,
                "burstIndex": number(row.burst_index), "samplesPerBurst": number(row.samples), "subswath": "IW3",
                "azimuthAnxTime": row.azimuth_anx_time,
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use domain::catalogue::CataloguePage;

    use super::*;

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
        let recorded: Value = serde_json::from_str(&text).unwrap();
        let recorded = recorded["features"].as_array().unwrap();
        assert_eq!(recorded.len(), rows().len());
        for row in rows() {
            let ours = feature(row);
            let theirs = recorded
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
        let url = domain::catalogue::asf_query_url("", BURST.parse().unwrap());
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
