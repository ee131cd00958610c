//! What a person does, one file each. Handlers that look are called only after [`crate::visitor::Door`] has agreed;
//! those that change something ask it themselves, since it tells them who does it.

pub mod batch;
pub mod cancel;
pub mod card;
pub mod config;
pub mod download;
pub mod health;
pub mod launch;
pub mod launching;
pub mod links;
pub mod list;
pub mod log;
pub mod preview;
pub mod rerun;
pub mod sign_in;
pub mod watch;

use domain::{
    problem::{FieldError, Problem},
    run::RunSummary,
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{
    errors::{self, Thing},
    github::{GitHub, Job, Run, Workflow},
    ports::World,
    records::{Ask, Told},
    settings::Settings,
    visitor::Door,
};

/// A run of one of the two workflows; anything else counts as not there.
pub(crate) async fn own_run(settings: &Settings, github: &impl GitHub, id: u64) -> Result<Run, Problem> {
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

/// The body of a request; what is no JSON at all and what is JSON of another shape are told apart.
fn read_json<T: DeserializeOwned>(body: &[u8], what: &str) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => {
            Problem::invalid(vec![FieldError::new("body", format!("{what} cannot be read: {error}"))])
        }
        Category::Syntax | Category::Eof | Category::Io => errors::not_json(),
    })
}

/// Names those who launched runs. GitHub itself names the deployment's credential where there is but one.
async fn with_launchers<W: World>(door: &Door<'_, W>, runs: &mut [&mut RunSummary]) {
    let parts: Vec<_> = runs.iter().filter_map(|run| run.batch.clone()).collect();
    if parts.is_empty() {
        return;
    }
    // Who it was is a nicety: without the records a run is shown all the same.
    if let Ok(Told::Who(known)) = door.ask(&Ask::Who { parts }).await {
        for run in runs {
            let who = known.iter().find(|(part, _)| run.batch.as_ref() == Some(part));
            if let Some((_, login)) = who {
                run.actor = Some(login.clone());
            }
        }
    }
}

/// Writes down what somebody did to a run. It is done already: a failure here is no reason to say that it is not.
async fn note_act<W: World>(door: &Door<'_, W>, login: String, what: &str, run: u64) {
    let _ = door.ask(&Ask::Acted { login, what: what.to_owned(), run: Some(run) }).await;
}
