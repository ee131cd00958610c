//! The rule that proposes pairs: dates, methods, limits, additions, and all of it as a text.

use domain::{
    network::Rule,
    timestamp::{day_text, parse_day},
};
use leptos::prelude::*;
use time::Date;

use super::{
    live::{live, show},
    rule_fields::{CHOICES, Choice, Field, LIMITS},
};
use crate::{
    api::capital,
    state::{Holdings, Plan},
};

/// Dates, rule, and the rule's text.
#[component]
pub(crate) fn RuleForm() -> impl IntoView {
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
        <div class="rule-line">
            <Nearest/>
            {LIMITS.map(|field| typed(field, plan)).into_iter().collect_view()}
        </div>
        <details class="more">
            <summary>{show(move || format!("More rules{}", ticked(&plan.choice().rule)))}</summary>
            <div class="fold">
                {CHOICES.map(|choice| ticks(choice, plan, holdings)).into_iter().collect_view()}
                <RuleText/>
            </div>
        </details>
    }
}

/// What is ticked, so that the closed fold tells it.
fn ticked(rule: &Rule) -> String {
    let words: Vec<&str> = CHOICES.iter().filter(|c| (c.is)(rule)).map(|c| c.label).collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

#[component]
fn Nearest() -> impl IntoView {
    let plan: Plan = expect_context();
    let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let nearest = move || text(plan.choice().rule.nearest);
    let words = |n: Option<u32>| match n {
        None => "all others, or as ticked below".to_owned(),
        Some(0) => "none, by hand only".to_owned(),
        Some(1) => "1 next date".to_owned(),
        Some(n) => format!("{n} next dates"),
    };
    // A link may have more than are offered.
    let more = move || plan.choice().rule.nearest.filter(|n| *n > 6);
    let option = move |n: Option<u32>| {
        view! { <option value=text(n) selected=live(move || nearest() == text(n))>{words(n)}</option> }
    };
    view! {
        <div class="field">
            <label for="rule-n">"Pair each date with"</label>
            <select
                id="rule-n"
                data-testid="rule-n"
                prop:value=live(nearest)
                on:change=move |event| {
                    let n = event_target_value(&event).parse().ok();
                    plan.set_rule(|r| r.nearest = n);
                }
            >
                {(0..=6u32).map(|n| option(Some(n))).collect_view()}
                {show(move || more().map(|n| option(Some(n))))}
                {option(None)}
            </select>
        </div>
    }
}

/// A field with what is wrong in it.
fn typed(field: Field, plan: Plan) -> AnyView {
    let Field { label, id, unit, .. } = field;
    let wrong = RwSignal::new(false);
    let take = move |event| {
        let typed: String = event_target_value(&event);
        let mut rule = plan.choice().rule;
        let taken = field.value.set(&mut rule, &typed).is_some();
        wrong.set(!taken);
        if taken {
            plan.set_rule(|r| *r = rule);
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}<span class="muted">{format!(" ({unit})")}</span></label>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                id=id
                data-testid=id
                prop:value=live(move || field.value.text(plan.choice().rule))
                aria-invalid=live(move || wrong.get().to_string())
                on:change=take
            />
            {show(move || {
                let form = if unit.contains('-') { "Write" } else { "Write a whole number of" };
                wrong.get().then(|| view! { <span class="finding">{format!("{form} {unit}")}</span> })
            })}
        </div>
    }
    .into_any()
}

fn ticks(choice: Choice, plan: Plan, holdings: Holdings) -> AnyView {
    let Choice { label, id, is, tick, fields } = choice;
    let on = Memo::new(move |_| is(&plan.choice().rule));
    // The chosen date is the one that is meant, else the one in the middle.
    let meant = move || {
        let days = plan.network.get_untracked().map(|n| n.days().to_vec()).unwrap_or_default();
        let middle = days.get(days.len() / 2).copied();
        let first = || holdings.stack.get_untracked()?.daily().next().map(|a| a.granule.date());
        plan.selected.get_untracked().or(middle).or_else(first)
    };
    let change = move |event| {
        let ticked = event_target_checked(&event);
        if let Some(day) = meant() {
            plan.set_rule(|r| tick(r, ticked, day));
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" data-testid=id prop:checked=live(move || on.get()) on:change=change/>
            {label}
        </label>
        {show(move || {
            (on.get() && !fields.is_empty()).then(|| {
                let fields = fields.iter().map(|f| {
                    typed(*f, plan)
                });
                view! { <div class="rule-line">{fields.collect_view()}</div> }
            })
        })}
    }
    .into_any()
}

/// The rule as links, the processor and the workflow carry it.
#[component]
fn RuleText() -> impl IntoView {
    let plan: Plan = expect_context();
    let finding = RwSignal::new(None::<String>);
    let take = move |event| finding.set(plan.set_rule_text(&event_target_value(&event)).err());
    view! {
        <div class="field">
            <label for="rule-text">"The rule as text"<span class="muted">" (links, processor pairs, batch-job.yml)"</span></label>
            <input
                type="text"
                class="mono"
                spellcheck="false"
                autocomplete="off"
                id="rule-text"
                data-testid="rule-text"
                prop:value=live(move || plan.choice().rule.text())
                aria-invalid=live(move || finding.with(Option::is_some).to_string())
                aria-describedby="rule-finding"
                on:change=take
            />
            <span id="rule-finding" class="finding">{show(move || finding.get().map(|f| capital(&f)))}</span>
        </div>
    }
}

/// A day that may be left open.
#[component]
pub(crate) fn DayField(
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
