//! What tests and trials set while the sandbox runs, with the start token: faults, visibility, roles, ends.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::access::Role;
use serde::Deserialize;

use crate::{
    accounts::people,
    clock,
    faults::Fault,
    github::App,
    own::{bearer, no},
};

/// The routes, below `/sandbox`.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sandbox/artifacts/{artifact}/expire", post(expire))
        .route("/sandbox/faults", post(add_fault).delete(clear_faults).get(list_faults))
        .route("/sandbox/repository", post(set_repository))
        .route("/sandbox/people", post(set_role))
        .route("/sandbox/token", post(set_end))
        .route("/sandbox/seen", get(seen))
}

fn refused(app: &App, headers: &HeaderMap) -> Option<Response> {
    let good = bearer(headers) == Some(app.accounts.token.as_str());
    (!good).then(|| no(StatusCode::UNAUTHORIZED, "This needs the sandbox's token."))
}

/// Lets an artifact expire at once, which on GitHub takes up to 90 days.
async fn expire(State(app): State<Arc<App>>, headers: HeaderMap, Path(artifact): Path<i64>) -> Response {
    refused(&app, &headers).unwrap_or_else(|| match app.store.expire_artifact(artifact) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(e) => no(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()),
    })
}

async fn add_fault(State(app): State<Arc<App>>, headers: HeaderMap, Json(fault): Json<Fault>) -> Response {
    refused(&app, &headers).unwrap_or_else(|| {
        app.faults.add(fault);
        StatusCode::CREATED.into_response()
    })
}

async fn clear_faults(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    refused(&app, &headers).unwrap_or_else(|| {
        app.faults.clear();
        StatusCode::NO_CONTENT.into_response()
    })
}

async fn list_faults(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    refused(&app, &headers).unwrap_or_else(|| Json(app.faults.list()).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Visibility {
    private: bool,
}

async fn set_repository(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Json(wanted): Json<Visibility>,
) -> Response {
    refused(&app, &headers).unwrap_or_else(|| {
        app.accounts.set_private(wanted.private);
        StatusCode::NO_CONTENT.into_response()
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    login: String,
    role: Role,
}

async fn set_role(State(app): State<Arc<App>>, headers: HeaderMap, Json(wanted): Json<NewRole>) -> Response {
    refused(&app, &headers).unwrap_or_else(|| match people::find(&wanted.login) {
        None => no(StatusCode::NOT_FOUND, "There is no such demo account."),
        // The start token acts as the owner, and steers the sandbox.
        Some(person) if person == people::owner() && wanted.role != Role::Admin => {
            no(StatusCode::UNPROCESSABLE_ENTITY, "The owner stays the owner.")
        }
        Some(person) => {
            app.accounts.roles.set(person, wanted.role);
            StatusCode::NO_CONTENT.into_response()
        }
    })
}

/// When a token ends: without `token` what the start token says about itself, else when another really ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    expires_in: i64,
    #[serde(default)]
    token: Option<String>,
}

async fn set_end(State(app): State<Arc<App>>, headers: HeaderMap, Json(wanted): Json<End>) -> Response {
    refused(&app, &headers).unwrap_or_else(|| {
        let until = clock::now().saturating_add(wanted.expires_in.saturating_mul(1000));
        match wanted.token {
            None => app.accounts.set_token_until(until),
            Some(token) if app.accounts.grants.expire(&token, until) => {}
            Some(_) => return no(StatusCode::NOT_FOUND, "There is no such token."),
        }
        StatusCode::NO_CONTENT.into_response()
    })
}

async fn seen(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    refused(&app, &headers).unwrap_or_else(|| Json(app.seen.report()).into_response())
}
