//! What a launch makes: the network's pairs in every burst that is taken, but for those that are there already.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    BurstId, GranuleName, Pair, Stack,
    estimate::{Estimate, download_bytes, estimate},
};
use leptos::prelude::*;

use super::{Done, Holdings, Load, Options, Others, Plan};

/// The pairs of all bursts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Order {
    /// What a launch makes, burst by burst.
    pub(crate) pairs: Vec<Pair>,
    /// How many the repository has already.
    pub(crate) there: usize,
    /// The bursts that lack passes, and how many pairs each cannot have.
    pub(crate) missing: Vec<(BurstId, usize)>,
    /// Bytes that the jobs fetch.
    pub(crate) bytes: u64,
}

/// What a launch makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    /// The pairs; none while a burst's acquisitions are missing.
    pub(crate) order: Memo<Arc<Order>>,
    plan: Plan,
    holdings: Holdings,
    others: Others,
    options: Options,
    done: Done,
}

impl Batch {
    /// Follows network, bursts and what is there.
    pub(crate) fn of(plan: Plan, holdings: Holdings, others: Others, options: Options, done: Done) -> Self {
        let order = Memo::new(move |_| {
            let made = || {
                let (network, stack) = (plan.network.get()?, holdings.stack.get()?);
                let stacks = others.stacks.get()?;
                let together = network.together(&stack, stacks.iter());
                let mut order =
                    Order { pairs: together.pairs, missing: together.missing, ..Order::default() };
                let there = done.of_options();
                let is_there = |pair: &Pair| {
                    there.iter().any(|(of, name)| pair.reference().shows(*of) && pair.name() == *name)
                };
                let leave_out = done.leave_out.get();
                if !there.is_empty() {
                    order.there = order.pairs.iter().filter(|pair| is_there(pair)).count();
                    order.pairs.retain(|pair| !leave_out || !is_there(pair));
                }
                order.bytes = download_bytes(&order.pairs, std::iter::once(&*stack).chain(stacks.iter()));
                Some(order)
            };
            Arc::new(made().unwrap_or_default())
        });
        Self { order, plan, holdings, others, options, done }
    }

    /// All pairs of the network, whether they are there or not.
    pub(crate) fn pairs(self) -> Vec<Pair> {
        let made = || {
            let (network, stack) = (self.plan.network.get()?, self.holdings.stack.get()?);
            Some(network.together(&stack, self.others.stacks.get()?.iter()).pairs)
        };
        made().unwrap_or_default()
    }

    /// Time, traffic and storage on so many runners.
    pub(crate) fn cost(self, runners: u32) -> Estimate {
        let (basis, _) = self.done.basis(self.options.looks.get());
        self.order.with(|order| estimate(order.pairs.len(), runners, basis, order.bytes))
    }

    /// The platform of each granule, where the catalogue tells it.
    pub(crate) fn platforms(self) -> BTreeMap<String, String> {
        let (stack, stacks) = (self.holdings.stack.get(), self.others.stacks.get());
        let all = || stack.iter().map(|s| &**s).chain(stacks.iter().flat_map(|s| s.iter()));
        let platform = |granule: &GranuleName| {
            all().find_map(|stack: &Stack| Some(stack.of(granule)?.platform.as_ref()?.to_string()))
        };
        let mut platforms = BTreeMap::new();
        self.order.with(|order| {
            for granule in order.pairs.iter().flat_map(|pair| [pair.reference(), pair.secondary()]) {
                if let Some(platform) = platform(granule) {
                    platforms.insert(granule.to_string(), platform);
                }
            }
        });
        platforms
    }

    /// Why there is nothing to launch yet, in a sentence.
    pub(crate) fn wants(self) -> Option<String> {
        self.others.all.with(|all| {
            let other = all.iter().find(|other| other.load != Load::Ready)?;
            Some(match other.load {
                Load::Failed(_) => {
                    format!("The acquisitions of {} are missing: ask again or leave it out", other.burst)
                }
                _ => format!("The catalogue is being asked for {}", other.burst),
            })
        })
    }
}
