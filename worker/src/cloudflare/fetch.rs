//! The Workers' `fetch`, with what this crate wants of every request.

use futures_util::StreamExt;
use http::HeaderMap;
use worker::{
    Fetch, Headers, HttpResponse, Method, Request, RequestInit, RequestRedirect, js_sys::Uint8Array,
};

use crate::ports::{Fetched, NoAnswer};

/// Fetches without following redirects: where they lead is looked at first, and the credential stays here.
pub(super) async fn fetch(
    method: &http::Method,
    address: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Fetched, NoAnswer> {
    let sent = Headers::new();
    for (name, value) in headers.iter().filter(|(name, _)| *name != http::header::CONTENT_LENGTH) {
        let value = value.to_str().map_err(|_| NoAnswer)?;
        sent.append(name.as_str(), value).map_err(|_| NoAnswer)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::from(method.as_str().to_owned()))
        .with_headers(sent)
        .with_redirect(RequestRedirect::Manual);
    if !body.is_empty() {
        init.with_body(Some(Uint8Array::from(body).into()));
    }
    let request = Request::new_with_init(address, &init).map_err(|_| NoAnswer)?;
    // The runtime's error names the address, which may be a signed one: it goes no further.
    let response = Fetch::Request(request).send().await.map_err(|_| NoAnswer)?;
    HttpResponse::try_from(response).map(fetched).map_err(|_| NoAnswer)
}

/// An answer of the runtime as the ports have it.
pub(super) fn fetched(response: HttpResponse) -> Fetched {
    let (parts, body) = response.into_parts();
    let body = body.map(|piece| piece.map_err(|_| "the bytes stopped coming".to_owned())).boxed_local();
    Fetched { status: parts.status, headers: parts.headers, body }
}
