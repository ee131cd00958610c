//! Running jobs again.

use domain::{access::Action, problem::Problem};

use super::{note_act, own_job, own_run};
use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError},
    ports::World,
    settings::Settings,
    visitor::Door,
};

/// Runs all failed jobs of a run again.
pub async fn rerun_failed<W: World>(door: &Door<'_, W>, id: u64) -> Result<(), Problem> {
    let login = door.allow_change(Action::Rerun).await?;
    let github = door.writer().await?;
    own_run(door.settings, &github, id).await?;
    github.rerun_failed(id).await.map_err(|e| refusal(e, Thing::Run(id), door.settings))?;
    note_act(door, login, "ran failed pairs again", id).await;
    Ok(())
}

/// Runs one job of a run again.
pub async fn rerun_job<W: World>(door: &Door<'_, W>, run: u64, job: u64) -> Result<(), Problem> {
    let login = door.allow_change(Action::Rerun).await?;
    let github = door.writer().await?;
    own_job(door.settings, &github, run, job).await?;
    github.rerun_job(job).await.map_err(|e| refusal(e, Thing::Job(job), door.settings))?;
    note_act(door, login, "ran a pair again", run).await;
    Ok(())
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
