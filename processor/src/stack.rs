//! `processor stack`: the acquisitions of a burst with their baselines, honestly: what is unknown is written as unknown.

pub mod output;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, ensure};
use domain::{
    Acquisition, BurstId, Polarization, Stack,
    baseline::{perpendicular_metres, temporal_days},
    catalogue::{CataloguePage, MAX_PAGE_BYTES},
    engine,
    mission::{self, Gap},
    stack::polarizations,
    timestamp::day_text,
};
use time::Date;

use crate::pairs::{
    search::{self, Found},
    transport::Transport,
};

/// What the command was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// The burst.
    pub burst: BurstId,
    /// The polarization; `None` for the one with most acquisitions that can be processed.
    pub polarization: Option<Polarization>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// The day that baselines are measured to; `None` for the first one with an orbit state.
    pub reference: Option<Date>,
    /// Saved answers of the catalogue, in place of asking it.
    pub from: Vec<PathBuf>,
    /// Address of the catalogue.
    pub catalogue: String,
}

/// One line of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What the catalogue knows.
    pub acquisition: Acquisition,
    /// Days from the reference, negative before it.
    pub days: Option<i64>,
    /// Metres to the reference, ASF's sign; `None` where an orbit state is missing.
    pub perpendicular: Option<f64>,
    /// Why the engine cannot process it.
    pub refused: Option<String>,
}

/// The stack.
#[derive(Clone, Debug)]
pub struct Table {
    /// Burst.
    pub burst: BurstId,
    /// Polarization.
    pub polarization: Polarization,
    /// The acquisition that baselines are measured to.
    pub reference: Option<Acquisition>,
    /// Oldest first.
    pub rows: Vec<Row>,
    /// Steps that not even one satellite's repeat explains.
    pub gaps: Vec<Gap>,
    /// What a person should know, in sentences.
    pub notes: Vec<String>,
}

/// Reads or asks, and measures.
///
/// # Errors
/// With a sentence that says what to change.
pub fn make(options: &Options, transport: &dyn Transport) -> Result<Table> {
    let Found { acquisitions, mut notes } = if options.from.is_empty() {
        search::stack(transport, &options.catalogue, options.burst, options.polarization)?
    } else {
        read(&options.from)?
    };
    let of_burst: Vec<Acquisition> =
        acquisitions.into_iter().filter(|a| a.granule.shows(options.burst)).collect();
    let counts = polarizations(&of_burst);
    let most = counts.iter().find(|(p, _)| p.is_copolar()).or(counts.first()).map(|(p, _)| *p);
    let polarization = options.polarization.or(most).unwrap_or(Polarization::Vv);
    let others: Vec<String> =
        counts.iter().filter(|(p, _)| *p != polarization).map(|(p, n)| format!("{n} in {p}")).collect();
    let stack = Stack::new(options.burst, polarization, of_burst);
    ensure!(
        !stack.acquisitions().is_empty(),
        "there is no acquisition of {} in {polarization}{}: check the burst, or choose another polarization",
        options.burst,
        if others.is_empty() { String::new() } else { format!(", but {}", others.join(" and ")) }
    );
    if !others.is_empty() {
        notes.push(format!("There are also {}", others.join(" and ")));
    }
    let reference = reference(options, &stack)?;
    let wanted = |a: &&Acquisition| {
        let day = a.granule.date();
        options.start.is_none_or(|s| day >= s) && options.end.is_none_or(|e| day <= e)
    };
    let rows: Vec<Row> =
        stack.acquisitions().iter().filter(wanted).map(|a| row(a, reference.as_ref())).collect();
    ensure!(
        !rows.is_empty(),
        "none of the {} acquisitions lies in these days: widen --start and --end",
        stack.acquisitions().len()
    );
    let unknown = rows.iter().filter(|row| row.perpendicular.is_none()).count();
    if unknown > 0 {
        notes.push(format!(
            "{unknown} of {} perpendicular baselines are unknown: the catalogue gave no orbit states{}",
            rows.len(),
            if unknown == rows.len() { " (ASF's own formats never carry them, CMR's do)" } else { "" }
        ));
    }
    let mut days: Vec<Date> = rows.iter().map(|row| row.acquisition.granule.date()).collect();
    days.dedup();
    Ok(Table { burst: options.burst, polarization, reference, gaps: mission::gaps(&days), rows, notes })
}

fn reference(options: &Options, stack: &Stack) -> Result<Option<Acquisition>> {
    let Some(day) = options.reference else {
        return Ok(stack.acquisitions().iter().find(|a| a.state.is_some()).cloned());
    };
    let found = stack.on(day).with_context(|| {
        format!("the burst was not taken on {}: choose one of its days as --reference", day_text(day))
    })?;
    Ok(Some(found.clone()))
}

fn row(a: &Acquisition, reference: Option<&Acquisition>) -> Row {
    Row {
        days: reference.map(|r| temporal_days(r, a)),
        perpendicular: reference.and_then(|r| perpendicular_metres(r, a)),
        refused: engine::can_process(a.platform.as_ref(), a.granule.date()).err().map(|e| e.to_string()),
        acquisition: a.clone(),
    }
}

/// Answers that were saved, one after the other as the pages of a search are.
fn read(files: &[PathBuf]) -> Result<Found> {
    let mut found = Found::default();
    let mut announced = 0;
    let mut received = 0;
    for file in files {
        let name = file.display();
        let length = fs::metadata(file).with_context(|| format!("{name} cannot be read"))?.len();
        ensure!(
            length <= MAX_PAGE_BYTES as u64,
            "{name} has {length} bytes, more than an answer of the catalogue can have"
        );
        let body = fs::read(file).with_context(|| format!("{name} cannot be read"))?;
        let page = CataloguePage::parse(&body).with_context(|| format!("{name} is no saved answer"))?;
        announced = announced.max(page.hits.unwrap_or_default());
        received += (page.acquisitions.len() + page.left_out.len()) as u64;
        found.acquisitions.extend(page.acquisitions);
        found.notes.extend(page.left_out.iter().map(|l| format!("Left out {}: {}", l.name, l.reason)));
    }
    found.notes.extend(search::shortage(Some(announced), received));
    Ok(found)
}
