//! The ASF catalogue: CMR's `granules.umm_json` and ASF's own search service, answered from a table of the project's own.
//!
//! The table holds the real acquisitions of one burst, 174_372326_IW3 (Mount Edgecumbe, Alaska). Its two neighbours
//! along the track have acquisitions derived from these; every other burst has none here.

mod asf;
mod query;
mod record;
mod table;
mod umm;

use axum::{
    Json, Router,
    extract::RawQuery,
    http::{HeaderMap, HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::json;

pub use asf::ASF_PATH;
pub use query::Query;
pub use record::{Record, records};
pub use table::{Row, rows};
pub use umm::item;

/// The path that stands for CMR's.
pub const PATH: &str = "/catalogue/search/granules.umm_json";

const SEARCH_AFTER: &str = "cmr-search-after";

/// The route.
pub fn routes() -> Router {
    Router::new()
        .route(PATH, any(search))
        .route(ASF_PATH, get(asf::search))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "The catalogue has granules.umm_json only.") })
}

async fn search(method: Method, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let mut response = match method {
        Method::OPTIONS => StatusCode::OK.into_response(),
        Method::GET => answer(&query.unwrap_or_default(), &headers),
        _ => error(StatusCode::METHOD_NOT_ALLOWED, "The catalogue in the sandbox takes GET requests only."),
    };
    // As CMR does: any page may ask and read these headers.
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "POST, GET, OPTIONS"),
        (
            "access-control-allow-headers",
            "Echo-Token, Authorization, Client-Id, CMR-Request-Id, CMR-Scroll-Id, CMR-Search-After",
        ),
        (
            "access-control-expose-headers",
            "CMR-Hits, CMR-Request-Id, X-Request-Id, CMR-Scroll-Id, CMR-Search-After, CMR-Timed-Out, CMR-Shapefile-Original-Point-Count, CMR-Shapefile-Simplified-Point-Count",
        ),
        ("access-control-max-age", "2592000"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn answer(query: &str, headers: &HeaderMap) -> Response {
    let query = match Query::read(query) {
        Ok(query) => query,
        Err(e) => return error(StatusCode::BAD_REQUEST, &e.to_string()),
    };
    let after = match headers.get(SEARCH_AFTER).map(after) {
        None => None,
        Some(Some(place)) => Some(place),
        Some(None) => {
            return error(
                StatusCode::BAD_REQUEST,
                "The search-after value is not one that the catalogue gave.",
            );
        }
    };
    let found = query.search(records());
    let start = after.unwrap_or_else(|| query.offset());
    let page: Vec<_> = found.iter().skip(start).take(query.page_size).map(|record| item(record)).collect();
    let next = (!page.is_empty()).then(|| format!("[\"burstboard\",{}]", start + page.len()));
    let body = Json(json!({"hits": found.len(), "took": 1, "items": page}));
    let mut response = ([("cmr-hits", found.len().to_string())], body).into_response();
    if let Some(next) = next.and_then(|next| HeaderValue::from_str(&next).ok()) {
        response.headers_mut().insert(SEARCH_AFTER, next);
    }
    let media =
        HeaderValue::from_static("application/vnd.nasa.cmr.umm_results+json;version=1.6.5; charset=utf-8");
    response.headers_mut().insert("content-type", media);
    response
}

/// Where the next page begins, from the header that came with the last one.
fn after(value: &HeaderValue) -> Option<usize> {
    let (name, place): (String, usize) = serde_json::from_slice(value.as_bytes()).ok()?;
    (name == "burstboard").then_some(place)
}

fn error(status: StatusCode, sentence: &str) -> Response {
    (status, Json(json!({"errors": [sentence]}))).into_response()
}
