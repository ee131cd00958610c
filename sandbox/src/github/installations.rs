//! The app in the repository: where it is installed, and its tokens.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    App,
    door::Caller,
    error::GithubError,
    repository::{self, BEGINNING},
    shapes::{REPOSITORY_ID, Shapes},
};
use crate::{
    accounts::{
        access::Visitor,
        client::CLIENT_ID,
        grants::INSTALLATION_LIFE,
        integration::{APP_ID, BadAssertion, INSTALLATION_ID, SLUG},
        people,
        permissions::Permissions,
    },
    clock::{self, iso},
};

/// These routes are the app's as itself; every other credential is no assertion.
fn must_be_app(caller: &Caller) -> Result<(), GithubError> {
    if caller.visitor == Visitor::App { Ok(()) } else { Err(BadAssertion::Undecodable.into()) }
}

/// `installation`
pub(crate) async fn of_repository(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<Value>, GithubError> {
    must_be_app(&caller)?;
    let shapes = Shapes::new(&app, &caller);
    let (base, owner) = (&caller.base, people::owner());
    Ok(Json(json!({
        "id": INSTALLATION_ID, "app_id": APP_ID, "client_id": CLIENT_ID, "app_slug": SLUG,
        "account": shapes.user(owner), "target_id": owner.id, "target_type": "User",
        "repository_selection": "selected", "permissions": Permissions::ALL.json(), "events": [],
        "access_tokens_url": format!("{base}/app/installations/{INSTALLATION_ID}/access_tokens"),
        "repositories_url": format!("{base}/installation/repositories"),
        "html_url": format!("{base}/settings/installations/{INSTALLATION_ID}"),
        "single_file_name": null, "has_multiple_single_files": false, "single_file_paths": [],
        "created_at": iso(BEGINNING), "updated_at": iso(BEGINNING), "suspended_by": null, "suspended_at": null,
    })))
}

/// `installation-token`
pub(crate) async fn token(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(installation): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), GithubError> {
    must_be_app(&caller)?;
    if installation != INSTALLATION_ID.to_string() {
        return Err(GithubError::not_found());
    }
    let permissions = narrowed(&app, &body)?;
    let now = clock::now();
    let token = app.accounts.grants.install(permissions, APP_ID, now);
    let answer = json!({
        "token": token, "expires_at": iso(now + INSTALLATION_LIFE), "permissions": permissions.json(),
        "repository_selection": "selected", "repositories": [repository::whole(&app, &caller)],
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// What the body leaves of the app's permissions, and that it names no other repository.
fn narrowed(app: &App, body: &[u8]) -> Result<Permissions, GithubError> {
    if body.is_empty() {
        return Ok(Permissions::ALL);
    }
    let body: Value = serde_json::from_slice(body)
        .map_err(|_| GithubError::new(StatusCode::BAD_REQUEST, "Problems parsing JSON"))?;
    let ours = |field: &str, ours: &Value| match body.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::Array(wanted)) => !wanted.is_empty() && wanted.iter().all(|one| one == ours),
        Some(_) => false,
    };
    if !ours("repositories", &json!(app.repository)) || !ours("repository_ids", &json!(REPOSITORY_ID)) {
        return Err(GithubError::unprocessable(
            "There is at least one repository that does not exist or is not accessible to the parent installation.",
        ));
    }
    let permissions = match body.get("permissions") {
        None | Some(Value::Null) => Some(Permissions::ALL),
        Some(wanted) => wanted.as_object().and_then(|wanted| Permissions::ALL.narrowed(wanted)),
    };
    permissions.ok_or_else(|| {
        GithubError::unprocessable("The permissions requested are not granted to this installation.")
    })
}
