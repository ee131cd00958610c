//! The search field.

use super::live::{live, show};
use domain::coverage;
use leptos::{ev, html::Input, prelude::*};

use crate::{
    address::Place,
    browser,
    logic::{
        format,
        search::{self, Found},
    },
    state::{Frame, Pick, Step},
};

/// Takes bursts in any spelling, acquisitions and coordinates. `/` leads to it from everywhere.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    let pick: Pick = expect_context();
    let frame: Frame = expect_context();
    let field = NodeRef::<Input>::new();
    let answer = RwSignal::new(None::<String>);
    let slash = window_event_listener(ev::keydown, move |event| {
        if event.key() == "/" && !browser::is_typing() {
            event.prevent_default();
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
                field.select();
            }
        }
    });
    on_cleanup(move || slash.remove());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        match search::parse(&field.value()).and_then(|found| go(pick, found)) {
            Ok(()) => {
                answer.set(None);
                if frame.at_run_untracked() {
                    frame.go(Place::Board, "");
                }
                if pick.burst.get_untracked().is_none() {
                    frame.show(&[Step::Burst]);
                }
                let _ = field.blur();
            }
            Err(sentence) => answer.set(Some(sentence)),
        }
    };
    view! {
        <form role="search" on:submit=submit>
            <input
                node_ref=field
                type="text"
                name="q"
                autocomplete="off"
                spellcheck="false"
                data-testid="search"
                aria-label="Find a burst, an acquisition or a place"
                placeholder="Burst, acquisition or lat, lon"
                aria-invalid=live(move || answer.with(Option::is_some).to_string())
                aria-describedby="search-answer"
                on:input=move |_| answer.set(None)
                on:keydown=move |event| {
                    if event.key() == "Escape" {
                        answer.set(None);
                    }
                }
            />
            <kbd aria-hidden="true">"/"</kbd>
            <div id="search-answer" role="status" class:answer=live(move || answer.with(Option::is_some))>
                {show(move || answer.get())}
            </div>
        </form>
    }
}

fn go(pick: Pick, found: Found) -> Result<(), String> {
    match found {
        Found::Burst(burst) => pick.visit(burst),
        Found::Granule(granule) => pick.visit(granule.burst().map_err(|e| e.to_string())?),
        Found::Area(area) => {
            pick.choose(None);
            pick.ask_area(area).map_err(|sentence| crate::api::capital(&sentence))?;
        }
        Found::Place(place) => {
            if coverage::covering(place).is_empty() {
                return Err(format!("No Sentinel-1 IW burst covers {}", format::place(place)));
            }
            pick.choose(None);
            pick.ask(place);
            pick.show.update(|n| *n += 1);
        }
    }
    Ok(())
}
