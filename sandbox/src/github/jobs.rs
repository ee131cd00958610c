//! Jobs and their logs.

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
    store::{Job, Run, Status},
};

/// Which jobs.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    filter: Option<String>,
    per_page: Option<String>,
    page: Option<String>,
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(run): Path<i64>,
    Query(which): Query<Which>,
) -> Result<Response, GithubError> {
    let run = runs::find(&app, run)?;
    let attempt = (which.filter.as_deref() != Some("all")).then_some(run.attempt);
    listed(&app, &caller, &run, attempt, which)
}

pub(crate) async fn of_attempt(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((run, attempt)): Path<(i64, i64)>,
    Query(which): Query<Which>,
) -> Result<Response, GithubError> {
    let run = app.store.run(run, Some(attempt))?.ok_or_else(GithubError::not_found)?;
    listed(&app, &caller, &run, Some(attempt), which)
}

fn listed(
    app: &App,
    caller: &Caller,
    run: &Run,
    attempt: Option<i64>,
    which: Which,
) -> Result<Response, GithubError> {
    let paging = Paging::new(which.per_page, which.page);
    let (total, page) = paging.cut(app.store.jobs(run.id, attempt)?);
    let shapes = Shapes::new(app, caller);
    Ok(paging.answer(caller, total, "jobs", page.iter().map(|job| shapes.job(job, run)).collect()))
}

/// A job that has to exist, with its run.
pub(crate) fn find(app: &App, id: i64) -> Result<(Job, Run), GithubError> {
    let job = app.store.job(id)?.ok_or_else(GithubError::not_found)?;
    let run = runs::find(app, job.run)?;
    Ok((job, run))
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(job): Path<i64>,
) -> Result<Json<Value>, GithubError> {
    let (job, run) = find(&app, job)?;
    Ok(Json(Shapes::new(&app, &caller).job(&job, &run)))
}

/// The whole log, once the job has ended.
pub(crate) async fn log(State(app): State<Arc<App>>, Path(job): Path<i64>) -> Result<Response, GithubError> {
    let (job, _) = find(&app, job)?;
    if job.status != Status::Completed || app.store.step_logs(job.log)?.is_empty() {
        return Err(GithubError::not_found());
    }
    let address = app.signer.address(&Blob::JobLog { log: job.log }, "job.log", "text/plain; charset=utf-8");
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}
