//! A Worker with everything round it in memory, and requests to it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    time::Duration,
};

use burstboard_worker::{
    answer::Body,
    app::{App, Asked},
    cookies,
    github::Accounts,
    kept::Kept,
    keys::Keys,
    ports::{self, Assets, Blobs, Chance, Clock, Fetched, NoAnswer, Signer},
    session::Session,
    settings::{PageSettings, Secret, Settings},
};
use bytes::Bytes;
use domain::Timestamp;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;
use url::Url;

use crate::{accounts::MemoryAccounts, github::Memory, records::Book};

/// The credential; no answer may ever contain it, nor anything else that says so.
pub(crate) const TOKEN: &str = "github_pat_NEVER_SHOWN";
/// What no answer may contain.
const NEVER_SHOWN: &str = "NEVER_SHOWN";
/// Where the page is.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8787";

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

/// When all tests begin.
pub(crate) const NOW: &str = "2026-11-23T20:30:00Z";

/// A clock on which waiting takes no time.
#[derive(Default)]
pub(crate) struct Virtual(pub(crate) RefCell<Duration>);

impl Virtual {
    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: u64) {
        *self.0.borrow_mut() += Duration::from_secs(seconds);
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        NOW.parse::<Timestamp>().unwrap().plus_seconds(self.0.borrow().as_secs() as i64)
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.borrow_mut() += duration;
    }
}

/// Different bytes each time, and the same in each test.
#[derive(Default)]
pub(crate) struct Counting(Cell<u8>);

impl Chance for Counting {
    fn bytes<const N: usize>(&self) -> Result<[u8; N], NoAnswer> {
        self.0.set(self.0.get() + 1);
        Ok([self.0.get(); N])
    }
}

/// Signs nothing: what a signature is made of is the runtime's matter and tried there.
pub(crate) struct NoSigner;

impl Signer for NoSigner {
    async fn rs256(&self, _: &[u8], _: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        Ok(b"signature".to_vec())
    }
}

/// Everything.
pub(crate) struct World {
    pub(crate) github: Memory,
    pub(crate) accounts: MemoryAccounts,
    pub(crate) store: Store,
    pub(crate) disk: Disk,
    pub(crate) clock: Virtual,
    pub(crate) chance: Counting,
    pub(crate) records: Book,
    pub(crate) kept: Kept,
    pub(crate) settings: BTreeMap<&'static str, String>,
    /// What the owner reads in the log.
    pub(crate) told: RefCell<Vec<String>>,
}

/// The world as a request sees it.
struct Seen<'a>(&'a World, &'a Store, &'a Disk);

impl<'a> ports::World for Seen<'a> {
    type GitHub = &'a Memory;
    type Blobs = &'a Store;
    type Assets = &'a Disk;
    type Clock = Virtual;
    type Records = Book;
    type Chance = Counting;
    type Signer = NoSigner;

    fn github(&self, _: &Settings, token: &Secret) -> Option<&'a Memory> {
        self.0.github.tokens.borrow_mut().push(token.expose().to_owned());
        Some(&self.0.github)
    }

    fn accounts<'b>(&'b self, _: &'b Settings) -> impl Accounts + 'b {
        &self.0.accounts
    }

    fn blobs(&self) -> &&'a Store {
        &self.1
    }

    fn assets(&self) -> &&'a Disk {
        &self.2
    }

    fn clock(&self) -> &Virtual {
        &self.0.clock
    }

    fn records(&self) -> &Book {
        &self.0.records
    }

    fn chance(&self) -> &Counting {
        &self.0.chance
    }

    fn signer(&self) -> &NoSigner {
        &NoSigner
    }

    fn tell_owner(&self, line: &str) {
        self.0.told.borrow_mut().push(line.to_owned());
    }
}

/// The owner's key of cookies and links.
const SEAL_KEYS: &str = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// On one computer: GitHub's API is a loopback address.
pub(crate) fn local() -> World {
    let settings = [
        ("GITHUB_REPOSITORY", "local/burstboard"),
        ("GITHUB_TOKEN", TOKEN),
        ("LAUNCHERS", "local,maintainer,writer,reader"),
        ("GITHUB_CLIENT_ID", "Iv1.1"),
        ("GITHUB_CLIENT_SECRET", "client-NEVER_SHOWN"),
        ("SEAL_KEYS", SEAL_KEYS),
        ("GITHUB_API_URL", "http://localhost:4001"),
        ("GITHUB_WEB_URL", "http://localhost:4001"),
        ("CATALOGUE_URL", "http://localhost:4001/catalogue/search/granules.umm_json"),
        ("SIMULATED", "true"),
    ];
    World {
        github: Memory::default(),
        accounts: MemoryAccounts::default(),
        store: Store { announces: true, ..Store::default() },
        disk: Disk(BTreeMap::new()),
        clock: Virtual::default(),
        chance: Counting::default(),
        records: Book::default(),
        kept: Kept::default(),
        settings: settings.map(|(name, value)| (name, value.to_owned())).into(),
        told: RefCell::default(),
    }
}

/// Deployed: the real GitHub, at an address of its own.
pub(crate) fn deployed() -> World {
    let mut world = local();
    for name in ["GITHUB_API_URL", "GITHUB_WEB_URL", "CATALOGUE_URL", "SIMULATED"] {
        world.settings.remove(name);
    }
    world.settings.insert("PAGE_ORIGIN", ORIGIN.to_owned());
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
            settings: Settings::read(self.get()),
            page: PageSettings::read(self.get()),
            world: Seen(self, &self.store, &self.disk),
            kept: &self.kept,
        };
        let header = |(name, value): &(&str, &str)| {
            (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
        };
        let asked = Asked {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            address: Url::parse(ORIGIN).unwrap().join(address).unwrap(),
            headers: headers.iter().map(header).collect(),
            body: Some(body.as_bytes().to_vec()),
        };
        let (parts, body) = app.answer(&asked).await.into_parts();
        let body = read(body).await;
        let everything =
            format!("{:?} {}", parts.headers, String::from_utf8_lossy(body.as_deref().unwrap_or_default()));
        assert!(!everything.contains(NEVER_SHOWN), "a secret is in an answer: {everything}");
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let signed =
            everything.matches("SIGNED").count() - location.map_or(0, |l| l.matches("SIGNED").count());
        assert_eq!(signed, 0, "a signed address is in an answer: {everything}");
        Read { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A stranger looks.
    pub(crate) async fn look(&self, address: &str) -> Read {
        self.ask("GET", address, &[], "").await
    }

    /// Somebody who has signed in looks.
    pub(crate) async fn see(&self, login: &str, address: &str) -> Read {
        self.ask("GET", address, &[("cookie", &self.session(login, None))], "").await
    }

    /// The page of a person with write permission sends something.
    pub(crate) async fn send(&self, address: &str, body: &Value) -> Read {
        self.send_as("writer", address, body).await
    }

    /// The page of somebody who has signed in sends something.
    pub(crate) async fn send_as(&self, login: &str, address: &str, body: &Value) -> Read {
        self.send_with(&self.session(login, None), address, body).await
    }

    /// The page sends something with these cookies.
    pub(crate) async fn send_with(&self, cookies: &str, address: &str, body: &Value) -> Read {
        let headers = [
            ("content-type", "application/json"),
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
            ("cookie", cookies),
        ];
        self.ask("POST", address, &headers, &body.to_string()).await
    }

    /// The cookie of somebody who has signed in, sealed as the Worker does it.
    pub(crate) fn session(&self, login: &str, token: Option<&str>) -> String {
        let keys = Keys::parse(&self.settings["SEAL_KEYS"]).unwrap();
        let session = Session {
            login: login.to_owned(),
            id: format!("session-of-{login}"),
            until: self.clock.now().unix() + 3_600,
            token: token.map(|token| Secret::parse(token).unwrap()),
        };
        format!("{}={}", cookies::SESSION, session.seal(&keys, &[9; 24]).unwrap())
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
