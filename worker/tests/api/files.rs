//! Logs, downloads and previews: what comes out of GitHub's stores.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::world::{World, deployed, local};

const ORIGIN: &str = "https://productionresultssa3.blob.core.windows.net";

/// A run with an ended job and its log.
fn with_log(mut world: World, log: Vec<u8>, ignores_range: bool) -> (World, String) {
    let run = world.github.add_run("batch-job.yml", "b [k3v9x2ab/1]", "completed", Some("success"));
    let job = world.github.add_job(run, "20180604_20180616 / hyp3-isce2", "completed", Some("success"), &[]);
    let address = format!("{ORIGIN}/log?sig=SIGNED");
    world.github.locations.borrow_mut().insert(job, address.clone());
    world.store.files.borrow_mut().insert(address, log);
    world.store.ignores_range = ignores_range;
    let path = format!("/api/v1/runs/{run}/jobs/{job}/log");
    (world, path)
}

fn lines(count: usize) -> Vec<u8> {
    (0..count).flat_map(|n| format!("2026-11-23T20:11:23.1234567Z line {n}\n").into_bytes()).collect()
}

#[tokio::test]
async fn a_log_comes_without_time_stamps() {
    let (world, path) = with_log(local(), lines(3), false);
    let answer = world.see("reader", &path).await;
    assert_eq!(answer.status, 200);
    assert_json_snapshot!("log", answer.json());
}

#[tokio::test]
async fn of_a_long_log_only_the_end_is_fetched_and_shown() {
    for ignores_range in [false, true] {
        let (world, path) = with_log(local(), lines(40_000), ignores_range);
        let log = world.see("reader", &path).await.json();
        let text = log["text"].as_str().unwrap();
        assert!(text.ends_with("line 39999\n") && text.starts_with("line 3") && text.len() < 65_536);
        assert_eq!(log["cut"], true);
        assert_eq!(world.store.asked.borrow().len(), if ignores_range { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_log_of_just_64_kilobytes_is_not_cut() {
    let (world, path) = with_log(local(), vec![b'x'; 65_536], false);
    let log = world.see("reader", &path).await.json();
    assert_eq!((log["cut"].as_bool(), log["text"].as_str().unwrap().len()), (Some(false), 65_537));
    let (world, path) = with_log(local(), Vec::new(), false);
    assert_eq!(world.see("reader", &path).await.json(), json!({"text": "", "cut": false}));
}

#[tokio::test]
async fn a_job_at_work_has_no_log_yet() {
    let (world, path) = with_log(local(), lines(1), false);
    world.github.jobs.borrow_mut()[0]["status"] = json!("in_progress");
    let answer = world.see("reader", &path).await;
    assert_eq!((answer.status, answer.header("retry-after")), (404, "10"));
    assert_json_snapshot!("log_not_yet", answer.json());
    world.github.jobs.borrow_mut()[0]["status"] = json!("completed");
    world.github.locations.borrow_mut().clear();
    assert_json_snapshot!("log_none", world.see("reader", &path).await.json());
}

#[tokio::test]
async fn a_job_of_another_run_is_not_shown() {
    let (world, path) = with_log(local(), lines(1), false);
    let other = world.github.add_run("batch-job.yml", "c", "completed", Some("success"));
    let path = path.replace(&crate::github::FIRST.to_string(), &other.to_string());
    assert_eq!(world.see("reader", &path).await.status, 404);
}

/// A run with a product and a preview of some bytes.
fn with_artifacts(world: &World, bytes: Vec<u8>) -> (u64, u64) {
    let run = world.github.add_run("batch-job.yml", "b [k3v9x2ab/1]", "completed", Some("success"));
    let product = world.github.add_artifact(run, "20180604_20180616", 900_001);
    let preview = world.github.add_artifact(run, "20180604_20180616.preview.zip", bytes.len() as u64);
    let address = world.github.locations.borrow()[&preview].clone();
    world.store.files.borrow_mut().insert(address, bytes);
    (product, preview)
}

#[tokio::test]
async fn a_download_leads_to_githubs_store_and_nowhere_else() {
    let world = local();
    let (product, _) = with_artifacts(&world, Vec::new());
    let path = format!("/api/v1/artifacts/{product}/download");
    let answer = world.look(&path).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), format!("{ORIGIN}/{product}?sig=SIGNED"));
    assert_eq!(
        (answer.header("cache-control"), answer.header("referrer-policy")),
        ("no-store", "no-referrer")
    );
    for elsewhere in
        ["https://evil.example/?sig=SIGNED", "http://productionresultssa3.blob.core.windows.net/SIGNED", "/x"]
    {
        world.github.locations.borrow_mut().insert(product, elsewhere.to_owned());
        let answer = world.look(&path).await;
        assert_eq!((answer.status, answer.header("location")), (502, ""), "{elsewhere}");
        assert_json_snapshot!("download_elsewhere", answer.json());
    }
}

#[tokio::test]
async fn expired_and_foreign_artifacts_are_not_handed_out() {
    let world = local();
    let (product, preview) = with_artifacts(&world, b"PK".to_vec());
    for id in [product, preview] {
        world.github.set_artifact(id, "expired", &json!(true));
    }
    let answer = world.look(&format!("/api/v1/artifacts/{product}/download")).await;
    assert_eq!(answer.status, 410);
    assert_json_snapshot!("download_expired", answer.json());
    assert_eq!(world.look(&format!("/api/v1/previews/{preview}")).await.status, 410);
    let ci = world.github.add_run("ci.yml", "Merge", "completed", Some("success"));
    let report = world.github.add_artifact(ci, "report", 5);
    assert_eq!(world.look(&format!("/api/v1/artifacts/{report}/download")).await.status, 404);
    assert_eq!(world.look("/api/v1/artifacts/5/download").await.status, 404);
}

#[tokio::test]
async fn a_previews_bytes_pass_through_and_may_be_kept_for_ever() {
    let world = local();
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let (_, preview) = with_artifacts(&world, bytes.clone());
    let answer = world.look(&format!("/api/v1/previews/{preview}")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.as_ref().unwrap() == &bytes, "the bytes changed on the way");
    for (name, value) in [
        ("content-type", "application/zip"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("etag", &format!("\"artifact-{preview}\"")),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    let before = world.store.asked.borrow().len();
    let known = [("if-none-match", answer.header("etag"))];
    let again = world.ask("GET", &format!("/api/v1/previews/{preview}"), &known, "").await;
    assert_eq!((again.status, again.body.unwrap().len()), (304, 0));
    assert_eq!(world.store.asked.borrow().len(), before, "a known preview costs nothing");
}

#[tokio::test]
async fn a_product_is_no_preview() {
    let world = local();
    let (product, _) = with_artifacts(&world, Vec::new());
    let answer = world.look(&format!("/api/v1/previews/{product}")).await;
    assert_eq!(answer.status, 404);
    assert_json_snapshot!("preview_of_product", answer.json());
}

#[tokio::test]
async fn a_preview_that_is_too_large_is_not_passed_on() {
    let mut world = local();
    let (_, preview) = with_artifacts(&world, vec![0; 4 * 1024 * 1024 + 1]);
    let path = format!("/api/v1/previews/{preview}");
    let answer = world.look(&path).await;
    assert_eq!(answer.status, 502);
    assert_json_snapshot!("preview_too_large", answer.json());
    // GitHub's count says little, the store says more.
    world.github.set_artifact(preview, "size_in_bytes", &json!(1_000));
    assert_eq!(world.look(&path).await.status, 502);
    // Nobody says anything, and more and more comes.
    world.store.announces = false;
    let answer = world.look(&path).await;
    assert!(answer.body.is_err(), "the stream has to break off");
}

#[tokio::test]
async fn what_the_store_refuses_is_said_without_its_words() {
    let world = local();
    let (_, preview) = with_artifacts(&world, vec![1]);
    world.store.files.borrow_mut().clear();
    let answer = world.look(&format!("/api/v1/previews/{preview}")).await;
    assert_eq!(answer.status, 502);
    assert_json_snapshot!("preview_refused_by_store", answer.json());
}

#[tokio::test]
async fn strangers_look_where_the_repository_is_public() {
    let mut world = deployed();
    let (_, preview) = with_artifacts(&world, vec![1, 2, 3]);
    let path = format!("/api/v1/previews/{preview}");
    assert_eq!(world.look(&path).await.status, 200);
    world.github.private = true;
    world.clock.pass(60);
    for path in [&path, "/api/v1/runs", "/api/v1/batches/k3v9x2ab"] {
        let known = [("if-none-match", format!("\"artifact-{preview}\""))];
        let known = known.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = world.ask("GET", path, &known, "").await;
        assert_eq!(answer.status, 401, "{path}");
        assert_json_snapshot!("private", answer.json());
    }
}
