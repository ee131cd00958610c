//! Networks as text for other programs, and back.
//!
//! What is written here is read again by [`read`]; so are lists of pairs that others write, as long as they name
//! granules or days.

use std::fmt::Write as _;

use serde_json::{Value, json};
use time::Date;

use crate::{
    BurstId, Bursts, GranuleName, Looks, Pair, PairName, PairNames, Polarization, Stack,
    launch::MAX_PAIRS_PER_RUN, network::Measure, timestamp::parse_day,
};

/// The most characters that are read.
const MAX_CHARS: usize = 4_000_000;

/// What a table says of a pair: granules, days, metres (empty where unknown), expected coherence.
pub fn csv(pairs: &[Measure], stack: &Stack) -> String {
    let mut out = "reference,secondary,days,perpendicular_baseline_m,expected_coherence\n".to_owned();
    for pair in pairs {
        let (Some(a), Some(b)) = (stack.on(pair.name.reference), stack.on(pair.name.secondary)) else {
            continue;
        };
        let metres = pair.metres.map(|m| format!("{m:.1}")).unwrap_or_default();
        let _ = writeln!(out, "{},{},{},{metres},{:.2}", a.granule, b.granule, pair.days, pair.coherence);
    }
    out
}

/// The same as JSON; what is unknown is `null`.
pub fn json(pairs: &[Measure], stack: &Stack) -> String {
    let round = |value: f64, steps: f64| (value * steps).round() / steps;
    let line = |pair: &Measure| {
        let (a, b) = (stack.on(pair.name.reference)?, stack.on(pair.name.secondary)?);
        let line = json!({
            "reference": a.granule, "secondary": b.granule, "days": pair.days,
            "perpendicular_baseline_m": pair.metres.map(|m| round(m, 10.0)),
            "expected_coherence": round(pair.coherence, 100.0),
        });
        Some(format!("  {line}"))
    };
    let lines: Vec<String> = pairs.iter().filter_map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// Granules as a Python list of tuples, as asf_search's `Stack.get_scene_ids` gives them.
pub fn scene_ids(pairs: &[Pair]) -> String {
    let lines: String =
        pairs.iter().map(|p| format!("    (\"{}\", \"{}\"),\n", p.reference(), p.secondary())).collect();
    format!("[\n{lines}]\n")
}

/// The body of a request to HyP3's `POST /jobs`, for whoever has the pairs made by ASF.
pub fn hyp3_jobs(pairs: &[Pair], looks: Looks, water_mask: bool, name: &str) -> String {
    let job = |pair: &Pair| {
        let mut job = json!({
            "job_type": "INSAR_ISCE_BURST",
            "job_parameters": {
                "granules": [pair.reference(), pair.secondary()],
                "looks": looks.to_string(),
                "apply_water_mask": water_mask,
            },
        });
        if let Some(job) = job.as_object_mut().filter(|_| !name.is_empty()) {
            job.insert("name".to_owned(), Value::from(name));
        }
        format!("  {job}")
    };
    let jobs: Vec<String> = pairs.iter().map(job).collect();
    format!("{{\"jobs\": [\n{}\n]}}\n", jobs.join(",\n"))
}

/// What all pairs of a batch share.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<'a> {
    /// `owner/name` of the repository; without it, the one that `gh` finds itself in.
    pub repository: Option<&'a str>,
    /// The bursts.
    pub bursts: &'a Bursts,
    /// VV or HH.
    pub polarization: Polarization,
    /// Looks.
    pub looks: Looks,
    /// Whether water is masked.
    pub water_mask: bool,
}

impl Batch<'_> {
    /// The command for a rule: the job itself searches and pairs.
    pub fn rule_command(&self, rule: &crate::network::Rule) -> String {
        let day = |key: &str, day: Option<Date>| day.map(|d| format!(" -f {key}={d}")).unwrap_or_default();
        format!("{} -f rule={rule}{}{}", self.command(), day("start", rule.start), day("end", rule.end))
    }

    /// A command a line, each with as many pairs as a run can have.
    pub fn pair_commands(&self, pairs: &[Pair]) -> String {
        let command = |pairs: &[Pair]| {
            format!("{} -f pairs='{}'\n", self.command(), serde_json::to_string(pairs).unwrap_or_default())
        };
        pairs.chunks(MAX_PAIRS_PER_RUN).map(command).collect()
    }

    fn command(&self) -> String {
        let repository = self.repository.map(|name| format!(" -R {name}")).unwrap_or_default();
        // Several have spaces between.
        let quote = if self.bursts.is_one() { "" } else { "'" };
        format!(
            "gh workflow run batch-job.yml{repository} -f burstId={quote}{}{quote} -f polarization={} -f looks={} -f apply_water_mask={}",
            self.bursts, self.polarization, self.looks, self.water_mask
        )
    }
}

/// Why a text is no list of pairs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing that names a pair.
    #[error(
        "there is no pair in this text: pairs are two granules, two days in a line, or 20180604_20180616"
    )]
    Nothing,
    /// Far more than a network.
    #[error("this text has {0} characters, more than any network: choose the list of pairs alone")]
    TooLong(usize),
    /// An odd number of granules.
    #[error(
        "this text names {0} granules, which do not make pairs: each pair needs two, one after the other"
    )]
    Odd(usize),
    /// A granule that cannot be read.
    #[error(transparent)]
    Granule(#[from] crate::granule::GranuleNameError),
    /// Another burst or polarization.
    #[error("{granule} is not of {burst} in {polarization}: choose the burst that the list is of first")]
    Stack {
        /// As given.
        granule: GranuleName,
        /// The stack's burst.
        burst: BurstId,
        /// The stack's polarization.
        polarization: Polarization,
    },
    /// A line with a number of days other than two.
    #[error("line {line} has {days}, and a pair is two: {text}")]
    Line {
        /// From 1.
        line: usize,
        /// How many, in words.
        days: String,
        /// The line's beginning.
        text: String,
    },
    /// The same day twice.
    #[error("{0} is paired with itself: choose two days")]
    SameDay(Date),
}

/// Reads pairs of a stack from a table, JSON, a Python list, commands, or lines of days, whatever order the two of a
/// pair stand in.
///
/// Where there are granules, they count, two by two, those of bursts that are taken with the stack's burst left out, as
/// they follow from it; else names such as `20180604_20180616`; else the days of each
/// line.
pub fn read(text: &str, stack: &Stack, bursts: &Bursts) -> Result<PairNames, ReadError> {
    if text.len() > MAX_CHARS {
        return Err(ReadError::TooLong(text.len()));
    }
    let words =
        || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').filter(|w| !w.is_empty());
    let granules = words().filter(|word| word.starts_with("S1_")).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    if !granules.is_empty() {
        if granules.len() % 2 == 1 {
            return Err(ReadError::Odd(granules.len()));
        }
        for two in granules.chunks(2) {
            let mut days = Vec::new();
            for name in two {
                days.extend(day_of(name, stack, bursts)?);
            }
            pairs.extend(pair(&days)?);
        }
        return Ok(pairs.into_iter().collect());
    }
    pairs.extend(words().filter_map(|word| word.parse::<PairName>().ok()));
    if pairs.is_empty() {
        for (number, line) in text.lines().enumerate() {
            pairs.extend(pair_of_line(number + 1, line)?);
        }
    }
    if pairs.is_empty() { Err(ReadError::Nothing) } else { Ok(pairs.into_iter().collect()) }
}

/// The day of a granule of the stack; none for one of the bursts that are taken with it.
fn day_of(name: &str, stack: &Stack, bursts: &Bursts) -> Result<Option<Date>, ReadError> {
    let granule: GranuleName = name.parse()?;
    let fits = granule.polarization() == stack.polarization();
    match bursts.shown_by(&granule).filter(|_| fits) {
        Some(burst) => Ok(Some(granule.date()).filter(|_| burst == stack.burst())),
        None => Err(ReadError::Stack { granule, burst: stack.burst(), polarization: stack.polarization() }),
    }
}

fn pair_of_line(number: usize, line: &str) -> Result<Option<PairName>, ReadError> {
    let words = line.split(|c: char| !c.is_ascii_digit() && c != '-');
    let days: Vec<Date> = words.filter(|word| word.len() >= 8).filter_map(parse_day).collect();
    match days.len() {
        0 => Ok(None),
        2 => pair(&days),
        n => Err(ReadError::Line {
            line: number,
            days: if n == 1 { "one day".to_owned() } else { format!("{n} days") },
            text: line.chars().take(60).collect(),
        }),
    }
}

fn pair(days: &[Date]) -> Result<Option<PairName>, ReadError> {
    let [a, b] = *days else { return Ok(None) };
    if a == b {
        Err(ReadError::SameDay(a))
    } else {
        Ok(Some(PairName { reference: a.min(b), secondary: a.max(b) }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Network,
        network::{CoherenceModel, Edits, Measures, Rule},
        test_stack::{stack_of_days, stack_of_places},
    };

    fn bursts(text: &str) -> Bursts {
        text.parse().unwrap()
    }

    fn batch(bursts: &Bursts) -> Batch<'_> {
        Batch {
            repository: Some("local/burstboard"),
            bursts,
            polarization: Polarization::Vv,
            looks: Looks::L20x4,
            water_mask: false,
        }
    }

    #[test]
    fn the_forms_are_what_others_read() {
        let stack = stack_of_places([(0, Some(0.0)), (12, None)]);
        let network = Network::new(&stack, &Rule::default(), Edits::default());
        let measures = Measures::of(&network, &stack, CoherenceModel::default()).pairs;
        let [a, b] = ["20180101", "20180113"].map(|d| format!("S1_372326_IW3_{d}T151600_VV_ABCD-BURST"));
        assert_eq!(
            csv(&measures, &stack),
            format!(
                "reference,secondary,days,perpendicular_baseline_m,expected_coherence\n{a},{b},12,,0.67\n"
            )
        );
        let list: Value = serde_json::from_str(&json(&measures, &stack)).unwrap();
        assert_eq!((&list[0]["secondary"], &list[0]["perpendicular_baseline_m"]), (&json!(b), &Value::Null));
        let pairs = network.granules(&stack);
        assert_eq!(scene_ids(&pairs), format!("[\n    (\"{a}\", \"{b}\"),\n]\n"));
        let jobs: Value = serde_json::from_str(&hyp3_jobs(&pairs, Looks::L20x4, true, "Summer")).unwrap();
        let parameters = json!({"granules": [a, b], "looks": "20x4", "apply_water_mask": true});
        let job = json!({"job_type": "INSAR_ISCE_BURST", "job_parameters": parameters, "name": "Summer"});
        assert_eq!(jobs, json!({ "jobs": [job] }));
        let rule = Rule { start: parse_day("2018-01-01"), ..Rule::for_bursts() };
        let (one, two) = (bursts("174_372326_IW3"), bursts("174_372326_IW3 174_372327_IW3"));
        let head = "gh workflow run batch-job.yml -R local/burstboard -f burstId=174_372326_IW3 -f polarization=VV \
                    -f looks=20x4 -f apply_water_mask=false";
        assert_eq!(
            batch(&one).rule_command(&rule),
            format!("{head} -f rule=n3.d48.b200 -f start=2018-01-01")
        );
        assert_eq!(batch(&one).pair_commands(&pairs), format!("{head} -f pairs='[[\"{a}\",\"{b}\"]]'\n"));
        assert!(batch(&two).rule_command(&rule).contains(" -f burstId='174_372326_IW3 174_372327_IW3' -f"));
    }

    #[test]
    fn commands_have_as_many_pairs_as_a_run() {
        let stack = stack_of_days((0..30).map(|n| 6 * n));
        let pairs = Network::new(&stack, &Rule::all(), Edits::default()).granules(&stack);
        let one = bursts("174_372326_IW3");
        assert_eq!((pairs.len(), batch(&one).pair_commands(&pairs).lines().count()), (435, 2));
    }

    #[test]
    fn what_is_no_list_is_told() {
        let stack = stack_of_days([0, 12]);
        let granule = "S1_372326_IW3_20180101T151600_VV_ABCD-BURST";
        for (text, part) in [
            ("", "no pair in this text"),
            ("reference,secondary\n", "no pair in this text"),
            (granule, "names 1 granules"),
            ("S1_372326_IW3_20181301T151600_VV_ABCD-BURST S1_x", "names look like S1_"),
            ("S1_372327_IW3_20180101T151600_VV_ABCD-BURST S1_x", "not of 174_372326_IW3 in VV"),
            ("S1_372326_IW3_20180101T151600_HH_ABCD-BURST S1_x", "not of 174_372326_IW3 in VV"),
            ("2018-01-01,2018-01-13\n2018-01-01,2018-01-13,2018-01-25", "line 2 has 3 days"),
            ("2018-01-01", "line 1 has one day"),
            ("20180101 20180101", "paired with itself"),
        ] {
            let error = read(text, &stack, &stack.burst().into()).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn pairs_of_bursts_that_are_taken_along_follow_and_are_not_read() {
        let stack = stack_of_days([0, 12]);
        let pairs = Network::new(&stack, &Rule::default(), Edits::default()).granules(&stack);
        let beside = serde_json::to_string(&pairs).unwrap().replace("372326", "372327");
        let text = format!("{}{beside}", scene_ids(&pairs));
        let two = bursts("174_372326_IW3 174_372327_IW3");
        assert_eq!(read(&text, &stack, &two).unwrap().len(), 1);
        assert!(read(&text, &stack, &stack.burst().into()).is_err());
    }

    proptest! {
        #[test]
        fn every_form_is_read_back(days in prop::collection::btree_set(0u32..2_000, 2..20), nearest in 1u32..4) {
            let stack = stack_of_days(days);
            let network = Network::new(&stack, &Rule { nearest: Some(nearest), ..Rule::default() }, Edits::default());
            let measures = Measures::of(&network, &stack, CoherenceModel::default()).pairs;
            let pairs = network.granules(&stack);
            let one = Bursts::from(stack.burst());
            let names: Vec<String> = network.pairs().iter().map(ToString::to_string).collect();
            let days = network.pairs().iter().map(|p| format!("{} {}\n", p.secondary, p.reference));
            for text in [
                csv(&measures, &stack), json(&measures, &stack), scene_ids(&pairs), batch(&one).pair_commands(&pairs),
                hyp3_jobs(&pairs, Looks::L20x4, false, ""), names.join(", "), days.collect(),
            ] {
                let found = read(&text, &stack, &one);
                prop_assert_eq!(found.as_ref(), Ok(network.pairs()), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,200}", granules in "(S1_[0-9A-Z_-]{0,50} ?){0,3}") {
            let stack = stack_of_days([0]);
            let one = Bursts::from(stack.burst());
            let _ = (read(&text, &stack, &one), read(&granules, &stack, &one));
        }
    }
}
