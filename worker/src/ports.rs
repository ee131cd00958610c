//! What the handlers need of the world besides GitHub's API ([`crate::github::GitHub`]).

use std::{future::Future, time::Duration};

use bytes::Bytes;
use domain::Timestamp;
use futures_util::stream::LocalBoxStream;
use http::{HeaderMap, StatusCode};
use url::Url;

use crate::{
    github::{Accounts, GitHub},
    records::Records,
    settings::{Secret, Settings},
};

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

/// Randomness that nobody can guess.
pub trait Chance {
    /// Fills an array.
    fn bytes<const N: usize>(&self) -> Result<[u8; N], NoAnswer>;
}

/// Signing with a private key.
pub trait Signer {
    /// A signature after RSASSA-PKCS1-v1_5 with SHA-256, by a key in PKCS#8.
    fn rs256(&self, pkcs8: &[u8], message: &[u8]) -> impl Future<Output = Result<Vec<u8>, NoAnswer>>;
}

/// All that one request can reach.
pub trait World {
    /// GitHub with a token.
    type GitHub: GitHub;
    /// GitHub's stores.
    type Blobs: Blobs;
    /// The page's files.
    type Assets: Assets;
    /// Time.
    type Clock: Clock;
    /// What the deployment remembers.
    type Records: Records;
    /// Randomness.
    type Chance: Chance;
    /// Signatures.
    type Signer: Signer;

    /// GitHub with a token; `None` where that makes no request.
    fn github(&self, settings: &Settings, token: &Secret) -> Option<Self::GitHub>;
    /// Sign-in at GitHub.
    fn accounts<'a>(&'a self, settings: &'a Settings) -> impl Accounts + 'a;
    /// GitHub's stores.
    fn blobs(&self) -> &Self::Blobs;
    /// The page's files.
    fn assets(&self) -> &Self::Assets;
    /// Time.
    fn clock(&self) -> &Self::Clock;
    /// What the deployment remembers.
    fn records(&self) -> &Self::Records;
    /// Randomness.
    fn chance(&self) -> &Self::Chance;
    /// Signatures.
    fn signer(&self) -> &Self::Signer;
    /// A line for the owner, who reads it in the deployment's log. It never has a secret in it.
    fn tell_owner(&self, line: &str);
}
