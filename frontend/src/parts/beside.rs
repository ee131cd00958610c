//! The neighbours of the picked burst: to go to, or to take along in one network and one batch.

use domain::{BurstId, Bursts, JobName, bursts::MOST_TOGETHER, coverage::neighbours};
use leptos::prelude::*;

use super::{
    FaultNote,
    live::{live, show},
    stack_panel::RECORDED,
};
use crate::{
    api::capital,
    logic::format,
    state::{Batch, Load, Other, Others, Pick, Plan, Session},
};

/// The bursts along the track and in the next subswaths; going to one keeps the rule for pairs.
#[component]
pub(crate) fn Beside(burst: BurstId) -> impl IntoView {
    let pick: Pick = expect_context();
    let go = Callback::new(move |next| pick.visit(next));
    let chips = neighbours(burst).into_iter().map(move |footprint| {
        view! { <Chip burst=footprint.burst says="Go to burst" testid="neighbour" act=go/> }
    });
    view! { <span class="neighbours">{chips.collect_view()}</span> }
}

/// A burst's number and subswath to press; while it is looked at it is drawn on the map.
#[component]
fn Chip(burst: BurstId, says: &'static str, testid: &'static str, act: Callback<BurstId>) -> impl IntoView {
    let pick: Pick = expect_context();
    let hover = move |now: bool| pick.hovered.set(now.then_some(burst));
    view! {
        <button
            type="button"
            class="link mono small"
            data-testid=testid
            data-burst=burst.to_string()
            aria-label=format!("{says} {burst}")
            on:click=move |_| {
                hover(false);
                act.run(burst);
            }
            on:pointerenter=move |_| hover(true)
            on:pointerleave=move |_| hover(false)
            on:focus=move |_| hover(true)
            on:blur=move |_| hover(false)
        >
            {short(burst)}
        </button>
    }
}

/// A pair's name for people: in a run of several bursts the burst in short, and the days.
pub(crate) fn title(name: &str) -> String {
    match name.parse::<JobName>() {
        Ok(job) => {
            job.burst().map_or_else(|| name.to_owned(), |burst| format!("{} {}", short(burst), job.pair()))
        }
        Err(_) => name.to_owned(),
    }
}

/// `372326_IW3`: what tells a burst from its neighbours.
pub(crate) fn short(burst: BurstId) -> String {
    format!("{:06}_{}", burst.number(), burst.subswath())
}

/// Neighbours that get the same pairs: those that do, and those that could.
#[component]
pub(crate) fn Together() -> impl IntoView {
    let pick: Pick = expect_context();
    let count = Memo::new(move |_| pick.others.with(Vec::len));
    let line = move || match count.get() {
        0 => "none".to_owned(),
        n => format!("{n} taken along"),
    };
    let to_add = move || {
        let bursts = pick.bursts()?;
        let (all, more) = all_of_area(&bursts, pick);
        let take_all = (more > 0).then(|| {
            let words = format!("Add {} of this pass that cover the area", format::count(more, "burst", "bursts"));
            view! {
                <button type="button" class="link small" data-testid="take-area" on:click=move |_| pick.take_along(Some(&all))>
                    {words}
                </button>
            }
        });
        let take = Callback::new(move |next| pick.toggle(next));
        let chips = free(&bursts).into_iter().map(|burst| {
            view! { <Chip burst says="Take along burst" testid="take-along" act=take/> }
        });
        let chips = chips.collect_view();
        let full = bursts.count() == MOST_TOGETHER;
        if full {
            let words = format!("{MOST_TOGETHER} bursts are the most that are taken together.");
            return Some(view! { <p class="small muted">{words}</p> }.into_any());
        }
        Some(
            view! {
                <p class="small muted">"Add, to make the same pairs there in the same batch:"</p>
                <span class="neighbours">{chips}</span>
                {take_all}
            }
            .into_any(),
        )
    };
    // It opens for what a link takes along, and does not shut when the last one is left out.
    let open = Memo::new(move |was: Option<&bool>| was == Some(&true) || count.get() > 0);
    view! {
        <details class="more" data-testid="together" prop:open=live(move || open.get())>
            <summary>"Neighbouring bursts " <span class="muted">{show(line)}</span></summary>
            <div class="fold">
                <TakenAlong/>
                {show(to_add)}
            </div>
        </details>
    }
}

/// The neighbours of all of them that are none of them and can be taken along, those of the first one in front.
fn free(bursts: &Bursts) -> Vec<BurstId> {
    let mut free = Vec::new();
    for next in bursts.all().flat_map(neighbours).map(|footprint| footprint.burst) {
        if !bursts.holds(next) && !free.contains(&next) && bursts.clone().with(next).is_ok() {
            free.push(next);
        }
    }
    free
}

/// The bursts with those of the same pass that cover the area too, and how many these are.
fn all_of_area(bursts: &Bursts, pick: Pick) -> (Bursts, usize) {
    let mut all = bursts.clone();
    if pick.area.with(Option::is_some) {
        pick.covers.with(|covers| {
            for cover in covers.iter() {
                // What is there already, or too far along the track, stays out.
                if let Ok(more) = all.clone().with(cover.footprint.burst) {
                    all = more;
                }
            }
        });
    }
    let more = all.count() - bursts.count();
    (all, more)
}

/// What is taken along, what the catalogue has of it, and what it lacks.
#[component]
fn TakenAlong() -> impl IntoView {
    let others: Others = expect_context();
    let pick: Pick = expect_context();
    show(move || {
        let all = others.all.get();
        let first = pick.burst.get().filter(|_| !all.is_empty())?;
        Some(view! {
            <div class="along" data-testid="along" role="group" aria-label="Bursts that are taken together">
                <p class="small muted">
                    {format!("Pairs of {first}'s dates are made in {} bursts:", all.len() + 1)}
                </p>
                <ul>{all.into_iter().map(|other| view! { <Along other/> }).collect_view()}</ul>
            </div>
        })
    })
}

#[component]
fn Along(other: Other) -> impl IntoView {
    let pick: Pick = expect_context();
    let others: Others = expect_context();
    let batch: Batch = expect_context();
    let plan: Plan = expect_context();
    let session: Session = expect_context();
    let short_of = other.short_of();
    let Other { burst, load, .. } = other;
    let hover = move |now: bool| pick.hovered.set(now.then_some(burst));
    let lacks = move || {
        let n =
            batch.order.with(|order| order.missing.iter().find(|(of, _)| *of == burst).map(|(_, n)| *n))?;
        let all = plan.network.with(|n| n.as_ref().map_or(0, |n| n.pairs().len()));
        Some(format!(", lacks passes for {n} of {}", format::count(all, "pair", "pairs")))
    };
    let state = match load {
        Load::Ready => {
            let derived = session.simulated() && burst.to_string() != RECORDED;
            show(move || {
                let dates = others.dates(burst);
                // What is simulated says so wherever it is seen.
                let kind = if derived && dates > 0 { "derived " } else { "" };
                let dates = format!("{} {kind}{}", dates, if dates == 1 { "date" } else { "dates" });
                format!("{dates}{}", lacks().unwrap_or_default())
            })
            .into_any()
        }
        Load::Loading(0, _) => "asking the catalogue".into_any(),
        Load::Loading(got, of) => {
            format!("{got}{} acquisitions", of.map(|n| format!(" of {n}")).unwrap_or_default()).into_any()
        }
        Load::Failed(fault) => {
            let retry = Callback::new(move |()| others.ask_again(burst));
            view! { <FaultNote fault retry/> }.into_any()
        }
        Load::Idle | Load::Stopped => "".into_any(),
    };
    view! {
        <li data-testid="taken" data-burst=burst.to_string() on:pointerenter=move |_| hover(true) on:pointerleave=move |_| hover(false)>
            <span class="mono small">{burst.to_string()}</span>
            <button
                type="button"
                class="quiet small"
                data-testid="leave-out"
                aria-label=format!("Leave burst {burst} out")
                on:click=move |_| {
                    hover(false);
                    pick.toggle(burst);
                }
            >
                "Leave out"
            </button>
            <div class="small muted">
                {state}
                {short_of.map(|why| view! {
                    <p>
                        {capital(&why)}": dates may be missing. "
                        <button type="button" class="link" data-testid="ask-again" on:click=move |_| others.ask_again(burst)>"Ask again"</button>
                    </p>
                })}
            </div>
        </li>
    }
}
