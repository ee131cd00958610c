//! What a job sees, and what is kept of it.

use std::path::Path;

use reqwest::Method;
use serde_json::json;

use crate::support::{Sandbox, until};

/// A workflow whose one artifact tells what its job sees.
const TELLS: &str = r#"on: workflow_dispatch
jobs:
  tell:
    runs-on: ubuntu-latest
    steps:
      - run: env > seen.txt
      - uses: actions/upload-artifact@v7
        with: {name: seen.txt, path: seen.txt, archive: false, overwrite: true}
"#;

#[tokio::test]
async fn a_job_sees_the_switches_of_the_simulated_engine_and_nothing_else_of_the_sandboxs_environment() {
    let environment = [
        ("BURSTBOARD_SIMULATED_FAIL", "20180616_20180628"),
        ("BURSTBOARD_SIMULATED_SECONDS", "7"),
        ("EARTHDATA_PASSWORD", "not for jobs"),
        ("BURSTBOARD_SIMULATED_OTHER", "not for jobs"),
    ];
    let Some(sandbox) = Sandbox::start_with(&environment) else { return };
    sandbox.write(".github/workflows/tell.yml", TELLS);
    let run = sandbox.dispatch("tell.yml", json!({})).await;
    assert_eq!(sandbox.ended(run).await["conclusion"], "success");
    let seen = sandbox.download(&sandbox.artifacts(run).await[0]).await.text();
    for line in [
        "BURSTBOARD_SIMULATED_FAIL=20180616_20180628",
        "BURSTBOARD_SIMULATED_SECONDS=7",
        "GITHUB_RUN_ATTEMPT=1",
        "INSAR_ENGINE=simulated",
    ] {
        assert!(seen.lines().any(|seen| seen == line), "{line} is missing: {seen}");
    }
    assert!(!seen.contains("not for jobs"), "{seen}");

    assert_eq!(sandbox.post(&format!("/actions/runs/{run}/rerun"), json!({})).await.status, 201);
    assert_eq!(sandbox.ended(run).await["run_attempt"], 2);
    let seen = sandbox.download(&sandbox.artifacts(run).await[0]).await.text();
    assert!(seen.lines().any(|line| line == "GITHUB_RUN_ATTEMPT=2"), "{seen}");
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn files_that_nobody_can_ask_for_any_more_are_removed() {
    let Some(mut sandbox) = Sandbox::start() else { return };
    let (trees, blobs) = (sandbox.data.path().join("trees"), sandbox.data.path().join("blobs"));
    let mut runs = Vec::new();
    for change in ["first", "second"] {
        sandbox.write(".github/workflows/tell.yml", &format!("# {change}\n{TELLS}"));
        let run = sandbox.dispatch("tell.yml", json!({})).await;
        sandbox.ended(run).await;
        runs.push(run);
    }
    assert_eq!((count(&trees), count(&blobs)), (2, 2), "both runs may be run again");

    let expired = sandbox.artifacts(runs[1]).await.remove(0);
    let expire = format!("{}/sandbox/artifacts/{}/expire", sandbox.says("api"), expired["id"]);
    let answer = sandbox.client().post(expire).bearer_auth(sandbox.says("token")).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let gone = sandbox.call(Method::DELETE, &format!("/actions/runs/{}", runs[0]), None).await;
    assert_eq!(gone.status, 204);
    let third = sandbox.dispatch("tell.yml", json!({})).await;
    sandbox.ended(third).await;
    until("the end of tidying up", || async { (count(&trees) == 1 && count(&blobs) == 1).then_some(()) })
        .await;
    assert_eq!(sandbox.artifacts(runs[1]).await[0]["expired"], true, "what is expired stays listed");

    // What a killed sandbox left half-done goes at the next start.
    std::fs::write(blobs.join("half"), "").unwrap();
    std::fs::create_dir_all(trees.join("half.1/a")).unwrap();
    sandbox.restart("KILL");
    assert_eq!((count(&trees), count(&blobs)), (1, 1));
    assert_eq!(sandbox.post(&format!("/actions/runs/{}/rerun", runs[1]), json!({})).await.status, 201);
    assert_eq!(sandbox.ended(runs[1]).await["conclusion"], "success", "its snapshot is still there");
}

/// Many short failures at once: `act` alone loses the last words of about every fifth.
const FAILS: &str = r#"on: workflow_dispatch
jobs:
  fail:
    strategy:
      fail-fast: false
      matrix: {n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]}
    runs-on: ubuntu-latest
    steps:
      - env: {N: '${{ matrix.n }}'}
        run: |
          echo "::error::orbit file $N is missing" >&2
          echo "terminal $TERM"
          bash -c "exit $N"
"#;

#[tokio::test]
async fn the_last_words_of_a_failing_step_are_in_log_and_annotations() {
    let Some(sandbox) = Sandbox::start() else { return };
    sandbox.write(".github/workflows/fail.yml", FAILS);
    let run = sandbox.dispatch("fail.yml", json!({})).await;
    assert_eq!(sandbox.ended(run).await["conclusion"], "failure");
    let jobs = sandbox.jobs(run).await;
    assert_eq!(jobs.len(), 20);
    for (at, job) in jobs.iter().enumerate() {
        let sentence = format!("orbit file {} is missing", at + 1);
        let notes = sandbox.get(&format!("/check-runs/{}/annotations", job["id"])).await.json();
        assert_eq!(notes[0]["message"].as_str(), Some(sentence.as_str()), "{notes:#}");
        let log = sandbox.get(&format!("/actions/jobs/{}/logs", job["id"])).await;
        let log = sandbox.fetch(log.header("location"), &[]).await.text();
        // No terminal reads a log: programs that colour their words must not do it there.
        assert!(log.contains("Z terminal dumb"), "{log}");
        assert!(log.contains(&format!("##[error]Process completed with exit code {}.", at + 1)), "{log}");
    }
}
