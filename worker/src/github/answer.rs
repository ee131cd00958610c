//! An answer of GitHub, read to its end.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;

use super::GitHubError;

/// The largest answer that is read: a page of 100 jobs with all their steps has about 300 kB.
const MAX_BYTES: usize = 8_000_000;

/// Status, headers and body.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    pub(super) async fn read<B>(response: Response<B>) -> Result<Self, GitHubError>
    where
        B: http_body::Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = response.into_parts();
        let limited = http_body_util::Limited::new(body, MAX_BYTES);
        let body = BodyExt::collect(Box::pin(limited)).await.map_err(|_| GitHubError::NoAnswer)?.to_bytes();
        Ok(Self { status: parts.status, headers: parts.headers, body })
    }

    /// The answer, if its status is a good one; `now` in seconds since 1970.
    pub(super) fn hoped_for(self, now: i64, good: &[StatusCode]) -> Result<Self, GitHubError> {
        if good.contains(&self.status) {
            return Ok(self);
        }
        Err(GitHubError::from_answer(self.status, &self.headers, now))
    }

    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, GitHubError> {
        serde_json::from_slice(&self.body)
            .map_err(|_| GitHubError::Unreadable("not the JSON that was promised"))
    }
}
