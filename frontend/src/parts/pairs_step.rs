//! Choosing pairs: dates, rule, and by hand.

use leptos::prelude::*;

use super::{
    beside::Together, exchange::Exchange, health::HealthPanel, live::show, pair_table::PairTable,
    rule_form::RuleForm,
};
use crate::state::Holdings;

/// Rule, health, and the list of pairs, which does by keyboard what the plot does by pointer.
#[component]
pub(crate) fn PairsStep() -> impl IntoView {
    let holdings: Holdings = expect_context();
    let has = move || holdings.stack.with(|s| s.as_ref().is_some_and(|s| !s.acquisitions().is_empty()));
    let has = Memo::new(move |_| has());
    show(move || {
        if has.get() {
            view! {
                <RuleForm/>
                <Together/>
                <HealthPanel/>
                <PairTable/>
                <Exchange/>
            }
            .into_any()
        } else {
            view! { <p class="lead">"Pairs are chosen from the acquisitions of a burst: pick one first."</p> }
                .into_any()
        }
    })
}
