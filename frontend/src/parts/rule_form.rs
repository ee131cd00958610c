//! The rule that proposes pairs: dates, methods, limits, additions, and all of it as a text.

use domain::{
    network::{Bridges, MAX_DAYS, MAX_METRES, MAX_YEARS, Rule, Season, YearDay, Yearly},
    timestamp::{day_text, parse_day},
};
use leptos::prelude::*;
use time::Date;

use super::live::{live, show};
use crate::{
    api::capital,
    state::{Holdings, Plan},
};

/// A value of a rule that is typed.
#[derive(Clone, Copy)]
struct Field {
    label: &'static str,
    id: &'static str,
    unit: &'static str,
    /// What it says; empty where it says nothing.
    get: fn(&Rule) -> String,
    /// Takes what was typed; nothing where that cannot be.
    set: fn(&mut Rule, &str) -> Option<()>,
}

/// A part of a rule that is ticked, with what there is to set once it is.
#[derive(Clone, Copy)]
struct Choice {
    label: &'static str,
    id: &'static str,
    is: fn(&Rule) -> bool,
    /// Takes the tick, and a date that could be meant.
    tick: fn(&mut Rule, bool, Date),
    fields: &'static [Field],
}

/// Limits, always there.
const LIMITS: [Field; 2] = [
    Field {
        label: "At most",
        id: "rule-days",
        unit: "days",
        get: |r| text(r.max_days),
        set: |r, t| optional(t, MAX_DAYS).map(|v| r.max_days = v),
    },
    Field {
        label: "B⊥ at most",
        id: "rule-metres",
        unit: "m",
        get: |r| text(r.max_metres),
        set: |r, t| optional(t, MAX_METRES).map(|v| r.max_metres = v),
    },
];

const CHOICES: [Choice; 8] = [
    Choice {
        label: "Season",
        id: "rule-season",
        is: |r| r.season.is_some(),
        tick: |r, on, _| {
            r.season = year_days("0601", "0930").map(|[from, to]| Season { from, to }).filter(|_| on);
        },
        fields: &[
            Field {
                label: "From",
                id: "season-from",
                unit: "MM-DD",
                get: |r| r.season.map(|s| dashed(s.from)).unwrap_or_default(),
                set: |r, t| r.season.as_mut().zip(year_day(t)).map(|(s, day)| s.from = day),
            },
            Field {
                label: "To",
                id: "season-to",
                unit: "MM-DD",
                get: |r| r.season.map(|s| dashed(s.to)).unwrap_or_default(),
                set: |r, t| r.season.as_mut().zip(year_day(t)).map(|(s, day)| s.to = day),
            },
        ],
    },
    Choice {
        label: "One reference for all",
        id: "rule-reference",
        is: |r| r.reference.is_some(),
        tick: |r, on, day| r.reference = on.then_some(day),
        fields: &[Field {
            label: "Date",
            id: "reference-day",
            unit: "YYYY-MM-DD",
            get: |r| r.reference.map(day_text).unwrap_or_default(),
            set: |r, t| parse_day(t.trim()).map(|day| r.reference = Some(day)),
        }],
    },
    Choice {
        label: "Delaunay's triangles of time and B⊥",
        id: "rule-delaunay",
        is: |r| r.delaunay,
        tick: |r, on, _| r.delaunay = on,
        fields: &[],
    },
    Choice {
        label: "Tree of greatest expected coherence",
        id: "rule-tree",
        is: |r| r.tree,
        tick: |r, on, _| r.tree = on,
        fields: &[],
    },
    Choice {
        label: "Bridges over winters",
        id: "rule-bridges",
        is: |r| r.bridges.is_some(),
        tick: |r, on, _| {
            r.bridges =
                year_day("07-01").map(|target| Bridges { target, window: 36, years: 1 }).filter(|_| on);
        },
        fields: &[
            Field {
                label: "Near",
                id: "bridge-target",
                unit: "MM-DD",
                get: |r| r.bridges.map(|b| dashed(b.target)).unwrap_or_default(),
                set: |r, t| r.bridges.as_mut().zip(year_day(t)).map(|(b, day)| b.target = day),
            },
            Field {
                label: "Window",
                id: "bridge-window",
                unit: "days",
                get: |r| text(r.bridges.map(|b| b.window)),
                set: |r, t| r.bridges.as_mut().zip(number(t, 366)).map(|(b, n)| b.window = n),
            },
            Field {
                label: "Up to",
                id: "bridge-years",
                unit: "years",
                get: |r| text(r.bridges.map(|b| b.years)),
                set: |r, t| r.bridges.as_mut().zip(number(t, MAX_YEARS)).map(|(b, n)| b.years = n),
            },
        ],
    },
    Choice {
        label: "Yearly pairs",
        id: "rule-yearly",
        is: |r| r.yearly.is_some(),
        tick: |r, on, _| r.yearly = on.then_some(Yearly { tolerance: 15, years: 1 }),
        fields: &[
            Field {
                label: "Off by",
                id: "yearly-tolerance",
                unit: "days",
                get: |r| text(r.yearly.map(|y| y.tolerance)),
                set: |r, t| r.yearly.as_mut().zip(number(t, 183)).map(|(y, n)| y.tolerance = n),
            },
            Field {
                label: "Up to",
                id: "yearly-years",
                unit: "years",
                get: |r| text(r.yearly.map(|y| y.years)),
                set: |r, t| r.yearly.as_mut().zip(number(t, MAX_YEARS)).map(|(y, n)| y.years = n),
            },
        ],
    },
    Choice {
        label: "Join separate parts by the fewest pairs",
        id: "rule-join",
        is: |r| r.join,
        tick: |r, on, _| r.join = on,
        fields: &[],
    },
    Choice {
        label: "Own model of coherence",
        id: "rule-model",
        is: |r| r.model != domain::network::CoherenceModel::default(),
        tick: |r, on, _| {
            r.model = domain::network::CoherenceModel::default();
            // The first number that differs shows the others.
            r.model.decay_days += u32::from(on);
        },
        fields: &[
            Field {
                label: "At first",
                id: "model-start",
                unit: "%",
                get: |r| r.model.start_percent.to_string(),
                set: |r, t| number(t, 100).map(|n| r.model.start_percent = n),
            },
            Field {
                label: "At last",
                id: "model-floor",
                unit: "%",
                get: |r| r.model.floor_percent.to_string(),
                set: |r, t| number(t, 100).map(|n| r.model.floor_percent = n),
            },
            Field {
                label: "Decay",
                id: "model-decay",
                unit: "days",
                get: |r| r.model.decay_days.to_string(),
                set: |r, t| number(t, MAX_DAYS).map(|n| r.model.decay_days = n),
            },
            Field {
                label: "B⊥ critical",
                id: "model-critical",
                unit: "m",
                get: |r| r.model.critical_metres.to_string(),
                set: |r, t| number(t, 99_999).map(|n| r.model.critical_metres = n),
            },
        ],
    },
];

fn text(value: Option<u32>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn number(text: &str, most: u32) -> Option<u32> {
    text.trim().parse().ok().filter(|n| *n <= most)
}

/// A number, or nothing where nothing is typed.
fn optional(text: &str, most: u32) -> Option<Option<u32>> {
    if text.trim().is_empty() { Some(None) } else { number(text, most).map(Some) }
}

/// `06-01`.
fn dashed(day: YearDay) -> String {
    let text = day.to_string();
    format!("{}-{}", &text[..2], &text[2..])
}

fn year_day(text: &str) -> Option<YearDay> {
    text.trim().replace('-', "").parse().ok()
}

fn year_days(from: &str, to: &str) -> Option<[YearDay; 2]> {
    Some([year_day(from)?, year_day(to)?])
}

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
    let Field { label, id, unit, get, set } = field;
    let wrong = RwSignal::new(false);
    let take = move |event| {
        let typed: String = event_target_value(&event);
        let mut rule = plan.choice().rule;
        let taken = set(&mut rule, &typed).is_some();
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
                prop:value=live(move || get(&plan.choice().rule))
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
