//! The network as plot, matrix and cards show it: the planned one, or that of the watched run.

use std::sync::Arc;

use domain::{BurstId, JobName, PairName};
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
    measured: Memo<Arc<Vec<(JobName, f64)>>>,
}

impl Drawn {
    /// Follows the plan and the watched run.
    pub(crate) fn following(frame: Frame, holdings: Holdings, plan: Plan, watch: Watch) -> Self {
        let by_coherence = RwSignal::new(true);
        let at_run = Memo::new(move |_| frame.at_run());
        let measured = Memo::new(move |_| Arc::new(watch.measured()));
        let burst = Memo::new(move |_| watch.burst());
        let model = Memo::new(move |_| {
            Arc::new(match at_run.get() {
                true => {
                    let model = of_run(holdings, plan, watch, burst.get());
                    let found: Vec<_> = measured.with(|all| {
                        let of_burst = all.iter().filter(|(name, _)| name.burst() == burst.get());
                        of_burst.map(|(name, mean)| (name.pair(), *mean)).collect()
                    });
                    model.measured(&found, plan.choice().rule.model, by_coherence.get())
                }
                false => of_plan(holdings, plan).unwrap_or_default(),
            })
        });
        let any_measured = Memo::new(move |_| at_run.get() && measured.with(|all| !all.is_empty()));
        Self { model, by_coherence, any_measured, measured }
    }

    /// The expected and the measured coherence of a pair.
    pub(crate) fn coherence(self, name: &str) -> [Option<f64>; 2] {
        let Ok(name) = name.parse::<JobName>() else { return [None; 2] };
        let expected = self.model.with(|m| m.link(name.pair())?.expected);
        let measured =
            self.measured.with(|all| all.iter().find(|(of, _)| *of == name).map(|(_, mean)| *mean));
        [expected, measured]
    }
}

fn of_plan(holdings: Holdings, plan: Plan) -> Option<Model> {
    let (stack, network) = (holdings.stack.get()?, plan.network.get()?);
    let (health, measures) = (plan.health.get()?, plan.measures.get()?);
    Some(Model::of_plan(stack, &network, &plan.choice().rule, &health, &measures))
}

/// The network of a run, in a run of several bursts that of one.
fn of_run(holdings: Holdings, plan: Plan, watch: Watch, burst: Option<BurstId>) -> Model {
    let pairs: Vec<_> = watch.view.with(|view| {
        let named = view
            .iter()
            .flat_map(|v| &v.pairs)
            .filter_map(|p| Some((p.name.parse::<JobName>().ok()?, p.state)));
        named.filter(|(name, _)| name.burst() == burst).map(|(name, state)| (name.pair(), state)).collect()
    });
    let names = pairs.iter().map(|(name, _): &(PairName, _)| *name).collect();
    Model::of_run(holdings.stack.get(), &pairs, plan.rule_of(&names).as_ref())
}
