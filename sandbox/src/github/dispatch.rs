//! Starting a workflow.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    App,
    door::{Caller, VERSIONS},
    error::GithubError,
    shapes::Shapes,
    workflows,
};
use crate::{runner::Dispatch, workflow::inputs};

pub(crate) async fn dispatch(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, GithubError> {
    let body = object(&body)?;
    let newest = caller.version != VERSIONS[0];
    let known: &[&str] = if newest { &["ref", "inputs"] } else { &["ref", "inputs", "return_run_details"] };
    if let Some(other) = body.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(GithubError::unprocessable(format!(
            "Invalid request.\n\n\"{other}\" is not a permitted key."
        )));
    }
    let Some(reference) = body.get("ref").and_then(Value::as_str) else {
        return Err(GithubError::unprocessable("Invalid request.\n\n\"ref\" wasn't supplied."));
    };
    let given = match body.get("inputs") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(given)) => given.clone(),
        Some(_) => {
            return Err(GithubError::unprocessable(
                "Invalid request.\n\nFor 'properties/inputs', it is not an object.",
            ));
        }
    };
    let workflow = workflows::find(&app, &name)?;
    if !workflow.active {
        return Err(GithubError::unprocessable(
            "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        ));
    }
    let branch = app
        .engine
        .checkout()
        .branch(reference)
        .ok_or_else(|| GithubError::unprocessable(format!("No ref found for: {reference}")))?;
    let inputs = inputs::dispatched(&workflow.workflow, &given)
        .map_err(|e| GithubError::unprocessable(e.to_string()))?;
    let run = app
        .engine
        .dispatch(Dispatch { path: workflow.workflow.path, branch, inputs, actor: caller.actor().to_owned() })
        .await?;
    let wants_details = newest || body.get("return_run_details") == Some(&Value::Bool(true));
    if !wants_details {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let shapes = Shapes::new(&app, &caller);
    let details = json!({
        "workflow_run_id": run,
        "run_url": format!("{}/actions/runs/{run}", shapes.repository_url()),
        "html_url": format!("{}/actions/runs/{run}", shapes.html_url()),
    });
    Ok(Json(details).into_response())
}

/// A body that has to be a JSON object.
fn object(body: &[u8]) -> Result<Map<String, Value>, GithubError> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(GithubError::unprocessable("Invalid request.\n\nThe request body is not an object.")),
        Err(_) => Err(GithubError::new(StatusCode::BAD_REQUEST, "Problems parsing JSON")),
    }
}
