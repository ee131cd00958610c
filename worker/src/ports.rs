//! What the handlers need of the world besides GitHub's API ([`crate::github::GitHub`]).

use std::{future::Future, time::Duration};

use bytes::Bytes;
use domain::Timestamp;
use futures_util::stream::LocalBoxStream;
use http::{HeaderMap, StatusCode};
use url::Url;

/// Bytes that arrive piece by piece; an error says in words why no more come.
pub type ByteStream = LocalBoxStream<'static, Result<Bytes, String>>;

/// An answer from elsewhere, its body not yet read.
pub struct Fetched {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: ByteStream,
}

/// Somebody did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct NoAnswer;

/// The stores that GitHub redirects to for logs and artifacts.
pub trait Blobs {
    /// Fetches a signed address without any credential and without following redirects; `range` is the value of a
    /// `Range` header.
    fn fetch(&self, address: &Url, range: Option<&str>) -> impl Future<Output = Result<Fetched, NoAnswer>>;
}

/// The built page's files.
pub trait Assets {
    /// The file at an absolute path such as `/index.html`; a status other than 200 where there is none.
    fn fetch(&self, path: &str) -> impl Future<Output = Result<Fetched, NoAnswer>>;
}

/// Time.
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Waits.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;
}
