//! Every rule against brute force on random stacks.

use std::collections::BTreeSet;

use proptest::prelude::*;
use time::Date;

use super::*;
use crate::{
    baseline::perpendicular_metres,
    test_stack::{recorded_stack, rules, stack_of_places},
};

/// Days with offsets; some without orbit states.
fn places() -> impl Strategy<Value = Vec<(u32, Option<f64>)>> {
    let metres = prop::option::weighted(0.9, -250.0f64..250.0);
    prop::collection::btree_map(0u32..900, metres, 0..22).prop_map(|all| all.into_iter().collect())
}

/// A stack looked at in the slowest and plainest way.
struct Plain {
    stack: Stack,
    rule: Rule,
    days: Vec<Date>,
}

impl Plain {
    fn new(places: Vec<(u32, Option<f64>)>, rule: Rule) -> Self {
        let stack = stack_of_places(places);
        let days = stack.acquisitions().iter().map(|a| a.granule.date());
        let days = days.filter(|d| rule.season.is_none_or(|s| s.has(*d))).collect();
        Self { stack, rule, days }
    }

    fn all(&self) -> Vec<PairName> {
        let days = || self.days.iter().copied();
        days()
            .flat_map(|a| {
                days().filter(move |b| a < *b).map(move |b| PairName { reference: a, secondary: b })
            })
            .collect()
    }

    fn metres(&self, pair: PairName) -> Option<f64> {
        perpendicular_metres(self.stack.on(pair.reference)?, self.stack.on(pair.secondary)?)
    }

    fn days_of(pair: PairName) -> i64 {
        (pair.secondary - pair.reference).whole_days()
    }

    fn coherence(&self, pair: PairName) -> f64 {
        self.rule.model.expected(Self::days_of(pair), self.metres(pair))
    }

    fn near(&self, pair: PairName) -> bool {
        self.rule
            .max_metres
            .is_none_or(|max| self.metres(pair).is_some_and(|m| m.abs().round() <= f64::from(max)))
    }

    fn within(&self, pair: PairName) -> bool {
        self.near(pair) && self.rule.max_days.is_none_or(|max| Self::days_of(pair) <= i64::from(max))
    }

    /// Days between the two that the rule uses.
    fn between(&self, pair: PairName) -> usize {
        self.days.iter().filter(|d| **d > pair.reference && **d < pair.secondary).count()
    }

    /// Takes links from the best to the worst, each that joins two parts (Kruskal 1956), on top of what is there.
    fn grow(&self, there: &BTreeSet<PairName>, from: Vec<PairName>) -> BTreeSet<PairName> {
        let mut order = from;
        order.sort_by(|a, b| self.coherence(*b).total_cmp(&self.coherence(*a)).then(a.cmp(b)));
        let mut tree = there.clone();
        let mut new = BTreeSet::new();
        for pair in order {
            if !self.connected(&tree, pair) {
                tree.insert(pair);
                new.insert(pair);
            }
        }
        new
    }

    fn connected(&self, pairs: &BTreeSet<PairName>, ends: PairName) -> bool {
        let mut reached = BTreeSet::from([ends.reference]);
        loop {
            let before = reached.len();
            for pair in pairs {
                if reached.contains(&pair.reference) || reached.contains(&pair.secondary) {
                    reached.extend([pair.reference, pair.secondary]);
                }
            }
            if reached.len() == before {
                return reached.contains(&ends.secondary);
            }
        }
    }

    fn bridge(&self, b: Bridges, pair: PairName) -> bool {
        let half = f64::from(b.window) / 2.0;
        let year = pair.reference.year();
        let targets = (year - 1..=year + 1).filter_map(|y| b.target.in_year(y));
        let mut off = targets.map(|t| (t - pair.reference).whole_days().abs() as f64);
        let years = 1..=b.years;
        off.any(|days| days <= half)
            && years.into_iter().any(|y| (Self::days_of(pair) as f64 - 365.0 * f64::from(y)).abs() <= half)
    }

    fn yearly(&self, y: Yearly, pair: PairName) -> bool {
        let off = |days: i64, year: u32| (days - (f64::from(year) * 365.25).round() as i64).abs();
        (1..=y.years).any(|year| {
            let mine = off(Self::days_of(pair), year);
            let mut others = self.all().into_iter().filter(|o| o.reference == pair.reference && *o != pair);
            mine <= i64::from(y.tolerance)
                && others.all(|o| {
                    let theirs = off(Self::days_of(o), year);
                    mine < theirs || mine == theirs && pair.secondary < o.secondary
                })
        })
    }

    /// What the rule should propose, without Delaunay's triangles.
    fn expected(&self, triangles: &BTreeSet<PairName>) -> BTreeSet<PairName> {
        let rule = &self.rule;
        let none = rule.nearest.is_none() && rule.reference.is_none() && !rule.delaunay && !rule.tree;
        let method = |pair: &PairName| {
            none || rule.nearest.is_some_and(|n| self.between(*pair) < n as usize)
                || rule.reference.is_some_and(|r| r == pair.reference || r == pair.secondary)
                || triangles.contains(pair)
        };
        let addition = |pair: &PairName| {
            rule.bridges.is_some_and(|b| self.bridge(b, *pair))
                || rule.yearly.is_some_and(|y| self.yearly(y, *pair))
        };
        let all = self.all();
        let within: Vec<PairName> = all.iter().copied().filter(|p| self.within(*p)).collect();
        let mut pairs: BTreeSet<PairName> = within.iter().copied().filter(method).collect();
        if rule.tree {
            pairs.extend(self.grow(&BTreeSet::new(), within));
        }
        pairs.extend(all.iter().copied().filter(|p| self.near(*p)).filter(addition));
        if rule.join {
            let joining = self.grow(&pairs, all);
            pairs.extend(joining);
        }
        pairs
    }
}

/// Sides of all triangles of three days whose circle holds no fourth, in the unit square of time and baseline.
fn triangles(plain: &Plain) -> BTreeSet<PairName> {
    let first = plain
        .stack
        .acquisitions()
        .iter()
        .find(|a| a.state.is_some() && plain.days.contains(&a.granule.date()));
    let Some(first) = first else { return BTreeSet::new() };
    let known: Vec<(Date, f64, f64)> = plain
        .days
        .iter()
        .filter_map(|d| {
            Some((*d, f64::from(d.to_julian_day()), perpendicular_metres(first, plain.stack.on(*d)?)?))
        })
        .collect();
    let span = |f: fn(&(Date, f64, f64)) -> f64| {
        let all = || known.iter().map(f);
        let [low, high] = [all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max)];
        if high > low { high - low } else { 1.0 }
    };
    let (x, y) = (span(|k| k.1), span(|k| k.2));
    let at = |i: usize| [(known[i].1 - known[0].1) / x, known[i].2 / y];
    let mut sides = BTreeSet::new();
    for a in 0..known.len() {
        for b in a + 1..known.len() {
            for c in b + 1..known.len() {
                let empty = (0..known.len())
                    .filter(|d| ![a, b, c].contains(d))
                    .all(|d| !inside(at(a), at(b), at(c), at(d)));
                if empty {
                    for (p, q) in [(a, b), (b, c), (a, c)] {
                        sides.insert(PairName { reference: known[p].0, secondary: known[q].0 });
                    }
                }
            }
        }
    }
    if known.len() < 3 {
        sides.extend(known.windows(2).map(|w| PairName { reference: w[0].0, secondary: w[1].0 }));
    }
    sides
}

/// Whether `d` lies inside of the circle through the others.
fn inside(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2]) -> bool {
    let row = |p: [f64; 2]| {
        let (x, y) = (p[0] - d[0], p[1] - d[1]);
        [x, y, x * x + y * y]
    };
    let [p, q, r] = [row(a), row(b), row(c)];
    let determinant = p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0])
        + p[2] * (q[0] * r[1] - q[1] * r[0]);
    let turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    determinant * turn.signum() > 0.0
}

proptest! {
    #[test]
    fn any_combination_of_rules_is_that_of_brute_force(places in places(), rule in rules()) {
        let plain = Plain::new(places, rule);
        let sides = if rule.delaunay { triangles(&plain) } else { BTreeSet::new() };
        let found: BTreeSet<PairName> = rule.propose(&plain.stack).iter().copied().collect();
        prop_assert_eq!(found, plain.expected(&sides), "{}", rule);
    }

    #[test]
    fn a_joined_network_has_one_part_and_the_fewest_more_pairs(places in places(), rule in rules()) {
        let stack = stack_of_places(places);
        let apart = Network::new(&stack, &Rule { join: false, ..rule }, Edits::default());
        let joined = Network::new(&stack, &Rule { join: true, ..rule }, Edits::default());
        // One date alone is no network.
        prop_assert!(joined.days().len() < 2 || joined.health().connected());
        prop_assert!(apart.pairs().is_subset(joined.pairs()));
        let health = apart.health();
        let parts = health.parts.len() + health.unlinked.len();
        prop_assert_eq!(joined.pairs().len() - apart.pairs().len(), parts.saturating_sub(1));
    }

    #[test]
    fn a_rule_comes_back_from_its_text(rule in rules()) {
        prop_assert_eq!(rule.text().parse::<Rule>(), Ok(rule));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[nrtmdbswyjc0-9.é-]{0,24}") {
        let _ = text.parse::<Rule>();
    }
}

#[test]
fn the_real_stack_by_the_rules_for_bursts() {
    let Some(stack) = recorded_stack() else { return };
    let propose = |text: &str| Network::new(&stack, &text.parse().unwrap(), Edits::default());
    // Baselines of this stack are small: 200 m take little away from the 492 that three nearest dates have.
    let n3 = propose("n3.d48.b200");
    assert!(n3.pairs().len() < propose("n3.d48").pairs().len() && n3.pairs().len() > 400);
    assert!(!n3.health().connected(), "the gaps of 60 and 144 days are longer than 48");
    assert!(propose("n3.d48.b200.j").health().connected());
    assert_eq!(propose("m").pairs().len(), 165);
    assert_eq!(propose("r20180815").pairs().len(), 165);
    // Three times the corners less three less those on the hull.
    let triangles = propose("t").pairs().len();
    assert!((3 * 166 - 3 - 40..=3 * 166 - 6).contains(&triangles), "{triangles}");
    // Three nearest after the season filter bridge the winters by themselves.
    let summers = propose("n3.s0601-0930");
    assert!(
        summers.health().connected() && summers.days().iter().all(|d| (6..=9).contains(&u8::from(d.month())))
    );
    let apart = propose("n3.d48.s0601-0930");
    assert_eq!(apart.health().parts.len(), 7);
    assert!(propose("n3.d48.s0601-0930.w0801-60-1").health().connected());
}

#[test]
fn what_is_no_rule_is_told_with_an_example() {
    for (text, part) in [
        ("", "n3.d48.b200"),
        ("x5", "n3.d48.b200"),
        ("n", "such as n3"),
        ("n3.", "n3.d48.b200"),
        ("d10000", "up to 9999"),
        ("s0501", "such as s0501-1031"),
        ("s0501-0632", "such as s0501-1031"),
        ("r2018-06-04", "such as r20180604"),
        ("w0701-36", "such as w0701-36-1"),
        ("t1", "t alone"),
        ("j.j", "says again"),
        ("all.n3", "n3.d48.b200"),
        ("c101-15-40-6000", "per cent"),
    ] {
        let error = text.parse::<Rule>().unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_locked_pair_outlives_rules_and_is_not_dropped() {
    let stack = stack_of_places([(0, Some(0.0)), (12, Some(5.0)), (24, None), (36, Some(9.0))]);
    let network = Network::new(&stack, &Rule::default(), Edits::default());
    let name = *network.pairs().first().unwrap();
    let edits = network.toggle_lock(name);
    assert!(edits.is_locked(name));
    let by_hand: Rule = "n0".parse().unwrap();
    let network = Network::new(&stack, &by_hand, edits);
    assert!(network.has(name) && network.pairs().len() == 1);
    assert!(network.drop(name).is_locked(name));
    let edits = network.toggle_lock(name);
    assert!(!edits.is_locked(name) && edits.keeps(name, network.proposed()));
    let network = Network::new(&stack, &by_hand, edits);
    assert!(network.drop(name).is_empty());
}

#[test]
fn measures_tell_what_stands_out() {
    let stack = stack_of_places([(0, Some(0.0)), (12, Some(80.0)), (24, None), (36, Some(-40.0))]);
    let network = Network::new(&stack, &Rule::all(), Edits::default());
    let measures = Measures::of(&network, &stack, CoherenceModel::default());
    assert_eq!((measures.pairs.len(), measures.unknown(), measures.across()), (6, 3, 0));
    let farthest = measures.farthest().unwrap();
    assert_eq!(farthest.name.to_string(), "20180113_20180206");
    assert!(measures.mean_coherence().is_some_and(|c| (0.0..1.0).contains(&c)));
    assert_eq!(network.health().triplets, 4);
}
