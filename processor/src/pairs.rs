//! `processor pairs`: which pairs a batch processes, as the matrix of a workflow.

pub mod output;
pub mod search;
pub mod transport;

use anyhow::Result;
use domain::{
    BurstId, Pair, Polarization, Stack,
    launch::{Launch, LaunchRequest, MAX_PAIRS_PER_RUN},
    network::{self, Network, Rule},
};
use time::Date;

use self::{search::Found, transport::Transport};

/// What the command was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// The burst of all pairs.
    pub burst: BurstId,
    /// VV or HH.
    pub polarization: Polarization,
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
    /// At least one and at most [`MAX_PAIRS_PER_RUN`], oldest first.
    pub pairs: Vec<Pair>,
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
        None => {
            let found =
                search::stack(transport, &options.catalogue, options.burst, Some(options.polarization))?;
            Ok(searched(options, found)?)
        }
    }
}

/// The pairs of `--pairs`, checked by the same rules as a launch from the page.
fn given(options: &Options, json: &str) -> Result<Chosen, PairsError> {
    let pairs: Vec<[String; 2]> = serde_json::from_str(json).map_err(|error| {
        PairsError::Arguments(format!(
            "--pairs is not a JSON list such as [[\"S1_…-BURST\", \"S1_…-BURST\"], …]: {error}"
        ))
    })?;
    let request = LaunchRequest {
        burst: options.burst.to_string(),
        polarization: options.polarization.to_string(),
        looks: domain::Looks::default().to_string(),
        pairs,
        // A launch needs an identifier; here nothing is launched.
        batch: "processorpairs".to_owned(),
        ..LaunchRequest::default()
    };
    let launch = Launch::parse(&request).map_err(|errors| {
        let sentences: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.field, e.detail)).collect();
        PairsError::Arguments(sentences.join("; "))
    })?;
    Ok(Chosen { pairs: launch.pairs, notes: vec![] })
}

/// The pairs of a stack by a rule.
fn searched(options: &Options, found: Found) -> Result<Chosen> {
    let Found { acquisitions, mut notes } = found;
    let stack = Stack::new(options.burst, options.polarization, acquisitions);
    let total = stack.daily().count();
    let rule = Rule { start: options.start, end: options.end, ..options.rule };
    let days = rule.days(&stack).len();
    let range = match (options.start, options.end) {
        (None, None) => String::new(),
        (start, end) => {
            let text = |day: Option<Date>| day.map_or_else(|| "…".to_owned(), |d| d.to_string());
            format!(" from {} to {}", text(start), text(end))
        }
    };
    let what = format!("burst {} in {}", options.burst, options.polarization);
    anyhow::ensure!(
        total > 0,
        "the catalogue has no acquisition of {what}: check the burst, or choose another polarization"
    );
    anyhow::ensure!(
        days > 1,
        "the catalogue has {days} usable of {total} dates of {what}{range}, and a pair needs two: widen the dates"
    );
    let network = Network::new(&stack, &rule, network::Edits::default());
    let pairs = network.granules(&stack);
    anyhow::ensure!(
        !pairs.is_empty(),
        "the rule {rule} proposes no pair of the {days} dates of {what}{range}: widen its limits"
    );
    anyhow::ensure!(
        pairs.len() <= MAX_PAIRS_PER_RUN,
        "{} pairs of {what}{range} do not fit into one run: GitHub allows {MAX_PAIRS_PER_RUN} jobs. Narrow the dates, \
         tighten the rule, or launch from the page, which makes several runs",
        pairs.len()
    );
    notes.insert(0, format!("{days} dates of {what}{range}, {} pairs by the rule {rule}", pairs.len()));
    let health = network.health();
    if !health.connected() {
        let apart = health.parts.len() + health.unlinked.len();
        notes.push(format!("The network is in {apart} parts: j in the rule joins them"));
    }
    Ok(Chosen { pairs, notes })
}

#[cfg(test)]
mod tests;
