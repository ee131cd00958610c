//! The newest runs of both workflows.

use domain::{api::Runs, problem::Problem};
use futures_util::future::try_join;

use crate::{
    errors::{self, Thing},
    github::{GitHub, Workflow},
    settings::Settings,
    view,
};

/// How many runs the list shows.
const SHOWN: usize = 100;

/// Newest first, whichever workflow they are of.
pub async fn list(settings: &Settings, github: &impl GitHub) -> Result<Runs, Problem> {
    let (batch, single) = try_join(github.runs(Workflow::Batch, 1), github.runs(Workflow::Single, 1))
        .await
        .map_err(|e| errors::from_github(e, Thing::Workflows, &settings.repository))?;
    let mut runs: Vec<_> = batch.iter().chain(&single).filter_map(view::summary).collect();
    runs.sort_by_key(|run| std::cmp::Reverse((run.created, run.id)));
    runs.truncate(SHOWN);
    Ok(Runs { runs })
}
