//! The pair in focus: picture, numbers, download, or why it failed. The panel keeps its size whatever arrives, so that
//! nobody's card moves away under the pointer.

use super::live::show;
use domain::{
    preview::manifest::{Manifest, Outcome, Severity},
    run::{PairView, State},
};
use leptos::{prelude::*, task::spawn_local};

use super::{FaultNote, Mark, beside::title};
use crate::{
    api::{self, Fault},
    browser,
    logic::format,
    state::{Drawn, Session, Shot, Watch},
};

/// The panel of the pair in focus.
#[component]
pub(crate) fn FocusPanel() -> impl IntoView {
    let watch: Watch = expect_context();
    let drawn: Drawn = expect_context();
    // One memo for both, since of two that depend on each other a change of the first alone went unheard. Other pairs'
    // previews come while this one is looked at: nothing here may fold up because of them.
    let seen = Memo::new(move |_| {
        let pair = watch.focused()?;
        let heard = watch.shot(&pair).map(|shot| shot.map(|_| ()));
        let [expected, _] = drawn.coherence(&pair.name);
        Some((pair, heard, expected))
    });
    show(move || {
        match seen.get() {
        Some((pair, _, expected)) => {
            let shot = untrack(|| watch.shot(&pair));
            view! { <Pair pair shot expected/> }.into_any()
        }
        // Its place is kept until then, or the cards would move away when the first pair has ended.
        None => view! {
            <section class="focus" aria-label="Pair in focus">
                <p class="small muted">"The first picture comes here when its pair has ended. Press a pair to look at it before."</p>
            </section>
        }
        .into_any(),
    }
    })
}

#[component]
fn Pair(pair: PairView, shot: Option<Result<Shot, Fault>>, expected: Option<f64>) -> impl IntoView {
    let (shot, fault) = match shot {
        Some(Ok(shot)) => (Some(shot), None),
        Some(Err(fault)) => (None, Some(fault)),
        None => (None, None),
    };
    let simulated = shot.as_ref().is_some_and(|s| s.bundle.manifest().engine.simulated);
    let picture = match shot.as_ref().and_then(Shot::thumb) {
        Some(address) => {
            let text = format!("Wrapped phase of {}", pair.name);
            view! { <img src=address alt=text/> }.into_any()
        }
        None => view! { <Mark state=pair.state/> }.into_any(),
    };
    let ended_badly = matches!(pair.state, State::Failed | State::Cancelled);
    let picture = (!ended_badly).then(|| view! { <figure>{picture}</figure> });
    let manifest = shot.as_ref().map(|s| s.bundle.manifest().clone());
    let log = shot.as_ref().and_then(|s| s.bundle.log());
    let numbers = (!ended_badly)
        .then(|| view! { <Numbers manifest=manifest.clone().filter(Manifest::is_done) expected/> });
    let failed = (pair.state == State::Failed).then(|| view! { <Failure pair=pair.clone() manifest log/> });
    let waiting = (!pair.state.is_final()).then(|| {
        let step = pair.step.clone().map(|s| format!(": {s}")).unwrap_or_default();
        view! { <p class="small">{format!("{}{step}", api::capital(pair.state.word()))}</p> }
    });
    view! {
        <section class="focus" data-testid="focus-panel" aria-label="Pair in focus">
            <div class="row spread">
                <span class="row"><Mark state=pair.state/><strong class="mono" title=pair.name.clone()>{title(&pair.name)}</strong></span>
                {simulated.then(|| view! { <span class="tag simulated">"simulated"</span> })}
            </div>
            {picture}
            {fault.map(|fault| view! { <FaultNote fault/> })}
            {waiting}
            {numbers}
            {failed}
            <Download pair/>
        </section>
    }
}

#[component]
fn Numbers(manifest: Option<Manifest>, expected: Option<f64>) -> impl IntoView {
    let expected = expected.map(|c| format!("expected {}", format::coherence(c)));
    let Some(manifest) = manifest else {
        let unknown = || format::UNKNOWN.to_owned();
        let coming = ["Valid", "Unwrapped", "Apart", "Engine"].map(|term| (term, unknown()));
        let mut facts = vec![("Coherence", expected.unwrap_or_else(unknown))];
        facts.extend(coming);
        return view! { <Facts facts/> }.into_any();
    };
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    if let Some(statistics) = &manifest.statistics {
        if let Some(coherence) = &statistics.coherence {
            let expected = expected.map(|words| format!(" · {words}")).unwrap_or_default();
            let [mean, median] = [coherence.mean, coherence.median].map(format::coherence);
            facts.push(("Coherence", format!("{mean}, median {median}{expected}")));
        }
        facts.push(("Valid", format!("{} of the burst", format::percent(statistics.valid_share))));
        if let Some(parts) = &statistics.components {
            let share = format::percent(parts.largest_share);
            facts.push((
                "Unwrapped",
                format!("{} · largest {share}", format::count(parts.count as usize, "part", "parts")),
            ));
        }
    }
    let pair = &manifest.pair;
    let span = pair.days.map_or_else(|| format::UNKNOWN.to_owned(), format::days);
    facts.push(("Apart", format!("{span} · B⊥ {} by the engine", format::metres(pair.engine_baseline))));
    let took = manifest.run.seconds.map(|s| format!(" in {}", format::duration(s))).unwrap_or_default();
    facts.push(("Engine", format!("{} {}{took}", manifest.engine.name, manifest.engine.version)));
    let checks = manifest.checks.iter().map(|check| {
        let mark = match check.severity {
            Severity::Note => "Note",
            Severity::Warning => "Look",
            Severity::Fault => "Fault",
        };
        view! { <li><strong>{mark}</strong>" "{check.sentence.clone()}</li> }
    });
    let missing = manifest.missing.iter().map(|sentence| view! { <li>{sentence.clone()}</li> });
    view! {
        <Facts facts/>
        <ul class="checks">
            {checks.collect_view()}
            {missing.collect_view()}
        </ul>
    }
    .into_any()
}

#[component]
fn Facts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    view! {
        <dl class="facts">
            {facts.into_iter().map(|(term, text)| view! { <dt>{term}</dt><dd>{text}</dd> }).collect_view()}
        </dl>
    }
}

/// Why a pair failed, what to do, the log, and another try.
#[component]
fn Failure(pair: PairView, manifest: Option<Manifest>, log: Option<String>) -> impl IntoView {
    let watch: Watch = expect_context();
    let session: Session = expect_context();
    let (reason, hint) = match manifest.map(|m| m.outcome) {
        Some(Outcome::Failed { reason, hint }) => (reason, hint),
        _ => {
            let step = pair.step.clone().map_or_else(|| "a step".to_owned(), |s| format!("the step \"{s}\""));
            (format!("The job ended in {step} without a report of its own."), None)
        }
    };
    let shown = RwSignal::new(log);
    let fault = RwSignal::new(None::<Fault>);
    let job = pair.job;
    let fetch = move |_| {
        let Some((run, job)) = watch.run.get_untracked().zip(job) else { return };
        spawn_local(async move {
            match api::log(run, job).await {
                Ok(log) => {
                    let front = if log.cut { "… earlier lines were left out\n" } else { "" };
                    let _ = shown.try_set(Some(format!("{front}{}", log.text)));
                }
                Err(error) => drop(fault.try_set(Some(error))),
            }
        });
    };
    let rerun = move |_| {
        let Some((run, job)) = watch.run.get_untracked().zip(job) else { return };
        spawn_local(async move {
            let _ = fault.try_set(watch.again(api::rerun_job(run, job).await).err());
        });
    };
    let may = move || session.config().is_some_and(|c| c.may_launch.allowed) && job.is_some();
    // GitHub re-runs jobs of runs that have ended only.
    let over = move || watch.view.with(|v| v.as_ref().is_some_and(|v| v.run.state.is_final()));
    view! {
        <div class="problem" data-testid="pair-failure">
            <p>{reason}</p>
            {hint.map(|hint| view! { <p>{hint}</p> })}
            <div class="row">
                {show(move || (may() && over()).then(|| view! { <button type="button" data-testid="rerun-pair" on:click=rerun>"Run this pair again"</button> }))}
            </div>
            <details class="small">
                <summary>"Log"</summary>
                {show(move || match shown.get() {
                    Some(text) => view! { <pre tabindex="0">{text}</pre> }.into_any(),
                    None => view! { <button type="button" on:click=fetch>"Fetch the log"</button> }.into_any(),
                })}
            </details>
            {show(move || fault.get().map(|fault| view! { <FaultNote fault/> }))}
        </div>
    }
}

#[component]
fn Download(pair: PairView) -> impl IntoView {
    let product = pair.product?;
    Some(if product.expired {
        view! { <p class="small muted">"GitHub has deleted the product after its time; run the pair again to make it anew."</p> }.into_any()
    } else {
        let until = product.expires.map(|e| format!("GitHub keeps it until {}", browser::local_time(e)));
        view! {
            <a class="button" href=api::download_address(product.id) download data-testid="pair-download" title=until>
                {format!("Download product · {}", format::bytes(product.bytes))}
            </a>
        }
        .into_any()
    })
}
