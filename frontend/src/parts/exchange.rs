//! The network for other programs, and from them.

use domain::{Pair, exchange};
use leptos::prelude::*;

use super::{
    CopyButton, CopyPage,
    live::{live, show},
};
use crate::{
    logic::format,
    state::{Batch, Holdings, Options, Pick, Plan, Session},
};

/// Undo and redo, ways to copy the network, and a field to read one.
#[component]
pub(crate) fn Exchange() -> impl IntoView {
    let plan: Plan = expect_context();
    let shelf = Shelf::new();
    view! {
        <div class="row tools">
            <button type="button" class="quiet" title="Ctrl+Z" disabled=live(move || !plan.can_undo()) on:click=move |_| plan.undo()>
                "Undo"
            </button>
            <button type="button" class="quiet" title="Ctrl+Shift+Z" disabled=live(move || !plan.can_redo()) on:click=move |_| plan.redo()>
                "Redo"
            </button>
        </div>
        <div class="row tools">
            <CopyPage/>
            <CopyButton text=move || shelf.table(exchange::csv) label="Copy as CSV" testid="copy-csv"/>
            <CopyButton text=move || shelf.commands() label="Copy gh command" testid="copy-plan-command"/>
        </div>
        <details class="more" data-testid="exchange">
            <summary>"Import and more exports"</summary>
            <div class="fold">
            <div class="row tools">
                <CopyButton text=move || shelf.table(exchange::json) label="Copy as JSON" testid="copy-json"/>
                <CopyButton text=move || exchange::scene_ids(&shelf.pairs()) label="Copy for asf_search" testid="copy-scene-ids"/>
                <CopyButton text=move || shelf.hyp3() label="Copy as HyP3 jobs" testid="copy-hyp3"/>
            </div>
            <Import/>
            </div>
        </details>
    }
}

/// What the exports are made of.
#[derive(Clone, Copy)]
struct Shelf {
    plan: Plan,
    batch: Batch,
    holdings: Holdings,
    pick: Pick,
    options: Options,
    session: Session,
}

impl Shelf {
    fn new() -> Self {
        Self {
            plan: expect_context(),
            batch: expect_context(),
            holdings: expect_context(),
            pick: expect_context(),
            options: expect_context(),
            session: expect_context(),
        }
    }

    fn pairs(self) -> Vec<Pair> {
        untrack(|| self.batch.pairs())
    }

    fn table(self, write: fn(&[domain::network::Measure], &domain::Stack) -> String) -> String {
        let both = self.plan.measures.get_untracked().zip(self.holdings.stack.get_untracked());
        both.map(|(measures, stack)| write(&measures.pairs, &stack)).unwrap_or_default()
    }

    fn hyp3(self) -> String {
        let name = self.options.name.get_untracked();
        let (looks, mask) = (self.options.looks.get_untracked(), self.options.water_mask.get_untracked());
        exchange::hyp3_jobs(&self.pairs(), looks, mask, name.trim())
    }

    /// One short command where the rule says it all and fits into a run, else the pairs themselves.
    fn commands(self) -> String {
        let Some(bursts) = untrack(|| self.pick.bursts()) else { return String::new() };
        let repository = untrack(|| self.session.repository());
        let batch = exchange::Batch {
            repository: repository.as_deref(),
            bursts: &bursts,
            polarization: self.holdings.polarization.get_untracked(),
            looks: self.options.looks.get_untracked(),
            water_mask: self.options.water_mask.get_untracked(),
        };
        let choice = untrack(|| self.plan.choice());
        let pairs = self.pairs();
        if choice.edits.is_empty() && pairs.len() <= domain::launch::MAX_PAIRS_PER_RUN {
            batch.rule_command(&choice.rule)
        } else {
            batch.pair_commands(&pairs)
        }
    }
}

#[component]
fn Import() -> impl IntoView {
    let plan: Plan = expect_context();
    let typed = RwSignal::new(String::new());
    let finding = RwSignal::new(None::<String>);
    let pick: Pick = expect_context();
    let import = move || {
        let bursts =
            untrack(|| pick.bursts()).ok_or("A list of pairs belongs to a burst: pick one first.")?;
        plan.import(&typed.get_untracked(), &bursts)
    };
    let read = move |_| match import() {
        Ok(0) => {
            finding.set(None);
            typed.set(String::new());
        }
        Ok(left) => {
            let left = format::count(left, "pair", "pairs");
            finding.set(Some(format!("{left} of the list cannot be made: the stack has no such dates.")));
        }
        Err(why) => finding.set(Some(why)),
    };
    view! {
        <div class="field">
            <label for="import">"A list of pairs takes the network's place"</label>
            <textarea
                id="import"
                data-testid="import"
                rows="3"
                spellcheck="false"
                placeholder="CSV, JSON, gh commands, Python list, or two dates a line"
                prop:value=typed
                aria-describedby="import-finding"
                on:input=move |event| typed.set(event_target_value(&event))
            ></textarea>
            <span id="import-finding" class="finding" data-testid="import-finding">{show(move || finding.get())}</span>
        </div>
        <button type="button" data-testid="import-read" disabled=live(move || typed.with(|t| t.trim().is_empty())) on:click=read>
            "Read the list"
        </button>
    }
}
