//! Runs: how they go, stop, begin again, and what is left of them.

use serde_json::{Value, json};

use crate::support::{Sandbox, until};

fn ends(jobs: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    jobs.iter().map(|job| (text(&job["name"]), text(&job["conclusion"]))).collect()
}

/// Whether a process of this sandbox's jobs is alive.
fn alive(words: &str, sandbox: &Sandbox) -> bool {
    let data = sandbox.data.path().canonicalize().unwrap();
    std::fs::read_dir("/proc").unwrap().flatten().any(|entry| {
        let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let command = String::from_utf8_lossy(&read("cmdline")).replace('\0', " ");
        command.contains(words)
            && String::from_utf8_lossy(&read("environ")).contains(&*data.to_string_lossy())
    })
}

#[tokio::test]
async fn pairs_appear_queued_run_and_end_one_by_one_and_a_bad_one_harms_no_other() {
    let Some(sandbox) = Sandbox::start() else { return };
    let pairs = "slow_a slow_b bad c";
    let run = sandbox
        .dispatch(
            "batch-job.yml",
            json!({"burstId": "174_372326_IW3", "pairs": pairs, "batch": "k3", "part": "2"}),
        )
        .await;
    // Two runners: while both are busy the other pairs wait, and are listed all the same.
    let jobs = until("two pairs at work", || async {
        let jobs = sandbox.jobs(run).await;
        (jobs.iter().filter(|j| j["status"] == "in_progress" && j["name"] != "searchASF").count() == 2)
            .then_some(jobs)
    })
    .await;
    let states: Vec<_> =
        jobs.iter().map(|j| (j["name"].as_str().unwrap(), j["status"].as_str().unwrap())).collect();
    assert_eq!(
        states,
        [
            ("searchASF", "completed"),
            ("slow_a / hyp3-isce2", "in_progress"),
            ("slow_b / hyp3-isce2", "in_progress"),
            ("bad / hyp3-isce2", "queued"),
            ("c / hyp3-isce2", "queued"),
        ]
    );
    let at_work = until("a step at work", || async {
        let job = sandbox.job(run, "slow_a / hyp3-isce2").await?;
        let steps = job["steps"].as_array()?.clone();
        steps.into_iter().find(|s| s["status"] == "in_progress" && s["name"] == "Make the interferogram")
    })
    .await;
    assert_eq!(at_work["number"], 4);
    let state = sandbox.run(run).await;
    assert_eq!(
        (state["status"].as_str(), state["display_title"].as_str()),
        (Some("in_progress"), Some("174_372326_IW3 [k3/2]"))
    );
    let id = sandbox.job(run, "slow_a / hyp3-isce2").await.unwrap()["id"].clone();
    assert_eq!(
        sandbox.get(&format!("/actions/jobs/{id}/logs")).await.status,
        404,
        "the log is there when the job has ended"
    );

    assert_eq!(sandbox.post(&format!("/actions/runs/{run}/force-cancel"), json!({})).await.status, 202);
    assert_eq!(sandbox.ended(run).await["conclusion"], "cancelled");
}

#[tokio::test]
async fn a_failed_pair_says_why_and_running_it_again_replaces_what_it_made() {
    let Some(sandbox) = Sandbox::start() else { return };
    let run = sandbox.dispatch("batch-job.yml", json!({"pairs": "a bad"})).await;
    assert_eq!(sandbox.ended(run).await["conclusion"], "failure");
    let bad = sandbox.job(run, "bad / hyp3-isce2").await.unwrap();
    assert_eq!(bad["conclusion"], "failure");
    let step = |name: &str| {
        bad["steps"].as_array().unwrap().iter().find(|s| s["name"] == name).unwrap()["conclusion"].clone()
    };
    assert_eq!(
        ["Make the interferogram", "Make the preview", "Upload the product", "Upload the preview"].map(step),
        ["failure", "success", "skipped", "success"].map(Value::from)
    );
    let log = sandbox.get(&format!("/actions/jobs/{}/logs", bad["id"])).await;
    let log = sandbox.fetch(log.header("location"), &[]).await.text();
    assert!(
        log.contains("Z ##[error]the orbit file is missing")
            && log.contains("##[error]Process completed with exit code 3."),
        "{log}"
    );
    let notes = sandbox.get(&format!("/check-runs/{}/annotations", bad["id"])).await.json();
    assert_eq!(
        (notes[0]["message"].as_str(), notes[0]["annotation_level"].as_str()),
        (Some("the orbit file is missing"), Some("failure"))
    );

    let before = sandbox.artifacts(run).await;
    let good = sandbox.job(run, "a / hyp3-isce2").await.unwrap();
    assert_eq!(sandbox.post(&format!("/actions/runs/{run}/rerun-failed-jobs"), json!({})).await.status, 201);
    let state = sandbox.ended(run).await;
    assert_eq!((state["conclusion"].as_str(), state["run_attempt"].as_i64()), (Some("success"), Some(2)));
    // What was good is carried over: a new id, the old times.
    let carried = sandbox.job(run, "a / hyp3-isce2").await.unwrap();
    assert_ne!(carried["id"], good["id"]);
    assert_eq!((&carried["completed_at"], carried["run_attempt"].as_i64()), (&good["completed_at"], Some(2)));
    let all = sandbox.get(&format!("/actions/runs/{run}/jobs?filter=all")).await.json();
    assert_eq!(all["total_count"], 6);

    let after = sandbox.artifacts(run).await;
    let names = |list: &[Value]| {
        let mut names: Vec<String> = list.iter().map(|a| a["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&before), ["a", "a.preview.zip", "bad.preview.zip"]);
    assert_eq!(names(&after), ["a", "a.preview.zip", "bad", "bad.preview.zip"]);
    let of = |list: &[Value], name: &str| list.iter().find(|a| a["name"] == name).unwrap().clone();
    assert_eq!(of(&before, "a")["id"], of(&after, "a")["id"]);
    assert_ne!(of(&before, "bad.preview.zip")["id"], of(&after, "bad.preview.zip")["id"]);
    let preview = sandbox.download(&of(&after, "bad.preview.zip")).await.bytes;
    assert!(preview.ends_with(b"attempt 2"));

    let again = sandbox.post(&format!("/actions/runs/{run}/rerun-failed-jobs"), json!({})).await;
    assert_eq!(again.status, 403);
    let job = sandbox.job(run, "bad / hyp3-isce2").await.unwrap()["id"].clone();
    assert_eq!(sandbox.post(&format!("/actions/jobs/{job}/rerun"), json!({})).await.status, 201);
    assert_eq!(sandbox.ended(run).await["run_attempt"], 3);
    let first = sandbox.get(&format!("/actions/runs/{run}/attempts/1")).await.json();
    assert_eq!((first["conclusion"].as_str(), first["run_attempt"].as_i64()), (Some("failure"), Some(1)));
}

#[tokio::test]
async fn cancelling_leaves_nothing_running_and_keeps_what_was_made() {
    let Some(sandbox) = Sandbox::start() else { return };
    let run = sandbox.dispatch("batch-job.yml", json!({"pairs": "a slow b"})).await;
    until("the detached process of the slow pair", || async { alive("sleep 600", &sandbox).then_some(()) })
        .await;
    until("the first artifact", || async { (!sandbox.artifacts(run).await.is_empty()).then_some(()) }).await;
    assert_eq!(sandbox.post(&format!("/actions/runs/{run}/cancel"), json!({})).await.status, 202);
    assert_eq!(sandbox.ended(run).await["conclusion"], "cancelled");
    assert_eq!(sandbox.job(run, "slow / hyp3-isce2").await.unwrap()["conclusion"], "cancelled");
    assert!(!alive("sleep", &sandbox));
    assert_eq!(std::fs::read_dir(sandbox.data.path().join("work")).unwrap().count(), 0);
    assert!(sandbox.artifacts(run).await.iter().any(|artifact| artifact["name"] == "a"));
    assert_eq!(sandbox.post(&format!("/actions/runs/{run}/cancel"), json!({})).await.status, 409);
}

#[tokio::test]
async fn a_job_that_was_cancelled_at_any_moment_is_not_taken_for_done() {
    let Some(sandbox) = Sandbox::start() else { return };
    let mut cancelled = 0;
    // From before the first step to after the last: `act` says of a job whose steps it has left out that it ended well.
    for delay in (0..10).map(|step| 60 * step) {
        let run = sandbox.dispatch("batch-job.yml", json!({"pairs": "a b"})).await;
        until("a job at work", || async {
            (sandbox.job(run, "searchASF").await?["status"] != "queued").then_some(())
        })
        .await;
        tokio::time::sleep(std::time::Duration::from_millis(delay)).await;
        sandbox.post(&format!("/actions/runs/{run}/cancel"), json!({})).await;
        let conclusion = sandbox.ended(run).await["conclusion"].clone();
        if conclusion == "success" {
            continue;
        }
        cancelled += 1;
        let search = sandbox.job(run, "searchASF").await.unwrap();
        let choice = search["steps"].as_array().unwrap().iter().find(|s| s["name"] == "Choose the pairs");
        assert!(
            search["conclusion"] != "success" || choice.unwrap()["conclusion"] == "success",
            "after {delay} ms: {search:#}"
        );
        assert_eq!(
            sandbox.post(&format!("/actions/runs/{run}/rerun-failed-jobs"), json!({})).await.status,
            201
        );
        let again = sandbox.ended(run).await;
        let jobs = ends(&sandbox.jobs(run).await);
        assert_eq!(
            (again["conclusion"].as_str(), jobs.len()),
            (Some("success"), 3),
            "after {delay} ms: {jobs:?}"
        );
    }
    assert!(cancelled > 0, "no run was cancelled in time");
}

#[tokio::test]
async fn a_sandbox_that_was_stopped_or_killed_has_no_run_that_never_ends() {
    let Some(mut sandbox) = Sandbox::start() else { return };
    for signal in ["TERM", "KILL"] {
        let run = sandbox.dispatch("single-job.yml", json!({"workflow_name": "slow"})).await;
        until("the detached process", || async { alive("sleep 600", &sandbox).then_some(()) }).await;
        sandbox.restart(signal);
        assert!(!alive("sleep", &sandbox), "after {signal}");
        let state = sandbox.run(run).await;
        assert_eq!(
            (state["status"].as_str(), state["conclusion"].as_str()),
            (Some("completed"), Some("cancelled")),
            "after {signal}"
        );
        assert_eq!(ends(&sandbox.jobs(run).await), [("hyp3-isce2".to_owned(), "cancelled".to_owned())]);
    }
    // What ended before is all there, and new runs are new.
    let run = sandbox.dispatch("single-job.yml", json!({})).await;
    assert_eq!(sandbox.ended(run).await["conclusion"], "success");
    assert_eq!(sandbox.get("/actions/runs").await.json()["total_count"], 3);
}

#[tokio::test]
async fn what_the_sandbox_cannot_do_fails_with_a_sentence() {
    let Some(sandbox) = Sandbox::start() else { return };
    let job = "runs-on: ubuntu-latest\n    steps:\n      - uses: foo/bar@v1\n";
    sandbox.write(".github/workflows/a.yml", &format!("on: workflow_dispatch\njobs:\n  j:\n    {job}"));
    sandbox.write(".github/workflows/b.yml", "on: workflow_dispatch\njobs:\n  j:\n    strategy: {matrix: '${{ fromJson(needs.x.outputs.y) }}'}\n    runs-on: x\n    steps: []\n");
    sandbox.write(
        ".github/workflows/c.yml",
        "on: workflow_dispatch\njobs:\n  j:\n    uses: other/repository/.github/workflows/x.yml@v1\n",
    );
    for (file, words) in [
        ("a.yml", "The sandbox has no stand-in for the action foo/bar"),
        ("b.yml", "fromJson(needs.x.outputs.y)"),
        ("c.yml", "the sandbox only has the workflows of this repository"),
    ] {
        let run = sandbox.dispatch(file, json!({})).await;
        assert_eq!(sandbox.ended(run).await["conclusion"], "failure", "{file}");
        let job = sandbox.jobs(run).await[0]["id"].clone();
        let notes = sandbox.get(&format!("/check-runs/{job}/annotations")).await.text();
        assert!(notes.contains(words), "{file}: {notes}");
        let log = sandbox.get(&format!("/actions/jobs/{job}/logs")).await;
        let log = sandbox.fetch(log.header("location"), &[]).await.text();
        assert!(log.contains(words), "{file}: {log}");
    }
}

#[tokio::test]
async fn an_artifacts_name_is_taken_once_unless_it_is_overwritten() {
    let Some(sandbox) = Sandbox::start() else { return };
    let upload = |inputs: &str| {
        format!("      - uses: actions/upload-artifact@v7\n        with: {{path: f.txt, {inputs}}}\n")
    };
    let steps = [
        upload("name: x"),
        upload("name: x, overwrite: true"),
        upload("name: y, archive: false"),
        // It deletes `y`, of which there is none, and then makes `f.txt` again.
        upload("name: y, archive: false, overwrite: true"),
    ];
    let text = format!(
        "on: workflow_dispatch\njobs:\n  j:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello > f.txt\n{}",
        steps.concat()
    );
    sandbox.write(".github/workflows/a.yml", &text);
    let run = sandbox.dispatch("a.yml", json!({})).await;
    assert_eq!(sandbox.ended(run).await["conclusion"], "failure");
    let job = sandbox.jobs(run).await.remove(0);
    let results: Vec<_> =
        job["steps"].as_array().unwrap()[2..6].iter().map(|s| s["conclusion"].as_str().unwrap()).collect();
    assert_eq!(results, ["success", "success", "success", "failure"]);
    let log = sandbox.get(&format!("/actions/jobs/{}/logs", job["id"])).await;
    let log = sandbox.fetch(log.header("location"), &[]).await.text();
    assert!(
        log.contains("(409) Conflict: an artifact with this name already exists on the workflow run"),
        "{log}"
    );
    let mut artifacts = sandbox.artifacts(run).await;
    artifacts.retain(|a| a["name"] == "f.txt");
    let file = sandbox.download(&artifacts[0]).await;
    assert_eq!((file.text().as_str(), file.header("content-type")), ("hello\n", "text/plain"));
}
