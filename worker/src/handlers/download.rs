//! Downloading a product: the visitor is sent to GitHub's signed address, the one place where such an address shows.

use domain::problem::Problem;
use url::Url;

use super::own_run;
use crate::{
    errors::{self, Thing},
    github::GitHub,
    settings::Settings,
};

/// Where to get an artifact of one of the two workflows' runs, for about a minute.
pub async fn download(settings: &Settings, github: &impl GitHub, id: u64) -> Result<Url, Problem> {
    let thing = Thing::Artifact(id);
    let problem = |e| errors::from_github(e, thing, &settings.repository);
    let artifact = github.artifact(id).await.map_err(problem)?;
    if artifact.expired {
        return Err(errors::expired(thing));
    }
    let run = artifact.workflow_run.and_then(|run| run.id);
    let run = run.ok_or_else(|| errors::unknown(thing, &settings.repository))?;
    own_run(settings, github, run).await?;
    location(settings, github, id).await
}

/// An artifact's signed address, if it lies where artifacts lie.
pub(super) async fn location(settings: &Settings, github: &impl GitHub, id: u64) -> Result<Url, Problem> {
    let location = github
        .artifact_location(id)
        .await
        .map_err(|e| errors::from_github(e, Thing::Artifact(id), &settings.repository))?;
    checked(settings, &location)
}

/// A redirect's address, if it is one that may be followed.
pub(super) fn checked(settings: &Settings, location: &str) -> Result<Url, Problem> {
    settings.blobs.check(location).ok_or_else(|| {
        errors::strange_answer(
            "GitHub points to a host that BLOB_ORIGINS does not list: the owner has to check it",
        )
    })
}
