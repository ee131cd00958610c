//! One run: counts, what can be done with it, the pair in focus, and a card for each pair.

use super::live::{live, show};
use domain::run::State;
use leptos::{prelude::*, task::spawn_local};

use super::{
    CopyButton, FaultNote, Mark, cancel::CancelRun, cards::Cards, focus::FocusPanel, share::ShareRun,
};
use crate::{
    api::{self, Fault},
    logic::{format, progress::Counts},
    state::{Session, Watch},
};

/// The run.
#[component]
pub(crate) fn RunPanel() -> impl IntoView {
    let watch: Watch = expect_context();
    let title = Memo::new(move |_| watch.view.with(|v| v.as_ref().map(|v| v.run.title.clone())));
    view! {
        <div class="run-head">
            <h3>{show(move || title.get())}</h3>
            <Standing/>
        </div>
        <Stale/>
        <Actions/>
        <FocusPanel/>
        <Cards/>
    }
}

#[component]
fn Standing() -> impl IntoView {
    let watch: Watch = expect_context();
    let state = Memo::new(move |_| watch.view.with(|v| v.as_ref().map_or(State::Queued, |v| v.run.state)));
    let counts = Memo::new(move |_| {
        watch.view.with(|v| v.as_ref().map_or_else(Counts::default, |v| Counts::of(&v.pairs)))
    });
    let told = move || {
        let counts = counts.get().listed();
        counts
            .into_iter()
            .map(|(state, n)| view! { <span><Mark state/>{format!("{n} {}", state.word())}</span> })
            .collect_view()
    };
    // Those who listen hear counts when they change, and no single job.
    view! {
        <div class="row spread">
            <span class="row" data-testid="run-state">
                {show(move || view! { <Mark state=state.get()/> })}
                <strong>{show(move || state.get().word())}</strong>
            </span>
            <span class="counts small" role="status">{show(told)}</span>
        </div>
        <progress
            data-testid="run-progress"
            aria-label="Pairs that have ended"
            max=live(move || counts.get().total().max(1).to_string())
            value=live(move || counts.get().ended().to_string())
        ></progress>
        {show(move || {
            watch.view.with(|v| v.as_ref().is_some_and(|v| v.incomplete)).then(|| {
                view! { <p class="notice small">"GitHub counts more jobs than it lists just now: some pairs may be missing here."</p> }
            })
        })}
    }
}

/// Since when the picture is old, and why.
#[component]
fn Stale() -> impl IntoView {
    let watch: Watch = expect_context();
    show(move || {
        let (fault, since) = watch.fault.get().zip(watch.stale_since())?;
        let retry = Callback::new(move |()| watch.ask_now());
        let fault = Fault {
            detail: format!("What is shown is from {}. {}", format::minute(since), fault.detail),
            ..fault
        };
        Some(view! { <FaultNote fault retry/> })
    })
}

#[component]
fn Actions() -> impl IntoView {
    let watch: Watch = expect_context();
    let session: Session = expect_context();
    let fault = RwSignal::new(None::<Fault>);
    let may = move || session.config().is_some_and(|c| c.may_launch.allowed);
    let running =
        Memo::new(move |_| watch.view.with(|v| v.as_ref().is_some_and(|v| !v.run.state.is_final())));
    let failed = Memo::new(move |_| {
        watch.view.with(|v| {
            let ended = v.as_ref().filter(|v| v.run.state.is_final());
            ended.map_or(0, |v| {
                v.pairs.iter().filter(|p| matches!(p.state, State::Failed | State::Cancelled)).count()
            })
        })
    });
    let rerun = move |_| {
        let Some(run) = watch.run.get_untracked() else { return };
        spawn_local(async move {
            let _ = fault.try_set(watch.again(api::rerun_failed(run).await).err());
        });
    };
    let command = move || {
        let repository = session.repository().map(|name| format!(" -R {name}"));
        format!(
            "gh run download {}{}",
            watch.run.get_untracked().unwrap_or_default(),
            repository.unwrap_or_default()
        )
    };
    view! {
        <div class="row">
            {show(move || (running.get() && may()).then(|| view! { <CancelRun fault/> }))}
            {show(move || (failed.get() > 0 && may()).then(|| view! {
                <button type="button" data-testid="rerun-failed" on:click=rerun>
                    {format!("Re-run {}", format::count(failed.get(), "pair", "pairs"))}
                </button>
            }))}
            <ShareRun/>
            <CopyButton text=command label="Copy gh command" testid="copy-command"/>
            {show(move || watch.view.with(|v| v.as_ref().map(|v| view! {
                <a class="button quiet" href=v.run.url.clone() target="_blank" rel="noreferrer">"On GitHub"</a>
            })))}
        </div>
        {show(move || fault.get().map(|fault| view! { <FaultNote fault/> }))}
    }
}
