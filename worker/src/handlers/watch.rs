//! Looking at a run.

use domain::{problem::Problem, run::RunView};
use futures_util::future::try_join;

use super::{own_run, with_launchers};
use crate::{
    errors::{self, Thing},
    github::GitHub,
    ports::{Clock, World},
    view,
    visitor::Door,
};

/// A run with its pairs and what they made.
pub async fn watch<W: World>(door: &Door<'_, W>, id: u64) -> Result<RunView, Problem> {
    let thing = Thing::Run(id);
    let github = door.reader().await?;
    let run = own_run(door.settings, &github, id).await?;
    let (jobs, artifacts) = try_join(github.jobs(id), github.artifacts(id))
        .await
        .map_err(|e| errors::from_github(e, thing, &door.settings.repository))?;
    let mut view = view::assemble(&run, jobs, artifacts, door.world.clock().now())
        .ok_or_else(|| errors::unknown(thing, &door.settings.repository))?;
    with_launchers(door, &mut [&mut view.run]).await;
    Ok(view)
}
