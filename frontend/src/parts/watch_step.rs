//! Watching runs: the list of them, or one with its pairs.

use super::live::show;
use leptos::prelude::*;

use super::{FaultNote, run_list::RunList, run_view::RunPanel};
use crate::{
    address::Place,
    state::{Frame, Watch},
};

/// The list where no run is open, else the run.
#[component]
pub(crate) fn WatchStep() -> impl IntoView {
    let frame: Frame = expect_context();
    let watch: Watch = expect_context();
    let place = Memo::new(move |_| frame.place.get());
    show(move || match place.get() {
        Place::Board | Place::Nowhere => view! { <RunList batch=None/> }.into_any(),
        Place::Batch(batch) => view! { <RunList batch=Some(batch)/> }.into_any(),
        Place::Run(_) => view! { <OneRun watch/> }.into_any(),
    })
}

#[component]
fn OneRun(watch: Watch) -> impl IntoView {
    let frame: Frame = expect_context();
    // A memo, since each answer is a change of the signals: the run's panel stays as it is, with what is open in it.
    let standing = Memo::new(move |_| match watch.fault.get() {
        _ if watch.view.with(Option::is_some) => Ok(true),
        Some(fault) => Err(fault),
        None => Ok(false),
    });
    let content = move || match standing.get() {
        Ok(true) => view! { <RunPanel/> }.into_any(),
        Ok(false) => view! { <p class="lead">"Asking for the run"</p> }.into_any(),
        Err(fault) => {
            let retry = Callback::new(move |()| watch.ask_now());
            view! { <FaultNote fault retry/> }.into_any()
        }
    };
    view! {
        {show(content)}
        <p class="small">
            <button type="button" class="link" on:click=move |_| frame.go(Place::Board, "")>"All runs"</button>
        </p>
    }
}
