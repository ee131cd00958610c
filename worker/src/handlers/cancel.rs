//! Stopping a run.

use domain::problem::Problem;

use super::own_run;
use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError},
    settings::Settings,
};

/// Asks GitHub to stop a run; its jobs end a little later.
pub async fn cancel(settings: &Settings, github: &impl GitHub, id: u64) -> Result<(), Problem> {
    own_run(settings, github, id).await?;
    github.cancel(id).await.map_err(|error| match error {
        GitHubError::Conflict => {
            let detail = format!("the run {id} has ended already: there is nothing to cancel");
            Problem::new(409, "conflict", "The run has ended", detail)
        }
        other => errors::from_github(other, Thing::Run(id), &settings.repository),
    })
}
