//! The page's content security policy.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::catalogue::second_way;
use sha2::{Digest, Sha256};
use url::Url;

use crate::settings::PageSettings;

/// A policy under which `html` works and nothing else does: its own scripts, its wasm, the catalogue, the tiles.
///
/// Trunk writes the script that starts the wasm into the HTML; its hash is taken from the very bytes that are served,
/// so that the two cannot drift apart.
pub fn content_security_policy(settings: &PageSettings, html: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    let catalogue = settings.catalogue.origin().ascii_serialization();
    // The page asks ASF's search service where the catalogue does not answer.
    let second = second_way(settings.catalogue.as_str())
        .and_then(|address| Url::parse(&address).ok())
        .map(|address| address.origin().ascii_serialization())
        .filter(|origin| *origin != catalogue)
        .map(|origin| format!(" {origin}"))
        .unwrap_or_default();
    let tiles = settings.tile_source().map(|origin| format!(" {origin}")).unwrap_or_default();
    [
        "default-src 'none'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{hashes}"),
        "style-src 'self'".to_owned(),
        // Places on maps and plots are style attributes; style sheets are files.
        "style-src-attr 'unsafe-inline'".to_owned(),
        format!("connect-src 'self' {catalogue}{second}"),
        format!("img-src 'self' data: blob:{tiles}"),
        "font-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "worker-src 'self'".to_owned(),
        "base-uri 'self'".to_owned(),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
    ]
    .join("; ")
}

/// What stands between the tags of scripts without `src`, byte for byte as a browser hashes it.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let start = find_tag(rest, "<script")?;
            let (attributes, after) = rest.get(start + "<script".len()..)?.split_once('>')?;
            let end = find_tag(after, "</script")?;
            let (script, tail) = after.split_at_checked(end)?;
            rest = tail;
            let has_source = attributes.split_ascii_whitespace().any(|attribute| {
                attribute.split('=').next().is_some_and(|name| name.eq_ignore_ascii_case("src"))
            });
            if !has_source {
                return Some(script);
            }
        }
    })
}

/// Where a tag begins, in either case; `tag` is lower-case ASCII.
fn find_tag(html: &str, tag: &str) -> Option<usize> {
    html.as_bytes().windows(tag.len()).position(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_bytes_between_the_tags() {
        let html = "<html><head><script src=\"/a.js\"></script><SCRIPT type=\"module\">alert('Hello, world.');</SCRIPT>\
                    <script\n  defer src='/b.js'></script></head></html>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["alert('Hello, world.');"]);
        let policy = content_security_policy(&PageSettings::default(), html);
        // Both ways to the catalogue.
        let catalogues = "connect-src 'self' https://cmr.earthdata.nasa.gov https://api.daac.asf.alaska.edu;";
        assert!(policy.contains(catalogues), "{policy}");
        // The hash of this very script in the W3C's Content Security Policy description.
        assert!(policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"), "{policy}");
    }

    #[test]
    fn broken_html_allows_nothing_more() {
        for html in ["<script>never ends", "<script", "", "é<script src=x></script>"] {
            assert_eq!(inline_scripts(html).count(), 0, "{html}");
        }
    }

    #[test]
    fn tiles_and_catalogue_are_named_by_origin() {
        let settings = PageSettings::read(|name| {
            let value = match name {
                "CATALOGUE_URL" => "http://localhost:4001/catalogue/search/granules.umm_json",
                "TILES_URL" => "https://{s}.tile.example/{z}/{x}/{y}.png",
                _ => return None,
            };
            Some(value.to_owned())
        });
        let policy = content_security_policy(&settings, "");
        assert!(policy.contains("connect-src 'self' http://localhost:4001;"), "{policy}");
        assert!(policy.contains("img-src 'self' data: blob: https://*.tile.example;"), "{policy}");
    }
}
