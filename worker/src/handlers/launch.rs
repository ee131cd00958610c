//! Starting a batch.

use domain::{
    access::Action,
    api::{Launched, LaunchedRun},
    launch::{BatchPart, Launch, dispatch_inputs},
    problem::{FieldError, Problem},
};

use super::read_json;
use crate::{
    errors, ledger,
    ports::World,
    records::{Ask, Told},
    visitor::Door,
};

/// Checks a launch, writes it down and starts its run. The same `batch` sent twice answers with the run that is there.
pub async fn launch<W: World>(door: &Door<'_, W>, body: &[u8]) -> Result<Launched, Problem> {
    let login = door.allow_change(Action::Launch).await?;
    let launch = Launch::parse(&read_json(body, "the launch")?).map_err(Problem::invalid)?;
    let part = BatchPart { batch: launch.batch.clone(), part: 1 };
    let inputs = dispatch_inputs(&launch, part.part)
        .map_err(|detail| Problem::invalid(vec![FieldError::new("pairs", detail)]))?;
    let github = door.writer().await?;
    reserve(door, &part, login, launch.pairs.len()).await?;
    let started = ledger::start(door.settings, &github, door.world.clock(), &part, &inputs).await;
    match &started {
        Ok(run) => {
            let _ = door.ask(&Ask::Started { part: part.clone(), run: *run }).await;
        }
        // It may have started: then it counts.
        Err(problem) if problem.kind == ledger::UNCERTAIN => {}
        Err(_) => {
            let _ = door.ask(&Ask::Release { part: part.clone() }).await;
        }
    }
    let run = started?;
    Ok(Launched { batch: part.batch, runs: vec![LaunchedRun { part: part.part, run }] })
}

/// Nothing is started that was not written down, or while launching is closed, or beyond the day's limit.
async fn reserve<W: World>(
    door: &Door<'_, W>,
    part: &BatchPart,
    login: String,
    pairs: usize,
) -> Result<(), Problem> {
    let per_day = door.settings.jobs_per_day;
    let jobs = u32::try_from(pairs).unwrap_or(u32::MAX);
    match door.ask(&Ask::Reserve { part: part.clone(), login, jobs, per_day }).await? {
        Told::Yes => Ok(()),
        Told::Closed => Err(errors::launching_closed()),
        Told::OverDay { left } => Err(errors::over_day(left, per_day)),
        _ => Err(errors::no_records()),
    }
}
