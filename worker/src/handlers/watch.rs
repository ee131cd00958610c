//! Looking at a run.

use domain::{problem::Problem, run::RunView};
use futures_util::future::try_join;

use super::own_run;
use crate::{
    errors::{self, Thing},
    github::GitHub,
    ports::Clock,
    settings::Settings,
    view,
};

/// A run with its pairs and what they made.
pub async fn watch(
    settings: &Settings,
    github: &impl GitHub,
    clock: &impl Clock,
    id: u64,
) -> Result<RunView, Problem> {
    let thing = Thing::Run(id);
    let run = own_run(settings, github, id).await?;
    let (jobs, artifacts) = try_join(github.jobs(id), github.artifacts(id))
        .await
        .map_err(|e| errors::from_github(e, thing, &settings.repository))?;
    view::assemble(&run, jobs, artifacts, clock.now())
        .ok_or_else(|| errors::unknown(thing, &settings.repository))
}
