//! What the plot shows: dates in lanes with their baselines, and pairs with their state. The same plot before, during
//! and after a run.

use std::sync::Arc;

use domain::{
    Acquisition, Network, PairName, PairNames, Platform, Stack,
    baseline::Sight,
    engine,
    network::{Health, Measures, Rule, Season},
    run::State,
    timestamp::day_text,
};
use time::Date;

use super::format;

/// How a date takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The rule may use it.
    In,
    /// Outside of the chosen dates.
    Out,
    /// The engine cannot process it.
    Refused,
}

/// A date of the stack.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// UTC day.
    pub(crate) day: Date,
    /// Index of the platform's lane.
    pub(crate) lane: usize,
    /// Metres to the first date; `None` where it is not known.
    pub(crate) baseline: Option<f64>,
    /// How it takes part.
    pub(crate) role: Role,
    /// Which of the separate parts of the network it belongs to: 0 the largest one, and where there is no other.
    pub(crate) part: usize,
}

/// A pair between two dates, by their indices.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// The pair.
    pub(crate) name: PairName,
    /// Index of the older date.
    pub(crate) from: usize,
    /// Index of the younger date.
    pub(crate) to: usize,
    /// The class that it is drawn in.
    pub(crate) class: &'static str,
    /// Perpendicular baseline in metres.
    pub(crate) metres: Option<f64>,
    /// Expected coherence, while it is planned.
    pub(crate) coherence: Option<f64>,
}

/// Everything that is plotted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    /// Names of the lanes.
    pub(crate) lanes: Vec<String>,
    /// Dates, oldest first.
    pub(crate) marks: Vec<Mark>,
    /// Pairs.
    pub(crate) links: Vec<Link>,
    /// The chosen dates, where they are limited.
    pub(crate) range: Option<[Date; 2]>,
    /// The chosen part of the year.
    pub(crate) season: Option<Season>,
    /// What is known of the dates, where the catalogue has been asked.
    pub(crate) stack: Option<Arc<Stack>>,
}

impl Model {
    /// A stack with the network that is planned over it.
    pub(crate) fn of_plan(
        stack: Arc<Stack>,
        network: &Network,
        rule: &Rule,
        health: &Health,
        measures: &Measures,
    ) -> Self {
        let (lanes, mut marks) = marks(&stack, rule);
        for (number, part) in health.parts.iter().enumerate().skip(1) {
            for day in part {
                let at = marks.binary_search_by_key(day, |m| m.day).ok();
                if let Some(mark) = at.and_then(|at| marks.get_mut(at)) {
                    mark.part = number;
                }
            }
        }
        let (proposed, edits) = (network.proposed(), network.edits());
        let class = |name: &PairName| match () {
            () if edits.is_locked(*name) => "locked",
            () if proposed.contains(name) => "plan",
            () => "hand",
        };
        let of = |m: &domain::network::Measure| (m.name, class(&m.name), m.metres, Some(m.coherence));
        let links = links(&marks, measures.pairs.iter().map(of));
        let range = range(&marks, rule);
        Self { lanes, marks, links, range, season: rule.season, stack: Some(stack) }
    }

    /// The pairs of a run, on the stack where it is known. `planned` is the rule by which the run was planned on this
    /// page: with it everything stays where it was. Without it the plot shows the dates from the run's first to its last.
    pub(crate) fn of_run(
        stack: Option<Arc<Stack>>,
        pairs: &[(PairName, State)],
        planned: Option<&Rule>,
    ) -> Self {
        let days = pairs.iter().map(|(name, _)| *name).collect::<PairNames>().days();
        let known = |stack: &Arc<Stack>| !days.is_empty() && days.iter().all(|day| stack.on(*day).is_some());
        let own = Rule { start: days.first().copied(), end: days.last().copied(), ..Rule::default() };
        let rule = planned.unwrap_or(&own);
        let stack = stack.filter(known);
        let (lanes, marks) = match &stack {
            Some(stack) => marks(stack, rule),
            None => (vec![String::new()], days.iter().map(|day| bare(*day)).collect()),
        };
        let across = |i: usize| marks.get(i).and_then(|m| m.baseline);
        let mut links =
            links(&marks, pairs.iter().map(|(name, state)| (*name, class_of(*state), None, None)));
        for link in &mut links {
            link.metres = across(link.to).zip(across(link.from)).map(|(b, a)| b - a);
        }
        let range = range(&marks, rule);
        Self { lanes, marks, links, range, season: rule.season, stack }
    }

    /// The index of a day.
    pub(crate) fn at(&self, day: Date) -> Option<usize> {
        self.marks.binary_search_by_key(&day, |m| m.day).ok()
    }

    /// What is known of a date, in lines.
    pub(crate) fn date_facts(&self, index: usize) -> Option<Vec<String>> {
        let mark = self.marks.get(index)?;
        let known = self.stack.as_ref().and_then(|stack| stack.on(mark.day));
        Some(known.map_or_else(|| vec![day_text(mark.day)], |a| facts(a, mark.baseline)))
    }

    /// What is known of a pair, in lines.
    pub(crate) fn facts(&self, link: &Link) -> Vec<String> {
        let mut lines = vec![
            format!("{} – {}", day_text(link.name.reference), day_text(link.name.secondary)),
            format!(
                "{} · {} apart",
                format::days((link.name.secondary - link.name.reference).whole_days()),
                format::metres(link.metres)
            ),
        ];
        lines.extend(link.coherence.map(|c| format!("Expected coherence {}", format::coherence(c))));
        if link.class == "locked" {
            lines.push("Locked".to_owned());
        }
        lines
    }
}

fn class_of(state: State) -> &'static str {
    match state {
        State::Skipped => State::Cancelled.word(),
        state => state.word(),
    }
}

fn bare(day: Date) -> Mark {
    Mark { day, lane: 0, baseline: None, role: Role::In, part: 0 }
}

/// The chosen dates, where the rule limits them.
fn range(marks: &[Mark], rule: &Rule) -> Option<[Date; 2]> {
    let (first, last) = marks.first().zip(marks.last())?;
    let limited = rule.start.is_some() || rule.end.is_some();
    limited.then(|| [rule.start.unwrap_or(first.day), rule.end.unwrap_or(last.day)])
}

fn role(a: &Acquisition, rule: &Rule) -> Role {
    let day = a.granule.date();
    if engine::can_process(a.platform.as_ref(), day).is_err() {
        Role::Refused
    } else if rule.covers(day) {
        Role::In
    } else {
        Role::Out
    }
}

/// All dates of the stack. Baselines are to its first date, whatever is chosen, so that they never jump.
fn marks(stack: &Stack, rule: &Rule) -> (Vec<String>, Vec<Mark>) {
    let name = |a: &Acquisition| a.platform.as_ref().map_or("unknown", Platform::short).to_owned();
    let shown: Vec<&Acquisition> = stack.daily().collect();
    let mut lanes: Vec<String> = Vec::new();
    for a in &shown {
        let name = name(a);
        if let Err(at) = lanes.binary_search(&name) {
            lanes.insert(at, name);
        }
    }
    let first = shown.iter().find_map(|a| Sight::of(a));
    let marks = shown
        .iter()
        .map(|a| {
            let baseline = first.as_ref().and_then(|first| first.metres_to(&Sight::of(a)?));
            let lane = lanes.binary_search(&name(a)).unwrap_or_default();
            Mark { day: a.granule.date(), lane, baseline, role: role(a, rule), part: 0 }
        })
        .collect();
    (lanes, marks)
}

fn facts(a: &Acquisition, baseline: Option<f64>) -> Vec<String> {
    let platform = a.platform.as_ref().map_or("unknown platform", Platform::short);
    let orbit = a.orbit.map_or_else(|| "orbit unknown".to_owned(), |o| format!("orbit {o}"));
    let across = match baseline {
        Some(_) => format!("{} to the first date", format::metres(baseline)),
        None => "baseline unknown: the catalogue has no orbit state".to_owned(),
    };
    let size = a.bytes.map_or_else(|| "size unknown".to_owned(), format::bytes);
    let ipf = a.ipf.as_ref().map_or_else(String::new, |v| format!(" · IPF {v}"));
    let mut lines = vec![
        format!("{} · {platform}", format::minute(a.start)),
        format!("{orbit} · {across}"),
        format!("{size}{ipf}"),
    ];
    if let Err(error) = engine::can_process(a.platform.as_ref(), a.granule.date()) {
        lines.push(error.to_string());
    }
    lines
}

/// A pair with its class, its baseline and its expected coherence.
type Told = (PairName, &'static str, Option<f64>, Option<f64>);

fn links(marks: &[Mark], pairs: impl Iterator<Item = Told>) -> Vec<Link> {
    let index = |day: Date| marks.binary_search_by_key(&day, |m| m.day).ok();
    pairs
        .filter_map(|(name, class, metres, coherence)| {
            Some(Link {
                name,
                from: index(name.reference)?,
                to: index(name.secondary)?,
                class,
                metres,
                coherence,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::{Polarization, network::Edits};

    use super::*;

    fn plan(stack: &Arc<Stack>, network: &Network, rule: &Rule) -> Model {
        let measures = Measures::of(network, stack, rule.model);
        Model::of_plan(stack.clone(), network, rule, &network.health(), &measures)
    }

    fn stack() -> Arc<Stack> {
        let burst = "174_372326_IW3".parse().unwrap();
        let acquisition = |day: &str, platform: &str| {
            let granule: domain::GranuleName =
                format!("S1_372326_IW3_{day}T151600_VV_ABCD-BURST").parse().unwrap();
            Acquisition {
                start: granule.time(),
                granule,
                burst,
                platform: Some(Platform::from(platform)),
                orbit: None,
                bytes: Some(144_000_000),
                ipf: None,
                state: None,
                centre: None,
                outline: None,
            }
        };
        let all = [
            acquisition("20180604", "S1B"),
            acquisition("20180610", "S1A"),
            acquisition("20180616", "S1B"),
            acquisition("20180628", "S1E"),
        ];
        Arc::new(Stack::new(burst, Polarization::Vv, all))
    }

    #[test]
    fn dates_stand_in_the_lane_of_their_platform_and_unknown_stays_unknown() {
        let stack = stack();
        let rule = Rule { end: domain::timestamp::parse_day("2018-06-12"), ..Rule::default() };
        let network = Network::new(&stack, &rule, Edits::default());
        let model = plan(&stack, &network, &rule);
        assert_eq!(model.lanes, ["S1A", "S1B", "S1E"]);
        assert_eq!(model.marks.iter().map(|m| m.lane).collect::<Vec<_>>(), [1, 0, 1, 2]);
        assert!(model.marks.iter().all(|m| m.baseline.is_none()));
        let roles: Vec<_> = model.marks.iter().map(|m| m.role).collect();
        assert_eq!(roles, [Role::In, Role::In, Role::Out, Role::Refused]);
        assert_eq!(model.links.len(), 1);
        let facts = model.date_facts(3).unwrap();
        assert!(facts[0].starts_with("2018-06-28 15:16 UTC"), "{facts:?}");
        assert!(facts[1].contains("baseline unknown") && facts[3].contains("cannot process"), "{facts:?}");
        assert!(model.facts(&model.links[0])[1].starts_with("6 d · – apart"));
    }

    #[test]
    fn parts_and_what_was_done_by_hand_can_be_told_apart() {
        let stack = stack();
        let rule: Rule = "n0".parse().unwrap();
        let [far, near] = ["20180604_20180616", "20180604_20180610"].map(|n| n.parse().unwrap());
        let network = Network::new(&stack, &rule, Edits::new([far], [], [near]));
        let model = plan(&stack, &network, &rule);
        assert_eq!(model.links.iter().map(|l| l.class).collect::<Vec<_>>(), ["locked", "hand"]);
        assert!(model.links[0].coherence > model.links[1].coherence);
        assert!(model.facts(&model.links[0]).contains(&"Locked".to_owned()));
        assert!(model.marks.iter().all(|m| m.part == 0));
    }

    #[test]
    fn a_run_is_drawn_from_its_names_alone_and_on_the_stack_once_it_is_there() {
        let pairs = [("20180604_20180616".parse().unwrap(), State::Running)];
        let bare = Model::of_run(None, &pairs, None);
        assert_eq!((bare.marks.len(), bare.links.len(), bare.links[0].class), (2, 1, "running"));
        assert_eq!(bare.date_facts(1), Some(vec!["2018-06-16".to_owned()]));
        let model = Model::of_run(Some(stack()), &pairs, None);
        assert_eq!((model.lanes.len(), model.marks.len()), (3, 4));
        assert_eq!(model.range, Some([model.marks[0].day, model.marks[2].day]));
    }

    #[test]
    fn the_plot_of_a_run_is_that_of_its_plan() {
        let stack = stack();
        let rule = Rule { start: domain::timestamp::parse_day("2018-06-02"), ..Rule::default() };
        let network = Network::new(&stack, &rule, Edits::default());
        let plan = plan(&stack, &network, &rule);
        let pairs: Vec<_> = network.pairs().iter().map(|name| (*name, State::Queued)).collect();
        let run = Model::of_run(Some(stack), &pairs, Some(&rule));
        assert_eq!((run.lanes, run.marks, run.range), (plan.lanes, plan.marks, plan.range));
        assert_eq!(run.links.len(), plan.links.len());
    }
}
