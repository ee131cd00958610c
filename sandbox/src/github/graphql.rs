//! The few GraphQL questions that `gh` asks on the way to the REST API.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{App, door::Caller, shapes::Shapes};
use crate::accounts::{
    access::{Area, Need},
    people,
};

/// Answers by what the query names; what is not known here is GitHub's error for an unknown field.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(question): Json<Value>,
) -> Json<Value> {
    let query = question.get("query").and_then(Value::as_str).unwrap_or_default();
    let visible = app.accounts.decide(&caller.visitor, Need::Look(Area::Metadata)).is_ok();
    let data = if !visible && query.contains("repository") {
        let message = format!("Could not resolve to a Repository with the name '{}'.", app.full_name());
        return Json(json!({"data": {"repository": null},
            "errors": [{"type": "NOT_FOUND", "path": ["repository"], "message": message}]}));
    } else if query.contains("pullRequests") || query.contains("associatedPullRequests") {
        json!({"repository": {"pullRequests": {"nodes": [], "totalCount": 0}}})
    } else if query.contains("defaultBranchRef") || query.contains("RepositoryInfo") {
        json!({"repository": repository(&app, &caller)})
    } else if query.contains("viewer") {
        json!({"viewer": {"login": caller.actor()}})
    } else {
        let message =
            "The sandbox answers only the GraphQL questions that gh asks to list, start and view runs.";
        return Json(json!({"data": null, "errors": [{"type": "undefinedField", "message": message}]}));
    };
    Json(json!({"data": data}))
}

fn repository(app: &App, caller: &Caller) -> Value {
    let url = Shapes::new(app, caller).html_url();
    let role = caller.person().map_or("read", |person| app.accounts.role(person).word());
    json!({
        "id": format!("R_{}", super::shapes::REPOSITORY_ID), "name": app.repository, "nameWithOwner": app.full_name(),
        "owner": {"login": crate::OWNER, "id": format!("U_{}", people::owner().id)},
        "description": "", "url": url, "isPrivate": app.accounts.is_private(), "isFork": false, "isArchived": false,
        "hasIssuesEnabled": false, "hasWikiEnabled": false, "viewerPermission": role.to_uppercase(), "parent": null,
        "mergeCommitAllowed": true, "rebaseMergeAllowed": true, "squashMergeAllowed": true,
        "defaultBranchRef": {"name": "main", "target": {"oid": app.engine.checkout().sha()}},
    })
}
