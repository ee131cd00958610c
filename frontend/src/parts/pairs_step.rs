//! Choosing pairs: dates, rule, and by hand.

use super::live::{live, show};
use domain::{
    PairName, baseline,
    timestamp::{day_text, parse_day},
};
use leptos::prelude::*;
use time::Date;

use super::CopyButton;
use crate::{
    logic::format,
    state::{Holdings, Options, Pick, Plan, Session},
};

/// Rule, health, and the list of pairs, which does by keyboard what the plot does by pointer.
#[component]
pub(crate) fn PairsStep() -> impl IntoView {
    let holdings: Holdings = expect_context();
    let has = move || holdings.stack.with(|s| s.as_ref().is_some_and(|s| !s.acquisitions().is_empty()));
    show(move || {
        if has() {
            view! {
                <RuleForm/>
                <HealthLine/>
                <PairTable/>
                <Tools/>
            }
            .into_any()
        } else {
            view! { <p class="lead">"Pairs are chosen from the acquisitions of a burst: pick one first."</p> }
                .into_any()
        }
    })
}

#[component]
fn RuleForm() -> impl IntoView {
    let plan: Plan = expect_context();
    let holdings: Holdings = expect_context();
    let ends = move || {
        holdings.stack.with(|s| {
            let all = s.as_ref()?.acquisitions();
            Some([all.first()?.granule.date(), all.last()?.granule.date()])
        })
    };
    let start = move || plan.choice().rule.start;
    let end = move || plan.choice().rule.end;
    let wrong = move || start().zip(end()).is_some_and(|(s, e)| s > e);
    let nearest = move || plan.choice().rule.nearest.unwrap_or(1).to_string();
    let options = (0..=5u32).map(|n| {
        let words = match n {
            0 => "none, by hand only".to_owned(),
            1 => "1 next date".to_owned(),
            n => format!("{n} next dates"),
        };
        view! { <option value=n.to_string() selected=live(move || nearest() == n.to_string())>{words}</option> }
    });
    view! {
        <div class="days">
            <DayField label="From" id="date-start" day=Signal::derive(start) ends=Signal::derive(ends) set=Callback::new(move |day| plan.set_rule(|r| r.start = day))/>
            <DayField label="To" id="date-end" day=Signal::derive(end) ends=Signal::derive(ends) set=Callback::new(move |day| plan.set_rule(|r| r.end = day))/>
            {show(move || {
                (start().is_some() || end().is_some()).then(|| {
                    let all = move |_| plan.set_rule(|r| (r.start, r.end) = (None, None));
                    view! { <button type="button" class="link small" on:click=all>"All dates"</button> }
                })
            })}
        </div>
        {show(move || wrong().then(|| view! { <p class="finding">"The first day lies after the last: swap them."</p> }))}
        <div class="field">
            <label for="rule-n">"Pair each date with its"</label>
            <select
                id="rule-n"
                data-testid="rule-n"
                prop:value=live(nearest)
                on:change=move |event| {
                    let n = event_target_value(&event).parse().ok();
                    plan.set_rule(|r| r.nearest = n.or(r.nearest));
                }
            >
                {options.collect_view()}
            </select>
        </div>
    }
}

#[component]
fn DayField(
    label: &'static str,
    id: &'static str,
    day: Signal<Option<Date>>,
    ends: Signal<Option<[Date; 2]>>,
    set: Callback<Option<Date>>,
) -> impl IntoView {
    let text = move |day: Option<Date>| day.map(day_text).unwrap_or_default();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                type="date"
                id=id
                data-testid=id
                min=live(move || text(ends.get().map(|e| e[0])))
                max=live(move || text(ends.get().map(|e| e[1])))
                prop:value=live(move || text(day.get()))
                on:change=move |event| set.run(parse_day(&event_target_value(&event)))
            />
        </div>
    }
}

#[component]
fn HealthLine() -> impl IntoView {
    let plan: Plan = expect_context();
    let warns = move || {
        plan.network.with(|n| n.as_ref().is_some_and(|n| n.pairs().len() > 1 && !n.health().connected()))
    };
    let more = move || {
        plan.network.with(|network| {
            let network = network.as_ref()?;
            let health = network.health();
            let longest = health.longest.map(|p| (p.secondary - p.reference).whole_days());
            let mut parts = Vec::new();
            if let Some(days) = longest {
                parts.push(format!("longest {}", format::days(days)));
            }
            match health.bridges.len() {
                0 => {}
                n if n == health.pairs => parts.push("no loops: every pair counts".to_owned()),
                n => parts.push(format!("{} without a loop", format::count(n, "pair", "pairs"))),
            }
            if !network.left_out().is_empty() {
                parts.push(format!(
                    "{} of the link cannot be made",
                    format::count(network.left_out().len(), "pair", "pairs")
                ));
            }
            (!parts.is_empty()).then(|| parts.join(" · "))
        })
    };
    view! {
        <div class="health" class:warn=live(warns) role="status">
            <div data-testid="pair-count">{show(move || plan.line())}</div>
            <div class="small">{show(more)}</div>
        </div>
    }
}

#[component]
fn PairTable() -> impl IntoView {
    let plan: Plan = expect_context();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Pairs">
            <table class="pair-table">
                <thead>
                    <tr>
                        <th scope="col">"Reference"</th>
                        <th scope="col">"Secondary"</th>
                        <th scope="col" class="num">"Days"</th>
                        <th scope="col" class="num">"B⊥"</th>
                        <th scope="col"><span class="hidden-text">"Drop"</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || plan.pairs() key=|name| *name children=|name| view! { <PairRow name/> }/>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn PairRow(name: PairName) -> impl IntoView {
    let plan: Plan = expect_context();
    let holdings: Holdings = expect_context();
    let metres = holdings.stack.with_untracked(|stack| {
        let stack = stack.as_ref()?;
        baseline::perpendicular_metres(stack.on(name.reference)?, stack.on(name.secondary)?)
    });
    let days = (name.secondary - name.reference).whole_days();
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
            <td class="num">{format::days(days)}</td>
            <td class="num" title=metres.is_none().then_some("The catalogue has no orbit state of one of the dates")>
                {format::metres(metres)}
            </td>
            <td class="num">
                <button
                    type="button"
                    class="quiet"
                    aria-label=format!("Drop {name}")
                    title="Drop"
                    on:click=move |_| plan.drop_pair(name)
                >
                    "×"
                </button>
            </td>
        </tr>
    }
}

#[component]
fn Tools() -> impl IntoView {
    let plan: Plan = expect_context();
    let holdings: Holdings = expect_context();
    let pick: Pick = expect_context();
    let options: Options = expect_context();
    let session: Session = expect_context();
    let csv =
        move || holdings.stack.get_untracked().map(|stack| csv(&plan.pairs(), &stack)).unwrap_or_default();
    let command = move || {
        let burst = pick.burst.get_untracked().map(|b| b.to_string()).unwrap_or_default();
        let repository = session.repository().map_or_else(String::new, |name| format!(" -R {name}"));
        let network = plan.network.get_untracked();
        let pairs =
            network.zip(holdings.stack.get_untracked()).map(|(n, s)| n.granules(&s)).unwrap_or_default();
        let list: Vec<[String; 2]> =
            pairs.iter().map(|p| [p.reference().to_string(), p.secondary().to_string()]).collect();
        format!(
            "gh workflow run batch-job.yml{repository} -f burstId={burst} -f looks={} -f apply_water_mask={} -f polarization={} -f pairs='{}'",
            options.looks.get_untracked(),
            options.water_mask.get_untracked(),
            holdings.polarization.get_untracked(),
            serde_json::to_string(&list).unwrap_or_default()
        )
    };
    view! {
        <div class="row tools">
            <button type="button" class="quiet" title="Ctrl+Z" disabled=live(move || !plan.can_undo()) on:click=move |_| plan.undo()>
                "Undo"
            </button>
            <button type="button" class="quiet" title="Ctrl+Shift+Z" disabled=live(move || !plan.can_redo()) on:click=move |_| plan.redo()>
                "Redo"
            </button>
            <CopyButton text=csv label="Copy as CSV" testid="copy-csv"/>
            <CopyButton text=command label="Copy gh command" testid="copy-plan-command"/>
        </div>
    }
}

/// The pairs as a table for other programs.
fn csv(pairs: &[PairName], stack: &domain::Stack) -> String {
    let mut out = "reference,secondary,days,perpendicular_baseline_m\n".to_owned();
    for name in pairs {
        let (Some(a), Some(b)) = (stack.on(name.reference), stack.on(name.secondary)) else { continue };
        let metres = baseline::perpendicular_metres(a, b).map(|m| format!("{m:.1}")).unwrap_or_default();
        out.push_str(&format!("{},{},{},{metres}\n", a.granule, b.granule, baseline::temporal_days(a, b)));
    }
    out
}
