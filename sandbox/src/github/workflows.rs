//! Workflows.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde_json::Value;

use super::{App, door::Caller, error::GithubError, paging::Paging, shapes::Shapes};
use crate::workflow::document::{FOLDER, Workflow};

/// A workflow with what the store knows of it.
pub(crate) struct Known {
    pub(crate) workflow: Workflow,
    pub(crate) id: i64,
    pub(crate) created: i64,
    pub(crate) active: bool,
}

/// All workflows of the working tree by path.
fn all(app: &App) -> Result<Vec<Known>, GithubError> {
    let known = |workflow: Workflow| {
        let (id, created) = app.store.workflow(&workflow.path)?;
        Ok(Known { id, created, active: app.store.workflow_is_active(id)?, workflow })
    };
    app.engine.workflows().into_values().map(known).collect()
}

/// The workflow that `name` means: an id or a file name.
pub(crate) fn find(app: &App, name: &str) -> Result<Known, GithubError> {
    let path = format!("{FOLDER}/{name}");
    let fits = |known: &Known| known.workflow.path == path || known.id.to_string() == name;
    all(app)?.into_iter().find(fits).ok_or_else(GithubError::not_found)
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(paging): Query<Paging>,
) -> Result<Response, GithubError> {
    let (total, page) = paging.cut(all(&app)?);
    let shapes = Shapes::new(&app, &caller);
    let items = page.iter().map(|w| shapes.workflow(&w.workflow, w.id, w.created, w.active)).collect();
    Ok(paging.answer(&caller, total, "workflows", items))
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, GithubError> {
    let known = find(&app, &name)?;
    Ok(Json(Shapes::new(&app, &caller).workflow(&known.workflow, known.id, known.created, known.active)))
}

pub(crate) async fn enable(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<StatusCode, GithubError> {
    app.store.set_workflow_active(find(&app, &name)?.id, true)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn disable(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<StatusCode, GithubError> {
    let known = find(&app, &name)?;
    if !known.active {
        return Err(GithubError::new(
            StatusCode::FORBIDDEN,
            "Unable to disable a workflow that is not active.",
        ));
    }
    app.store.set_workflow_active(known.id, false)?;
    Ok(StatusCode::NO_CONTENT)
}
