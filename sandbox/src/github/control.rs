//! Stopping runs and running them again.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{App, door::Caller, error::GithubError, jobs, runs};
use crate::{
    runner::{Rerun, RerunError},
    store::Status,
};

type Done = Result<(StatusCode, Json<Value>), GithubError>;

pub(crate) async fn cancel(State(app): State<Arc<App>>, Path(run): Path<i64>) -> Done {
    stop(&app, run, false)
}

pub(crate) async fn force_cancel(State(app): State<Arc<App>>, Path(run): Path<i64>) -> Done {
    stop(&app, run, true)
}

fn stop(app: &App, run: i64, now: bool) -> Done {
    let run = runs::find(app, run)?;
    if run.status == Status::Completed || !app.engine.cancel(run.id, now) {
        return Err(GithubError::new(
            StatusCode::CONFLICT,
            "Cannot cancel a workflow run that is completed.",
        ));
    }
    Ok((StatusCode::ACCEPTED, Json(json!({}))))
}

pub(crate) async fn rerun(State(app): State<Arc<App>>, caller: Caller, Path(run): Path<i64>) -> Done {
    again(&app, &caller, runs::find(&app, run)?.id, Rerun::All)
}

pub(crate) async fn rerun_failed(State(app): State<Arc<App>>, caller: Caller, Path(run): Path<i64>) -> Done {
    again(&app, &caller, runs::find(&app, run)?.id, Rerun::Failed)
}

pub(crate) async fn rerun_job(State(app): State<Arc<App>>, caller: Caller, Path(job): Path<i64>) -> Done {
    let (job, run) = jobs::find(&app, job)?;
    if job.attempt != run.attempt {
        return Err(GithubError::new(StatusCode::FORBIDDEN, "This job is not part of the latest attempt"));
    }
    again(&app, &caller, run.id, Rerun::Job(job.id))
}

fn again(app: &App, caller: &Caller, run: i64, what: Rerun) -> Done {
    match app.engine.rerun(run, what, caller.actor()) {
        Ok(()) => Ok((StatusCode::CREATED, Json(json!({})))),
        Err(RerunError::Store(e)) => Err(e.into()),
        Err(e) => Err(GithubError::new(StatusCode::FORBIDDEN, e.to_string())),
    }
}
