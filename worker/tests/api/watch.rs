//! Watching runs, stopping them, running them again.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::world::{World, local};

const TITLE: &str = "174_372326_IW3 Edgecumbe [k3v9x2ab/1]";

/// A batch half-way: the search done, one pair done, one at work, one failed, one queued.
fn half_way() -> (World, u64) {
    let world = local();
    let github = &world.github;
    let run = github.add_run("batch-job.yml", TITLE, "in_progress", None);
    let done = ("Run the engine", "completed", Some("success"));
    github.add_job(run, "searchASF", "completed", Some("success"), &[]);
    github.add_job(
        run,
        "20180616_20180628 / hyp3-isce2",
        "in_progress",
        None,
        &[done, ("Make the preview", "in_progress", None)],
    );
    github.add_job(run, "20180604_20180616 / hyp3-isce2", "completed", Some("success"), &[done]);
    github.add_job(
        run,
        "20180628_20180710 / hyp3-isce2",
        "completed",
        Some("failure"),
        &[
            ("Set up", "completed", Some("success")),
            ("Run the engine", "completed", Some("failure")),
            ("Tidy", "completed", Some("skipped")),
        ],
    );
    github.add_job(run, "20180710_20180722 / hyp3-isce2", "queued", None, &[]);
    github.add_artifact(run, "20180604_20180616", 900_001);
    github.add_artifact(run, "20180604_20180616.preview.zip", 300_001);
    github.add_artifact(run, "20180628_20180710.preview.zip", 2_001);
    (world, run)
}

#[tokio::test]
async fn a_run_is_shown_with_its_pairs_and_what_they_made() {
    let (world, run) = half_way();
    let answer = world.look(&format!("/api/v1/runs/{run}")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    assert_json_snapshot!("run_half_way", answer.json());
}

#[tokio::test]
async fn a_matrix_that_was_skipped_is_no_pair() {
    let world = local();
    let run = world.github.add_run("batch-job.yml", TITLE, "completed", Some("failure"));
    world.github.add_job(run, "searchASF", "completed", Some("failure"), &[]);
    // Without a leg there is nothing to evaluate the name with: GitHub shows it as it stands in the file.
    world.github.add_job(run, "${{ matrix.name }}", "completed", Some("skipped"), &[]);
    world.github.add_job(run, "${{ matrix.name }} / hyp3-isce2", "completed", Some("skipped"), &[]);
    let view = world.look(&format!("/api/v1/runs/{run}")).await.json();
    assert_eq!(view["pairs"], json!([]));
    let others: Vec<_> = view["others"].as_array().unwrap().iter().map(|job| job["state"].clone()).collect();
    assert_eq!(others, [json!("failed"), json!("skipped"), json!("skipped")]);
}

#[tokio::test]
async fn what_a_rerun_uploads_takes_the_place_of_the_earlier() {
    let (world, run) = half_way();
    let newer = world.github.add_artifact(run, "20180628_20180710.preview.zip", 300_002);
    let view = world.look(&format!("/api/v1/runs/{run}")).await.json();
    assert_eq!(view["pairs"][2]["preview"]["id"], newer);
}

#[tokio::test]
async fn a_gap_in_githubs_listing_is_said() {
    let (world, run) = half_way();
    let path = format!("/api/v1/runs/{run}");
    assert_eq!(world.look(&path).await.json().get("incomplete"), None);
    world.github.incomplete.set(true);
    assert_eq!(world.look(&path).await.json()["incomplete"], true);
}

#[tokio::test]
async fn a_single_job_run_is_one_pair_named_by_its_title() {
    let world = local();
    let run = world.github.add_run("single-job.yml", "Iran, June 2020", "queued", None);
    let path = format!("/api/v1/runs/{run}");
    assert_json_snapshot!("run_single_queued", world.look(&path).await.json());
    world.github.add_job(run, "processor", "completed", Some("success"), &[]);
    world.github.add_job(run, "hyp3-isce2", "completed", Some("success"), &[]);
    world.github.add_artifact(run, "20200604_20200616", 900_001);
    world.github.add_artifact(run, "20200604_20200616.preview.zip", 300_001);
    assert_json_snapshot!("run_single", world.look(&path).await.json());
}

#[tokio::test]
async fn runs_of_other_workflows_are_not_there() {
    let (world, _) = half_way();
    let ci = world.github.add_run("ci.yml", "Merge", "in_progress", None);
    let job = world.github.add_job(ci, "test", "completed", Some("success"), &[]);
    for path in [format!("runs/{ci}"), "runs/1".to_owned(), format!("runs/{ci}/jobs/{job}/log")] {
        assert_eq!(world.see("reader", &format!("/api/v1/{path}")).await.status, 404, "{path}");
    }
    for path in [
        format!("runs/{ci}/cancel"),
        format!("runs/{ci}/rerun-failed"),
        format!("runs/{ci}/jobs/{job}/rerun"),
    ] {
        assert_eq!(world.send(&format!("/api/v1/{path}"), &json!({})).await.status, 404, "{path}");
    }
    assert_json_snapshot!("run_unknown", world.look("/api/v1/runs/1").await.json());
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
}

#[tokio::test]
async fn the_list_has_both_workflows_newest_first() {
    let (world, _) = half_way();
    world.github.add_run("ci.yml", "Merge", "completed", Some("success"));
    world.github.add_run("single-job.yml", "Iran", "completed", Some("failure"));
    world.github.add_run("batch-job.yml", "174_372326_IW3", "completed", Some("success"));
    assert_json_snapshot!("runs", world.look("/api/v1/runs").await.json());
}

#[tokio::test]
async fn a_batch_has_its_runs_in_the_order_of_their_parts() {
    let (world, first) = half_way();
    let second =
        world.github.add_run("batch-job.yml", "174_372326_IW3 Edgecumbe [k3v9x2ab/2]", "queued", None);
    world.github.add_run("batch-job.yml", "174_372326_IW3 [k3v9x2/1]", "queued", None);
    world.github.add_run("single-job.yml", "mine [k3v9x2ab/3]", "queued", None);
    let batch = world.look("/api/v1/batches/k3v9x2ab").await;
    let ids: Vec<_> = batch.json()["runs"].as_array().unwrap().iter().map(|run| run["id"].clone()).collect();
    assert_eq!(ids, [json!(first), json!(second)]);
    assert_json_snapshot!("batch", batch.json());
    let unknown = world.look("/api/v1/batches/zzzzzz").await;
    assert_eq!(unknown.status, 404);
    assert_json_snapshot!("batch_unknown", unknown.json());
}

#[tokio::test]
async fn an_old_batch_is_found_behind_many_newer_runs() {
    let (world, run) = half_way();
    for _ in 0..250 {
        world.github.runs.borrow_mut().push(json!({
            "id": 1, "path": ".github/workflows/batch-job.yml", "display_title": "x", "status": "completed",
            "created_at": "2026-11-23T20:00:00Z",
        }));
    }
    let batch = world.look("/api/v1/batches/k3v9x2ab").await.json();
    assert_eq!(batch["runs"][0]["id"], run);
}

#[tokio::test]
async fn a_run_is_cancelled_while_it_runs_and_run_again_when_it_has_ended() {
    let (world, run) = half_way();
    let failed = world.github.jobs.borrow()[3]["id"].as_u64().unwrap();
    let send = async |path: String| world.send(&path, &json!({})).await;
    let cancel = format!("/api/v1/runs/{run}/cancel");
    let again = format!("/api/v1/runs/{run}/rerun-failed");
    let job_again = format!("/api/v1/runs/{run}/jobs/{failed}/rerun");

    assert_eq!(send(cancel.clone()).await.status, 202);
    let too_early = send(again.clone()).await;
    assert_eq!(too_early.status, 409);
    assert_json_snapshot!("rerun_too_early", too_early.json());

    world.github.runs.borrow_mut()[0]["status"] = json!("completed");
    assert_eq!(send(again).await.status, 202);
    assert_eq!(send(job_again).await.status, 202);
    let too_late = send(cancel).await;
    assert_eq!(too_late.status, 409);
    assert_json_snapshot!("cancel_too_late", too_late.json());
    assert_eq!(
        *world.github.changes.borrow(),
        [format!("cancel {run}"), format!("rerun failed of {run}"), format!("rerun job {failed}")]
    );
}
