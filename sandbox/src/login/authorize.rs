//! `/login/oauth/authorize`: shows who one can be, and sends the one who chose back with a code.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{OAuthError, page};
use crate::{
    accounts::{
        client::{self, CLIENT_ID},
        grants::Ask,
        people,
    },
    clock,
    github::App,
};

const MISMATCH: OAuthError = OAuthError {
    code: "redirect_uri_mismatch",
    sentence: "The redirect_uri MUST match the registered callback URL for this application.",
    explained: "troubleshooting-authorization-request-errors/#redirect-uri-mismatch",
};
const DENIED: OAuthError = OAuthError {
    code: "access_denied",
    sentence: "The user has denied your application access.",
    explained: "troubleshooting-authorization-request-errors/#access-denied",
};
const NOT_S256: OAuthError = OAuthError {
    code: "invalid_request",
    sentence: "The code_challenge_method must be S256, and the code_challenge 43 characters of base64url.",
    explained: "troubleshooting-authorization-request-errors/",
};

/// What the page's application asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    login: Option<String>,
}

/// What was chosen: a login, or nobody.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    nonce: Option<String>,
    login: Option<String>,
}

pub(super) async fn show(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    if asked.client_id.as_deref() != Some(CLIENT_ID) {
        return page::sentence(StatusCode::NOT_FOUND, "No app has this client_id.");
    }
    let suggested = asked.login.as_deref().and_then(people::find);
    match read(&app, asked) {
        Ok(ask) => {
            let redirect = ask.redirect.clone();
            let nonce = app.accounts.grants.show(ask, clock::now());
            page::choose(&app, &redirect, &nonce, suggested)
        }
        Err(no) => *no,
    }
}

/// The request, if people may be sent back with a code; else what sends them back with an error.
fn read(app: &App, asked: Asked) -> Result<Ask, Box<Response>> {
    let client = &app.accounts.client;
    let redirect = match asked.redirect_uri.as_deref().map(Url::parse) {
        None => client.callback.clone(),
        Some(Ok(wanted)) if client.covers(&wanted) => wanted,
        Some(_) => return Err(Box::new(back(&client.callback, asked.state.as_deref(), &MISMATCH.pairs()))),
    };
    let s256 = match (&asked.code_challenge, asked.code_challenge_method.as_deref()) {
        (None, None) => true,
        (Some(challenge), Some("S256")) => client::is_challenge(challenge),
        _ => false,
    };
    if !s256 {
        return Err(Box::new(back(&redirect, asked.state.as_deref(), &NOT_S256.pairs())));
    }
    Ok(Ask { redirect, state: asked.state, challenge: asked.code_challenge })
}

pub(super) async fn choose(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    // The nonce is enough: no other site can read it. The origin is the second belt.
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let origin = text(header::ORIGIN);
    if !origin.is_empty() && origin != format!("http://{}", text(header::HOST)) {
        return page::sentence(StatusCode::FORBIDDEN, "Another site sent this form.");
    }
    let now = clock::now();
    let grants = &app.accounts.grants;
    let Some(ask) = choice.nonce.as_deref().and_then(|nonce| grants.shown(nonce, now)) else {
        let sentence =
            "This page was used already, or is older than ten minutes. Begin again where you came from.";
        return page::sentence(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    };
    let state = ask.state.clone();
    let redirect = ask.redirect.clone();
    match choice.login.as_deref().map(people::find) {
        None => back(&redirect, state.as_deref(), &DENIED.pairs()),
        Some(None) => page::sentence(StatusCode::UNPROCESSABLE_ENTITY, "There is no such demo account."),
        Some(Some(person)) => {
            let code = grants.code(ask, person, now);
            back(&redirect, state.as_deref(), &[("code", code)])
        }
    }
}

fn back(place: &Url, state: Option<&str>, pairs: &[(&str, String)]) -> Response {
    let mut place = place.clone();
    {
        let mut query = place.query_pairs_mut();
        query.extend_pairs(pairs);
        if let Some(state) = state {
            query.append_pair("state", state);
        }
    }
    let headers = [(header::LOCATION, String::from(place)), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::FOUND, headers).into_response()
}
