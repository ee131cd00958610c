//! The frame with its parts.

use crate::parts::{live, show};
use domain::{BurstId, Bursts, run::State};
use leptos::{ev, prelude::*};

use crate::{
    address::Place,
    api::Fault,
    browser,
    logic::{
        icon,
        progress::{self, Counts},
    },
    map::MapArea,
    parts::{
        BurstStep, FaultNote, LaunchStep, MapLegend, PairsStep, Panel, SheetTabs, Splitter, StackPanel,
        StepSection, TopBar, WatchStep,
    },
    state::{
        Batch, Done, Drawn, Frame, Holdings, Link, Options, Others, Pick, Plan, Session, Shown, Step, Watch,
    },
};

/// The page.
#[component]
pub(crate) fn App(
    /// What went wrong on the way here.
    greeting: Option<Fault>,
) -> impl IntoView {
    let session = Session::begin();
    let frame = Frame::begin();
    let pick = Pick::new();
    let holdings = Holdings::following(pick, session);
    let plan = Plan::over(holdings);
    let options = Options::new();
    let watch = Watch::new();
    let link = Link { frame, pick, holdings, plan, options, watch, fault: RwSignal::new(None) };
    provide_context(session);
    provide_context(frame);
    provide_context(pick);
    provide_context(holdings);
    provide_context(plan);
    provide_context(options);
    let others = Others::following(frame, pick, holdings, session);
    let done = Done::following(frame, pick, holdings, options, session);
    provide_context(others);
    provide_context(done);
    provide_context(Batch::of(plan, holdings, others, options, done));
    provide_context(watch);
    provide_context(Shown::following(watch));
    provide_context(Drawn::following(frame, holdings, plan, watch));
    link.keep();
    steps_follow(frame, pick, plan);
    burst_of_run(pick, watch);
    title_follows(frame, watch);
    undo_by_key(frame, plan);
    let height = RwSignal::new(Panel::Stack.remembered());
    let width = RwSignal::new(Panel::Side.remembered());
    let sheet = move || match frame.sheet.get() {
        0 => "low",
        1 => "middle",
        _ => "high",
    };
    view! {
        <TopBar/>
        <main
            class="work"
            data-tab=live(move || frame.tab.get().key())
            data-sheet=live(sheet)
            style=live(move || format!("--stack-height:{:.0}px;--side:{:.0}px", height.get(), width.get()))
        >
            <MapArea>
                <MapLegend/>
            </MapArea>
            <Splitter panel=Panel::Stack size=height/>
            <StackPanel/>
            <SheetTabs/>
            <Splitter panel=Panel::Side size=width/>
            <Side link greeting/>
        </main>
    }
}

#[component]
fn Side(link: Link, greeting: Option<Fault>) -> impl IntoView {
    let Link { frame, pick, holdings, plan, watch, fault, .. } = link;
    let session: Session = expect_context();
    let dates =
        move || holdings.stack.with(|s| s.as_ref().map(|s| format!(" · {} dates", s.daily().count())));
    let burst_line = move || match pick.footprint() {
        Some(f) => {
            let others = pick.others.with(Vec::len);
            let more = if others > 0 { format!(" + {others}") } else { String::new() };
            format!("{}{more} · {}{}", f.burst, f.pass.word(), dates().unwrap_or_default())
        }
        None => "none yet".to_owned(),
    };
    let pairs = move || plan.network.with(|n| n.as_ref().map_or(0, |n| n.pairs().len()));
    let pairs_line = move || {
        if frame.at_run() {
            return watch.view.with(|v| {
                v.as_ref().map_or_else(String::new, |v| format!("{} pairs in this run", v.pairs.len()))
            });
        }
        plan.line()
    };
    let launch_line = move || {
        let run = watch.view.with(|v| v.as_ref().filter(|_| frame.at_run()).map(|v| v.run.clone()));
        match (run, pairs()) {
            (Some(run), _) => format!(
                "{} by {}",
                crate::logic::format::minute(run.created),
                run.actor.unwrap_or_else(|| "–".to_owned())
            ),
            (None, 0) => "after the pairs".to_owned(),
            (None, _) => "ready".to_owned(),
        }
    };
    let started = move || frame.at_run();
    view! {
        <aside class="side" aria-label="The way through">
            {show(move || session.fault().map(|fault| view! {
                <FaultNote fault retry=Callback::new(move |()| session.ask())/>
            }))}
            {show(move || fault.get().map(|fault| view! { <FaultNote fault/> }))}
            {greeting.map(|fault| view! { <FaultNote fault/> })}
            <Lost/>
            <StepSection step=Step::Burst line=Signal::derive(burst_line) ready=Signal::derive(move || pick.burst.get().is_some())>
                <BurstStep/>
            </StepSection>
            <StepSection step=Step::Pairs line=Signal::derive(pairs_line) ready=Signal::derive(move || started() || pairs() > 0)>
                <PairsStep/>
            </StepSection>
            <StepSection step=Step::Launch line=Signal::derive(launch_line) ready=Signal::derive(started)>
                <LaunchStep/>
            </StepSection>
            <StepSection
                step=Step::Watch
                line=Signal::derive(move || watch.line())
                ready=Signal::derive(move || watch.view.with(|v| v.as_ref().is_some_and(|v| v.run.state == State::Done)))
            >
                <WatchStep/>
            </StepSection>
        </aside>
    }
}

/// Says so when the address names nothing.
#[component]
fn Lost() -> impl IntoView {
    let frame: Frame = expect_context();
    show(move || {
        frame.place.with(|place| *place == Place::Nowhere).then(|| {
            view! {
                <div class="notice">
                    <p>"There is nothing at this address. Runs stand at /run/ and their number."</p>
                </div>
            }
        })
    })
}

/// A picked burst opens what comes next.
fn steps_follow(frame: Frame, pick: Pick, plan: Plan) {
    Effect::new(move |last: Option<Option<BurstId>>| {
        let burst = pick.burst.get();
        if let Some(last) = last
            && last != burst
            && !frame.at_run_untracked()
        {
            if last.is_some() {
                plan.begin(untrack(|| plan.choice()).without_edits());
            }
            if burst.is_some() {
                frame.show(&[Step::Pairs, Step::Launch]);
            }
        }
        burst
    });
}

/// A run names its bursts in the title: whoever comes by the link sees them on the map, and the first one's stack.
fn burst_of_run(pick: Pick, watch: Watch) {
    let bursts = Memo::new(move |_| watch.view.with(|v| Bursts::of_title(&v.as_ref()?.run.title)));
    Effect::new(move |_| {
        if let Some(bursts) = bursts.get()
            && untrack(|| pick.bursts()).as_ref() != Some(&bursts)
        {
            pick.show_only(&bursts);
        }
    });
}

fn title_follows(frame: Frame, watch: Watch) {
    Effect::new(move |_| {
        let run = watch.view.with(|v| v.as_ref().filter(|_| frame.at_run()).map(|v| progress::title(v)));
        browser::set_title(&run.unwrap_or_else(|| "Burstboard".to_owned()));
    });
    let share = Memo::new(move |_| {
        let counts =
            watch.view.with(|v| v.as_ref().filter(|_| frame.at_run()).map(|v| Counts::of(&v.pairs)))?;
        // Steps of 5 %, so that the icon is not drawn anew for each of hundreds of pairs.
        let twentieths = 20 * counts.ended() / counts.total().max(1);
        Some((twentieths, if counts.failed > 0 { "--failed" } else { "--done" }))
    });
    Effect::new(move |_| match share.get() {
        Some((twentieths, token)) => {
            browser::set_icon(&icon::ring(twentieths as f64 / 20.0, &browser::token(token)));
        }
        None => browser::set_icon("/icon.svg"),
    });
}

/// Ctrl+Z and Z undo, with Shift the other way; not while something is typed, where they mean the text.
fn undo_by_key(frame: Frame, plan: Plan) {
    let keys = window_event_listener(ev::keydown, move |event| {
        if !event.key().eq_ignore_ascii_case("z")
            || browser::is_typing()
            || frame.at_run_untracked()
            || event.alt_key()
        {
            return;
        }
        event.prevent_default();
        if event.shift_key() {
            plan.redo();
        } else {
            plan.undo();
        }
    });
    on_cleanup(move || keys.remove());
}
