//! Whether launching is open, how much was launched, and who did what.

use domain::{
    access::Action,
    api::{Launching, SetLaunching},
    problem::Problem,
};

use crate::{
    errors,
    handlers::read_json,
    ports::World,
    records::{Ask, Told},
    visitor::Door,
};

/// How it stands.
pub async fn state<W: World>(door: &Door<'_, W>) -> Result<Launching, Problem> {
    door.allow_change(Action::Administer).await?;
    told(door).await
}

/// Opens or closes launching for everyone, at once.
pub async fn set<W: World>(door: &Door<'_, W>, body: &[u8]) -> Result<Launching, Problem> {
    let login = door.allow_change(Action::Administer).await?;
    let SetLaunching { open } = read_json(body, "the state of launching")?;
    door.ask(&Ask::SetOpen { open, login }).await?;
    told(door).await
}

async fn told<W: World>(door: &Door<'_, W>) -> Result<Launching, Problem> {
    match door.ask(&Ask::Launching).await? {
        Told::Launching { open, jobs_today, activity } => {
            Ok(Launching { open, jobs_today, jobs_per_day: door.settings.jobs_per_day, activity })
        }
        _ => Err(errors::no_records()),
    }
}
