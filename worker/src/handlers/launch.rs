//! Starting a batch.

use domain::{
    api::{Launched, LaunchedRun},
    launch::{BatchPart, Launch, LaunchRequest, dispatch_inputs},
    problem::{FieldError, Problem},
};
use serde_json::error::Category;

use crate::{errors, github::GitHub, ledger, ports::Clock, settings::Settings};

/// Checks a launch and starts its run. The same `batch` sent twice answers with the run that is there.
pub async fn launch(
    settings: &Settings,
    github: &impl GitHub,
    clock: &impl Clock,
    body: &[u8],
) -> Result<Launched, Problem> {
    let launch = Launch::parse(&read(body)?).map_err(Problem::invalid)?;
    let part = BatchPart { batch: launch.batch.clone(), part: 1 };
    let inputs = dispatch_inputs(&launch, part.part)
        .map_err(|detail| Problem::invalid(vec![FieldError::new("pairs", detail)]))?;
    let run = ledger::start(settings, github, clock, &part, &inputs).await?;
    Ok(Launched { batch: part.batch, runs: vec![LaunchedRun { part: part.part, run }] })
}

fn read(body: &[u8]) -> Result<LaunchRequest, Problem> {
    serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => {
            Problem::invalid(vec![FieldError::new("body", format!("the launch cannot be read: {error}"))])
        }
        Category::Syntax | Category::Eof | Category::Io => errors::not_json(),
    })
}
