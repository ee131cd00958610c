//! What is set for all pairs, and the launch.

use super::live::{live, show};
use domain::{
    Looks, engine,
    launch::{Launch, LaunchRequest},
    problem::FieldError,
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    FaultNote, SignIn,
    dialog::{Dialog, DialogBox},
};
use crate::{
    address::Place,
    api::{self, Fault, capital},
    browser,
    logic::format,
    state::{Batch, Frame, Holdings, Options, Pick, Session},
};

/// Options, findings, and the button.
#[component]
pub(crate) fn LaunchStep() -> impl IntoView {
    let form = Form::new();
    let dialog = Dialog::new();
    let session: Session = expect_context();
    let forbidden = move || {
        session.config().filter(|c| !c.may_launch.allowed).map(|c| {
            capital(&c.may_launch.reason.unwrap_or_else(|| "this visitor may not launch here".to_owned()))
        })
    };
    let jobs = move || form.jobs();
    let batch: Batch = expect_context();
    let findings = move || {
        let mut all = form.findings();
        all.extend(batch.wants().map(|detail| FieldError::new("burst", detail)));
        all
    };
    let ready =
        move || jobs() > 0 && findings().is_empty() && forbidden().is_none() && session.config().is_some();
    let words = move || match jobs() {
        0 => "Launch".to_owned(),
        n => format!("Launch {}", format::count(n, "pair", "pairs")),
    };
    let ask = move |_| {
        form.fault.set(None);
        dialog.open();
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
            ((jobs() > 0 || batch.wants().is_some()) && !all.is_empty()).then(|| {
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
        let holdings: Holdings = expect_context();
        let pick: Pick = expect_context();
        let options: Options = expect_context();
        let order: Batch = expect_context();
        let request = Memo::new(move |_| {
            let (pairs, platforms) = order.named();
            LaunchRequest {
                burst: pick.bursts().map(|b| b.to_string()).unwrap_or_default(),
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
fn Confirm(form: Form, dialog: Dialog) -> impl IntoView {
    let frame: Frame = expect_context();
    let send = move |_| {
        if form.sending.get_untracked() {
            return;
        }
        form.sending.set(true);
        let request = form.complete();
        spawn_local(async move {
            let answer = api::launch(&request).await;
            form.sending.set(false);
            dialog.close();
            match answer
                .map(|launched| (launched.batch, launched.runs.first().map(|r| r.run), launched.runs.len()))
            {
                Ok((_, Some(run), 1)) => frame.go(Place::Run(run), ""),
                Ok((batch, ..)) => frame.go(Place::Batch(batch), ""),
                Err(fault) => form.fault.set(Some(fault)),
            }
        });
    };
    let title = move || format!("Launch {}?", format::count(form.jobs(), "pair", "pairs"));
    let confirm = view! {
        <button
            type="button"
            class="primary"
            data-testid="launch-confirm"
            disabled=live(move || form.sending.get())
            on:click=send
        >
            {show(move || if form.sending.get() { "Launching" } else { "Launch" })}
        </button>
    };
    view! {
        <DialogBox dialog title=Box::new(title) testid="launch-dialog" acts=confirm.into_any() close="Back">
            <Consequences form/>
        </DialogBox>
    }
}

#[component]
fn Consequences(form: Form) -> impl IntoView {
    let session: Session = expect_context();
    let batch: Batch = expect_context();
    let holdings: Holdings = expect_context();
    let pick: Pick = expect_context();
    show(move || {
        let config = session.config()?;
        let looks = form.options.looks.get();
        let runners = config.limits.concurrent_jobs;
        let cost = batch.cost(runners);
        let options = format!("{looks} looks, {}", holdings.polarization.get());
        let jobs = match pick.bursts().map_or(1, |bursts| bursts.count()) {
            1 => format::count(cost.jobs, "job", "jobs"),
            n => format!("{} in {n} bursts", format::count(cost.jobs, "job", "jobs")),
        };
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
