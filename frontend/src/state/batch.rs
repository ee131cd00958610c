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
                let all: Vec<&Stack> = std::iter::once(&*stack).chain(stacks.iter()).collect();
                order.bytes = download_bytes(&order.pairs, &all);
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

    /// The pairs by the names of their granules, and each granule's platform where the catalogue tells it.
    pub(crate) fn named(self) -> (Vec<[String; 2]>, BTreeMap<String, String>) {
        let (stack, others) = (self.holdings.stack.get(), self.others.stacks.get());
        let stacks: Vec<&Stack> =
            stack.iter().map(|s| &**s).chain(others.iter().flat_map(|all| all.iter())).collect();
        // A date is in many pairs; its name is written once.
        let mut written: Vec<Vec<Option<String>>> =
            stacks.iter().map(|stack| vec![None; stack.acquisitions().len()]).collect();
        let mut name = |granule: &GranuleName| {
            let of = stacks.iter().position(|stack| granule.shows(stack.burst()))?;
            let place = stacks.get(of)?.position(granule)?;
            Some(written.get_mut(of)?.get_mut(place)?.get_or_insert_with(|| granule.to_string()).clone())
        };
        let pairs = self.order.with(|order| {
            let both = order.pairs.iter().filter_map(|p| Some([name(p.reference())?, name(p.secondary())?]));
            both.collect()
        });
        let mut platforms = BTreeMap::new();
        for (stack, names) in stacks.iter().zip(written) {
            for (acquisition, name) in stack.acquisitions().iter().zip(names) {
                if let Some((name, platform)) = name.zip(acquisition.platform.as_ref()) {
                    platforms.insert(name, platform.to_string());
                }
            }
        }
        (pairs, platforms)
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
