//! Answers requests for blobs the way the blob store behind GitHub does.

use std::io::{Cursor, SeekFrom};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{Blob, Refusal, Ticket, range};
use crate::{
    faults::Verdict,
    github::App,
    store::{Store, StoreError},
};

/// Answers one request.
pub async fn serve(app: &App, request: Request) -> Response {
    app.seen.blob(request.headers(), request.uri().query().unwrap_or_default());
    let truncate = match app.faults.judge(request.method().as_str(), request.uri().path()).await {
        Verdict::Answer(response) => return response,
        Verdict::Truncate | Verdict::LoseAnswer => true,
        Verdict::Pass => false,
    };
    let headers = request.headers();
    // A credential that follows the redirect is the classic mistake; the real store refuses it like this.
    if headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE) {
        return refuse(
            StatusCode::FORBIDDEN,
            "AuthenticationFailed",
            "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
        );
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnsupportedHttpVerb",
            "The resource doesn't support the verb.",
        );
    }
    let ticket = match app.signer.check(request.uri().path(), request.uri().query().unwrap_or_default()) {
        Ok(ticket) => ticket,
        Err(Refusal::Expired) => {
            return refuse(
                StatusCode::FORBIDDEN,
                "AuthenticationFailed",
                "Signature not valid in the specified time frame.",
            );
        }
        Err(Refusal::Signature) => {
            return refuse(StatusCode::FORBIDDEN, "AuthenticationFailed", "Signature did not match.");
        }
    };
    match content(&app.store, ticket.blob).await {
        Ok(Some((content, size))) => send(content, size, headers, &ticket, truncate).await,
        Ok(None) => refuse(StatusCode::NOT_FOUND, "BlobNotFound", "The specified blob does not exist."),
        Err(e) => {
            eprintln!("sandbox: {e}");
            refuse(
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalError",
                "The server encountered an internal error.",
            )
        }
    }
}

enum Content {
    File(tokio::fs::File),
    Memory(Cursor<Vec<u8>>),
}

async fn content(store: &Store, blob: Blob) -> Result<Option<(Content, u64)>, StoreError> {
    let memory = |bytes: Vec<u8>| {
        let size = bytes.len() as u64;
        Some((Content::Memory(Cursor::new(bytes)), size))
    };
    match blob {
        Blob::Artifact { id } => {
            let Some(artifact) = store.artifact(id)? else { return Ok(None) };
            match tokio::fs::File::open(store.blob_path(&artifact.blob)).await {
                Ok(file) => {
                    let size = file.metadata().await?.len();
                    Ok(Some((Content::File(file), size)))
                }
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(e) => Err(e.into()),
            }
        }
        Blob::JobLog { log } => Ok(memory(store.log(log)?.into_bytes())),
        Blob::RunLogs { run, attempt } => Ok(memory(crate::logs::zip(store, run, attempt)?)),
    }
}

async fn send(content: Content, size: u64, headers: &HeaderMap, ticket: &Ticket, truncate: bool) -> Response {
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, from, length) = match range::read(asked, size) {
        range::Asked::All => (StatusCode::OK, 0, size),
        range::Asked::Part(from, to) => (StatusCode::PARTIAL_CONTENT, from, to - from + 1),
        range::Asked::Beyond => {
            let answer = refuse(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The range specified is invalid for the current size of the resource.",
            );
            return ([(header::CONTENT_RANGE, format!("bytes */{size}"))], answer).into_response();
        }
    };
    let body = match content {
        Content::Memory(mut bytes) => {
            bytes.set_position(from);
            body(bytes, length, truncate)
        }
        Content::File(mut file) => {
            if let Err(e) = file.seek(SeekFrom::Start(from)).await {
                eprintln!("sandbox: {e}");
                return refuse(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalError",
                    "The server encountered an internal error.",
                );
            }
            body(file, length, truncate)
        }
    };
    let mut response = (
        status,
        [
            (header::CONTENT_TYPE, ticket.media.clone()),
            (header::CONTENT_DISPOSITION, ticket.disposition.clone()),
            (header::CONTENT_LENGTH, length.to_string()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
        ],
        body,
    )
        .into_response();
    if status == StatusCode::PARTIAL_CONTENT
        && let Ok(value) = format!("bytes {from}-{}/{size}", from + length - 1).parse()
    {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// A truncated body says its full length and breaks off in the middle.
fn body(content: impl AsyncRead + Send + Unpin + 'static, length: u64, truncate: bool) -> Body {
    if truncate {
        // The pause lets the first half leave; else the whole answer would be missing.
        let end = stream::once(async {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            Err(std::io::Error::other("a fault was asked for"))
        });
        return Body::from_stream(ReaderStream::new(content.take(length / 2)).chain(end));
    }
    Body::from_stream(ReaderStream::with_capacity(content.take(length), 1 << 16))
}

/// An error in the blob store's own form.
fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    let request = hex::encode(rand::random::<[u8; 8]>());
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}\nRequestId:{request}</Message></Error>"
    );
    (
        status,
        [
            (header::CONTENT_TYPE, "application/xml"),
            (header::HeaderName::from_static("x-ms-error-code"), code),
        ],
        body,
    )
        .into_response()
}
