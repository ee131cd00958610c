//! What those who look after the deployment see: what is wrong, whether launching is open, who did what, which share
//! links there are.

use domain::api::{Health, Launching};
use leptos::{prelude::*, task::spawn_local};

use super::{FaultNote, live::show, share::ShareLinks};
use crate::{
    api::{self, Fault},
    logic::format,
};

/// The section of the account's dialog.
#[component]
pub(crate) fn Deployment() -> impl IntoView {
    view! {
        <section class="deployment" data-testid="deployment" aria-label="This deployment">
            <h3>"This deployment"</h3>
            <Checks/>
            <LaunchingSwitch/>
            <h4>"Share links"</h4>
            <ShareLinks scope=None changed=RwSignal::new(0)/>
        </section>
    }
}

#[component]
fn Checks() -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Health, Fault>>);
    spawn_local(async move { drop(answer.try_set(Some(api::health().await))) });
    show(move || {
        Some(match answer.get() {
            None => view! { <p class="small muted">"Checking secrets, records and workflows"</p> }.into_any(),
            Some(Err(fault)) => view! { <FaultNote fault/> }.into_any(),
            Some(Ok(Health { missing, warnings, .. })) if missing.is_empty() && warnings.is_empty() => {
                view! { <p class="small" data-testid="health">"Everything that a launch needs is there."</p> }
                    .into_any()
            }
            Some(Ok(Health { missing, warnings, .. })) => {
                let line = |mark: &'static str, text: String| {
                    view! { <li><strong>{mark}</strong>" "{api::capital(&text)}</li> }
                };
                let missing = missing.into_iter().map(move |text| line("Fault", text)).collect_view();
                let warnings = warnings.into_iter().map(move |text| line("Look", text)).collect_view();
                view! { <ul class="checks small" data-testid="health">{missing}{warnings}</ul> }.into_any()
            }
        })
    })
}

#[component]
fn LaunchingSwitch() -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Launching, Fault>>);
    spawn_local(async move { drop(answer.try_set(Some(api::launching().await))) });
    let turn = move |open: bool| {
        spawn_local(async move { drop(answer.try_set(Some(api::set_launching(open).await))) });
    };
    show(move || {
        Some(match answer.get()? {
            Err(fault) => view! { <FaultNote fault/> }.into_any(),
            Ok(launching) => {
                let open = launching.open;
                let words = if open {
                    "Launching is open to those with write permission."
                } else {
                    "Launching is closed: nobody can launch until it is opened again. Runs go on."
                };
                let today = format!(
                    "{} of {} jobs launched today (UTC).",
                    launching.jobs_today, launching.jobs_per_day
                );
                let acts = launching.activity.into_iter().take(8).map(|act| {
                    let run = act.run.map(|run| format!(" · run {run}")).unwrap_or_default();
                    view! { <li>{format!("{} · {} {}{run}", format::minute(act.at), act.login, act.what)}</li> }
                });
                let acts = acts.collect::<Vec<_>>();
                let none =
                    acts.is_empty().then(|| view! { <li>"Nothing was done through this page yet."</li> });
                view! {
                    <p class="small" data-testid="launching">{words}" "{today}</p>
                    <div>
                        <button type="button" data-testid="turn-launching" on:click=move |_| turn(!open)>
                            {if open { "Close launching" } else { "Open launching" }}
                        </button>
                    </div>
                    <h4>"Last done"</h4>
                    <ul class="small plain">{acts.collect_view()}{none}</ul>
                }
                .into_any()
            }
        })
    })
}
