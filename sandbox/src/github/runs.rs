//! Runs.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    App,
    door::Caller,
    error::GithubError,
    paging::{MOST_FILTERED, Paging},
    shapes::Shapes,
    workflows,
};
use crate::{
    blobs::Blob,
    store::{Run, RunFilter, Status},
};

/// The filters of run lists.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Filters {
    actor: Option<String>,
    branch: Option<String>,
    event: Option<String>,
    status: Option<String>,
    created: Option<String>,
    head_sha: Option<String>,
    per_page: Option<String>,
    page: Option<String>,
}

/// A run that has to exist.
pub(crate) fn find(app: &App, id: i64) -> Result<Run, GithubError> {
    app.store.run(id, None)?.ok_or_else(GithubError::not_found)
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Response, GithubError> {
    listed(&app, &caller, filters, None)
}

pub(crate) async fn of_workflow(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(name): Path<String>,
    Query(filters): Query<Filters>,
) -> Result<Response, GithubError> {
    let workflow = workflows::find(&app, &name)?.id;
    listed(&app, &caller, filters, Some(workflow))
}

fn listed(
    app: &App,
    caller: &Caller,
    filters: Filters,
    workflow: Option<i64>,
) -> Result<Response, GithubError> {
    let paging: Paging = Paging::new(filters.per_page, filters.page);
    // Everything else has no runs here.
    let other = filters.event.as_deref().is_some_and(|event| event != "workflow_dispatch");
    let filtered = [
        &filters.actor,
        &filters.branch,
        &filters.event,
        &filters.status,
        &filters.created,
        &filters.head_sha,
    ]
    .into_iter()
    .any(Option::is_some);
    let (since, until) = match &filters.created {
        Some(text) => created(text).ok_or_else(|| GithubError::unprocessable("Validation Failed"))?,
        None => (None, None),
    };
    let filter = RunFilter {
        workflow,
        actor: filters.actor,
        status: filters.status,
        branch: filters.branch,
        sha: filters.head_sha,
        since,
        until,
    };
    let beyond = filtered && paging.offset() >= MOST_FILTERED;
    let (total, runs) = app.store.runs(&filter, paging.offset(), if beyond { 0 } else { paging.size() })?;
    let (total, runs) = if other { (0, Vec::new()) } else { (total, runs) };
    let shapes = Shapes::new(app, caller);
    Ok(paging.answer(caller, total, "workflow_runs", runs.iter().map(|run| shapes.run(run)).collect()))
}

/// GitHub's date search: `>=T`, `<=T`, `>T`, `<T`, `A..B` with `*` for open ends, or a day. In milliseconds.
fn created(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    const SECOND: i64 = 1000;
    const DAY: i64 = 86_400 * SECOND;
    let moment = |text: &str, at_the_end: bool| -> Option<i64> {
        if let Some(day) = domain::timestamp::parse_day(text) {
            let start = day.midnight().as_utc().unix_timestamp() * SECOND;
            return Some(if at_the_end { start + DAY - 1 } else { start });
        }
        let time: time::OffsetDateTime =
            time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        Some(time.unix_timestamp() * SECOND + if at_the_end { SECOND - 1 } else { 0 })
    };
    if let Some((from, to)) = text.split_once("..") {
        let open = |text: &str, end| if text == "*" { Some(None) } else { moment(text, end).map(Some) };
        return Some((open(from, false)?, open(to, true)?));
    }
    if let Some(rest) = text.strip_prefix(">=") {
        return Some((Some(moment(rest, false)?), None));
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return Some((None, Some(moment(rest, true)?)));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some((Some(moment(rest, true)? + 1), None));
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some((None, Some(moment(rest, false)? - 1)));
    }
    Some((Some(moment(text, false)?), Some(moment(text, true)?)))
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(run): Path<i64>,
) -> Result<Json<Value>, GithubError> {
    Ok(Json(Shapes::new(&app, &caller).run(&find(&app, run)?)))
}

pub(crate) async fn attempt(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path((run, attempt)): Path<(i64, i64)>,
) -> Result<Json<Value>, GithubError> {
    let run = app.store.run(run, Some(attempt))?.ok_or_else(GithubError::not_found)?;
    Ok(Json(Shapes::new(&app, &caller).run(&run)))
}

pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    Path(run): Path<i64>,
) -> Result<StatusCode, GithubError> {
    let run = find(&app, run)?;
    if run.status != Status::Completed || app.engine.is_active(run.id) {
        return Err(GithubError::new(StatusCode::FORBIDDEN, "Could not delete the workflow run"));
    }
    app.store.delete_run(run.id)?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn timing(
    State(app): State<Arc<App>>,
    Path(run): Path<i64>,
) -> Result<Json<Value>, GithubError> {
    let run = find(&app, run)?;
    Ok(Json(json!({"billable": {}, "run_duration_ms": run.updated - run.started})))
}

pub(crate) async fn logs(State(app): State<Arc<App>>, Path(run): Path<i64>) -> Result<Response, GithubError> {
    let run = find(&app, run)?;
    log_address(&app, &run)
}

pub(crate) async fn attempt_logs(
    State(app): State<Arc<App>>,
    Path((run, attempt)): Path<(i64, i64)>,
) -> Result<Response, GithubError> {
    let run = app.store.run(run, Some(attempt))?.ok_or_else(GithubError::not_found)?;
    log_address(&app, &run)
}

fn log_address(app: &App, run: &Run) -> Result<Response, GithubError> {
    if run.status != Status::Completed {
        return Err(GithubError::not_found());
    }
    let blob = Blob::RunLogs { run: run.id, attempt: run.attempt };
    let address = app.signer.address(&blob, &format!("logs_{}.zip", run.id), "application/zip");
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_a_date_search() {
        let second = 1_543_000_000_000; // 2018-11-23T19:06:40Z
        let day = 1_542_931_200_000; // 2018-11-23
        for (text, expected) in [
            (">=2018-11-23T19:06:40Z", (Some(second), None)),
            (">2018-11-23T19:06:40Z", (Some(second + 1000), None)),
            ("<=2018-11-23T20:06:40+01:00", (None, Some(second + 999))),
            ("<2018-11-23", (None, Some(day - 1))),
            ("2018-11-23", (Some(day), Some(day + 86_399_999))),
            ("2018-11-23..*", (Some(day), None)),
        ] {
            assert_eq!(created(text), Some(expected), "{text}");
        }
        assert_eq!(created("soon"), None);
    }
}
