//! The list of pairs: everything that plot and matrix do, by keyboard and screen reader.

use domain::{PairName, network::Measure, timestamp::day_text};
use leptos::{html::Div, prelude::*};
use time::Date;

use super::{
    live::{live, show},
    rule_form::DayField,
};
use crate::{
    browser,
    logic::{
        format,
        sorting::{Column, Order},
        window::Rows,
    },
    state::{Plan, pair_text},
};

/// The columns, and more of each on hover.
const HEADS: [(Column, &str, &str); 5] = [
    (Column::Reference, "Reference", "Sort by reference"),
    (Column::Secondary, "Secondary", "Sort by secondary"),
    (Column::Days, "Days", "Sort by days"),
    (Column::Baseline, "B⊥", "Sort by perpendicular baseline"),
    (Column::Coherence, "γ", "Sort by expected coherence"),
];

/// The rows in view of however many pairs, and the fields that add one.
#[component]
pub(crate) fn PairTable() -> impl IntoView {
    let plan: Plan = expect_context();
    let holder = NodeRef::<Div>::new();
    let scrolled = RwSignal::new(0.0f64);
    // A row is as high as what can be touched in it, and its line.
    let height = browser::token("--touch").trim().trim_end_matches("px").parse().unwrap_or(28.0) + 1.0;
    let count = Memo::new(move |_| plan.measures.with(|m| m.as_ref().map_or(0, |m| m.pairs.len())));
    let rows = Memo::new(move |_| Rows::in_view(count.get(), height, scrolled.get()));
    let order = RwSignal::new(Order::default());
    let sorted = Memo::new(move |_| plan.measures.with(|m| m.as_ref().map(|m| order.get().of(&m.pairs))));
    let shown = move || {
        let rows = rows.get();
        sorted.with(|all| {
            all.as_deref().unwrap_or_default().get(rows.first..rows.last).unwrap_or_default().to_vec()
        })
    };
    let head = move |column: Column, words: &'static str, more: &'static str| {
        let sort = move |_| {
            order.update(|order| *order = order.pressed(column));
            // What comes first now is what was asked for.
            if let Some(div) = holder.get_untracked() {
                div.set_scroll_top(0);
            }
        };
        let is_number = !matches!(column, Column::Reference | Column::Secondary);
        view! {
            <th scope="col" class:num=is_number aria-sort=live(move || order.get().aria(column))>
                <button type="button" class="sort" title=more on:click=sort>{words}</button>
            </th>
        }
        .into_any()
    };
    let gap = move |pixels: fn(&Rows) -> f64| {
        show(move || {
            let high = rows.with(pixels);
            (high > 0.0).then(|| view! { <tr aria-hidden="true"><td colspan="6" style=format!("height:{high}px")></td></tr> })
        })
    };
    let scroll = move |_| {
        if let Some(div) = holder.get_untracked() {
            scrolled.set(f64::from(div.scroll_top()));
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Pairs" node_ref=holder on:scroll=scroll>
            <table class="pair-table" aria-rowcount=live(move || (count.get() + 1).to_string())>
                <thead>
                    <tr>
                        {HEADS.map(|(column, words, more)| head(column, words, more)).into_iter().collect_view()}
                        <th scope="col"><span class="hidden-text">"Lock or drop"</span></th>
                    </tr>
                </thead>
                <tbody>
                    {gap(|rows| rows.above)}
                    <For each=shown key=key children=|pair| view! { <PairRow pair/> }/>
                    {gap(|rows| rows.below)}
                </tbody>
            </table>
        </div>
        <AddPair/>
    }
}

/// A row is another one once its numbers change.
fn key(pair: &Measure) -> (PairName, u64) {
    (pair.name, pair.coherence.to_bits())
}

#[component]
fn PairRow(pair: Measure) -> impl IntoView {
    let plan: Plan = expect_context();
    let Measure { name, days, metres, coherence, across } = pair;
    let locked =
        Memo::new(move |_| plan.network.with(|n| n.as_ref().is_some_and(|n| n.edits().is_locked(name))));
    let lock_word = move || if locked.get() { "Unlock" } else { "Lock" };
    view! {
        <tr
            data-testid="pair-row"
            data-pair=name.to_string()
            class:near=live(move || plan.near.get() == Some(name))
            on:pointerenter=move |_| plan.near.set(Some(name))
            on:pointerleave=move |_| plan.near.set(None)
        >
            <td>{day_text(name.reference)}</td>
            <td>{day_text(name.secondary)}</td>
            <td class="num" title=across.then_some("Of two satellites")>{format::days(days)}{across.then_some("*")}</td>
            <td class="num" title=metres.is_none().then_some("The catalogue has no orbit state of one of the dates")>
                {format::metres(metres)}
            </td>
            <td class="num">{format::coherence(coherence)}</td>
            <td class="num acts">
                <button
                    type="button"
                    class="quiet"
                    aria-pressed=live(move || locked.get().to_string())
                    aria-label=live(move || format!("{} {name}", lock_word()))
                    title=live(lock_word)
                    data-testid="lock"
                    on:click=move |_| plan.toggle_lock(name)
                >
                    {show(move || if locked.get() { "●" } else { "○" })}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-label=format!("Drop {name}")
                    title=live(move || if locked.get() { "Locked: unlock it first" } else { "Drop" })
                    disabled=live(move || locked.get())
                    data-testid="drop"
                    on:click=move |_| plan.drop_pair(name)
                >
                    "×"
                </button>
            </td>
        </tr>
    }
}

#[component]
fn AddPair() -> impl IntoView {
    let plan: Plan = expect_context();
    let [a, b] = [RwSignal::new(None::<Date>), RwSignal::new(None::<Date>)];
    let ends = Signal::derive(move || {
        plan.network.with(|n| {
            let days = n.as_ref()?.days();
            Some([*days.first()?, *days.last()?])
        })
    });
    let ready = move || a.get().zip(b.get());
    let add = move |_| {
        if let Some((a, b)) = ready() {
            plan.pair(a, b);
        }
    };
    let waits = move || plan.selected.get().map(|day| format!("{} waits for a second date", day_text(day)));
    let near = move || plan.near.get().map(pair_text);
    view! {
        <div class="days">
            <DayField label="Date" id="add-first" day=a.into() ends set=Callback::new(move |day| a.set(day))/>
            <DayField label="With" id="add-second" day=b.into() ends set=Callback::new(move |day| b.set(day))/>
            <button type="button" data-testid="add-pair" disabled=live(move || ready().is_none()) on:click=add>"Add"</button>
        </div>
        <p class="small muted said" role="status" data-testid="said">
            {show(move || waits().or_else(|| Some(plan.said.get()).filter(|s| !s.is_empty())).or_else(near))}
        </p>
    }
}
