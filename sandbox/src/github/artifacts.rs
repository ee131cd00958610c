//! Artifacts.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{App, door::Caller, error::GithubError, paging::Paging, runs, shapes::Shapes};
use crate::{
    blobs::Blob,
    clock,
    store::{Artifact, ArtifactFilter},
};

/// Which artifacts.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    name: Option<String>,
    direction: Option<String>,
    per_page: Option<String>,
    page: Option<String>,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(which): Query<Which>,
) -> Result<Response, GithubError> {
    listed(&app, &caller, None, which)
}

pub(crate) async fn of_run(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(run): Path<i64>,
    Query(which): Query<Which>,
) -> Result<Response, GithubError> {
    let run = runs::find(&app, run)?;
    listed(&app, &caller, Some(run.id), which)
}

fn listed(app: &App, caller: &Caller, run: Option<i64>, which: Which) -> Result<Response, GithubError> {
    let paging = Paging::new(which.per_page, which.page);
    let ascending = which.direction.as_deref() == Some("asc");
    let filter = ArtifactFilter { run, name: which.name, ascending };
    let (total, page) = app.store.artifacts(&filter, paging.offset(), paging.size())?;
    let shapes = Shapes::new(app, caller);
    let mut items = Vec::new();
    for artifact in &page {
        items.push(shapes.artifact(artifact, app.store.run(artifact.run, None)?.as_ref()));
    }
    Ok(paging.answer(caller, total, "artifacts", items))
}

fn find(app: &App, id: i64) -> Result<Artifact, GithubError> {
    app.store.artifact(id)?.ok_or_else(GithubError::not_found)
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(artifact): Path<i64>,
) -> Result<Json<Value>, GithubError> {
    let artifact = find(&app, artifact)?;
    let run = app.store.run(artifact.run, None)?;
    Ok(Json(Shapes::new(&app, &caller).artifact(&artifact, run.as_ref())))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path(artifact): Path<i64>,
) -> Result<StatusCode, GithubError> {
    if app.store.delete_artifact(artifact)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(GithubError::not_found())
    }
}

/// The signed address. GitHub wants a credential for this even where the repository is public.
pub(crate) async fn download(
    State(app): State<Arc<App>>,
    Path((artifact, format)): Path<(i64, String)>,
) -> Result<Response, GithubError> {
    let artifact = find(&app, artifact)?;
    if format != "zip" {
        return Err(GithubError::not_found());
    }
    if artifact.expires <= clock::now() {
        return Err(GithubError::new(StatusCode::GONE, "Artifact has expired"));
    }
    let address = app.signer.address(&Blob::Artifact { id: artifact.id }, &artifact.file, &artifact.media);
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}
