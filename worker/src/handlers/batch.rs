//! The runs of one batch.

use domain::{api::Runs, launch::BatchId, problem::Problem};

use super::with_launchers;
use crate::{
    errors::{self, Thing},
    ledger,
    ports::World,
    view,
    visitor::Door,
};

/// In the order of their parts.
pub async fn batch<W: World>(door: &Door<'_, W>, batch: &BatchId) -> Result<Runs, Problem> {
    let github = door.reader().await?;
    let found = ledger::runs_of(&github, batch)
        .await
        .map_err(|e| errors::from_github(e, Thing::Workflows, &door.settings.repository))?;
    let mut runs: Vec<_> = found.iter().filter_map(view::summary).collect();
    if runs.is_empty() {
        let detail = format!(
            "none of the newest runs of {} belongs to the batch {batch}: check the link, or try again in a minute if it \
             was launched just now",
            door.settings.repository
        );
        return Err(errors::not_found(detail));
    }
    runs.sort_by_key(|run| (run.batch.as_ref().map(|mark| mark.part), run.id));
    with_launchers(door, &mut runs.iter_mut().collect::<Vec<_>>()).await;
    Ok(Runs { runs })
}
