//! Stopping a run.

use domain::{access::Action, problem::Problem};

use super::{note_act, own_run};
use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError},
    ports::World,
    visitor::Door,
};

/// Asks GitHub to stop a run; its jobs end a little later.
pub async fn cancel<W: World>(door: &Door<'_, W>, id: u64) -> Result<(), Problem> {
    let login = door.allow_change(Action::Cancel).await?;
    let github = door.writer().await?;
    own_run(door.settings, &github, id).await?;
    github.cancel(id).await.map_err(|error| match error {
        GitHubError::Conflict => {
            let detail = format!("the run {id} has ended already: there is nothing to cancel");
            Problem::new(409, "conflict", "The run has ended", detail)
        }
        other => errors::from_github(other, Thing::Run(id), &door.settings.repository),
    })?;
    note_act(door, login, "cancelled", id).await;
    Ok(())
}
