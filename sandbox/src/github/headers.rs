//! The headers around every answer: request id, rate limit, version, ETag.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use crate::clock;

const HOUR: i64 = 3_600_000;

/// The primary rate limit: counted, shown, and enforced like GitHub's.
pub struct Rate {
    limit: u64,
    used: AtomicU64,
    since: Mutex<i64>,
}

impl Rate {
    /// `limit` requests an hour; a signed-in user of GitHub has 5,000.
    pub fn new(limit: u64) -> Self {
        Self { limit, used: AtomicU64::new(0), since: Mutex::new(clock::now()) }
    }

    /// Requests an hour.
    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    /// How many requests of this hour are used, and when the next hour begins, in seconds since 1970.
    pub(crate) fn state(&self) -> (u64, i64) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::now();
        if now - *since >= HOUR {
            *since = now;
            self.used.store(0, Ordering::Relaxed);
        }
        (self.used.load(Ordering::Relaxed), (*since + HOUR) / 1000)
    }

    /// Counts one request; `false`: there are none left.
    pub(crate) fn take(&self) -> bool {
        let (used, _) = self.state();
        self.used.fetch_add(1, Ordering::Relaxed);
        used < self.limit
    }

    /// An answer that says "unchanged" costs nothing.
    pub(crate) fn give_back(&self) {
        // The hour may have begun anew in between.
        let _ = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| used.checked_sub(1));
    }

    fn write(&self, headers: &mut HeaderMap) {
        let (used, reset) = self.state();
        let used = used.min(self.limit);
        for (name, value) in [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-used", used.to_string()),
            ("x-ratelimit-remaining", (self.limit - used).to_string()),
            ("x-ratelimit-reset", reset.to_string()),
            ("x-ratelimit-resource", "core".to_owned()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.entry(name).or_insert(value);
            }
        }
    }
}

/// Adds what every answer carries.
pub(crate) fn dress(response: &mut Response, rate: &Rate, version: &str) {
    let headers = response.headers_mut();
    rate.write(headers);
    let request = format!("{:04X}:{:08X}", rand::random::<u16>(), rand::random::<u32>());
    for (name, value) in [
        ("x-github-request-id", request.as_str()),
        ("x-github-api-version-selected", version),
        ("x-github-media-type", "github.v3; format=json"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Accept, Authorization, Cookie, X-GitHub-OTP"),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

/// Tells when the token ends, as GitHub does for tokens that end: `2026-12-01 08:30:00 UTC`.
pub(crate) fn tell_end(response: &mut Response, until: clock::Millis) {
    let text = clock::iso(until).replace('T', " ").replace('Z', " UTC");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert("github-authentication-token-expiration", value);
    }
}

/// Gives a 200 answer its weak ETag, and turns it into a 304 where the caller has it already.
pub(crate) async fn with_etag(response: Response, known: Option<&HeaderValue>, rate: &Rate) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let strong = format!("\"{}\"", hex::encode(Sha256::digest(&bytes)));
    if let Ok(value) = HeaderValue::from_str(&format!("W/{strong}")) {
        parts.headers.insert(header::ETAG, value);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60, s-maxage=60"));
    let same = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.split(',').any(|one| one.trim().trim_start_matches("W/") == strong))
    };
    if known.is_some_and(same) {
        rate.give_back();
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}
