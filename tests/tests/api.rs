//! The real Worker in workerd against the real sandbox: what the API promises, end to end.

use anyhow::{Context, Result};
use burstboard_tests::{
    Api, Stack,
    launch::{granules, request},
};
use domain::run::{RunView, State};
use reqwest::Method;
use serde_json::{Value, json};

fn all_ended(view: &RunView) -> bool {
    view.run.state.is_final()
}

#[tokio::test]
async fn two_pairs_go_from_launch_to_preview_and_product() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.api().await?;
    let granules = granules(&stack, 3).await?;
    let launch = request(&granules, "k3v9x2ab");
    let run = api.launch(&launch).await?;
    assert_eq!(api.launch(&launch).await?, run, "the same launch again is the same run");

    let seen = api.watch(run, all_ended).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!(view.run.state, State::Done, "{view:#?}");
    assert_eq!(view.run.batch.as_ref().map(ToString::to_string).as_deref(), Some("[k3v9x2ab/1]"));
    assert!(seen.iter().any(|v| v.run.state == State::Running), "states change while one looks");
    assert_eq!(view.pairs.len(), 2);
    for pair in &view.pairs {
        assert_eq!((pair.state, &pair.step), (State::Done, &None), "{pair:#?}");
        preview(&api, pair.preview.as_ref().context("no preview")?.id).await?;
        product(&stack, &api, pair.product.as_ref().context("no product")?.id).await?;
        let job = pair.job.context("no job")?;
        let log = api.get(&format!("/api/v1/runs/{run}/jobs/{job}/log")).await?.json()?;
        assert!(log["text"].as_str().is_some_and(|text| text.contains("processor interferogram")), "{log}");
    }

    let batch = api.get("/api/v1/batches/k3v9x2ab").await?.json()?;
    assert_eq!(batch["runs"][0]["id"], run);
    let runs = api.get("/api/v1/runs").await?.json()?;
    assert_eq!(runs["runs"].as_array().map(Vec::len), Some(1), "{runs}");
    Ok(())
}

/// A preview is a zip, may be kept for ever, and costs nothing the second time.
async fn preview(api: &Api, id: u64) -> Result<()> {
    let path = format!("/api/v1/previews/{id}");
    let answer = api.get(&path).await?;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/zip"));
    assert!(answer.header("cache-control").contains("immutable"));
    assert!(
        answer.body.starts_with(b"PK\x03\x04") && answer.body.len() > 1_000,
        "{} bytes",
        answer.body.len()
    );
    let known = api.request(Method::GET, &path).header("if-none-match", answer.header("etag"));
    assert_eq!(api.send(known).await?.status, 304);
    Ok(())
}

/// A download leads to the store, which gives a zip to someone without any credential.
async fn product(stack: &Stack, api: &Api, id: u64) -> Result<()> {
    let answer = api.get(&format!("/api/v1/artifacts/{id}/download")).await?;
    assert_eq!(answer.status, 302);
    let location = answer.header("location");
    assert!(location.starts_with(&stack.sandbox.ready.blobs), "{location}");
    let product = reqwest::get(location).await?.error_for_status()?.bytes().await?;
    assert!(product.starts_with(b"PK\x03\x04") && product.len() > 1_000);
    let no_preview = api.get(&format!("/api/v1/previews/{id}")).await?;
    assert_eq!(no_preview.status, 404);
    Ok(())
}

#[tokio::test]
async fn a_run_is_cancelled_and_run_again() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.api().await?;
    let run = api.launch(&request(&granules(&stack, 3).await?, "cance1")).await?;
    api.watch(run, |view| view.pairs.iter().any(|pair| pair.state == State::Running)).await?;
    let again = format!("/api/v1/runs/{run}/rerun-failed");
    assert_eq!(api.post(&again).await?.status, 409, "what runs is not run again");
    assert_eq!(api.post(&format!("/api/v1/runs/{run}/cancel")).await?.status, 202);

    let seen = api.watch(run, all_ended).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!(view.run.state, State::Cancelled, "{view:#?}");
    let too_late = api.post(&format!("/api/v1/runs/{run}/cancel")).await?;
    assert_eq!((too_late.status, too_late.json()?["type"].as_str()), (409, Some("conflict")));

    assert_eq!(api.post(&again).await?.status, 202);
    let seen = api.watch(run, |view| view.run.attempt == 2 && all_ended(view)).await?;
    let view = seen.last().context("nothing was seen")?;
    assert_eq!((view.run.state, view.pairs.len()), (State::Done, 2), "{view:#?}");
    Ok(())
}

#[tokio::test]
async fn wrong_launches_are_refused_and_nothing_starts() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.api().await?;
    let granules = granules(&stack, 3).await?;
    let with = |field: &str, value: Value| {
        let mut launch = request(&granules, "k3v9x2ab");
        launch[field] = value;
        launch
    };
    let (first, second) = (&granules[0], &granules[1]);
    for (launch, says) in [
        (with("burst", json!("174_1_IW3")), "not on track 174"),
        (with("pairs", json!([[second, first]])), "swap them"),
        (with("pairs", json!([[first, second.replace("372326", "372327")]])), "different bursts"),
        (with("polarization", json!("VH")), "VV or HH"),
        (with("pairs", json!([])), "choose at least one"),
        (with("pairs", json!([[first, second], [first, second]])), "twice"),
        (with("name", json!("a/b")), "which artifacts may not have"),
        (with("pairs", json!(vec![[first, second]; 300])), "take 44 pairs out"),
        (with("platforms", json!({first.as_str(): "SENTINEL-1E"})), "cannot process SENTINEL-1E"),
    ] {
        let answer = api.post_json("/api/v1/launches", &launch).await?;
        let problem = answer.json()?;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (422, "application/problem+json"),
            "{says}"
        );
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{says}: {problem}");
    }
    let launch =
        |body: String| api.own_post("/api/v1/launches").header("content-type", "application/json").body(body);
    assert_eq!(api.send(launch("burst=174_372326_IW3".to_owned())).await?.status, 400);
    assert_eq!(api.send(launch("x".repeat(1_500_000))).await?.status, 413);
    assert_eq!(api.get("/api/v1/runs").await?.json()?, json!({"runs": []}));
    Ok(())
}

#[tokio::test]
async fn the_built_page_is_served_with_its_policy() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.api().await?;
    for path in ["/", "/run/1", "/batch/k3v9x2ab"] {
        let page = api.get(path).await?;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("'sha256-") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    let html = String::from_utf8(api.get("/").await?.body)?;
    let wasm = html
        .split(['"', '\''])
        .find(|text| text.ends_with(".wasm"))
        .context("the page names no wasm")?
        .trim_start_matches('/');
    let packed = api.request(Method::GET, &format!("/{wasm}")).header("accept-encoding", "br, gzip");
    let answer = api.send(packed).await?;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/wasm"));
    assert!(answer.header("cache-control").contains("immutable"), "{wasm}");
    for path in ["/nothing.js", "/api/v1/nothing", "/assets/", "/.git/config"] {
        assert_eq!(api.get(path).await?.status, 404, "{path}");
    }
    assert_eq!(api.post("/").await?.status, 405);
    Ok(())
}
