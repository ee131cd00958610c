//! The repository, the person, the limits: what clients ask before they get to work.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    App,
    door::{Caller, VERSIONS},
    error::GithubError,
    shapes::Shapes,
};
use crate::{OWNER, clock::iso};

/// When the repository was made, as far as anyone asks.
const BEGINNING: i64 = 1_700_000_000_000;

pub(crate) async fn get(State(app): State<Arc<App>>, caller: Caller) -> Json<Value> {
    let shapes = Shapes::new(&app, &caller);
    let mut repository = shapes.repository();
    let html = shapes.html_url();
    let more = json!({
        "clone_url": format!("{html}.git"), "git_url": format!("{html}.git"), "ssh_url": format!("{html}.git"),
        "svn_url": html, "mirror_url": null, "default_branch": "main", "forks": 0, "forks_count": 0,
        "has_issues": false, "has_projects": false, "has_wiki": false, "has_pages": false, "has_discussions": false,
        "has_downloads": false, "homepage": null, "language": "Rust", "archived": false, "disabled": false,
        "visibility": "public", "open_issues": 0, "open_issues_count": 0, "license": null, "size": 0,
        "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "network_count": 0, "subscribers_count": 0,
        "created_at": iso(BEGINNING), "updated_at": iso(BEGINNING), "pushed_at": iso(BEGINNING),
        "permissions": {"admin": caller.signed_in, "maintain": caller.signed_in, "push": caller.signed_in,
            "triage": caller.signed_in, "pull": true},
    });
    if let (Value::Object(repository), Value::Object(more)) = (&mut repository, more) {
        repository.extend(more);
        if caller.version != VERSIONS[0] {
            repository.remove("has_downloads");
        }
    }
    Json(repository)
}

pub(crate) async fn is_collaborator(
    caller: Caller,
    Path(login): Path<String>,
) -> Result<StatusCode, GithubError> {
    caller.must_be_signed_in()?;
    if login.eq_ignore_ascii_case(OWNER) { Ok(StatusCode::NO_CONTENT) } else { Err(GithubError::not_found()) }
}

pub(crate) async fn permission(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(login): Path<String>,
) -> Result<Json<Value>, GithubError> {
    caller.must_be_signed_in()?;
    if !login.eq_ignore_ascii_case(OWNER) {
        return Err(GithubError::not_found());
    }
    let mut user = Shapes::new(&app, &caller).user();
    user["permissions"] =
        json!({"admin": true, "maintain": true, "push": true, "triage": true, "pull": true});
    user["role_name"] = json!("admin");
    Ok(Json(json!({"permission": "admin", "role_name": "admin", "user": user})))
}

pub(crate) async fn user(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Value>, GithubError> {
    caller.must_be_signed_in()?;
    let mut user = Shapes::new(&app, &caller).user();
    let more = json!({
        "name": "You", "company": null, "blog": null, "location": null, "email": null, "hireable": null, "bio": null,
        "public_repos": 1, "public_gists": 0, "followers": 0, "following": 0,
        "created_at": iso(BEGINNING), "updated_at": iso(BEGINNING), "user_view_type": "public",
    });
    if let (Value::Object(user), Value::Object(more)) = (&mut user, more) {
        user.extend(more);
    }
    Ok(Json(user))
}

pub(crate) async fn rate_limit(State(app): State<Arc<App>>, caller: Caller) -> Json<Value> {
    let (used, reset) = app.rate.state();
    let limit = app.rate.limit();
    let used = used.min(limit);
    let core = json!({"limit": limit, "used": used, "remaining": limit - used, "reset": reset});
    let mut answer = json!({"resources": {"core": core, "search": core, "graphql": core}});
    if caller.version == VERSIONS[0] {
        answer["rate"] = core;
    }
    Json(answer)
}

pub(crate) async fn versions() -> Json<Value> {
    Json(json!(VERSIONS))
}

pub(crate) async fn root(State(app): State<Arc<App>>, caller: Caller) -> Json<Value> {
    let base = &caller.base;
    Json(json!({
        "current_user_url": format!("{base}/user"),
        "repository_url": format!("{base}/repos/{{owner}}/{{repo}}"),
        "rate_limit_url": format!("{base}/rate_limit"),
        "sandbox": format!("This is Burstboard's sandbox. Its repository is {}.", app.full_name()),
    }))
}
