//! How the network stands, at every change: the line, and the panel with everything a launch should wait for.

use domain::{
    PairName,
    estimate::PLANS,
    network::{Health, Measures},
    timestamp::day_text,
};
use leptos::prelude::*;

use super::live::{live, show};
use crate::{
    logic::{format, plot::PARTS},
    state::{Batch, Done, Options, Plan, pair_text},
};

/// The line, and a fold with the rest.
#[component]
pub(crate) fn HealthPanel() -> impl IntoView {
    let plan: Plan = expect_context();
    let warns = move || plan.health.with(|h| h.as_ref().is_some_and(|h| h.pairs > 1 && !h.connected()));
    view! {
        <div class="health" class:warn=live(warns)>
            <div role="status">
                <div data-testid="pair-count">{show(move || plan.line())}</div>
                <div class="small">{show(move || short(plan))}</div>
            </div>
        </div>
        <LeaveOut/>
        <details class="more" data-testid="health-panel">
            <summary>"Health and cost"</summary>
            <div class="fold">
                <Parts/>
                <Facts/>
                <Cost/>
            </div>
        </details>
    }
}

/// What stands out, in a line.
fn short(plan: Plan) -> Option<String> {
    let network = plan.network.get()?;
    let (health, measures) = (plan.health.get()?, plan.measures.get()?);
    let mut parts = Vec::new();
    if let Some(least) = health.least_links {
        parts.push(format!("least links {least}"));
    }
    match health.bridges.len() {
        0 => {}
        n if n == health.pairs => parts.push("no loops: every pair counts".to_owned()),
        n => parts.push(format!("{} without a loop", format::count(n, "pair", "pairs"))),
    }
    if let Some(mean) = measures.mean_coherence() {
        parts.push(format!("expected coherence {}", format::coherence(mean)));
    }
    if !network.left_out().is_empty() {
        let left = format::count(network.left_out().len(), "pair", "pairs");
        parts.push(format!("{left} of link or list cannot be made"));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What is there need not be made again.
#[component]
fn LeaveOut() -> impl IntoView {
    let batch: Batch = expect_context();
    let done: Done = expect_context();
    show(move || {
        let known = batch.order.with(|order| order.there);
        (known > 0).then(|| {
            view! {
                <label class="check">
                    <input type="checkbox" data-testid="leave-out-done" prop:checked=done.leave_out on:change=move |_| done.leave_out.update(|l| *l = !*l)/>
                    {format!("Leave out {} done here already", format::count(known, "pair", "pairs"))}
                </label>
            }
        })
    })
}

/// Separate parts, in the colours that their dates have in the plot.
#[component]
fn Parts() -> impl IntoView {
    let plan: Plan = expect_context();
    const SHOWN: usize = 8;
    show(move || {
        let health = plan.health.get()?;
        let apart = health.parts.len() > 1 || !health.unlinked.is_empty();
        let line = |(number, part): (usize, &Vec<time::Date>)| {
            let class =
                if number == 0 { "dot".to_owned() } else { format!("dot part-{}", (number - 1) % PARTS + 1) };
            let ends =
                part.first().zip(part.last()).map(|(a, b)| format!("{} to {}", day_text(*a), day_text(*b)));
            view! {
                <li><span class=class></span>{format!("{}: {}", format::count(part.len(), "date", "dates"), ends.unwrap_or_default())}</li>
            }
        };
        apart.then(|| {
            let more = health.parts.len().saturating_sub(SHOWN);
            let alone = health.unlinked.len();
            view! {
                <ul class="parts small" data-testid="parts">
                    {health.parts.iter().enumerate().take(SHOWN).map(line).collect_view()}
                    {(more > 0).then(|| view! { <li>{format!("{more} more parts")}</li> })}
                    {(alone > 0).then(|| view! { <li>{format!("{} without a pair", format::count(alone, "date", "dates"))}</li> })}
                </ul>
                {(!plan.choice().rule.join).then(|| {
                    view! {
                        <button type="button" data-testid="join" on:click=move |_| plan.set_rule(|r| r.join = true)>
                            "Join the parts by the fewest pairs"
                        </button>
                    }
                })}
            }
        })
    })
}

/// A term and what stands for it.
type Fact = (&'static str, String);

fn facts(health: &Health, measures: &Measures, mean_links: f64) -> Vec<Fact> {
    let named = |pair: Option<PairName>, value: String| {
        pair.map_or(value.clone(), |p| format!("{value}, {}", pair_text(p)))
    };
    let days = health.longest.map(|p| (p.secondary - p.reference).whole_days());
    let farthest = measures.farthest();
    let of = |n: usize| if n == 0 { "none".to_owned() } else { format::count(n, "pair", "pairs") };
    let mut list: Vec<Fact> = vec![
        (
            "Links of a date",
            format!("{} at least, {mean_links:.1} on average", health.least_links.unwrap_or(0)),
        ),
        (
            "Bridges",
            match health.bridges.as_slice() {
                [] => "none: any pair may fail".to_owned(),
                [one] => format!("1 pair whose loss splits the network, {}", pair_text(*one)),
                more => {
                    format!("{} whose loss splits the network", format::count(more.len(), "pair", "pairs"))
                }
            },
        ),
        ("Closed triplets", format::thousands(health.triplets)),
        (
            "Longest span",
            named(health.longest, days.map_or_else(|| format::UNKNOWN.to_owned(), format::days)),
        ),
        (
            "Largest baseline",
            named(farthest.map(|m| m.name), format::metres(farthest.and_then(|m| m.metres))),
        ),
        ("Across satellites", of(measures.across())),
    ];
    if measures.unknown() > 0 {
        list.push((
            "Unknown baseline",
            format!("{}: the catalogue has no orbit state", of(measures.unknown())),
        ));
    }
    list
}

#[component]
fn Facts() -> impl IntoView {
    let plan: Plan = expect_context();
    show(move || {
        let (health, measures) = (plan.health.get()?, plan.measures.get()?);
        let mean = 2.0 * health.pairs as f64 / health.linked.max(1) as f64;
        Some(list(facts(&health, &measures, mean)))
    })
}

fn list(facts: Vec<Fact>) -> impl IntoView {
    view! {
        <dl class="facts small">
            {facts.into_iter().map(|(term, text)| view! { <dt>{term}</dt><dd>{text}</dd> }).collect_view()}
        </dl>
    }
}

/// Jobs, traffic, storage, and hours on each of GitHub's plans.
#[component]
fn Cost() -> impl IntoView {
    let plan: Plan = expect_context();
    let batch: Batch = expect_context();
    let done: Done = expect_context();
    let options: Options = expect_context();
    show(move || {
        plan.network.with(Option::is_some).then_some(())?;
        let (basis, source) = done.basis(options.looks.get());
        let cost = batch.cost(1);
        let facts = vec![
            (
                "Jobs",
                format!("{} in {}", format::thousands(cost.jobs), format::count(cost.runs, "run", "runs")),
            ),
            ("From the archive", format::bytes(cost.download_bytes)),
            ("Products", format!("{} for 90 days", format::bytes(cost.product_bytes))),
            ("Runner minutes", format::thousands(cost.runner_minutes.round() as usize)),
            ("A pair takes", format!("{} {source}", format::duration(basis.minutes_per_pair * 60.0))),
        ];
        let rows = PLANS.map(|p| {
            let over =
                [cost.runner_minutes > f64::from(p.private_minutes), cost.product_bytes > p.private_bytes];
            view! {
                <tr>
                    <th scope="row">{p.name}</th>
                    <td class="num">{p.runners}</td>
                    <td class="num">{format::duration(batch.cost(p.runners).minutes * 60.0)}</td>
                    <td class="num" class:over=over[0]>{format::thousands(p.private_minutes as usize)}</td>
                    <td class="num" class:over=over[1]>{format::bytes(p.private_bytes)}</td>
                </tr>
            }
        });
        Some(view! {
            {list(facts)}
            <div class="table-scroll free" tabindex="0" role="region" aria-label="Cost by plan">
                <table class="pair-table" data-testid="plans">
                    <thead>
                        <tr>
                            <th scope="col">"Plan"</th>
                            <th scope="col" class="num">"Runners"</th>
                            <th scope="col" class="num">"Time"</th>
                            <th scope="col" class="num">"Minutes"</th>
                            <th scope="col" class="num">"Storage"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().collect_view()}</tbody>
                </table>
            </div>
            <p class="small muted">"Minutes a month and storage are what a plan includes for private repositories, in red where this is more; public ones pay neither."</p>
        })
    })
}
