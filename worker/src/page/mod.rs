//! Serving the built page: which file an address means, and with which headers.
//!
//! The binding `ASSETS` gives bytes and, in plain workerd, neither types nor compression; both are made here. On
//! Cloudflare hashed files by-pass the Worker, and only HTML and the API come here.

pub mod card;
pub mod file;
pub mod policy;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use crate::{
    answer::{Answer, Body, empty},
    page::file::{Encoding, Target},
    ports::{Assets, Fetched},
    settings::PageSettings,
};

/// The largest `index.html` that is read to find its scripts.
const MAX_HTML: usize = 1_000_000;

/// Answers a request for the page or one of its files; `tags` go into the page's head.
pub async fn serve(
    settings: &PageSettings,
    assets: &impl Assets,
    path: &str,
    headers: &HeaderMap,
    tags: Option<&str>,
) -> Answer {
    match Target::of(path) {
        Some(Target::Html) => html(settings, assets, tags).await,
        Some(Target::File(file)) => {
            let Some((encoding, fetched)) = fetch(assets, &file, headers).await else { return missing() };
            send(&file, encoding, fetched, headers)
        }
        None => missing(),
    }
}

/// The page itself. It is read whole because its policy names the hashes of its inline scripts.
async fn html(settings: &PageSettings, assets: &impl Assets, tags: Option<&str>) -> Answer {
    let Ok(fetched) = assets.fetch("/index.html").await else { return missing() };
    if fetched.status != StatusCode::OK {
        return missing();
    }
    let Some(bytes) = read(fetched).await else { return empty(StatusCode::BAD_GATEWAY) };
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if let Some(tags) = tags {
        text = card::with_tags(&text, tags);
    }
    let policy = HeaderValue::from_str(&policy::content_security_policy(settings, &text));
    let Ok(policy) = policy else { return empty(StatusCode::INTERNAL_SERVER_ERROR) };
    let mut answer = Response::new(Body::Whole(text.into()));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    set(headers, header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(headers, header::CACHE_CONTROL, "no-cache");
    common(headers);
    answer
}

async fn fetch(
    assets: &impl Assets,
    file: &file::File<'_>,
    headers: &HeaderMap,
) -> Option<(Option<Encoding>, Fetched)> {
    for encoding in file.encodings(headers) {
        let path = format!("{}{}", file.path, encoding.suffix());
        if let Ok(fetched) = assets.fetch(&path).await
            && fetched.status == StatusCode::OK
        {
            return Some((Some(encoding), fetched));
        }
    }
    let fetched = assets.fetch(file.path).await.ok()?;
    (fetched.status == StatusCode::OK).then_some((None, fetched))
}

fn send(file: &file::File<'_>, encoding: Option<Encoding>, fetched: Fetched, asked: &HeaderMap) -> Answer {
    let unchanged = |given: HeaderName, have: HeaderName| {
        asked.get(given).is_some_and(|value| fetched.headers.get(have) == Some(value))
    };
    let not_modified = unchanged(header::IF_NONE_MATCH, header::ETAG)
        || unchanged(header::IF_MODIFIED_SINCE, header::LAST_MODIFIED);
    let mut answer = if not_modified {
        let mut answer = Response::new(Body::Whole(Bytes::new()));
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        answer
    } else {
        Response::new(Body::Stream(fetched.body))
    };
    let headers = answer.headers_mut();
    for name in [header::ETAG, header::LAST_MODIFIED] {
        if let Some(value) = fetched.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    set(headers, header::CONTENT_TYPE, file.media_type);
    set(headers, header::CACHE_CONTROL, if file.hashed { FOR_EVER } else { "no-cache" });
    if file.may_be_encoded() {
        set(headers, header::VARY, "accept-encoding");
    }
    if let Some(encoding) = encoding {
        set(headers, header::CONTENT_ENCODING, encoding.name());
    }
    set(headers, HeaderName::from_static(OF_FILES.0), OF_FILES.1);
    common(headers);
    answer
}

async fn read(mut fetched: Fetched) -> Option<Bytes> {
    let mut bytes = Vec::new();
    while let Some(piece) = fetched.body.next().await {
        bytes.extend_from_slice(&piece.ok()?);
        if bytes.len() > MAX_HTML {
            return None;
        }
    }
    Some(bytes.into())
}

fn missing() -> Answer {
    let mut answer =
        Response::new(Body::Whole(Bytes::from_static(b"There is no page here. Begin at / instead.\n")));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    set(answer.headers_mut(), header::CONTENT_TYPE, "text/plain; charset=utf-8");
    set(answer.headers_mut(), header::CACHE_CONTROL, "no-store");
    common(answer.headers_mut());
    answer
}

/// What every file carries, whoever serves it: this Worker, or Cloudflare's assets beside it ([`headers_file`]).
const COMMON: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    // Tile servers want to know the site; nobody needs to know the run.
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
/// A file that is opened by itself, such as the icon, may do nothing.
const OF_FILES: (&str, &str) =
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn common(headers: &mut HeaderMap) {
    for (name, value) in COMMON {
        set(headers, HeaderName::from_static(name), value);
    }
}

/// Cloudflare's `_headers`, which makes the files that it serves beside the Worker carry what the Worker would give
/// them; `paths` are the files of the built page.
pub fn headers_file(paths: &[String]) -> String {
    let mut lines = vec!["/*".to_owned()];
    lines.extend(COMMON.iter().chain([&OF_FILES]).map(|(name, value)| format!("  {name}: {value}")));
    let hashed = |path: &&String| matches!(Target::of(path), Some(Target::File(file)) if file.hashed);
    for path in paths.iter().filter(hashed) {
        lines.extend([path.clone(), "  ! cache-control".to_owned(), format!("  cache-control: {FOR_EVER}")]);
    }
    lines.join("\n") + "\n"
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_the_worker_carry_what_it_would_give_them() {
        let paths = ["/index.html", "/icon.svg", "/app-0123456789abcdef_bg.wasm"].map(str::to_owned);
        let file = headers_file(&paths);
        assert!(file.starts_with("/*\n  x-content-type-options: nosniff\n"), "{file}");
        assert!(file.ends_with("/app-0123456789abcdef_bg.wasm\n  ! cache-control\n  cache-control: public, max-age=31536000, immutable\n"));
        assert_eq!(file.matches("immutable").count(), 1);
    }
}
