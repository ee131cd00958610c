//! A network in neighbouring bursts: the first one's dates make it, the others follow pass by pass.

use super::Network;
use crate::{BurstId, Pair, Stack};

/// The pairs of a network in all bursts that are taken together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// Burst by burst, the first one in front, each oldest first.
    pub pairs: Vec<Pair>,
    /// The bursts that lack passes, and how many pairs of the network each cannot have.
    pub missing: Vec<(BurstId, usize)>,
}

impl Network {
    /// The pairs with their granules, in the stack that the network is of and in those of neighbouring bursts.
    ///
    /// What belongs together is told by the time of the pass and not by the day: a pass over neighbours may cross
    /// midnight, and then their pairs are named by other days.
    pub fn together<'a>(&self, stack: &Stack, others: impl IntoIterator<Item = &'a Stack>) -> Together {
        let mut all = Together { pairs: self.granules(stack), missing: Vec::new() };
        let count = all.pairs.len();
        for other in others {
            let pass = |granule: &crate::GranuleName| Some(other.pass(granule.time())?.granule.clone());
            let follows = |p: &Pair| Pair::new(pass(p.reference())?, pass(p.secondary())?).ok();
            let own: Vec<Pair> = all.pairs.iter().take(count).filter_map(follows).collect();
            if own.len() < count {
                all.missing.push((other.burst(), count - own.len()));
            }
            all.pairs.extend(own);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        Acquisition, Polarization,
        network::{Edits, Rule},
        recorded,
        test_stack::{acquisition, stack_of_days},
    };

    fn stack(burst: &str, granules: &[&str]) -> Stack {
        let all = granules.iter().map(|name| acquisition(name));
        Stack::new(burst.parse().unwrap(), Polarization::Vv, all)
    }

    fn names(pairs: &[Pair]) -> Vec<String> {
        pairs.iter().map(|p| format!("{} {}", p.reference().number(), p.name())).collect()
    }

    #[test]
    fn neighbours_follow_and_what_they_lack_is_counted() {
        let first = stack_of_days([0, 12, 24]);
        let beside = stack(
            "174_372327_IW3",
            &["S1_372327_IW3_20180101T151603_VV_ABCD-BURST", "S1_372327_IW3_20180113T151603_VV_ABCD-BURST"],
        );
        let network = Network::new(&first, &Rule::default(), Edits::default());
        let together = network.together(&first, [&beside]);
        assert_eq!(
            names(&together.pairs),
            ["372326 20180101_20180113", "372326 20180113_20180125", "372327 20180101_20180113"]
        );
        assert_eq!(together.missing, [(beside.burst(), 1)]);
        assert_eq!(network.together(&first, []).pairs, network.granules(&first));
    }

    #[test]
    fn a_pass_may_cross_midnight() {
        let first = stack(
            "174_372326_IW3",
            &["S1_372326_IW3_20180101T235959_VV_ABCD-BURST", "S1_372326_IW3_20180113T235959_VV_ABCD-BURST"],
        );
        let beside = stack(
            "174_372327_IW3",
            &["S1_372327_IW3_20180102T000001_VV_ABCD-BURST", "S1_372327_IW3_20180114T000002_VV_ABCD-BURST"],
        );
        let network = Network::new(&first, &Rule::default(), Edits::default());
        let together = network.together(&first, [&beside]);
        assert_eq!(names(&together.pairs), ["372326 20180101_20180113", "372327 20180102_20180114"]);
        assert!(together.missing.is_empty());
    }

    #[test]
    fn five_recorded_neighbours_have_one_network() {
        let Some(answer) = recorded::text("asf/search_intersects_146_3131xx_IW2_HH_120.geojson") else {
            return;
        };
        let page = crate::catalogue::CataloguePage::parse(answer.as_bytes()).unwrap();
        let bursts: BTreeSet<BurstId> = page.acquisitions.iter().map(|a| a.burst).collect();
        assert_eq!(bursts.len(), 5);
        let stacks: Vec<Stack> = bursts
            .iter()
            .map(|burst| Stack::new(*burst, Polarization::Hh, page.acquisitions.clone()))
            .collect();
        let set = bursts
            .iter()
            .skip(1)
            .try_fold(crate::Bursts::from(stacks[0].burst()), |set, b| set.with(*b))
            .unwrap();
        assert_eq!(set.count(), 5);
        let network = Network::new(&stacks[0], &"n3".parse().unwrap(), Edits::default());
        let together = network.together(&stacks[0], &stacks[1..]);
        let lacking: usize = together.missing.iter().map(|(_, n)| n).sum();
        assert_eq!(together.pairs.len() + lacking, 5 * network.pairs().len());
        // One search, cut at a number of records: a few passes are there for some of the bursts only.
        assert!(together.pairs.len() > 4 * network.pairs().len(), "{:?}", together.missing);
        for pair in &together.pairs {
            let burst = set.shown_by(pair.reference()).unwrap();
            assert!(pair.secondary().shows(burst));
        }
    }

    proptest! {
        #[test]
        fn each_neighbour_has_what_both_passes_give(
            days in prop::collection::btree_set(0u32..400, 2..30),
            lacking in prop::collection::btree_set(0u32..400, 0..30),
        ) {
            let first = stack_of_days(days.iter().copied());
            let moved = |a: &Acquisition| {
                acquisition(&a.granule.to_string().replace("372326", "372325").replace("T151600", "T151557"))
            };
            let lacks: BTreeSet<_> = lacking.iter().map(|d| crate::test_stack::date_of(*d)).collect();
            let there = first.acquisitions().iter().filter(|a| !lacks.contains(&a.granule.date())).map(moved);
            let beside = Stack::new("174_372325_IW3".parse().unwrap(), Polarization::Vv, there);
            let network = Network::new(&first, &"n3".parse().unwrap(), Edits::default());
            let together = network.together(&first, [&beside]);
            let expected: Vec<_> = network
                .pairs()
                .iter()
                .filter(|p| !lacks.contains(&p.reference) && !lacks.contains(&p.secondary))
                .collect();
            let of_beside: Vec<_> = together.pairs[network.pairs().len()..].iter().map(Pair::name).collect();
            prop_assert_eq!(of_beside.iter().collect::<Vec<_>>(), expected);
        }
    }
}
