//! What has come in since the start, counted: with this, tests see that no credential goes astray.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, Method, header};
use serde::Serialize;
use serde_json::{Value, json};

/// More kinds of requests than there are routes; the rest is counted together.
const MOST_KINDS: usize = 500;

/// Requests to the blob store, and what they carried that is not meant for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Blobs {
    requests: u64,
    authorization: u64,
    cookie: u64,
    api_version: u64,
    token_in_query: u64,
    /// Any of these.
    any: u64,
}

/// The counts.
#[derive(Default)]
pub struct Seen {
    blobs: Mutex<Blobs>,
    api: Mutex<BTreeMap<String, u64>>,
}

impl Seen {
    /// Counts a request to the blob store.
    pub fn blob(&self, headers: &HeaderMap, query: &str) {
        let carried = [
            headers.contains_key(header::AUTHORIZATION),
            headers.contains_key(header::COOKIE),
            headers.contains_key("x-github-api-version"),
            has_token(query),
        ];
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let [authorization, cookie, api_version, token] = carried.map(u64::from);
        blobs.requests += 1;
        blobs.authorization += authorization;
        blobs.cookie += cookie;
        blobs.api_version += api_version;
        blobs.token_in_query += token;
        blobs.any += u64::from(carried.contains(&true));
    }

    /// Counts a request to the API or to sign-in.
    pub fn api(&self, method: &Method, path: &str) {
        let kind = kind(method, path);
        let mut api = self.api.lock().unwrap_or_else(PoisonError::into_inner);
        let known = api.len() < MOST_KINDS || api.contains_key(&kind);
        *api.entry(if known { kind } else { "other".to_owned() }).or_default() += 1;
    }

    /// All counts.
    pub fn report(&self) -> Value {
        let blobs = *self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let api = self.api.lock().unwrap_or_else(PoisonError::into_inner).clone();
        json!({"blobs": blobs, "api": api})
    }
}

/// Whether a query holds something that looks like a credential; the signature is in hexadecimal and does not.
fn has_token(query: &str) -> bool {
    const PREFIXES: [&str; 7] = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "eyJ"];
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| {
        let name = name.to_lowercase();
        name.contains("token") || name.contains("authorization") || PREFIXES.iter().any(|p| value.contains(p))
    })
}

/// Method and path, with `{id}` for numbers, so that requests of one kind count together.
fn kind(method: &Method, path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if number { "{id}" } else { part }
    });
    format!("{method} {}", parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_from_what_belongs_to_a_signed_address() {
        let signed = "rscd=attachment%3B+filename%3D%22a.zip%22&rsct=application%2Fzip&se=2026-12-01T08%3A30%3A00Z&sig=0f&sp=r&sr=b";
        assert!(!has_token(signed));
        for more in ["access_token=x", "a=ghs_0f", "a=x%20github_pat_1", "Authorization=x", "x=eyJhbGciOi"] {
            assert!(has_token(&format!("{signed}&{more}")), "{more}");
        }
    }

    #[test]
    fn requests_of_one_kind_count_together() {
        let seen = Seen::default();
        for id in [1, 2] {
            seen.api(&Method::GET, &format!("/repos/local/burstboard/actions/runs/{id}/jobs"));
        }
        let mut headers = HeaderMap::new();
        seen.blob(&headers, "sig=0");
        headers.insert(header::COOKIE, "a=b".parse().unwrap());
        seen.blob(&headers, "token=1");
        let report = seen.report();
        assert_eq!(report["api"]["GET /repos/local/burstboard/actions/runs/{id}/jobs"], 2);
        assert_eq!(
            report["blobs"],
            json!({"requests": 2, "authorization": 0, "cookie": 1, "api_version": 0, "token_in_query": 1,
                "any": 1})
        );
    }
}
