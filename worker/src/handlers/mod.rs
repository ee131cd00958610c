//! What a person does, one file each. A handler is called only after [`crate::visitor::allow`] has agreed.

pub mod batch;
pub mod cancel;
pub mod config;
pub mod download;
pub mod health;
pub mod launch;
pub mod list;
pub mod log;
pub mod preview;
pub mod rerun;
pub mod watch;

use domain::problem::Problem;

use crate::{
    errors::{self, Thing},
    github::{GitHub, Job, Run, Workflow},
    settings::Settings,
};

/// A run of one of the two workflows; anything else counts as not there.
async fn own_run(settings: &Settings, github: &impl GitHub, id: u64) -> Result<Run, Problem> {
    let thing = Thing::Run(id);
    let run = github.run(id).await.map_err(|e| errors::from_github(e, thing, &settings.repository))?;
    match Workflow::of_path(&run.path) {
        Some(_) => Ok(run),
        None => Err(errors::unknown(thing, &settings.repository)),
    }
}

/// A job of such a run.
async fn own_job(settings: &Settings, github: &impl GitHub, run: u64, id: u64) -> Result<Job, Problem> {
    let thing = Thing::Job(id);
    own_run(settings, github, run).await?;
    let job = github.job(id).await.map_err(|e| errors::from_github(e, thing, &settings.repository))?;
    if job.run_id == run { Ok(job) } else { Err(errors::unknown(thing, &settings.repository)) }
}
