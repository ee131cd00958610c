//! `processor pairs`: which pairs a batch processes, as the matrix of a workflow.

pub mod output;
pub mod search;
pub mod transport;

use anyhow::{Context as _, Result};
use domain::{
    Bursts, JobName, Looks, Pair, Polarization, Stack,
    launch::{Launch, LaunchRequest, MAX_PAIRS_PER_RUN},
    network::{self, Network, Rule, Together},
};
use time::Date;

use self::{search::Found, transport::Transport};

/// What the command was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// The bursts of the pairs; the first one's dates are paired.
    pub bursts: Bursts,
    /// VV or HH.
    pub polarization: Polarization,
    /// Looks, which are part of the names where there are several bursts.
    pub looks: Looks,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// Which dates are paired; its own range of dates is not looked at.
    pub rule: Rule,
    /// Pairs chosen elsewhere, as a JSON list of `[reference, secondary]`; nothing is searched for then.
    pub pairs: Option<String>,
    /// Address of the catalogue.
    pub catalogue: String,
}

/// What the command found.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// At least one and at most [`MAX_PAIRS_PER_RUN`], in the order of their names, which are those of their jobs.
    pub pairs: Vec<(JobName, Pair)>,
    /// What a person should know about the search, in sentences.
    pub notes: Vec<String>,
}

/// Why there is no matrix.
#[derive(Debug, thiserror::Error)]
pub enum PairsError {
    /// The arguments are wrong: exit code 2.
    #[error("{0}")]
    Arguments(String),
    /// The search failed or found nothing to process: exit code 1.
    #[error(transparent)]
    Search(#[from] anyhow::Error),
}

/// Checks the pairs that were given, or searches and pairs.
///
/// # Errors
/// With a sentence that says what to change.
pub fn choose(options: &Options, transport: &dyn Transport) -> Result<Chosen, PairsError> {
    if let (Some(start), Some(end)) = (options.start, options.end)
        && start > end
    {
        return Err(PairsError::Arguments(format!(
            "the first day, {start}, is after the last, {end}: swap them"
        )));
    }
    match options.pairs.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(json) => given(options, json),
        None => Ok(searched(options, transport)?),
    }
}

/// Names pairs and puts them in the order of their names.
fn named(options: &Options, pairs: Vec<Pair>) -> Vec<(JobName, Pair)> {
    let name = |pair: Pair| (JobName::of(&pair, &options.bursts, options.looks), pair);
    let mut pairs: Vec<_> = pairs.into_iter().map(name).collect();
    pairs.sort();
    pairs
}

/// The pairs of `--pairs`, checked by the same rules as a launch from the page.
fn given(options: &Options, json: &str) -> Result<Chosen, PairsError> {
    let pairs: Vec<[String; 2]> = serde_json::from_str(json).map_err(|error| {
        PairsError::Arguments(format!(
            "--pairs is not a JSON list such as [[\"S1_…-BURST\", \"S1_…-BURST\"], …]: {error}"
        ))
    })?;
    let request = LaunchRequest {
        burst: options.bursts.to_string(),
        polarization: options.polarization.to_string(),
        looks: options.looks.to_string(),
        pairs,
        // A launch needs an identifier; here nothing is launched.
        batch: "processorpairs".to_owned(),
        ..LaunchRequest::default()
    };
    let launch = Launch::parse(&request).map_err(|errors| {
        let sentences: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.field, e.detail)).collect();
        PairsError::Arguments(sentences.join("; "))
    })?;
    Ok(Chosen { pairs: named(options, launch.pairs), notes: vec![] })
}

/// The stack of each burst, the first one in front.
fn stacks(options: &Options, transport: &dyn Transport, notes: &mut Vec<String>) -> Result<Vec<Stack>> {
    let mut stacks = Vec::new();
    for burst in options.bursts.all() {
        let Found { acquisitions, notes: told } =
            search::stack(transport, &options.catalogue, burst, Some(options.polarization))?;
        notes.extend(told);
        stacks.push(Stack::new(burst, options.polarization, acquisitions));
    }
    Ok(stacks)
}

/// The pairs by a rule over the first burst's dates, in every burst.
fn searched(options: &Options, transport: &dyn Transport) -> Result<Chosen> {
    let mut notes = Vec::new();
    let stacks = stacks(options, transport, &mut notes)?;
    let (stack, others) = stacks.split_first().context("there is no burst")?;
    let total = stack.daily().count();
    let rule = Rule { start: options.start, end: options.end, ..options.rule };
    let days = rule.days(stack).len();
    let range = match (options.start, options.end) {
        (None, None) => String::new(),
        (start, end) => {
            let text = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |d| d.to_string());
            format!(" from {} to {}", text(start), text(end))
        }
    };
    let what = format!("burst {} in {}", stack.burst(), options.polarization);
    anyhow::ensure!(
        total > 0,
        "the catalogue has no acquisition of {what}: check the burst, or choose another polarization"
    );
    anyhow::ensure!(
        days > 1,
        "the catalogue has {days} usable of {total} dates of {what}{range}, and a pair needs two: widen the dates"
    );
    let network = Network::new(stack, &rule, network::Edits::default());
    let Together { pairs, missing } = network.together(stack, others);
    anyhow::ensure!(
        !pairs.is_empty(),
        "the rule {rule} proposes no pair of the {days} dates of {what}{range}: widen its limits"
    );
    anyhow::ensure!(
        pairs.len() <= MAX_PAIRS_PER_RUN,
        "{} pairs of {}{range} do not fit into one run: GitHub allows {MAX_PAIRS_PER_RUN} jobs. Narrow the dates, \
         tighten the rule, or take fewer bursts",
        pairs.len(),
        options.bursts
    );
    let count = network.pairs().len();
    notes.insert(0, format!("{days} dates of {what}{range}, {count} pairs by the rule {rule}"));
    if !others.is_empty() {
        notes.insert(1, format!("{} pairs in {} bursts", pairs.len(), stacks.len()));
    }
    notes.extend(missing.iter().map(|(burst, n)| {
        format!("Burst {burst} lacks passes of the first one: {n} of the {count} pairs are not there")
    }));
    let health = network.health();
    if !health.connected() {
        let apart = health.parts.len() + health.unlinked.len();
        notes.push(format!("The network is in {apart} parts: j in the rule joins them"));
    }
    Ok(Chosen { pairs: named(options, pairs), notes })
}

#[cfg(test)]
mod tests;
