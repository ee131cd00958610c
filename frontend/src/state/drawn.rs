//! The network as plot, matrix and cards show it: the planned one, or that of the watched run.

use std::{collections::BTreeSet, sync::Arc};

use domain::PairName;
use leptos::prelude::*;

use super::{Frame, Holdings, Plan, Watch};
use crate::logic::model::Model;

/// The network, and what colours its pairs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drawn {
    /// Dates and pairs.
    pub(crate) model: Memo<Arc<Model>>,
    /// Whether the pairs of a run are coloured by their coherence, once it is measured, or by how they stand.
    pub(crate) by_coherence: RwSignal<bool>,
    /// Whether any coherence is measured.
    pub(crate) any_measured: Memo<bool>,
}

impl Drawn {
    /// Follows the plan and the watched run.
    pub(crate) fn following(frame: Frame, holdings: Holdings, plan: Plan, watch: Watch) -> Self {
        let by_coherence = RwSignal::new(true);
        let at_run = Memo::new(move |_| frame.at_run());
        let model = Memo::new(move |_| {
            Arc::new(match at_run.get() {
                true => of_run(holdings, plan, watch, by_coherence.get()),
                false => of_plan(holdings, plan).unwrap_or_default(),
            })
        });
        let any_measured = Memo::new(move |_| model.with(|m| m.links.iter().any(|l| l.measured.is_some())));
        Self { model, by_coherence, any_measured }
    }

    /// The expected and the measured coherence of a pair.
    pub(crate) fn coherence(self, name: &str) -> [Option<f64>; 2] {
        let of = |name: PairName| self.model.with(|m| m.link(name).map(|l| [l.expected, l.measured]));
        name.parse().ok().and_then(of).unwrap_or_default()
    }
}

fn of_plan(holdings: Holdings, plan: Plan) -> Option<Model> {
    let (stack, network) = (holdings.stack.get()?, plan.network.get()?);
    let (health, measures) = (plan.health.get()?, plan.measures.get()?);
    Some(Model::of_plan(&stack, &network, &plan.choice().rule, &health, &measures))
}

fn of_run(holdings: Holdings, plan: Plan, watch: Watch, by_coherence: bool) -> Model {
    let pairs: Vec<_> = watch.view.with(|view| {
        let pairs = view.iter().flat_map(|v| &v.pairs);
        pairs.filter_map(|p| Some((p.name.parse().ok()?, p.state))).collect()
    });
    let mut names = BTreeSet::new();
    names.extend(pairs.iter().map(|(name, _): &(PairName, _)| *name));
    Model::of_run(holdings.stack.get().as_deref(), &pairs, plan.rule_of(&names).as_ref()).measured(
        &watch.measured(),
        plan.choice().rule.model,
        by_coherence,
    )
}
