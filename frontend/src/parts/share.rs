//! Showing a run to somebody else: by its address where the repository is public, else by a link that is made here,
//! opens this run alone, and is over some day.

use domain::{
    access::Scope,
    api::{Link, MadeLink, Sharing},
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    CopyButton, FaultNote,
    dialog::{Dialog, DialogBox},
    live::show,
};
use crate::{
    address::{self, Place},
    api::{self, Fault},
    browser,
    logic::format,
    state::{Session, Watch},
};

/// How long links last, in days, and which is offered first.
const DAYS: [u32; 4] = [1, 7, 30, 90];
const OFFERED: u32 = 7;

/// The button of a run.
#[component]
pub(crate) fn ShareRun() -> impl IntoView {
    let session: Session = expect_context();
    let watch: Watch = expect_context();
    let sharing = Memo::new(move |_| session.config().map(|config| config.sharing));
    let address = move || {
        let place = Place::Run(watch.run.get_untracked().unwrap_or_default()).path();
        browser::absolute(&format!("{place}{}", address::pair_query(watch.focus.get_untracked().as_deref())))
    };
    let about = |sharing: &Sharing| match sharing {
        Sharing::Address => {
            "Anyone with the link can look, for as long as GitHub keeps the run; nobody can change anything by it."
        }
        _ => "The link works for those who can see the repository.",
    };
    show(move || {
        Some(match sharing.get()? {
            Sharing::Link => view! { <ShareDialog/> }.into_any(),
            other => {
                let about = about(&other);
                view! { <span title=about><CopyButton text=address label="Copy link" testid="copy-link" about/></span> }.into_any()
            }
        })
    })
}

#[component]
fn ShareDialog() -> impl IntoView {
    let watch: Watch = expect_context();
    let dialog = Dialog::new();
    let days = RwSignal::new(OFFERED);
    let made = RwSignal::new(None::<Result<MadeLink, Fault>>);
    let changed = RwSignal::new(0);
    let scope = Memo::new(move |_| Scope::Run(watch.run.get().unwrap_or_default()));
    let open = move |_| {
        made.set(None);
        dialog.open();
    };
    let make = move |_| {
        spawn_local(async move {
            let answer = api::make_link(scope.get_untracked(), days.get_untracked()).await;
            let _ = made.try_set(Some(answer));
            let _ = changed.try_update(|n| *n += 1);
        });
    };
    let choices = DAYS.map(|n| {
        view! { <option value=n.to_string() selected=n == OFFERED>{format::count(n as usize, "day", "days")}</option> }
    });
    view! {
        <button type="button" class="quiet" data-testid="share" aria-haspopup="dialog" on:click=open>"Share"</button>
        <DialogBox dialog title=Box::new(|| "Share this run".to_owned()) testid="share-dialog" close="Close">
            <p>
                "The repository is private. A share link lets anyone who has it look at this run: states, previews and \
                 products, but no logs and no other run. Nobody can launch or change anything by it."
            </p>
            <div class="row">
                <label for="share-days">"It opens the run for"</label>
                <select
                    id="share-days"
                    data-testid="share-days"
                    on:change=move |event| days.set(event_target_value(&event).parse().unwrap_or(OFFERED))
                >
                    {choices.into_iter().collect_view()}
                </select>
                <button type="button" class="primary" data-testid="make-link" on:click=make>"Make link"</button>
            </div>
            {show(move || made.get().map(|answer| match answer {
                Ok(made) => view! { <Made made/> }.into_any(),
                Err(fault) => view! { <FaultNote fault/> }.into_any(),
            }))}
            {show(move || dialog.is_open().then(|| view! { <ShareLinks scope=Some(scope.get()) changed/> }))}
        </DialogBox>
    }
}

/// A link that was just made: it is shown once, since nobody keeps it.
#[component]
fn Made(made: MadeLink) -> impl IntoView {
    let address = StoredValue::new(browser::absolute(&made.path));
    view! {
        <div class="notice small" role="status">
            <p>{format!("Opens this run until {}. It is shown only now:", format::minute(made.link.until))}</p>
            <input
                class="mono"
                type="text"
                readonly
                aria-label="Share link"
                data-testid="share-link"
                prop:value=address.get_value()
            />
            <div class="row"><CopyButton text=move || address.get_value() label="Copy link" testid="copy-share-link"/></div>
        </div>
    }
}

/// The valid links: those of one run, or all that this visitor may see.
#[component]
pub(crate) fn ShareLinks(
    /// Only links to this.
    scope: Option<Scope>,
    /// Counts up when there may be others.
    changed: RwSignal<u32>,
) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Vec<Link>, Fault>>);
    Effect::new(move |_| {
        changed.track();
        spawn_local(async move { drop(answer.try_set(Some(api::links().await.map(|l| l.links)))) });
    });
    let revoke = move |id: String| {
        spawn_local(async move {
            match api::revoke_link(&id).await {
                Ok(()) => drop(changed.try_update(|n| *n += 1)),
                Err(fault) => drop(answer.try_set(Some(Err(fault)))),
            }
        });
    };
    let of_one = scope.is_some();
    show(move || {
        let scope = scope.clone();
        Some(match answer.get()? {
            Err(fault) => view! { <FaultNote fault/> }.into_any(),
            Ok(links) => {
                let links: Vec<Link> =
                    links.into_iter().filter(|l| scope.as_ref().is_none_or(|s| l.scope == *s)).collect();
                if links.is_empty() {
                    return Some(
                        view! { <p class="small muted" data-testid="no-links">"No share link is valid."</p> }
                            .into_any(),
                    );
                }
                let lines = links.into_iter().map(|link| {
                    let what = if of_one { String::new() } else { format!("{} · ", named(&link.scope)) };
                    let until = format::minute(link.until);
                    let id = link.id.clone();
                    let about = format!("Revoke the link by {} until {until}", link.by);
                    view! {
                        <li>
                            <span>{format!("{what}by {} · until {until}", link.by)}</span>
                            <button type="button" class="quiet" data-testid="revoke-link" aria-label=about on:click=move |_| revoke(id.clone())>
                                "Revoke"
                            </button>
                        </li>
                    }
                });
                view! { <ul class="small plain links" data-testid="share-links">{lines.collect_view()}</ul> }
                    .into_any()
            }
        })
    })
}

fn named(scope: &Scope) -> String {
    match scope {
        Scope::Run(run) => format!("run {run}"),
        Scope::Batch(batch) => format!("batch {batch}"),
    }
}
