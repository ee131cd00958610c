//! The Workers' `fetch` as a tower service, over which octocrab speaks.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use octocrab::OctoBody;
use worker::send::SendFuture;

use super::fetch::fetch;
use crate::ports::NoAnswer;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Sends each request with `fetch` and reads its answer to the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct FetchTransport;

impl tower::Service<Request<OctoBody>> for FetchTransport {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        // There is one thread; octocrab asks for `Send` because elsewhere there are more.
        Box::pin(SendFuture::new(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|_| NoAnswer)?.to_bytes();
            let mut answer = fetch(&parts.method, &parts.uri.to_string(), &parts.headers, &body).await?;
            let mut bytes = Vec::new();
            while let Some(piece) = answer.body.next().await {
                bytes.extend_from_slice(&piece?);
            }
            let mut response = Response::new(Full::new(Bytes::from(bytes)));
            *response.status_mut() = answer.status;
            *response.headers_mut() = answer.headers;
            Ok(response)
        }))
    }
}
