//! The few GraphQL questions that `gh` asks on the way to the REST API.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{App, door::Caller, shapes::Shapes};

/// Answers by what the query names; what is not known here is GitHub's error for an unknown field.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(question): Json<Value>,
) -> Json<Value> {
    let query = question.get("query").and_then(Value::as_str).unwrap_or_default();
    let data = if query.contains("pullRequests") || query.contains("associatedPullRequests") {
        json!({"repository": {"pullRequests": {"nodes": [], "totalCount": 0}}})
    } else if query.contains("defaultBranchRef") || query.contains("RepositoryInfo") {
        json!({"repository": repository(&app, &caller)})
    } else if query.contains("viewer") {
        json!({"viewer": {"login": crate::OWNER}})
    } else {
        let message =
            "The sandbox answers only the GraphQL questions that gh asks to list, start and view runs.";
        return Json(json!({"data": null, "errors": [{"type": "undefinedField", "message": message}]}));
    };
    Json(json!({"data": data}))
}

fn repository(app: &App, caller: &Caller) -> Value {
    let url = Shapes::new(app, caller).html_url();
    json!({
        "id": format!("R_{}", super::shapes::REPOSITORY_ID), "name": app.repository, "nameWithOwner": app.full_name(),
        "owner": {"login": crate::OWNER, "id": format!("U_{}", super::shapes::USER_ID)},
        "description": "", "url": url, "isPrivate": false, "isFork": false, "isArchived": false,
        "hasIssuesEnabled": false, "hasWikiEnabled": false, "viewerPermission": "ADMIN", "parent": null,
        "mergeCommitAllowed": true, "rebaseMergeAllowed": true, "squashMergeAllowed": true,
        "defaultBranchRef": {"name": "main", "target": {"oid": app.engine.checkout().sha()}},
    })
}
