//! A Worker with everything round it in memory, and requests to it.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use burstboard_worker::{
    answer::Body,
    app::{App, Asked, Configured},
    ports::{Assets, Blobs, Clock, Fetched, NoAnswer},
    settings::{PageSettings, Settings},
};
use bytes::Bytes;
use domain::Timestamp;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use url::Url;

use crate::github::Memory;

/// The credential; no answer may ever contain it.
pub(crate) const TOKEN: &str = "github_pat_NEVER_SHOWN";

/// What GitHub's stores hold, by address.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) files: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Whether `Range` is ignored, as it may be.
    pub(crate) ignores_range: bool,
    /// Whether lengths are announced.
    pub(crate) announces: bool,
    /// Each address asked for, with its range.
    pub(crate) asked: RefCell<Vec<(String, Option<String>)>>,
}

/// Pieces as a network brings them.
fn pieces(bytes: &[u8]) -> burstboard_worker::ports::ByteStream {
    let pieces: Vec<_> = bytes.chunks(10_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces).boxed_local()
}

impl Blobs for &Store {
    async fn fetch(&self, address: &Url, range: Option<&str>) -> Result<Fetched, NoAnswer> {
        self.asked.borrow_mut().push((address.to_string(), range.map(str::to_owned)));
        let Some(bytes) = self.files.borrow().get(address.as_str()).cloned() else {
            return Ok(Fetched {
                status: StatusCode::FORBIDDEN,
                headers: HeaderMap::new(),
                body: pieces(b"SIGNED"),
            });
        };
        let mut headers = HeaderMap::new();
        if self.announces {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        let Some(range) = range.filter(|_| !self.ignores_range) else {
            return Ok(Fetched { status: StatusCode::OK, headers, body: pieces(&bytes) });
        };
        let (from, to) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
        if from >= bytes.len() {
            return Ok(Fetched { status: StatusCode::RANGE_NOT_SATISFIABLE, headers, body: pieces(&[]) });
        }
        let to = to.min(bytes.len() - 1);
        let told = format!("bytes {from}-{to}/{}", bytes.len());
        headers.insert(header::CONTENT_RANGE, told.parse().unwrap());
        Ok(Fetched { status: StatusCode::PARTIAL_CONTENT, headers, body: pieces(&bytes[from..=to]) })
    }
}

/// The built page, as a disk service gives it: bytes of no type.
pub(crate) struct Disk(pub(crate) BTreeMap<&'static str, &'static str>);

impl Assets for &Disk {
    async fn fetch(&self, path: &str) -> Result<Fetched, NoAnswer> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        headers.insert(header::LAST_MODIFIED, HeaderValue::from_static("Mon, 23 Nov 2026 20:00:00 GMT"));
        Ok(match self.0.get(path) {
            Some(text) => Fetched { status: StatusCode::OK, headers, body: pieces(text.as_bytes()) },
            None => Fetched { status: StatusCode::NOT_FOUND, headers: HeaderMap::new(), body: pieces(&[]) },
        })
    }
}

/// A clock on which waiting takes no time.
#[derive(Default)]
pub(crate) struct Virtual(pub(crate) RefCell<Duration>);

impl Clock for &Virtual {
    fn now(&self) -> Timestamp {
        "2026-11-23T20:30:00Z".parse().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.borrow_mut() += duration;
    }
}

/// Everything.
pub(crate) struct World {
    pub(crate) github: Memory,
    pub(crate) store: Store,
    pub(crate) disk: Disk,
    pub(crate) clock: Virtual,
    pub(crate) settings: BTreeMap<&'static str, String>,
}

/// On one computer: GitHub's API is a loopback address.
pub(crate) fn local() -> World {
    let settings = [
        ("GITHUB_REPOSITORY", "local/burstboard"),
        ("GITHUB_TOKEN", TOKEN),
        ("GITHUB_API_URL", "http://localhost:4001"),
        ("CATALOGUE_URL", "http://localhost:4001/catalogue/search/granules.umm_json"),
        ("SIMULATED", "true"),
    ];
    World {
        github: Memory::default(),
        store: Store { announces: true, ..Store::default() },
        disk: Disk(BTreeMap::new()),
        clock: Virtual::default(),
        settings: settings.map(|(name, value)| (name, value.to_owned())).into(),
    }
}

/// Deployed: the real GitHub, and strangers.
pub(crate) fn deployed() -> World {
    let mut world = local();
    for name in ["GITHUB_API_URL", "CATALOGUE_URL", "SIMULATED"] {
        world.settings.remove(name);
    }
    world
}

/// An answer, read.
pub(crate) struct Read {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Vec<u8>, String>,
}

impl Read {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone().unwrap()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

impl World {
    fn get(&self) -> impl Fn(&str) -> Option<String> {
        |name| self.settings.get(name).cloned()
    }

    /// A request as a browser on the page, or a program, sends it.
    pub(crate) async fn ask(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Read {
        let app = App {
            configured: Settings::read(self.get())
                .map(|settings| Configured { settings, github: &self.github }),
            page: PageSettings::read(self.get()),
            blobs: &self.store,
            assets: &self.disk,
            clock: &self.clock,
        };
        let header = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let asked = Asked {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            address: Url::parse("http://127.0.0.1:8787").unwrap().join(address).unwrap(),
            headers: headers.iter().map(header).collect(),
            body: Some(body.as_bytes().to_vec()),
        };
        let (parts, body) = app.answer(&asked).await.into_parts();
        let body = read(body).await;
        let everything =
            format!("{:?} {}", parts.headers, String::from_utf8_lossy(body.as_deref().unwrap_or_default()));
        assert!(!everything.contains(TOKEN), "the credential is in an answer: {everything}");
        let signed =
            everything.matches("SIGNED").count() - parts.headers.get(header::LOCATION).map_or(0, |_| 1);
        assert_eq!(signed, 0, "a signed address is in an answer: {everything}");
        Read { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn look(&self, address: &str) -> Read {
        self.ask("GET", address, &[], "").await
    }

    pub(crate) async fn send(&self, address: &str, body: &Value) -> Read {
        self.ask("POST", address, &[("content-type", "application/json")], &body.to_string()).await
    }
}

async fn read(body: Body) -> Result<Vec<u8>, String> {
    match body {
        Body::Whole(bytes) => Ok(bytes.to_vec()),
        Body::Stream(mut stream) => {
            let mut all = Vec::new();
            while let Some(piece) = stream.next().await {
                all.extend_from_slice(&piece?);
            }
            Ok(all)
        }
    }
}
