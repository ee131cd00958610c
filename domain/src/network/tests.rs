use std::collections::BTreeSet;

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::test_stack::{acquisition, date_of, recorded_stack, stack_of_days};

fn name(a: u32, b: u32) -> PairName {
    PairName { reference: date_of(a), secondary: date_of(b) }
}

fn within(max_days: u32) -> Rule {
    Rule { max_days: Some(max_days), ..Rule::all() }
}

fn by_hand() -> Rule {
    Rule { nearest: Some(0), ..Rule::default() }
}

#[test]
fn the_real_stack_gives_the_measured_counts() {
    let Some(stack) = recorded_stack() else { return };
    for (n, count) in [(1, 165), (3, 492)] {
        assert_eq!(nearest(&stack, n).len(), count, "n = {n}");
    }
    for (days, count) in [(24, 286), (36, 415), (48, 567), (MAX_DAYS, 13_695)] {
        assert_eq!(within(days).propose(&stack).len(), count, "{days} days");
    }
    let health = Network::new(&stack, &Rule::default(), Edits::default()).health();
    assert!(health.connected());
    assert_eq!(
        (health.pairs, health.linked, health.bridges.len(), health.least_links),
        (165, 166, 165, Some(1))
    );
    assert_eq!(health.longest.map(|p| (p.secondary - p.reference).whole_days()), Some(144));
    let summer =
        Rule { start: Some(date!(2018 - 06 - 01)), end: Some(date!(2018 - 08 - 31)), ..Rule::default() };
    let network = Network::new(&stack, &summer, Edits::default());
    assert_eq!(network.days().first(), Some(&date!(2018 - 06 - 04)));
    assert_eq!(network.pairs().first().map(ToString::to_string).as_deref(), Some("20180604_20180616"));
    assert_eq!(network.granules(&stack).len(), network.days().len() - 1);
}

#[test]
fn edits_are_differences_that_outlive_a_change_of_the_rule() {
    let stack = stack_of_days([0, 12, 24, 36]);
    let network = Network::new(&stack, &Rule::default(), Edits::default());
    let edits = network.drop(name(0, 12));
    let network = Network::new(&stack, &Rule::default(), edits);
    let (added, edits) = network.add(&stack, date_of(36), date_of(0)).unwrap();
    assert_eq!(added, name(0, 36));
    let network = Network::new(&stack, &Rule::default(), edits.clone());
    assert_eq!(**network.pairs(), [name(0, 36), name(12, 24), name(24, 36)]);
    assert!(network.has(name(0, 36)) && !network.has(name(0, 12)));
    // Another rule: the same changes on top.
    let wider = Network::new(&stack, &Rule { nearest: Some(2), ..Rule::default() }, edits);
    assert!(wider.has(name(0, 36)) && !wider.has(name(0, 12)) && wider.has(name(0, 24)));
    // Undone by hand, nothing is left of the changes.
    let edits = network.drop(name(0, 36));
    let (_, edits) =
        Network::new(&stack, &Rule::default(), edits).add(&stack, date_of(0), date_of(12)).unwrap();
    assert!(edits.is_empty());
}

#[test]
fn what_cannot_be_added_is_refused_with_what_to_change() {
    let mut acquisitions = stack_of_days([0, 12]).acquisitions().to_vec();
    let mut late = acquisition("S1_372326_IW3_20260710T151600_VV_ABCD-BURST");
    late.platform = Some(crate::Platform::S1A);
    acquisitions.push(late);
    let stack = Stack::new(acquisitions[0].burst, crate::Polarization::Vv, acquisitions);
    let network = Network::new(&stack, &Rule::default(), Edits::default());
    assert_eq!(network.pairs().len(), 1, "a day that the engine cannot process is not proposed");
    for (a, b, part) in [
        (date_of(0), date_of(0), "choose two days"),
        (date_of(0), date_of(1), "no acquisition on 2018-01-02"),
        (date_of(0), date!(2026 - 07 - 10), "cannot process SENTINEL-1A on 2026-07-10"),
    ] {
        let error = network.add(&stack, a, b).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let crossed = Stack::new(
        stack.burst(),
        crate::Polarization::Vh,
        ["20180101", "20180113"].map(|d| acquisition(&format!("S1_372326_IW3_{d}T151600_VH_ABCD-BURST"))),
    );
    let network = Network::new(&crossed, &Rule::default(), Edits::default());
    assert!(network.pairs().is_empty());
    let error = network.add(&crossed, date_of(0), date_of(12)).unwrap_err().to_string();
    assert!(error.contains("VV or HH"), "{error}");
}

#[test]
fn pairs_of_an_old_link_that_the_stack_cannot_have_are_named() {
    let stack = stack_of_days([0, 12, 24]);
    let network = Network::new(&stack, &by_hand(), Edits::new([name(0, 24), name(0, 13)], [], []));
    assert_eq!(**network.pairs(), [name(0, 24)]);
    assert_eq!(network.left_out(), [name(0, 13)]);
    assert!(!network.has(name(0, 13)));
    assert_eq!(network.health().unlinked, [date_of(12)]);
}

#[test]
fn granules_of_one_day_do_not_pair() {
    let day = ["S1_372326_IW3_20180101T151600_VV_000A-BURST", "S1_372326_IW3_20180101T151601_VV_000B-BURST"];
    let stack = Stack::new("174_372326_IW3".parse().unwrap(), crate::Polarization::Vv, day.map(acquisition));
    assert_eq!(stack.acquisitions().len(), 2);
    assert!(within(MAX_DAYS).propose(&stack).is_empty());
}

#[test]
fn an_empty_network_has_an_empty_health() {
    let health = Network::new(&stack_of_days([]), &Rule::default(), Edits::default()).health();
    assert_eq!(health, Health::default());
    assert!(health.connected());
}

/// A random network on at most twelve days, small enough to take every pair out in turn.
fn networks() -> impl Strategy<Value = (Vec<u32>, BTreeSet<PairName>)> {
    prop::collection::btree_set(0u32..400, 0..12).prop_flat_map(|days| {
        let days: Vec<u32> = days.into_iter().collect();
        let all: Vec<PairName> =
            days.iter().flat_map(|a| days.iter().filter(move |b| a < *b).map(|b| name(*a, *b))).collect();
        let chosen = prop::collection::vec(prop::bool::weighted(0.3), all.len());
        chosen.prop_map(move |chosen| {
            let pairs = all.iter().zip(chosen).filter(|(_, c)| *c).map(|(p, _)| *p).collect();
            (days.clone(), pairs)
        })
    })
}

/// Parts by joining the parts of each pair's two days.
fn parts_by_joining(days: &[Date], pairs: &BTreeSet<PairName>) -> BTreeSet<BTreeSet<Date>> {
    let mut parts: BTreeSet<BTreeSet<Date>> = days.iter().map(|d| BTreeSet::from([*d])).collect();
    for pair in pairs {
        let (touched, rest): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|p| p.contains(&pair.reference) || p.contains(&pair.secondary));
        parts = rest.into_iter().collect();
        parts.insert(touched.into_iter().flatten().collect());
    }
    parts
}

proptest! {
    #[test]
    fn rules_are_those_of_brute_force(
        days in prop::collection::btree_set(0u32..300, 0..40),
        nearest in prop::option::of(0u32..5),
        max_days in prop::option::of(0u32..60),
        start in prop::option::of(0u32..300),
        end in prop::option::of(0u32..300),
    ) {
        let stack = stack_of_days(days.iter().copied());
        let rule = Rule { start: start.map(date_of), end: end.map(date_of), nearest, max_days, ..Rule::default() };
        let used: Vec<u32> = days.into_iter()
            .filter(|d| start.is_none_or(|s| *d >= s) && end.is_none_or(|e| *d <= e))
            .collect();
        let mut expected = BTreeSet::new();
        for (i, a) in used.iter().enumerate() {
            for (j, b) in used.iter().enumerate().skip(i + 1) {
                let close = nearest.is_none_or(|n| j - i <= n as usize);
                if close && max_days.is_none_or(|m| b - a <= m) {
                    expected.insert(name(*a, *b));
                }
            }
        }
        prop_assert!(rule.propose(&stack).iter().eq(&expected));
    }

    #[test]
    fn health_is_that_of_brute_force((days, pairs) in networks()) {
        let days: Vec<Date> = days.into_iter().map(date_of).collect();
        let found = health::health(&pairs.iter().copied().collect(), &days);
        let expected = parts_by_joining(&days, &pairs);
        let parts: BTreeSet<BTreeSet<Date>> = found.parts.iter().map(|p| p.iter().copied().collect()).collect();
        prop_assert_eq!(&parts, &expected.iter().filter(|p| p.len() > 1).cloned().collect());
        prop_assert!(found.parts.is_sorted_by_key(|p| std::cmp::Reverse(p.len())));
        let alone: Vec<Date> = expected.iter().filter(|p| p.len() == 1).flatten().copied().collect();
        prop_assert_eq!(&found.unlinked, &alone);
        prop_assert_eq!(found.linked + alone.len(), days.len());
        let bridges: Vec<PairName> = pairs.iter().copied().filter(|pair| {
            let mut fewer = pairs.clone();
            fewer.remove(pair);
            parts_by_joining(&days, &fewer).len() > expected.len()
        }).collect();
        prop_assert_eq!(found.bridges, bridges);
        let linked = |a: &Date, b: &Date| pairs.contains(&PairName { reference: *a, secondary: *b });
        let mut triplets = 0;
        for (i, a) in days.iter().enumerate() {
            for (j, b) in days.iter().enumerate().skip(i + 1) {
                let closed = |c: &&Date| linked(a, b) && linked(b, c) && linked(a, c);
                triplets += days.iter().skip(j + 1).filter(closed).count();
            }
        }
        prop_assert_eq!(found.triplets, triplets);
        let links = |day: &Date| pairs.iter().filter(|p| p.reference == *day || p.secondary == *day).count();
        prop_assert_eq!(found.least_links, days.iter().map(links).filter(|n| *n > 0).min());
        let span = |p: &PairName| (p.secondary - p.reference).whole_days();
        prop_assert_eq!(found.longest.as_ref().map(span), pairs.iter().map(span).max());
    }

    #[test]
    fn edits_say_what_was_done_last((days, pairs) in networks(), steps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..30)) {
        prop_assume!(days.len() > 1);
        let all: Vec<PairName> =
            days.iter().flat_map(|a| days.iter().filter(move |b| a < *b).map(|b| name(*a, *b))).collect();
        let mut expected = pairs.clone();
        let pairs = PairNames::from_iter(pairs);
        let mut edits = Edits::default();
        for (index, add) in steps {
            let pair = *index.get(&all);
            if add {
                expected.insert(pair);
                edits = edits.with(pair, &pairs);
            } else {
                expected.remove(&pair);
                edits = edits.without(pair, &pairs);
            }
            prop_assert_eq!(edits.keeps(pair, &pairs), add);
        }
        prop_assert!(edits.apply(&pairs).iter().eq(&expected));
    }
}
