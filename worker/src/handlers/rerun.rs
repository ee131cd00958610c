//! Running jobs again.

use domain::problem::Problem;

use super::{own_job, own_run};
use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError},
    settings::Settings,
};

/// Runs all failed jobs of a run again.
pub async fn rerun_failed(settings: &Settings, github: &impl GitHub, id: u64) -> Result<(), Problem> {
    own_run(settings, github, id).await?;
    github.rerun_failed(id).await.map_err(|e| refusal(e, Thing::Run(id), settings))
}

/// Runs one job of a run again.
pub async fn rerun_job(settings: &Settings, github: &impl GitHub, run: u64, job: u64) -> Result<(), Problem> {
    own_job(settings, github, run, job).await?;
    github.rerun_job(job).await.map_err(|e| refusal(e, Thing::Job(job), settings))
}

/// GitHub refuses to run again what still runs, what did not fail and what is too old, with one status for all.
fn refusal(error: GitHubError, thing: Thing, settings: &Settings) -> Problem {
    match error {
        GitHubError::Conflict | GitHubError::Forbidden => {
            let detail = format!(
                "GitHub does not run {thing} again now: wait until the run has ended; nothing may have failed in it, or it \
                 is older than a month"
            );
            Problem::new(409, "conflict", "This cannot be run again now", detail)
        }
        other => errors::from_github(other, thing, &settings.repository),
    }
}
