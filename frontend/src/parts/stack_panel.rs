//! The panel under the map: the stack with its plot, or what stands in for it.

use super::live::{live, show};
use std::sync::Arc;

use domain::{BurstId, PairName, Polarization, network::YearDay};
use leptos::prelude::*;
use time::Date;

use super::{
    FaultNote,
    catalogue_note::CatalogueNote,
    matrix::Matrix,
    plot::{StackPlot, gaps_in_words},
};
use crate::{
    browser,
    logic::{
        format,
        model::Model,
        plot::{SHADES, shade_colour},
    },
    state::{Frame, Holdings, Load, Pick, Plan, Session, Watch},
};

/// The burst whose acquisitions the sandbox's catalogue carries.
const RECORDED: &str = "174_372326_IW3";

/// The panel.
#[component]
pub(crate) fn StackPanel() -> impl IntoView {
    let frame: Frame = expect_context();
    let holdings: Holdings = expect_context();
    let plan: Plan = expect_context();
    let watch: Watch = expect_context();
    let close = RwSignal::new(true);
    let at_run = Memo::new(move |_| frame.at_run());
    let model = Memo::new(move |_| {
        Arc::new(if at_run.get() { run_model(holdings, plan, watch) } else { plan_model(holdings, plan) })
    });
    let has_plot = Memo::new(move |_| model.with(|m| !m.marks.is_empty()));
    let ranged = move || model.with(|m| m.range.is_some());
    let on_date = Callback::new(move |day| {
        if !at_run.get_untracked() {
            plan.take(day);
        }
    });
    let on_pair = Callback::new(move |name: PairName| {
        if at_run.get_untracked() {
            watch.focus.set(Some(name.to_string()));
        } else {
            plan.drop_pair(name);
        }
    });
    let planning = move || !at_run.get_untracked();
    let on_range = Callback::new(move |[start, end]: [Date; 2]| {
        if planning() {
            plan.set_rule(|rule| (rule.start, rule.end) = (Some(start), Some(end)));
        }
    });
    let on_lock = Callback::new(move |name| {
        if planning() {
            plan.toggle_lock(name);
        }
    });
    let on_join = Callback::new(move |[a, b]: [Date; 2]| {
        if planning() {
            plan.pair(a, b);
        }
    });
    let on_season = Callback::new(move |(last, day)| {
        plan.set_rule(|rule| {
            if let Some(season) = &mut rule.season {
                *(if last { &mut season.to } else { &mut season.from }) = YearDay::of(day);
            }
        });
    });
    let on_cell = Callback::new(move |name: PairName| {
        if planning() {
            plan.toggle(name);
        } else {
            watch.focus.set(Some(name.to_string()));
        }
    });
    let narrow = browser::is_narrow();
    let matrix = RwSignal::new(!narrow);
    let close_up = Signal::derive(move || close.get() && ranged());
    let plot = move || {
        let hints = match at_run.get() {
            true => ["", "Click to look closer"],
            false => ["Drag to another date to pair them", "Click drops this pair, Shift+click locks it"],
        };
        let drawn = view! {
            <StackPlot
                model
                close=close_up
                selected=plan.selected
                near_pair=plan.near
                on_date
                on_pair
                on_lock
                on_join
                on_range
                on_season
                hints
            />
        };
        let square = show(move || {
            matrix.get().then(|| {
                view! { <Matrix model close=close_up near_pair=plan.near on_cell on_lock planning=!at_run.get()/> }
            })
        });
        view! {
            <div class="twins" class:alone=live(move || matrix.get() && narrow)>{drawn}{square}</div>
        }
    };
    view! {
        <section class="stack" aria-label="Stack" data-testid="stack">
            <header>
                <h2>{show(move || if at_run.get() { "Network" } else { "Stack" })}</h2>
                <Count/>
                <span class="line small grow" role="status">{show(move || hint(plan, at_run.get()))}</span>
                {show(move || {
                    (ranged() && has_plot.get()).then(|| {
                        view! {
                            <label class="check small">
                                <input type="checkbox" data-testid="close-up" prop:checked=close on:change=move |_| close.update(|c| *c = !*c)/>
                                "Chosen dates only"
                            </label>
                        }
                    })
                })}
                {show(move || {
                    has_plot.get().then(|| {
                        view! {
                            <label class="check small">
                                <input type="checkbox" data-testid="show-matrix" prop:checked=matrix on:change=move |_| matrix.update(|m| *m = !*m)/>
                                "Matrix"
                            </label>
                        }
                    })
                })}
                {show(move || (!at_run.get() && has_plot.get()).then(|| view! { <CoherenceKey/><PolarizationSwitch/> }))}
            </header>
            <CatalogueNote/>
            {show(move || if has_plot.get() { plot().into_any() } else { view! { <Instead/> }.into_any() })}
        </section>
    }
}

fn plan_model(holdings: Holdings, plan: Plan) -> Model {
    let made = move || {
        let (stack, network) = (holdings.stack.get()?, plan.network.get()?);
        let (health, measures) = (plan.health.get()?, plan.measures.get()?);
        Some(Model::of_plan(stack, &network, &plan.choice().rule, &health, &measures))
    };
    made().unwrap_or_default()
}

fn run_model(holdings: Holdings, plan: Plan, watch: Watch) -> Model {
    let pairs: Vec<_> = watch.view.with(|view| {
        let pairs = view.iter().flat_map(|v| &v.pairs);
        pairs.filter_map(|p| Some((p.name.parse().ok()?, p.state))).collect()
    });
    let names = pairs.iter().map(|(name, _): &(PairName, _)| *name).collect();
    Model::of_run(holdings.stack.get(), &pairs, plan.rule_of(&names).as_ref())
}

fn hint(plan: Plan, at_run: bool) -> String {
    if at_run {
        return String::new();
    }
    match plan.selected.get() {
        Some(day) => format!("{}: click a second date to pair it, or Esc", domain::timestamp::day_text(day)),
        None => plan.said.get(),
    }
}

/// The colours of expected coherence with their range.
#[component]
fn CoherenceKey() -> impl IntoView {
    let colours: Vec<String> = (0..SHADES).map(shade_colour).collect();
    let gradient = format!("background:linear-gradient(to right,{})", colours.join(","));
    view! {
        <span class="coherence-key small" data-testid="coherence-key" title="A model of time and baseline, to be set under Pairs: it ranks pairs and measures nothing">
            "Expected coherence 0 " <span class="ramp" style=gradient></span> " 1"
        </span>
    }
}

#[component]
fn Count() -> impl IntoView {
    let holdings: Holdings = expect_context();
    let text = move || match (holdings.load.get(), holdings.stack.get()) {
        (Load::Loading(got, Some(of)), _) => format!("{got} of {of} acquisitions"),
        (Load::Loading(..), _) => "asking the catalogue".to_owned(),
        (Load::Ready, Some(stack)) if !stack.acquisitions().is_empty() => {
            let days: Vec<Date> = stack.daily().map(|a| a.granule.date()).collect();
            let mut parts = vec![
                format::count(days.len(), "date", "dates"),
                stack.polarization().to_string(),
                gaps_in_words(&days),
            ];
            parts.retain(|part| !part.is_empty());
            parts.join(" · ")
        }
        _ => String::new(),
    };
    view! { <span class="small line" data-testid="stack-count">{show(text)}</span> }
}

#[component]
fn PolarizationSwitch() -> impl IntoView {
    let holdings: Holdings = expect_context();
    let choices = [Polarization::Vv, Polarization::Hh].map(|p| {
        let count = move || holdings.count(p);
        view! {
            <label title=live(move || format::count(count(), "acquisition", "acquisitions"))>
                <input
                    type="radio"
                    name="polarization"
                    value=p.as_str()
                    prop:checked=live(move || holdings.polarization.get() == p)
                    disabled=live(move || count() == 0)
                    on:change=move |_| holdings.polarization.set(p)
                />
                {p.as_str()}
            </label>
        }
    });
    view! {
        <div class="choice small" role="radiogroup" aria-label="Polarization" data-testid="polarization">
            {choices.into_iter().collect_view()}
        </div>
    }
}

/// What stands where the plot will be: what it will show, how far it is, or what went wrong.
#[component]
fn Instead() -> impl IntoView {
    let pick: Pick = expect_context();
    let holdings: Holdings = expect_context();
    let frame: Frame = expect_context();
    let content = move || {
        match (pick.burst.get(), holdings.load.get()) {
        _ if frame.at_run() => view! { <p>"The run's pairs appear here as a network once they are known."</p> }.into_any(),
        (None, _) | (_, Load::Idle) => {
            view! { <p>"The acquisitions of the picked burst appear here: when, by which satellite, how far apart."</p> }.into_any()
        }
        (Some(burst), Load::Loading(got, of)) => view! { <Loading burst got of/> }.into_any(),
        (Some(burst), Load::Stopped) => {
            view! {
                <p>"The search was stopped."</p>
                <button type="button" on:click=move |_| holdings.ask(burst)>"Ask the catalogue again"</button>
            }
            .into_any()
        }
        (Some(burst), Load::Failed(fault)) => {
            let retry = Callback::new(move |()| holdings.ask(burst));
            view! { <FaultNote fault retry/> }.into_any()
        }
        (Some(burst), Load::Ready) => view! { <Nothing burst/> }.into_any(),
    }
    };
    view! { <div class="empty">{show(content)}</div> }
}

#[component]
fn Loading(burst: BurstId, got: usize, of: Option<u64>) -> impl IntoView {
    let holdings: Holdings = expect_context();
    let text = of.map_or_else(
        || format!("Asking the catalogue for {burst}"),
        |of| format!("{got} of {of} acquisitions of {burst}"),
    );
    view! {
        <p>{text}</p>
        {show(move || holdings.delay.get().map(|why| view! { <p class="small" role="status" data-testid="delay">{why}</p> }))}
        <progress aria-label="Acquisitions loaded" max=of.map(|n| n.to_string()) value=of.map(|_| got.to_string())></progress>
        <button type="button" on:click=move |_| holdings.stop()>"Stop"</button>
    }
}

#[component]
fn Nothing(burst: BurstId) -> impl IntoView {
    let pick: Pick = expect_context();
    let session: Session = expect_context();
    let holdings: Holdings = expect_context();
    let recorded: Option<BurstId> = RECORDED.parse().ok();
    let offer = move || {
        (session.simulated() && Some(burst) != recorded).then(|| {
            view! {
                <p>"This is the sandbox: its catalogue carries the records of one burst only. A deployment with the real catalogue has them all."</p>
                <button type="button" data-testid="recorded" on:click=move |_| if let Some(b) = recorded { pick.visit(b) }>
                    {format!("Go to {RECORDED}, Mount Edgecumbe")}
                </button>
            }
        })
    };
    let unreadable = holdings.left_out();
    let sentence = match unreadable {
        0 => format!("The catalogue has no acquisition of {burst} that can be processed."),
        n => format!(
            "The catalogue has {} of {burst}, and none could be read.",
            format::count(n, "record", "records")
        ),
    };
    view! {
        <p data-testid="stack-empty">{sentence}</p>
        {show(offer)}
    }
}
