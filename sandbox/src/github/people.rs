//! People: who the token's is, and what they and others may do in the repository.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use domain::access::Role;
use serde_json::{Value, json};

use super::{App, door::Caller, error::GithubError, repository::BEGINNING, shapes::Shapes};
use crate::{
    accounts::people::{self, Person},
    clock::iso,
};

/// A role as the flags that GitHub spells it out in.
pub(super) fn rights(role: Role) -> Value {
    json!({
        "admin": role >= Role::Admin, "maintain": role >= Role::Maintain, "push": role >= Role::Write,
        "triage": role >= Role::Triage, "pull": role >= Role::Read,
    })
}

fn find(login: &str) -> Result<&'static Person, GithubError> {
    people::find(login).ok_or_else(GithubError::not_found)
}

pub(crate) async fn is_collaborator(
    State(app): State<Arc<App>>,
    Path(login): Path<String>,
) -> Result<StatusCode, GithubError> {
    match app.accounts.roles.of(find(&login)?) {
        Role::None => Err(GithubError::not_found()),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}

pub(crate) async fn permission(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(login): Path<String>,
) -> Result<Json<Value>, GithubError> {
    let person = find(&login)?;
    let role = app.accounts.role(person);
    let mut user = Shapes::new(&app, &caller).user(person);
    user["permissions"] = rights(role);
    user["role_name"] = json!(role.word());
    Ok(Json(json!({"permission": people::permission(role), "role_name": role.word(), "user": user})))
}

pub(crate) async fn user(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<Value>, GithubError> {
    let person = caller.person()?;
    let mut user = Shapes::new(&app, &caller).user(person);
    let more = json!({
        "name": person.name, "company": null, "blog": null, "location": null, "email": null, "hireable": null,
        "bio": "A demo account of Burstboard's sandbox", "public_repos": 0, "public_gists": 0, "followers": 0,
        "following": 0, "created_at": iso(BEGINNING), "updated_at": iso(BEGINNING), "user_view_type": "public",
    });
    if let (Value::Object(user), Value::Object(more)) = (&mut user, more) {
        user.extend(more);
    }
    Ok(Json(user))
}
