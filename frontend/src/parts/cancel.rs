//! Cancelling a run, after one question.

use super::live::show;
use domain::run::State;
use leptos::{html::Dialog, prelude::*, task::spawn_local};

use crate::{
    api::{self, Fault},
    logic::{format, progress::Counts},
    state::Watch,
};

/// The button and its question; there while the run is not over.
#[component]
pub(crate) fn CancelRun(
    /// Why it did not work.
    fault: RwSignal<Option<Fault>>,
) -> impl IntoView {
    let watch: Watch = expect_context();
    let dialog = NodeRef::<Dialog>::new();
    let counts = Memo::new(move |_| {
        watch.view.with(|v| v.as_ref().map_or_else(Counts::default, |v| Counts::of(&v.pairs)))
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let ask = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    let cancel = move |_| {
        close();
        let Some(run) = watch.run.get_untracked() else { return };
        spawn_local(async move {
            let answer = api::cancel(run).await;
            // The page may have gone on meanwhile.
            let _ = fault.try_set(answer.err());
            watch.ask_now();
        });
    };
    let words = move || match counts.get() {
        Counts { queued: 0, running: 0, .. } => "Cancel run".to_owned(),
        Counts { queued, running, .. } => {
            format!("Cancel {}", format::count(queued + running, "pair", "pairs"))
        }
    };
    view! {
        <button type="button" class="danger" data-testid="cancel-run" on:click=ask>"Cancel run"</button>
        <dialog node_ref=dialog aria-labelledby="cancel-title" data-testid="cancel-dialog">
            <h2 id="cancel-title">"Cancel this run?"</h2>
            <p>{show(move || consequence(counts.get()))}</p>
            <div class="row">
                <button type="button" class="danger" data-testid="cancel-confirm" on:click=cancel>{show(words)}</button>
                <button type="button" on:click=move |_| close()>"Keep running"</button>
            </div>
        </dialog>
    }
}

fn consequence(counts: Counts) -> String {
    let listed = |state: State, n: usize| format!("{} {}", format::count(n, "pair", "pairs"), state.word());
    let stops = match (counts.running, counts.queued) {
        (0, 0) => "The search for pairs stops".to_owned(),
        (running, 0) => format!("{} will stop", listed(State::Running, running)),
        (0, queued) => format!("{} will not start", listed(State::Queued, queued)),
        (running, queued) => {
            format!("{} will stop, {queued} queued will not start", listed(State::Running, running))
        }
    };
    let kept = match counts.done {
        0 => "nothing is done yet".to_owned(),
        done => format!("{} stay as they are", listed(State::Done, done)),
    };
    format!("{stops}; {kept}. Cancelled pairs can be run again.")
}
