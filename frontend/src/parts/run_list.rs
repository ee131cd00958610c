//! The newest runs, or those of a batch.

use super::live::show;
use domain::{api::Runs, launch::BatchId, run::RunSummary};
use leptos::{ev, prelude::*, task::spawn_local};

use super::{FaultNote, Mark};
use crate::{
    address::Place,
    api::{self, Fault},
    browser,
    logic::format,
    state::Frame,
};

/// The list; a batch of a single run leads on to it.
#[component]
pub(crate) fn RunList(
    /// The batch whose runs are listed.
    batch: Option<BatchId>,
) -> impl IntoView {
    let frame: Frame = expect_context();
    let answer = RwSignal::new(None::<Result<Runs, Fault>>);
    let of_batch = batch.is_some();
    let batch = StoredValue::new(batch);
    let ask = move || {
        spawn_local(async move {
            let heard = match batch.get_value() {
                Some(batch) => api::batch(&batch).await,
                None => api::runs().await,
            };
            let only = heard.as_ref().ok().filter(|_| of_batch).and_then(|h| match h.runs.as_slice() {
                [one] => Some(one.id),
                _ => None,
            });
            if answer.try_set(Some(heard)).is_none()
                && let Some(run) = only
            {
                browser::replace(&Place::Run(run).path());
                frame.arrive(Place::Run(run));
            }
        });
    };
    ask();
    show(move || {
        match answer.get() {
        None => view! { <p class="lead">"Asking for the runs"</p> }.into_any(),
        Some(Err(fault)) => view! { <FaultNote fault retry=Callback::new(move |()| ask())/> }.into_any(),
        Some(Ok(Runs { runs })) if runs.is_empty() => {
            view! { <p class="lead" data-testid="run-list">"Runs appear here once something was launched."</p> }.into_any()
        }
        Some(Ok(Runs { runs })) => {
            view! {
                <ul class="runs" data-testid="run-list">
                    {runs.into_iter().map(|run| view! { <RunLine run/> }).collect_view()}
                </ul>
            }
            .into_any()
        }
    }
    })
}

#[component]
fn RunLine(run: RunSummary) -> impl IntoView {
    let frame: Frame = expect_context();
    let place = Place::Run(run.id);
    let address = place.path();
    let go = move |event: ev::MouseEvent| {
        if !event.meta_key() && !event.ctrl_key() && !event.shift_key() {
            event.prevent_default();
            frame.go(place.clone(), "");
        }
    };
    let actor = run.actor.map(|a| format!(" · {a}")).unwrap_or_default();
    let attempt = if run.attempt > 1 { format!(" · attempt {}", run.attempt) } else { String::new() };
    view! {
        <li>
            <a href=address on:click=go>
                <Mark state=run.state/>
                <span class="title">{run.title}</span>
                <span class="small">{run.state.word()}</span>
                <span class="small muted" title=browser::local_time(run.created)>
                    {format!("{}{actor}{attempt}", format::minute(run.created))}
                </span>
            </a>
        </li>
    }
}
