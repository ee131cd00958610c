//! Cancelling a run, after one question.

use super::{
    dialog::{Dialog, DialogBox},
    live::show,
};
use domain::run::State;
use leptos::{prelude::*, task::spawn_local};

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
    let dialog = Dialog::new();
    let counts = Memo::new(move |_| {
        watch.view.with(|v| v.as_ref().map_or_else(Counts::default, |v| Counts::of(&v.pairs)))
    });
    let cancel = move |_| {
        dialog.close();
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
    let confirm = view! {
        <button type="button" class="danger" data-testid="cancel-confirm" on:click=cancel>{show(words)}</button>
    };
    view! {
        <button type="button" class="danger" data-testid="cancel-run" on:click=move |_| dialog.open()>"Cancel run"</button>
        <DialogBox
            dialog
            title=Box::new(|| "Cancel this run?".to_owned())
            testid="cancel-dialog"
            acts=confirm.into_any()
            close="Keep running"
        >
            <p>{show(move || consequence(counts.get()))}</p>
        </DialogBox>
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
