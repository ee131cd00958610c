//! Which file an address means, from the address alone.

use domain::launch::BatchId;
use http::{HeaderMap, header};

/// What an address stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// The page: `/`, `/run/{run}`, `/batch/{batch}`.
    Html,
    /// A file beside it.
    File(File<'a>),
}

/// A file of the built page.
#[derive(Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Absolute path.
    pub path: &'a str,
    /// Media type, by the name's ending.
    pub media_type: &'static str,
    /// Whether the name changes with the content, so that it may be kept for ever.
    pub hashed: bool,
}

/// Media types of what a page is built of. An ending that is not here is not served: that also keeps out folders,
/// which a disk service answers with a listing.
const MEDIA_TYPES: [(&str, &str); 18] = [
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("json", "application/json"),
    ("geojson", "application/geo+json"),
    ("webmanifest", "application/manifest+json"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("webp", "image/webp"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("txt", "text/plain; charset=utf-8"),
    ("map", "application/json"),
    ("bin", "application/octet-stream"),
    // Pieces of the offline map.
    ("land", "application/octet-stream"),
    ("xml", "application/xml"),
];
/// Types that are packed already.
const PACKED: [&str; 5] = ["image/png", "image/jpeg", "image/webp", "image/x-icon", "font/woff2"];
/// How many hexadecimal digits behind a dash make a content hash; Trunk writes 15 or 16.
const HASH_DIGITS: usize = 12;

impl<'a> Target<'a> {
    /// Reads a path; `None` where nothing can be.
    pub fn of(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match segments.as_slice() {
            [""] | ["index.html"] => return Some(Self::Html),
            ["run", run] => return (run.parse::<u64>().is_ok() && is_plain(run)).then_some(Self::Html),
            ["batch", batch] => return batch.parse::<BatchId>().is_ok().then_some(Self::Html),
            _ => {}
        }
        if !segments.iter().all(|segment| is_plain(segment)) {
            return None;
        }
        let (_, ending) = segments.last()?.rsplit_once('.')?;
        let (_, media_type) = MEDIA_TYPES.iter().find(|(known, _)| *known == ending)?;
        let hashed = segments.iter().any(|segment| is_hashed(segment));
        Some(Self::File(File { path, media_type, hashed }))
    }
}

/// Letters, digits and a little more; no dot in front, so neither `..` nor hidden files, and nothing encoded.
fn is_plain(segment: &str) -> bool {
    !segment.is_empty()
        && !segment.starts_with('.')
        && segment.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

fn is_hashed(segment: &str) -> bool {
    segment.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_hexdigit).count();
        let ends = part.as_bytes().get(digits).is_none_or(|b| matches!(b, b'.' | b'_'));
        digits >= HASH_DIGITS && ends
    })
}

/// A file compressed before it was served, beside the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `.br`
    Brotli,
    /// `.gz`
    Gzip,
}

impl Encoding {
    /// As headers name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What is behind the plain file's name.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

impl File<'_> {
    /// Whether a compressed file beside this one makes sense.
    pub fn may_be_encoded(&self) -> bool {
        !PACKED.contains(&self.media_type)
    }

    /// Compressed forms that the browser takes, the smallest first.
    pub fn encodings(&self, headers: &HeaderMap) -> Vec<Encoding> {
        if !self.may_be_encoded() {
            return Vec::new();
        }
        let accepted =
            headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        let takes = |encoding: &Encoding| {
            accepted.split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
                parts.next() == Some(encoding.name()) && !parts.any(refused)
            })
        };
        [Encoding::Brotli, Encoding::Gzip].into_iter().filter(takes).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_addresses_are_the_page() {
        for path in ["/", "/index.html", "/run/9007199254740993", "/batch/k3v9x2"] {
            assert_eq!(Target::of(path), Some(Target::Html), "{path}");
        }
    }

    #[test]
    fn nothing_else_is_let_through_to_the_files() {
        for path in [
            "",
            "/run/",
            "/run/x",
            "/run/1/2",
            "/run/+1",
            "/batch/NO",
            "/assets",
            "/assets/",
            "/../secret.txt",
            "/a/..%2fb.js",
            "/.env.txt",
            "/.git/config.txt",
            "/a//b.js",
            "/x.sh",
            "/a b.js",
            "//evil.example/x.js",
            "/x.js.br",
        ] {
            assert_eq!(Target::of(path), None, "{path}");
        }
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        for (path, hashed) in [
            ("/burstboard-frontend-0123456789abcdef_bg.wasm", true),
            ("/burstboard-frontend-0123456789abcdef.js", true),
            ("/snippets/leaflet-0123456789abcdef/inline0.js", true),
            ("/leaflet.js", false),
            ("/land-110m.json", false),
            ("/some-facade.css", false),
        ] {
            let Some(Target::File(file)) = Target::of(path) else { panic!("{path} is a file") };
            assert_eq!(file.hashed, hashed, "{path}");
        }
    }

    #[test]
    fn compressed_files_are_offered_to_those_who_take_them() {
        let encodings = |path, accepted: &'static str| {
            let Some(Target::File(file)) = Target::of(path) else { panic!("{path} is a file") };
            file.encodings(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, accepted.parse().unwrap())]))
        };
        assert_eq!(encodings("/a.js", "gzip, deflate, br;q=0.9"), [Encoding::Brotli, Encoding::Gzip]);
        assert_eq!(encodings("/a.js", "gzip, br;q=0"), [Encoding::Gzip]);
        assert_eq!(encodings("/a.js", "identity"), []);
        assert_eq!(encodings("/a.png", "gzip, br"), []);
    }
}
