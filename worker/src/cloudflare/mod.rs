//! The glue to the Workers runtime: its requests, `fetch`, assets, time and settings, and nothing that decides.

mod assets;
mod blobs;
mod clock;
mod fetch;
mod transport;

use futures_util::StreamExt;
use http::{HeaderName, HeaderValue, Method};
use http_body_util::{Either, Full, StreamBody};
use url::Url;
use worker::{Context, EncodeBody, Env, Request, event, js_sys::Reflect};

use crate::{
    answer::{Answer, Body},
    app::{App, Asked, Configured, MAX_BODY},
    github::{Client, client::Executor},
    ports::{ByteStream, Clock},
    settings::{PageSettings, Settings},
};

type Frames = futures_util::stream::LocalBoxStream<'static, Result<http_body::Frame<bytes::Bytes>, String>>;
type Sent = http::Response<Either<Full<bytes::Bytes>, StreamBody<Frames>>>;

/// Answers a request. All that it uses is made for it and ends with it.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Sent> {
    let get = |name: &str| setting(&env, name);
    let clock = clock::WorkersClock;
    let app = App {
        configured: Settings::read(get).and_then(|settings| {
            let executor: Executor = Box::new(wasm_bindgen_futures::spawn_local);
            let github = Client::new(&settings, transport::FetchTransport, executor, clock.now().unix());
            let github =
                github.ok_or_else(|| vec!["GITHUB_API_URL and GITHUB_TOKEN make no request".to_owned()])?;
            Ok(Configured { settings, github })
        }),
        page: PageSettings::read(get),
        blobs: blobs::FetchBlobs,
        assets: assets::BoundAssets::new(&env),
        clock,
    };
    let asked = asked(request).await?;
    Ok(sent(app.answer(&asked).await))
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
