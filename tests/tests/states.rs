//! Runs that do not simply end well: pairs that fail, runs that are cancelled, and both run again.

use anyhow::{Context, Result};
use burstboard_tests::{
    Api, Stack,
    launch::{granules, request},
    left, until,
};
use domain::{
    preview::{Bundle, manifest::Outcome},
    run::{PairView, RunView, State},
};

/// The pair that the simulated engine is asked to fail.
const BAD: &str = "20180616_20180628";

fn all_ended(view: &RunView) -> bool {
    view.run.state.is_final()
}

async fn end_of(api: &Api, run: u64, attempt: u32) -> Result<RunView> {
    let mut seen = api.watch(run, |view| view.run.attempt == attempt && all_ended(view)).await?;
    seen.pop().context("nothing was seen")
}

fn pair<'a>(view: &'a RunView, name: &str) -> Result<&'a PairView> {
    view.pairs.iter().find(|pair| pair.name == name).with_context(|| format!("no {name}: {view:#?}"))
}

async fn bundle(api: &Api, pair: &PairView) -> Result<Bundle> {
    let preview = pair.preview.as_ref().with_context(|| format!("no preview: {pair:#?}"))?;
    let answer = api.get(&format!("/api/v1/previews/{}", preview.id)).await?;
    assert_eq!(answer.status, 200);
    Ok(Bundle::read(&answer.body)?)
}

async fn log(api: &Api, run: u64, pair: &PairView) -> Result<String> {
    let job = pair.job.context("no job")?;
    let log = api.get(&format!("/api/v1/runs/{run}/jobs/{job}/log")).await?.json()?;
    Ok(log["text"].as_str().with_context(|| format!("no log: {log}"))?.to_owned())
}

/// Numbers of the artifacts of a pair.
fn made(pair: &PairView) -> [Option<u64>; 2] {
    [&pair.product, &pair.preview].map(|artifact| artifact.as_ref().map(|artifact| artifact.id))
}

#[tokio::test]
async fn a_failed_pair_says_why_and_running_it_again_replaces_only_what_it_made() -> Result<()> {
    let stack = Stack::start_with(&[("BURSTBOARD_SIMULATED_FAIL", BAD)]).await?;
    let api = stack.api().await?;
    let run = api.launch(&request(&granules(&stack, 4).await?, "fai1ed")).await?;

    let first = end_of(&api, run, 1).await?;
    assert_eq!((first.run.state, first.pairs.len()), (State::Failed, 3), "{first:#?}");
    for good in first.pairs.iter().filter(|pair| pair.name != BAD) {
        assert!(good.state == State::Done && made(good).iter().all(Option::is_some), "{good:#?}");
        assert_eq!(bundle(&api, good).await?.manifest().outcome, Outcome::Done);
    }
    let bad = pair(&first, BAD)?;
    assert_eq!((bad.state, bad.step.as_deref()), (State::Failed, Some("Make the interferogram")));
    assert_eq!(bad.product, None);
    let about = bundle(&api, bad).await?;
    let Outcome::Failed { reason, .. } = &about.manifest().outcome else { anyhow::bail!("it did not fail") };
    let log = log(&api, run, bad).await?;
    assert!(reason.len() > 20 && log.contains(reason.as_str()), "{reason} is not in {log}");
    assert!(about.log().is_some_and(|text| !text.trim().is_empty()), "the engine's log is in the preview");

    let job = bad.job.context("no job")?;
    assert_eq!(api.post(&format!("/api/v1/runs/{run}/jobs/{job}/rerun")).await?.status, 202);
    let second = end_of(&api, run, 2).await?;
    assert_eq!((second.run.state, second.pairs.len()), (State::Done, 3), "{second:#?}");
    for old in &first.pairs {
        let new = pair(&second, &old.name)?;
        assert_eq!(new.state, State::Done);
        if old.name == BAD {
            assert!(new.product.is_some() && made(new)[1] > made(old)[1], "{old:#?} {new:#?}");
        } else {
            assert_eq!((made(new), new.completed), (made(old), old.completed), "{}", old.name);
        }
    }
    let mended = bundle(&api, pair(&second, BAD)?).await?;
    assert_eq!((mended.manifest().outcome.clone(), mended.thumb().is_some()), (Outcome::Done, true));
    let replaced = made(bad)[1].context("no preview")?;
    assert_eq!(api.get(&format!("/api/v1/previews/{replaced}")).await?.status, 404);
    Ok(())
}

#[tokio::test]
async fn cancelling_leaves_nothing_running_and_no_folders() -> Result<()> {
    let mut stack = Stack::start_with(&[("BURSTBOARD_SIMULATED_SECONDS", "300")]).await?;
    let (api, data) = (stack.api().await?, stack.data.path().to_owned());
    let granules = granules(&stack, 4).await?;
    let at_work = || {
        let processes = left::processes(&data)?;
        Ok(processes.iter().filter(|command| command.contains("processor interferogram")).count() >= 2)
    };
    let run = api.launch(&request(&granules, "cance1")).await?;
    until("two pairs at work", at_work).await?;
    assert_eq!(left::folders(&data)?.len(), 2);
    assert_eq!(api.post(&format!("/api/v1/runs/{run}/cancel")).await?.status, 202);
    let view = end_of(&api, run, 1).await?;
    assert_eq!(left::processes(&data)?, Vec::<String>::new(), "when the run has ended, its processes have");
    assert_eq!(left::folders(&data)?, Vec::<String>::new());
    assert_eq!(view.run.state, State::Cancelled, "{view:#?}");
    assert!(
        view.pairs.len() == 3 && view.pairs.iter().all(|pair| pair.state == State::Cancelled),
        "{view:#?}"
    );

    // The same when the whole sandbox is ended.
    api.launch(&request(&granules, "st0pped")).await?;
    until("two pairs at work", at_work).await?;
    stack.sandbox.service.stop();
    assert_eq!(left::processes(&data)?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_run_that_is_cancelled_at_once_can_be_run_again() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.api().await?;
    let run = api.launch(&request(&granules(&stack, 3).await?, "at0nce")).await?;
    api.watch(run, |view| view.run.state == State::Running).await?;
    assert_eq!(api.post(&format!("/api/v1/runs/{run}/cancel")).await?.status, 202);
    let view = end_of(&api, run, 1).await?;
    assert_eq!(view.run.state, State::Cancelled, "{view:#?}");
    assert_eq!(api.post(&format!("/api/v1/runs/{run}/rerun-failed")).await?.status, 202);
    let view = end_of(&api, run, 2).await?;
    let states: Vec<_> = view.pairs.iter().map(|pair| pair.state).collect();
    assert_eq!((view.run.state, states), (State::Done, vec![State::Done; 2]), "{view:#?}");
    Ok(())
}
