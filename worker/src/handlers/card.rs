//! The picture of a run, for the programs that show a card where somebody posts a link: the thumbnail of its first
//! preview. Only those programs ask for it, so a page costs nothing more.

use domain::{preview::Bundle, problem::Problem, run::PREVIEW_SUFFIX};
use futures_util::StreamExt;

use super::{own_run, preview};
use crate::{
    errors::{self, Thing},
    github::{Artifact, GitHub},
    ports::World,
    visitor::Door,
};

/// A PNG.
pub async fn card<W: World>(door: &Door<'_, W>, run: u64) -> Result<Vec<u8>, Problem> {
    let github = door.reader().await?;
    own_run(door.settings, &github, run).await?;
    let artifacts = github.artifacts(run).await;
    let artifacts =
        artifacts.map_err(|e| errors::from_github(e, Thing::Run(run), &door.settings.repository))?;
    let shown = |artifact: &&Artifact| artifact.name.ends_with(PREVIEW_SUFFIX) && !artifact.expired;
    let first = artifacts.items.iter().filter(shown).min_by(|a, b| a.name.cmp(&b.name));
    let first = first.ok_or_else(no_picture)?;
    let mut stream = preview::preview(door.settings, &github, door.world.blobs(), first.id).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.map_err(|_| no_picture())?);
    }
    // The bundle was written inside a job: its reader checks names, sizes and checksums.
    let bundle = Bundle::read(&bytes).map_err(|_| no_picture())?;
    bundle.thumb().map(<[u8]>::to_vec).ok_or_else(no_picture)
}

fn no_picture() -> Problem {
    errors::not_found("this run has no picture yet: it comes with its first preview")
}
