//! The thin bar on top.

use super::live::show;
use leptos::{ev, prelude::*};

use super::{AccountMenu, KeysDialog, SearchBox, ThemeSwitch};
use crate::{
    address::Place,
    state::{Frame, Session, Step},
};

/// Name, repository, search field, runs, account, theme.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let session: Session = expect_context();
    let frame: Frame = expect_context();
    let home = move |event: ev::MouseEvent| {
        // Other buttons and modifiers keep their meaning: a new tab, a copied link.
        if !event.meta_key() && !event.ctrl_key() && !event.shift_key() {
            event.prevent_default();
            frame.go(Place::Board, "");
            frame.show(&[Step::Burst]);
        }
    };
    let repository = move || {
        session.config()?.repository.map(|repository| {
            let name = format!("{}/{}", repository.owner, repository.name);
            view! {
                <a class="repository" href=repository.url target="_blank" rel="noreferrer">
                    {name}
                </a>
            }
        })
    };
    let simulated = move || {
        session.simulated().then(|| {
            view! {
                <span class="tag simulated" title="Products here are modelled, not measured">
                    "simulated engine"
                </span>
            }
        })
    };
    view! {
        <header class="bar">
            <a class="brand" href="/" on:click=home>
                <img src="/icon.svg" alt="" width="22" height="22"/>
                <h1>"Burstboard"</h1>
            </a>
            {show(repository)}
            {show(simulated)}
            <SearchBox/>
            <button class="quiet" data-testid="show-runs" on:click=move |_| frame.show(&[Step::Watch])>
                "Runs"
            </button>
            <AccountMenu/>
            <KeysDialog/>
            <ThemeSwitch/>
        </header>
    }
}
