//! The app looks after the tokens that people gave it: checks them, ends them.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{App, door::Caller, error::GithubError, shapes::Shapes};
use crate::{
    accounts::{
        access::Visitor,
        client::CLIENT_ID,
        grants::{Holder, Token},
        people::Person,
    },
    clock::{self, iso},
};

/// The token that the body names, if the app asks about its own. A token of the installation is none of these.
fn named(
    app: &App,
    caller: &Caller,
    client: &str,
    body: &[u8],
) -> Result<(String, Token, &'static Person), GithubError> {
    if caller.visitor != Visitor::Client || client != CLIENT_ID {
        return Err(GithubError::not_found());
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = body.get("access_token").and_then(Value::as_str);
    let text = text.ok_or_else(|| GithubError::unprocessable("Validation Failed"))?;
    match app.accounts.grants.token(text, clock::now()) {
        Some(token @ Token { holder: Holder::Person(person), .. }) => Ok((text.to_owned(), token, person)),
        _ => Err(GithubError::not_found()),
    }
}

pub(crate) async fn check(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(client): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, GithubError> {
    let (text, token, person) = named(&app, &caller, &client, &body)?;
    let last = text.get(text.len().saturating_sub(8)..);
    let url = format!("{}/applications/{CLIENT_ID}/token", caller.base);
    Ok(Json(json!({
        "id": token.since, "url": url, "scopes": [], "token": text, "token_last_eight": last,
        "hashed_token": hex::encode(Sha256::digest(&text)), "note": null, "note_url": null, "fingerprint": null,
        "app": {"client_id": CLIENT_ID, "name": "Burstboard's sandbox", "url": caller.base},
        "created_at": iso(token.since), "updated_at": iso(token.since), "expires_at": iso(token.until),
        "user": Shapes::new(&app, &caller).user(person),
    })))
}

pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(client): Path<String>,
    body: Bytes,
) -> Result<StatusCode, GithubError> {
    let (text, ..) = named(&app, &caller, &client, &body)?;
    app.accounts.grants.revoke(&text, clock::now());
    Ok(StatusCode::NO_CONTENT)
}
