//! The repository and the limits: what clients ask before they get to work.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use domain::access::Role;

use super::{
    App,
    door::{Caller, VERSIONS},
    people,
    shapes::Shapes,
};
use crate::{accounts::access::Visitor, clock::iso};

/// When the repository was made, as far as anyone asks.
pub(super) const BEGINNING: i64 = 1_700_000_000_000;

pub(crate) async fn get(State(app): State<Arc<App>>, caller: Caller) -> Json<Value> {
    Json(whole(&app, &caller))
}

/// `full-repository`
pub(super) fn whole(app: &App, caller: &Caller) -> Value {
    let shapes = Shapes::new(app, caller);
    let mut repository = shapes.repository();
    let html = shapes.html_url();
    let more = json!({
        "clone_url": format!("{html}.git"), "git_url": format!("{html}.git"), "ssh_url": format!("{html}.git"),
        "svn_url": html, "mirror_url": null, "default_branch": "main", "forks": 0, "forks_count": 0,
        "has_issues": false, "has_projects": false, "has_wiki": false, "has_pages": false, "has_discussions": false,
        "has_downloads": false, "homepage": null, "language": "Rust", "archived": false, "disabled": false,
        "visibility": if app.accounts.is_private() { "private" } else { "public" }, "open_issues": 0, "open_issues_count": 0, "license": null, "size": 0,
        "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "network_count": 0, "subscribers_count": 0,
        "created_at": iso(BEGINNING), "updated_at": iso(BEGINNING), "pushed_at": iso(BEGINNING),
    });
    if let (Value::Object(repository), Value::Object(more)) = (&mut repository, more) {
        repository.extend(more);
        // What the visitor may do; a visitor without a name is not told.
        match &caller.visitor {
            Visitor::Person { person, .. } => {
                drop(repository.insert("permissions".to_owned(), people::rights(app.accounts.role(person))));
            }
            Visitor::Installation(_) => {
                drop(repository.insert("permissions".to_owned(), people::rights(Role::None)));
            }
            Visitor::Anonymous | Visitor::App | Visitor::Client => {}
        }
        if caller.version != VERSIONS[0] {
            repository.remove("has_downloads");
        }
    }
    repository
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
