//! What a person asks for in one launch, checked before anything starts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::{
    Bursts, GranuleName, JobName, Looks, Pair, PairName, Platform, Subswath, engine, granule::Polarization,
    problem::FieldError,
};

/// The most jobs that one matrix of a workflow run may have (GitHub's limit).
pub const MAX_PAIRS_PER_RUN: usize = 256;
/// The most characters that the inputs of one dispatch may have together (GitHub's limit).
pub const MAX_INPUT_CHARS: usize = 65_535;
/// The longest name of a launch.
pub const MAX_NAME_CHARS: usize = 60;
/// Characters that names of artifacts, and so names of launches, may not have.
pub const FORBIDDEN_IN_NAMES: &str = "\":<>|*?\r\n\\/";
/// How many findings an answer lists at most.
const MAX_FINDINGS: usize = 20;

/// A launch as the page sends it: text, not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchRequest {
    /// Full burst identifier, or those of several neighbours with spaces between.
    pub burst: String,
    /// `VV` or `HH`.
    pub polarization: String,
    /// `20x4`, `10x2` or `5x1`.
    #[serde(default = "default_looks")]
    pub looks: String,
    /// Whether water is masked before unwrapping.
    #[serde(default)]
    pub water_mask: bool,
    /// What the person calls it; may be empty.
    #[serde(default)]
    pub name: String,
    /// Reference and secondary granule of each pair.
    pub pairs: Vec<[String; 2]>,
    /// Platform by granule, where the catalogue told; lets the answer name what the engine cannot process.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub platforms: BTreeMap<String, String>,
    /// An identifier made by the sender, by which a repeated request is known as the same launch.
    pub batch: String,
}

fn default_looks() -> String {
    Looks::default().to_string()
}

/// A checked launch of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The bursts of the pairs.
    pub bursts: Bursts,
    /// The polarization of all pairs.
    pub polarization: Polarization,
    /// Looks for all pairs.
    pub looks: Looks,
    /// Whether water is masked before unwrapping.
    pub water_mask: bool,
    /// The person's name for it, if any.
    pub name: Option<LaunchName>,
    /// At least one, at most [`MAX_PAIRS_PER_RUN`], no two of one name, in their order.
    pub pairs: Vec<Pair>,
    /// The sender's identifier.
    pub batch: BatchId,
}

impl Launch {
    /// Checks a request; every finding says what to change.
    pub fn parse(request: &LaunchRequest) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let bursts = keep(&mut errors, "burst", request.burst.parse::<Bursts>());
        let polarization = keep(&mut errors, "polarization", parse_polarization(&request.polarization));
        let looks = keep(&mut errors, "looks", request.looks.parse::<Looks>());
        let batch = keep(&mut errors, "batch", request.batch.parse::<BatchId>());
        let name = match request.name.trim() {
            "" => None,
            text => keep(&mut errors, "name", text.parse::<LaunchName>()),
        };
        let pairs = parse_pairs(request, bursts.as_ref(), polarization, &mut errors);
        check_platforms(request, &pairs, &mut errors);
        errors.truncate(MAX_FINDINGS);
        match (bursts, polarization, looks, batch, errors.is_empty()) {
            (Some(bursts), Some(polarization), Some(looks), Some(batch), true) => {
                Ok(Self { bursts, polarization, looks, water_mask: request.water_mask, name, pairs, batch })
            }
            _ => Err(errors),
        }
    }
}

fn keep<T, E: ToString>(errors: &mut Vec<FieldError>, field: &str, result: Result<T, E>) -> Option<T> {
    result.map_err(|e| errors.push(FieldError::new(field, e.to_string()))).ok()
}

/// Reads a polarization that the engine processes.
pub fn parse_polarization(text: &str) -> Result<Polarization, String> {
    match Polarization::parse(text) {
        Some(p) if p.is_copolar() => Ok(p),
        Some(p) => Err(format!("{p} cannot be processed: interferograms are made of VV or HH")),
        None => Err(format!(
            "polarization \"{}\" does not exist: choose VV or HH",
            text.chars().take(20).collect::<String>()
        )),
    }
}

fn parse_pairs(
    request: &LaunchRequest,
    bursts: Option<&Bursts>,
    polarization: Option<Polarization>,
    errors: &mut Vec<FieldError>,
) -> Vec<Pair> {
    match request.pairs.len() {
        0 => errors.push(FieldError::new("pairs", "there is no pair to process: choose at least one")),
        n if n > MAX_PAIRS_PER_RUN => errors.push(FieldError::new(
            "pairs",
            format!(
                "{n} pairs do not fit into one run: GitHub allows {MAX_PAIRS_PER_RUN} jobs, so take {} pairs out",
                n - MAX_PAIRS_PER_RUN
            ),
        )),
        _ => {}
    }
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for (index, texts) in request.pairs.iter().enumerate().take(MAX_PAIRS_PER_RUN) {
        let field = format!("pairs[{index}]");
        match parse_pair(texts, bursts, polarization) {
            Ok(pair) if !seen.insert(place(&pair)) => {
                let detail = format!("the pair {} is there twice: take one out", pair.name());
                errors.push(FieldError::new(field, detail));
            }
            Ok(pair) => pairs.push(pair),
            Err(detail) => errors.push(FieldError::new(field, detail)),
        }
    }
    pairs.sort_by_key(place);
    pairs
}

/// What tells the pairs of a launch apart.
fn place(pair: &Pair) -> (u32, Subswath, PairName) {
    (pair.reference().number(), pair.reference().subswath(), pair.name())
}

fn parse_pair(
    [reference, secondary]: &[String; 2],
    bursts: Option<&Bursts>,
    polarization: Option<Polarization>,
) -> Result<Pair, String> {
    let reference: GranuleName = reference.parse().map_err(|e| format!("{e}"))?;
    let secondary: GranuleName = secondary.parse().map_err(|e| format!("{e}"))?;
    let pair = Pair::new(reference, secondary).map_err(|e| e.to_string())?;
    if let Some(bursts) = bursts.filter(|all| all.shown_by(pair.reference()).is_none()) {
        let one = if bursts.is_one() { "that burst" } else { "one of these" };
        return Err(format!(
            "{} does not show burst {bursts}: choose acquisitions of {one}",
            pair.reference()
        ));
    }
    if let Some(wanted) = polarization.filter(|p| *p != pair.polarization()) {
        return Err(format!(
            "{} is {}, not {wanted}: choose acquisitions of one polarization",
            pair.reference(),
            pair.polarization()
        ));
    }
    Ok(pair)
}

fn check_platforms(request: &LaunchRequest, pairs: &[Pair], errors: &mut Vec<FieldError>) {
    let mut granules = BTreeSet::new();
    granules.extend(pairs.iter().flat_map(|p| [p.reference(), p.secondary()]));
    for granule in granules {
        let platform = request.platforms.get(&granule.to_string()).map(|p| Platform::from(p.as_str()));
        if let Err(error) = engine::can_process(platform.as_ref(), granule.date()) {
            errors.push(FieldError::new(format!("platforms.{granule}"), error.to_string()));
        }
    }
}

/// What a person calls a launch: short, on one line, without the characters that artifacts may not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchName(String);

impl LaunchName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LaunchName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(c) = text.chars().find(|c| FORBIDDEN_IN_NAMES.contains(*c) || c.is_control()) {
            return Err(format!(
                "the name has the character {c:?}, which artifacts may not have: leave out \" : < > | * ? \\ / and line breaks"
            ));
        }
        // A title ends in `[batch/part]`; a name that looks like one would be taken for it.
        if text.contains(['[', ']']) {
            return Err(
                "the name has square brackets, which mark the batch in a run's title: leave them out"
                    .to_owned(),
            );
        }
        match text.chars().count() {
            0 => Err("the name is empty: write one or leave the field out".to_owned()),
            n if n > MAX_NAME_CHARS => {
                Err(format!("the name has {n} characters: use at most {MAX_NAME_CHARS}"))
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for LaunchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A batch's identifier: 6 to 24 lower-case letters and digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BatchId(String);

impl BatchId {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BatchId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let good = (6..=24).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err("a batch is named by 6 to 24 lower-case letters and digits".to_owned())
        }
    }
}

impl TryFrom<String> for BatchId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BatchId> for String {
    fn from(id: BatchId) -> Self {
        id.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The mark at the end of a run's title that says which part of which batch it is: `[k3v9x2/1]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchPart {
    /// The batch.
    pub batch: BatchId,
    /// The part, from 1.
    pub part: u32,
}

impl BatchPart {
    /// Splits a run's title into what stands before the mark, and the mark.
    pub fn split_title(title: &str) -> (&str, Option<Self>) {
        let parse = || {
            let (front, mark) = title.trim_end().strip_suffix(']')?.rsplit_once('[')?;
            let (batch, part) = mark.split_once('/')?;
            let part = part.parse().ok().filter(|p| *p >= 1)?;
            Some((front.trim_end(), Self { batch: batch.parse().ok()?, part }))
        };
        parse().map_or((title, None), |(front, mark)| (front, Some(mark)))
    }
}

impl fmt::Display for BatchPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}/{}]", self.batch, self.part)
    }
}

/// The inputs of `batch-job.yml` for a launch of one run, by name; every value is text, as the API wants it.
pub fn dispatch_inputs(launch: &Launch, part: u32) -> Result<BTreeMap<&'static str, String>, String> {
    let pairs: Vec<[String; 2]> =
        launch.pairs.iter().map(|p| [p.reference().to_string(), p.secondary().to_string()]).collect();
    let pairs = serde_json::to_string(&pairs).map_err(|e| e.to_string())?;
    let inputs = BTreeMap::from([
        ("burstId", launch.bursts.to_string()),
        ("polarization", launch.polarization.to_string()),
        ("looks", launch.looks.to_string()),
        ("apply_water_mask", launch.water_mask.to_string()),
        ("workflow_name", launch.name.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("pairs", pairs),
        ("batch", launch.batch.to_string()),
        ("part", part.to_string()),
    ]);
    let chars: usize = inputs.iter().map(|(k, v)| k.len() + v.chars().count()).sum();
    if chars > MAX_INPUT_CHARS {
        return Err(format!(
            "the pairs take {chars} characters, GitHub allows {MAX_INPUT_CHARS}: take some out"
        ));
    }
    Ok(inputs)
}

/// The name of a pair's job, where the text is one.
pub fn pair_of_job(job: &str) -> Option<JobName> {
    job.split(" / ").next().and_then(|name| name.trim().parse().ok())
}

#[cfg(test)]
mod tests;
