//! What a person should know of the catalogue's answer before trusting the stack.

use super::live::show;
use domain::catalogue::MOST_FROM_ASF;
use leptos::prelude::*;

use super::stack_panel::RECORDED;
use crate::{
    logic::format,
    state::{Holdings, Session},
};

/// Says where records are missing, could not be read, or came without orbit states; nothing where all is well.
#[component]
pub(crate) fn CatalogueNote() -> impl IntoView {
    let holdings: Holdings = expect_context();
    let session: Session = expect_context();
    show(move || {
        let (burst, harvest) = holdings.ready()?;
        let mut sentences = Vec::new();
        if session.simulated() && harvest.received() > 0 && burst.to_string() != RECORDED {
            sentences.push(format!(
                "This is the sandbox: these are no records, but those of {RECORDED} moved along the track."
            ));
        }
        if let Some(announced) = harvest.announced {
            sentences.push(format!(
                "The catalogue announced {announced} records but sent {}: dates may be missing.",
                harvest.received()
            ));
        }
        if harvest.second_way {
            sentences.push(
                "These dates come from ASF's search service, since NASA's catalogue did not answer. It gives no orbit states: baselines are unknown."
                    .to_owned(),
            );
        }
        if harvest.second_way && harvest.received() >= MOST_FROM_ASF {
            sentences.push(format!("It sends at most {MOST_FROM_ASF} records: there may be more."));
        }
        let unread = harvest.left_out.len();
        if unread > 0 {
            sentences.push(format!("{} could not be read.", format::count(unread, "record", "records")));
        }
        let short = harvest.announced.is_some() || harvest.second_way;
        let names = harvest.left_out.iter().take(20).map(|l| format!("{}: {}\n", l.name, l.reason));
        let names: String = names.collect();
        (!sentences.is_empty()).then(|| {
            view! {
                <div class="notice small" role="status" data-testid="catalogue-note">
                    <p>{sentences.join(" ")}</p>
                    {short.then(|| view! { <button type="button" on:click=move |_| holdings.ask(burst)>"Ask again"</button> })}
                    {(unread > 0).then(|| view! { <details><summary>"Which"</summary><pre>{names}</pre></details> })}
                </div>
            }
        })
    })
}
