//! Answers, as HTTP.

use bytes::Bytes;
use domain::problem::{self, Problem};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::{errors, ports::ByteStream};

/// A body: whole, or as it comes.
pub enum Body {
    /// Whole.
    Whole(Bytes),
    /// Piece by piece.
    Stream(ByteStream),
}

/// An answer of the Worker.
pub type Answer = Response<Body>;

/// JSON, never kept by anyone: states change.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Answer {
    written(status, "application/json", value)
}

/// A problem.
pub fn problem(problem: &Problem) -> Answer {
    let mut answer = written(errors::status(problem), problem::MEDIA_TYPE, problem);
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// Nothing but a status.
pub fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Body::Whole(Bytes::new()));
    *answer.status_mut() = status;
    plain_headers(&mut answer);
    answer
}

fn written<T: Serialize>(status: StatusCode, media_type: &'static str, value: &T) -> Answer {
    // Our own types with text keys always serialise; an empty body with a 500 is the honest rest.
    let (status, body) = match serde_json::to_vec(value) {
        Ok(body) => (status, body),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    };
    let mut answer = Response::new(Body::Whole(body.into()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    plain_headers(&mut answer);
    answer
}

fn plain_headers(answer: &mut Answer) {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
