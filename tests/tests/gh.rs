//! The repository's own workflows and the real processor, worked with `gh` from a terminal, and what the page shows of it.

use anyhow::{Context, Result, ensure};
use burstboard_tests::{Gh, Stack, launch};
use domain::{
    Network, PageState,
    preview::{
        Bundle, Manifest,
        manifest::{LayerKind, Outcome},
    },
    run::{RunView, State},
};
use serde_json::Value;

/// The demo's default pair.
const REFERENCE: &str = "S1_136231_IW2_20200604T022312_VV_7C85-BURST";
const SECONDARY: &str = "S1_136231_IW2_20200616T022313_VV_5D11-BURST";

fn all_ended(view: &RunView) -> bool {
    view.run.state.is_final()
}

/// What a preview that `gh` has unpacked says of its pair.
fn manifest(gh: &Gh, folder: &str) -> Result<Manifest> {
    let file = gh.folder().join(folder).join("manifest.json");
    let json = std::fs::read(&file).with_context(|| file.display().to_string())?;
    Ok(Manifest::from_json(&json)?)
}

/// A product's rasters under the engine's name, and nothing else of the job.
fn check_product(files: &[String]) -> Result<()> {
    let folder = files.first().and_then(|file| file.split('/').next()).context("an empty product")?;
    ensure!(folder.starts_with("S1_") && folder.contains("_INT"), "{folder}");
    for suffix in ["wrapped_phase.tif", "unw_phase.tif", "corr.tif"] {
        let name = format!("{folder}/{folder}_{suffix}");
        ensure!(files.contains(&name), "{name} is missing: {files:?}");
    }
    ensure!(files.iter().all(|file| file.starts_with(folder)), "{files:?}");
    Ok(())
}

#[tokio::test]
async fn a_single_job_goes_from_the_terminal_to_files_and_to_the_page() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let start = ["workflow", "run", "single-job.yml"];
    gh.run(&start)?;
    let by_default = gh.newest("single-job.yml")?;
    let named = ["-f", &format!("reference={REFERENCE}"), "-f", &format!("secondary={SECONDARY}")];
    gh.run(&[&start[..], &named[..]].concat())?;
    let run = gh.newest("single-job.yml")?;
    ensure!(run > by_default, "each command starts a run of its own");

    for run in [by_default, run] {
        let seen = api.watch(run, all_ended).await?;
        let view = seen.last().context("nothing was seen")?;
        assert_eq!((view.run.state, view.run.title.as_str()), (State::Done, "Hyp3-ISCE2"), "{view:#?}");
        let [pair] = view.pairs.as_slice() else { anyhow::bail!("not one pair: {view:#?}") };
        assert!(pair.state == State::Done && pair.product.is_some() && pair.job.is_some(), "{pair:#?}");
        let preview = pair.preview.as_ref().context("no preview")?;
        let bundle = Bundle::read(&api.get(&format!("/api/v1/previews/{}", preview.id)).await?.body)?;
        let about = &bundle.manifest().pair;
        assert_eq!(about.reference.iter().map(ToString::to_string).collect::<Vec<_>>(), [REFERENCE]);
        assert_eq!(about.secondary.iter().map(ToString::to_string).collect::<Vec<_>>(), [SECONDARY]);
    }
    let runs = api.get("/api/v1/runs").await?.json()?;
    let ids: Vec<_> = runs["runs"].as_array().into_iter().flatten().map(|run| run["id"].as_u64()).collect();
    assert_eq!(ids, [Some(run), Some(by_default)], "the page lists what gh has started");

    let run = run.to_string();
    let listed = gh.run(&["run", "list"])?;
    assert!(listed.contains("completed\tsuccess\tHyp3-ISCE2\tSingle\tmain\tworkflow_dispatch"), "{listed}");
    let view = gh.run(&["run", "view", &run])?;
    for words in ["✓ main Single", "✓ hyp3-isce2 in", "Hyp3-ISCE2.preview.zip"] {
        assert!(view.contains(words), "{words} is missing: {view}");
    }
    let log = gh.run(&["run", "view", &run, "--log"])?;
    let of_the_engine = |line: &str| line.starts_with("hyp3-isce2\tMake the interferogram\t");
    assert!(log.lines().any(|line| of_the_engine(line) && line.contains("20200604_20200616")), "{log}");
    assert!(log.lines().any(|line| line.starts_with("hyp3-isce2\tUpload the preview\t")), "{log}");

    // Each artifact in a folder of its name, unpacked; the preview too, since it is a zip.
    gh.run(&["run", "download", &run, "--dir", "all"])?;
    check_product(&gh.files("all/Hyp3-ISCE2")?)?;
    let manifest = manifest(&gh, "all/Hyp3-ISCE2.preview.zip")?;
    assert_eq!((manifest.outcome, manifest.engine.simulated), (Outcome::Done, true));
    let pictures = gh.files("all/Hyp3-ISCE2.preview.zip")?;
    assert!(["thumb.png", LayerKind::Coherence.file()].iter().all(|name| pictures.iter().any(|p| p == name)));
    Ok(())
}

#[tokio::test]
async fn a_summer_of_pairs_goes_from_the_terminal_to_files_and_to_the_page() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let inputs = ["-f", "burstId=174_372326_IW3", "-f", "start=2018-06-01", "-f", "end=2018-09-01"];
    gh.run(&[&["workflow", "run", "batch-job.yml"][..], &inputs[..]].concat())?;
    let run = gh.newest("batch-job.yml")?;
    let seen = api.watch(run, all_ended).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!((view.run.state, view.run.title.as_str()), (State::Done, "174_372326_IW3"), "{view:#?}");
    let names: Vec<_> = view.pairs.iter().map(|pair| pair.name.as_str()).collect();
    let dates =
        ["20180604", "20180616", "20180628", "20180710", "20180722", "20180803", "20180815", "20180827"];
    let expected: Vec<_> = dates.windows(2).map(|pair| pair.join("_")).collect();
    assert_eq!(names, expected);
    assert!(view.pairs.iter().all(|pair| pair.product.is_some() && pair.preview.is_some()), "{view:#?}");

    let run = run.to_string();
    let listed = gh.run(&["run", "list", "-w", "batch-job.yml"])?;
    assert!(listed.contains("completed\tsuccess\t174_372326_IW3\tBatch"), "{listed}");
    let shown = gh.run(&["run", "view", &run])?;
    assert!(shown.contains("✓ searchASF in"), "{shown}");
    for name in &expected {
        assert!(shown.contains(&format!("✓ {name} / hyp3-isce2 in")), "{shown}");
    }

    gh.run(&["run", "download", &run, "--name", "20180604_20180616", "--dir", "one"])?;
    check_product(&gh.files("one")?)?;
    gh.run(&["run", "download", &run])?;
    for name in &expected {
        check_product(&gh.files(name)?)?;
        assert_eq!(manifest(&gh, &format!("{name}.preview.zip"))?.pair.name, *name);
    }
    Ok(())
}

#[tokio::test]
async fn the_rule_of_a_link_makes_the_same_pairs_in_a_job() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let link = "v=2&burst=174_372326_IW3&pol=VV&pairs=n2.t.d48.b200.j&from=20180601&to=20180815";
    let page = PageState::from_query(link)?;
    let network = Network::new(&launch::edgecumbe(&stack).await?, &page.rule, page.edits);
    let expected: Vec<String> = network.pairs().iter().map(ToString::to_string).collect();
    ensure!((8..20).contains(&expected.len()), "{expected:?}");

    let rule = format!("rule={}", page.rule);
    let days = ["-f", "start=2018-06-01", "-f", "end=2018-08-15"];
    let inputs = ["workflow", "run", "batch-job.yml", "-f", "burstId=174_372326_IW3", "-f", &rule];
    gh.run(&[&inputs[..], &days[..]].concat())?;
    let seen = api.watch(gh.newest("batch-job.yml")?, all_ended).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!(view.run.state, State::Done, "{view:#?}");
    let names: Vec<_> = view.pairs.iter().map(|pair| pair.name.clone()).collect();
    assert_eq!(names, expected);
    Ok(())
}

#[tokio::test]
async fn neighbouring_bursts_are_one_batch_whose_names_tell_them_apart() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let bursts = "174_372326_IW3 174_372327_IW3";
    let inputs = ["-f", &format!("burstId={bursts}"), "-f", "start=2018-06-01", "-f", "end=2018-06-20"];
    gh.run(&[&["workflow", "run", "batch-job.yml"][..], &inputs[..]].concat())?;
    let run = gh.newest("batch-job.yml")?;
    let seen = api.watch(run, all_ended).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!((view.run.state, view.run.title.as_str()), (State::Done, bursts), "{view:#?}");
    let names: Vec<_> = view.pairs.iter().map(|pair| pair.name.as_str()).collect();
    let expected = ["174_372326_IW3", "174_372327_IW3"].map(|b| format!("{b}_20180604_20180616_VV_20x4"));
    assert_eq!(names, expected);
    gh.run(&["run", "download", &run.to_string()])?;
    for (name, burst) in expected.iter().zip(bursts.split(' ')) {
        check_product(&gh.files(name)?)?;
        let manifest = manifest(&gh, &format!("{name}.preview.zip"))?;
        assert_eq!(manifest.pair.name, *name);
        assert_eq!(manifest.pair.bursts.iter().map(ToString::to_string).collect::<Vec<_>>(), [burst]);
    }
    Ok(())
}

#[tokio::test]
async fn wrong_inputs_are_refused_in_the_terminal_with_a_sentence() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let start = ["workflow", "run", "batch-job.yml"];
    for (input, says) in [
        ("polarization=VH", "Provided value 'VH' for input 'polarization' not in the list of allowed values"),
        ("looks=1x1", "Provided value '1x1' for input 'looks' not in the list of allowed values"),
        ("burst=174_372326_IW3", "Unexpected inputs provided: [\"burst\"]"),
    ] {
        let said = gh.refusal(&[&start[..], &["-f", input]].concat())?;
        assert!(said.contains(says), "{input}: {said}");
    }
    assert_eq!(
        api.get("/api/v1/runs").await?.json()?["runs"],
        Value::Array(Vec::new()),
        "nothing has started"
    );

    // GitHub knows nothing of bursts and dates: what is wrong with these ends the run's first job, before any pair.
    for (inputs, says) in [
        (
            ["burstId=174_372326_IW3", "start=2018-09-01", "end=2018-06-01"],
            "2018-09-01, is after the last, 2018-06-01: swap them",
        ),
        (
            ["burstId=174_372326_IW3", "rule=n3.x", "end="],
            "\"x\" cannot be read: a rule has parts such as n3.d48.b200",
        ),
        (["burstId=174_1_IW3", "start=", "end="], "burst number 1 is not on track 174"),
        (["burstId=174_372326_IW3 064_136231_IW2", "start=", "end="], "lies too far from 174_372326_IW3"),
        (["burstId=Edgecumbe", "start=", "end="], "\"Edgecumbe\" is not a burst"),
        (["burstId=174_372326_IW3", "start=2018-06-31", "end="], "2018-06-31"),
        (
            ["burstId=174_372326_IW3", "start=1999-01-01", "end=1999-12-31"],
            "a pair needs two: widen the dates",
        ),
    ] {
        let inputs: Vec<&str> = inputs.iter().flat_map(|input| ["-f", input]).collect();
        gh.run(&[&start[..], &inputs].concat())?;
        let run = gh.newest("batch-job.yml")?;
        let seen = api.watch(run, all_ended).await?;
        let view = seen.last().context("nothing was seen")?;
        assert_eq!((view.run.state, view.pairs.len()), (State::Failed, 0), "{inputs:?}: {view:#?}");
        let others: Vec<_> = view.others.iter().map(|job| (job.name.as_str(), job.state)).collect();
        assert_eq!(
            others,
            [("searchASF", State::Failed), ("${{ matrix.name }}", State::Skipped)],
            "GitHub leaves the name of a matrix without legs as it stands; it is no pair"
        );
        let log = format!("/api/v1/runs/{run}/jobs/{}/log", view.others[0].id);
        let log = api.get(&log).await?.json()?;
        assert!(log["text"].as_str().is_some_and(|text| text.contains(says)), "{inputs:?}: {log:#}");
        let shown = gh.run(&["run", "view", &run.to_string()])?;
        assert!(shown.contains(says), "gh run view tells it: {inputs:?}: {shown}");
    }
    Ok(())
}

#[tokio::test]
async fn wrong_granules_fail_their_run_with_a_sentence_in_log_and_preview() -> Result<()> {
    let stack = Stack::start().await?;
    let (gh, api) = (Gh::new(&stack.sandbox.ready)?, stack.api().await?);
    let cross = |granule: &str| granule.replace("_VV_", "_VH_");
    let other_burst = SECONDARY.replace("136231", "136232");
    for (reference, secondary, says) in [
        (SECONDARY.to_owned(), REFERENCE.to_owned(), "swap them"),
        (cross(REFERENCE), cross(SECONDARY), "VH"),
        (REFERENCE.to_owned(), other_burst, "different bursts"),
        ("S1_x".to_owned(), SECONDARY.to_owned(), "S1_x"),
    ] {
        let inputs = ["-f", &format!("reference={reference}"), "-f", &format!("secondary={secondary}")];
        gh.run(&[&["workflow", "run", "single-job.yml"][..], &inputs[..]].concat())?;
        let run = gh.newest("single-job.yml")?;
        let seen = api.watch(run, all_ended).await?;
        let view = seen.last().context("nothing was seen")?;
        let [pair] = view.pairs.as_slice() else { anyhow::bail!("not one pair: {view:#?}") };
        assert_eq!((view.run.state, pair.state, &pair.product), (State::Failed, State::Failed, &None));
        assert_eq!(pair.step.as_deref(), Some("Make the interferogram"));
        let log = api.get(&format!("/api/v1/runs/{run}/jobs/{}/log", pair.job.unwrap_or(0))).await?.json()?;
        assert!(log["text"].as_str().is_some_and(|text| text.contains(says)), "{says}: {log:#}");
        let shown = gh.run(&["run", "view", &run.to_string()])?;
        assert!(shown.contains(says), "{says}: {shown}");
        let preview = pair.preview.as_ref().context("a failed pair has a preview too")?;
        let bundle = Bundle::read(&api.get(&format!("/api/v1/previews/{}", preview.id)).await?.body)?;
        assert!(matches!(bundle.manifest().outcome, Outcome::Failed { .. }), "{says}");
    }
    Ok(())
}
