//! The glue to the Workers runtime: its requests, `fetch`, assets, time, storage and settings, and
//! nothing that decides.

mod assets;
mod blobs;
mod clock;
mod fetch;
mod records;
mod secrets;
mod transport;

use futures_util::StreamExt;
use http::{HeaderName, HeaderValue, Method};
use http_body_util::{Either, Full, StreamBody};
use url::Url;
use worker::{Context, EncodeBody, Env, Request, event, js_sys::Reflect};

use crate::{
    answer::{Answer, Body},
    app::{App, Asked, MAX_BODY},
    github::{Accounts, Client, GitHubAccounts, client::Executor},
    kept::Kept,
    ports::{ByteStream, Clock, World},
    settings::{PageSettings, Secret, Settings},
};

type Frames = futures_util::stream::LocalBoxStream<'static, Result<http_body::Frame<bytes::Bytes>, String>>;
type Sent = http::Response<Either<Full<bytes::Bytes>, StreamBody<Frames>>>;

thread_local! {
    /// What this instance keeps from one request to the next.
    static KEPT: &'static Kept = Box::leak(Box::default());
}

/// Answers a request. All that it uses but [`KEPT`] is made for it and ends with it.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Sent> {
    let get = |name: &str| setting(&env, name);
    let app = App {
        settings: Settings::read(get),
        page: PageSettings::read(get),
        world: Runtime {
            blobs: blobs::FetchBlobs,
            assets: assets::BoundAssets::new(&env),
            clock: clock::WorkersClock,
            records: records::BoundRecords::new(env.clone()),
            chance: secrets::RuntimeChance,
            signer: secrets::RuntimeSigner,
        },
        kept: KEPT.with(|kept| *kept),
    };
    let asked = asked(request).await?;
    Ok(sent(app.answer(&asked).await))
}

/// Everything that the runtime gives.
struct Runtime {
    blobs: blobs::FetchBlobs,
    assets: assets::BoundAssets,
    clock: clock::WorkersClock,
    records: records::BoundRecords,
    chance: secrets::RuntimeChance,
    signer: secrets::RuntimeSigner,
}

impl World for Runtime {
    type GitHub = Client;
    type Blobs = blobs::FetchBlobs;
    type Assets = assets::BoundAssets;
    type Clock = clock::WorkersClock;
    type Records = records::BoundRecords;
    type Chance = secrets::RuntimeChance;
    type Signer = secrets::RuntimeSigner;

    fn github(&self, settings: &Settings, token: &Secret) -> Option<Client> {
        let executor: Executor = Box::new(wasm_bindgen_futures::spawn_local);
        Client::new(settings, token, transport::FetchTransport, executor, self.clock.now().unix())
    }

    fn accounts<'a>(&'a self, settings: &'a Settings) -> impl Accounts + 'a {
        GitHubAccounts { transport: transport::FetchTransport, settings, now: self.clock.now().unix() }
    }

    fn blobs(&self) -> &Self::Blobs {
        &self.blobs
    }

    fn assets(&self) -> &Self::Assets {
        &self.assets
    }

    fn clock(&self) -> &Self::Clock {
        &self.clock
    }

    fn records(&self) -> &Self::Records {
        &self.records
    }

    fn chance(&self) -> &Self::Chance {
        &self.chance
    }

    fn signer(&self) -> &Self::Signer {
        &self.signer
    }

    fn tell_owner(&self, line: &str) {
        worker::console_error!("{line}");
    }
}

/// A setting; absent, empty and (from an unset variable of the environment) null are all the same.
fn setting(env: &Env, name: &str) -> Option<String> {
    Reflect::get(env.as_ref(), &name.into()).ok()?.as_string()
}

/// The request in plain types. Not by way of the bindings' own conversion: that one asks for the protocol's version,
/// which plain workerd does not know, and logs an error for every request.
async fn asked(request: Request) -> worker::Result<Asked> {
    let method = Method::from_bytes(request.inner().method().as_bytes()).unwrap_or_default();
    let address = Url::parse(&request.inner().url())?;
    // A header that HTTP's own rules forbid is as good as not sent.
    let header = |(name, value): (String, String)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(&value).ok()?))
    };
    let headers = request.headers().entries().filter_map(header).collect();
    let mut bytes = Some(Vec::new());
    if let Some(stream) = request.inner().body() {
        let mut body = worker::Body::new(stream);
        while let Some(piece) = body.next().await {
            let piece = piece?;
            bytes = bytes.filter(|known| known.len() + piece.len() <= MAX_BODY);
            match &mut bytes {
                Some(known) => known.extend_from_slice(&piece),
                None => break,
            }
        }
    }
    Ok(Asked { method, address, headers, body: bytes })
}

fn sent(answer: Answer) -> Sent {
    let (mut parts, body) = answer.into_parts();
    if parts.headers.contains_key(http::header::CONTENT_ENCODING) {
        // The bytes are compressed already; without this the runtime would do it again.
        parts.extensions.insert(EncodeBody::Manual);
    }
    let body = match body {
        Body::Whole(bytes) => Either::Left(Full::new(bytes)),
        Body::Stream(stream) => Either::Right(StreamBody::new(frames(stream))),
    };
    http::Response::from_parts(parts, body)
}

fn frames(stream: ByteStream) -> Frames {
    stream.map(|piece| piece.map(http_body::Frame::data)).boxed_local()
}
