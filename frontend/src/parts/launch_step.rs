//! What is set for all pairs, and the launch.

use super::live::{live, show};
use domain::{
    Acquisition, Looks, PairName, engine,
    estimate::{download_bytes, estimate},
    launch::{Launch, LaunchRequest},
    problem::FieldError,
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};

use super::{FaultNote, SignIn};
use crate::{
    address::Place,
    api::{self, Fault, capital},
    browser,
    logic::format,
    state::{Done, Frame, Holdings, Options, Pick, Plan, Session},
};

/// Options, findings, and the button.
#[component]
pub(crate) fn LaunchStep() -> impl IntoView {
    let form = Form::new();
    let dialog = NodeRef::<Dialog>::new();
    let session: Session = expect_context();
    let forbidden = move || {
        session.config().filter(|c| !c.may_launch.allowed).map(|c| {
            capital(&c.may_launch.reason.unwrap_or_else(|| "this visitor may not launch here".to_owned()))
        })
    };
    let jobs = move || form.jobs();
    let findings = move || form.findings();
    let ready =
        move || jobs() > 0 && findings().is_empty() && forbidden().is_none() && session.config().is_some();
    let words = move || match jobs() {
        0 => "Launch".to_owned(),
        n => format!("Launch {}", format::count(n, "pair", "pairs")),
    };
    let ask = move |_| {
        form.fault.set(None);
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
    };
    view! {
        <LooksChoice form/>
        <label class="check">
            <input
                type="checkbox"
                data-testid="water-mask"
                prop:checked=form.options.water_mask
                on:change=move |event| form.options.water_mask.set(event_target_checked(&event))
            />
            "Mask water before unwrapping"
        </label>
        <NameField form/>
        {show(move || {
            let all: Vec<_> = findings().into_iter().filter(|f| f.field != "name").collect();
            (jobs() > 0 && !all.is_empty()).then(|| {
                view! {
                    <ul class="finding">
                        {all.into_iter().take(3).map(|f| view! { <li>{capital(&f.detail)}</li> }).collect_view()}
                    </ul>
                }
            })
        })}
        {show(move || forbidden().map(|reason| view! {
            <div class="notice small" data-testid="may-not-launch">
                <p>{reason}</p>
                {session.is_stranger().then(|| view! { <div><SignIn primary=true/></div> })}
            </div>
        }))}
        {show(move || form.fault.get().map(|fault| view! { <FaultNote fault/> }))}
        <button type="button" class="primary" data-testid="launch" disabled=live(move || !ready()) on:click=ask>
            {show(words)}
        </button>
        <Confirm form dialog/>
    }
}

/// What a person fills in, and the identifier by which the server knows a repeated request.
#[derive(Clone, Copy)]
struct Form {
    options: Options,
    sending: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
    /// One for each different request: pressing twice sends the same launch twice, which the server takes as one.
    batch: Memo<String>,
    request: Memo<LaunchRequest>,
    /// What is wrong with it; looked for once a change, however many places show it.
    found: Memo<Vec<FieldError>>,
}

impl Form {
    fn new() -> Self {
        let plan: Plan = expect_context();
        let holdings: Holdings = expect_context();
        let pick: Pick = expect_context();
        let options: Options = expect_context();
        let done: Done = expect_context();
        let request = Memo::new(move |_| {
            let (network, stack) = (plan.network.get(), holdings.stack.get());
            let wanted = network.as_ref().map(|n| done.to_make(n)).unwrap_or_default();
            // Each date's name is written once, however many pairs it is in.
            let days = wanted.days();
            let takes_part = |a: &&Acquisition| days.binary_search(&a.granule.date()).is_ok();
            let used: Vec<&Acquisition> = stack.iter().flat_map(|s| s.daily()).filter(takes_part).collect();
            let names: Vec<String> = used.iter().map(|a| a.granule.to_string()).collect();
            let named =
                |(_, a, b): (PairName, usize, usize)| Some([names.get(a)?.clone(), names.get(b)?.clone()]);
            let pairs = wanted.among(&days).filter_map(named).collect();
            let platforms = names.iter().zip(&used);
            let platforms = platforms
                .filter_map(|(name, a)| Some((name.clone(), a.platform.as_ref()?.to_string())))
                .collect();
            LaunchRequest {
                burst: pick.burst.get().map(|b| b.to_string()).unwrap_or_default(),
                polarization: holdings.polarization.get().to_string(),
                looks: options.looks.get().to_string(),
                water_mask: options.water_mask.get(),
                name: options.name.get().trim().to_owned(),
                pairs,
                platforms,
                batch: String::new(),
            }
        });
        let batch = Memo::new(move |_| {
            request.track();
            browser::random_identifier()
        });
        let (sending, fault) = (RwSignal::new(false), RwSignal::new(None));
        let complete = move || LaunchRequest { batch: batch.get(), ..request.get() };
        let found = Memo::new(move |_| Launch::parse(&complete()).err().unwrap_or_default());
        Self { options, sending, fault, batch, request, found }
    }

    fn complete(self) -> LaunchRequest {
        LaunchRequest { batch: self.batch.get(), ..self.request.get() }
    }

    fn jobs(self) -> usize {
        self.request.with(|r| r.pairs.len())
    }

    fn findings(self) -> Vec<FieldError> {
        self.found.get()
    }
}

#[component]
fn LooksChoice(form: Form) -> impl IntoView {
    let choices = Looks::ALL.map(|looks| {
        view! {
            <label>
                <input
                    type="radio"
                    name="looks"
                    value=looks.as_str()
                    prop:checked=live(move || form.options.looks.get() == looks)
                    on:change=move |_| form.options.looks.set(looks)
                />
                {looks.as_str()}
                <span class="small muted">{format!("{} m", looks.pixel_metres())}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field" data-testid="looks">
            <legend>"Looks and pixel size"</legend>
            <div class="choice">{choices.into_iter().collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn NameField(form: Form) -> impl IntoView {
    let finding = move || form.findings().into_iter().find(|f| f.field == "name").map(|f| capital(&f.detail));
    view! {
        <div class="field">
            <label for="run-name">"Name (optional)"</label>
            <input
                id="run-name"
                data-testid="run-name"
                type="text"
                autocomplete="off"
                placeholder="Summer 2018"
                prop:value=form.options.name
                aria-invalid=live(move || finding().is_some().to_string())
                aria-describedby="run-name-finding"
                on:input=move |event| form.options.name.set(event_target_value(&event))
            />
            <span id="run-name-finding" class="finding">{show(finding)}</span>
        </div>
    }
}

/// The one question before something starts: what will run where, how long, how much.
#[component]
fn Confirm(form: Form, dialog: NodeRef<Dialog>) -> impl IntoView {
    let frame: Frame = expect_context();
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let send = move |_| {
        if form.sending.get_untracked() {
            return;
        }
        form.sending.set(true);
        let request = form.complete();
        spawn_local(async move {
            let answer = api::launch(&request).await;
            form.sending.set(false);
            close();
            match answer
                .map(|launched| (launched.batch, launched.runs.first().map(|r| r.run), launched.runs.len()))
            {
                Ok((_, Some(run), 1)) => frame.go(Place::Run(run), ""),
                Ok((batch, ..)) => frame.go(Place::Batch(batch), ""),
                Err(fault) => form.fault.set(Some(fault)),
            }
        });
    };
    view! {
        <dialog node_ref=dialog aria-labelledby="launch-title" data-testid="launch-dialog">
            <h2 id="launch-title">{show(move || format!("Launch {}?", format::count(form.jobs(), "pair", "pairs")))}</h2>
            <Consequences form/>
            <div class="row">
                <button
                    type="button"
                    class="primary"
                    data-testid="launch-confirm"
                    disabled=live(move || form.sending.get())
                    on:click=send
                >
                    {show(move || if form.sending.get() { "Launching" } else { "Launch" })}
                </button>
                <button type="button" on:click=move |_| close()>"Back"</button>
            </div>
        </dialog>
    }
}

#[component]
fn Consequences(form: Form) -> impl IntoView {
    let session: Session = expect_context();
    let plan: Plan = expect_context();
    let holdings: Holdings = expect_context();
    let done: Done = expect_context();
    show(move || {
        let config = session.config()?;
        let (network, stack) = plan.network.get().zip(holdings.stack.get())?;
        let looks = form.options.looks.get();
        let runners = config.limits.concurrent_jobs;
        let bytes = download_bytes(&done.to_make(&network), &stack);
        let cost = estimate(form.jobs(), runners, done.basis(looks).0, bytes);
        let options = format!("{looks} looks, {}", stack.polarization());
        let jobs = format::count(cost.jobs, "job", "jobs");
        let who = config.account.map(|account| account.login).unwrap_or_default();
        let facts = if config.simulated {
            vec![
                ("Where", "This computer, simulated engine".to_owned()),
                ("As", who),
                ("What", format!("{jobs}, {options}: modelled products, no measurements")),
                ("Time", "Seconds for each pair".to_owned()),
                ("Fetches", "Nothing from the archive".to_owned()),
                ("Keeps", "Small products in the sandbox's folder".to_owned()),
            ]
        } else {
            vec![
                ("Where", format!("GitHub Actions of {}", session.repository().unwrap_or_default())),
                ("As", who),
                ("What", format!("{jobs} of {} {}, {options}", engine::NAME, engine::VERSION)),
                ("Time", format!("about {} on {runners} runners", format::duration(cost.minutes * 60.0))),
                ("Fetches", format!("{} from the archive", format::bytes(cost.download_bytes))),
                ("Keeps", format!("about {} of products, for 90 days", format::bytes(cost.product_bytes))),
            ]
        };
        Some(view! {
            <dl class="facts">
                {facts.into_iter().map(|(term, text)| view! { <dt>{term}</dt><dd>{text}</dd> }).collect_view()}
            </dl>
        })
    })
}
