//! Starting a run at most once, as far as GitHub's list of runs tells.
//!
//! A part of a batch is known by the mark `[batch/part]` at the end of its run's title. A repeated request finds the
//! run of the first one by it, and so does a dispatch whose answer was lost. What remains possible: two requests
//! within the moment between a dispatch and its listing. A ledger that writes a launch down before it is sent closes
//! that gap behind this same function.

use std::{collections::BTreeMap, time::Duration};

use domain::{launch::BatchPart, problem::Problem};

use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError, Run, Workflow},
    ports::Clock,
    settings::Settings,
};

/// GitHub may list a run some seconds after it has taken the dispatch.
const WAITS: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(4),
];
/// Kind of the problem that leaves open whether a run was started.
pub const UNCERTAIN: &str = "launch-uncertain";
/// How many pages of 100 runs a batch is looked for in.
const PAGES: usize = 5;

/// The run of one part of a batch: the one that is there already, or a new one.
pub async fn start(
    settings: &Settings,
    github: &impl GitHub,
    clock: &impl Clock,
    part: &BatchPart,
    inputs: &BTreeMap<&'static str, String>,
) -> Result<u64, Problem> {
    let problem = |error| errors::from_github(error, Thing::Workflows, &settings.repository);
    if let Some(run) = find(github, part).await.map_err(problem)? {
        return Ok(run);
    }
    let unanswered = match github.dispatch(Workflow::Batch, &settings.branch, inputs).await {
        Ok(Some(run)) => return Ok(run),
        Ok(None) => GitHubError::NoAnswer,
        Err(error) if error.is_uncertain() => error,
        Err(error) => return Err(problem(error)),
    };
    for wait in WAITS {
        clock.sleep(wait).await;
        if let Ok(Some(run)) = find(github, part).await {
            return Ok(run);
        }
    }
    let detail = format!(
        "{unanswered}, so it is not known whether the run was started: send the same launch again in a minute, it will \
         not start a second one if the first is there"
    );
    Err(Problem {
        retry_after: Some(60),
        ..Problem::new(502, UNCERTAIN, "The launch is not confirmed", detail)
    })
}

async fn find(github: &impl GitHub, part: &BatchPart) -> Result<Option<u64>, GitHubError> {
    let runs = github.runs(Workflow::Batch, 1).await?;
    Ok(runs.iter().filter(|run| mark(run).as_ref() == Some(part)).map(|run| run.id).min())
}

/// All runs of a batch among the newest 500, newest first.
pub async fn runs_of(github: &impl GitHub, batch: &domain::launch::BatchId) -> Result<Vec<Run>, GitHubError> {
    let mut found = Vec::new();
    for page in 1..=PAGES {
        let runs = github.runs(Workflow::Batch, page).await?;
        let is_last = runs.len() < crate::github::PER_PAGE;
        let before = found.len();
        found.extend(runs.into_iter().filter(|run| mark(run).is_some_and(|mark| &mark.batch == batch)));
        // A batch's runs stand together: a page without one after a page with one ends the search.
        if is_last || (before > 0 && found.len() == before) {
            break;
        }
    }
    Ok(found)
}

fn mark(run: &Run) -> Option<BatchPart> {
    BatchPart::split_title(&run.display_title).1
}
