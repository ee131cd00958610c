//! Where GitHub has its own page of a run, the sandbox has a plain text: clients link to it.

use std::{fmt::Write, sync::Arc};

use axum::extract::{Path, State};

use super::{App, error::GithubError, runs};
use crate::{
    clock::iso,
    store::{Job, Status},
    workflow::plan::Conclusion,
};

pub(crate) async fn run(State(app): State<Arc<App>>, Path(run): Path<i64>) -> Result<String, GithubError> {
    text(&app, run)
}

pub(crate) async fn job(
    State(app): State<Arc<App>>,
    Path((run, _)): Path<(i64, i64)>,
) -> Result<String, GithubError> {
    text(&app, run)
}

fn text(app: &App, run: i64) -> Result<String, GithubError> {
    let run = runs::find(app, run)?;
    let mut text = format!(
        "{} · {} · run {}, attempt {}, of {}\nThis is Burstboard's sandbox: on GitHub, its own page of the run is here.\n\n",
        run.title,
        state(run.status, run.conclusion),
        run.id,
        run.attempt,
        iso(run.created)
    );
    for job in app.store.jobs(run.id, Some(run.attempt))? {
        // Writing into a text cannot fail.
        let _ = lines(&mut text, &job);
    }
    Ok(text)
}

fn lines(text: &mut String, job: &Job) -> std::fmt::Result {
    writeln!(text, "{} · {}", job.name, state(job.status, job.conclusion))?;
    for step in job.steps.iter().filter(|_| job.conclusion == Some(Conclusion::Failure)) {
        writeln!(text, "    {} · {}", step.name, state(step.status, step.conclusion))?;
    }
    for note in &job.annotations {
        writeln!(text, "    {}: {}", note.level, note.message)?;
    }
    Ok(())
}

fn state(status: Status, conclusion: Option<Conclusion>) -> &'static str {
    conclusion.map_or(status.word(), Conclusion::word)
}
