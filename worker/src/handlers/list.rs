//! The newest runs of both workflows.

use domain::{api::Runs, problem::Problem};
use futures_util::future::try_join;

use super::with_launchers;
use crate::{
    errors::{self, Thing},
    github::{GitHub, Workflow},
    ports::World,
    view,
    visitor::Door,
};

/// How many runs the list shows.
const SHOWN: usize = 100;

/// Newest first, whichever workflow they are of.
pub async fn list<W: World>(door: &Door<'_, W>) -> Result<Runs, Problem> {
    let github = door.reader().await?;
    let (batch, single) = try_join(github.runs(Workflow::Batch, 1), github.runs(Workflow::Single, 1))
        .await
        .map_err(|e| errors::from_github(e, Thing::Workflows, &door.settings.repository))?;
    let mut runs: Vec<_> = batch.iter().chain(&single).filter_map(view::summary).collect();
    runs.sort_by_key(|run| std::cmp::Reverse((run.created, run.id)));
    runs.truncate(SHOWN);
    with_launchers(door, &mut runs.iter_mut().collect::<Vec<_>>()).await;
    Ok(Runs { runs })
}
