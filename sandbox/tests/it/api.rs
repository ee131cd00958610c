//! The REST API: what is asked before, between and after runs.

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::support::Sandbox;

#[tokio::test]
async fn a_run_is_described_as_github_describes_it_in_both_versions_of_the_api() {
    let Some(sandbox) = Sandbox::start() else { return };
    let run = sandbox.dispatch("batch-job.yml", json!({"pairs": "a b bad"})).await;
    assert!(run > i64::from(u32::MAX));
    assert_eq!(sandbox.ended(run).await["conclusion"], "failure");
    let job = sandbox.jobs(run).await[0]["id"].clone();
    let artifact = sandbox.artifacts(run).await[0]["id"].clone();
    let page = sandbox.run(run).await["html_url"].as_str().unwrap().to_owned();
    let page = sandbox.fetch(&page, &[]).await.text();
    assert!(
        page.contains("bad / hyp3-isce2 · failure") && page.contains("the orbit file is missing"),
        "{page}"
    );
    let token = format!("token {}", sandbox.says("token"));
    for version in ["2022-11-28", "2026-03-10"] {
        for path in [
            "",
            "/collaborators/local",
            "/collaborators/local/permission",
            "/actions/workflows",
            "/actions/workflows/single-job.yml",
            "/actions/workflows/batch-job.yml/runs",
            "/actions/runs",
            &format!("/actions/runs/{run}"),
            &format!("/actions/runs/{run}/attempts/1"),
            &format!("/actions/runs/{run}/attempts/1/jobs"),
            &format!("/actions/runs/{run}/jobs?filter=all"),
            &format!("/actions/runs/{run}/timing"),
            &format!("/actions/runs/{run}/artifacts"),
            &format!("/actions/jobs/{job}"),
            "/actions/artifacts",
            &format!("/actions/artifacts/{artifact}"),
            &format!("/check-runs/{job}/annotations"),
            "/user",
            "/rate_limit",
            "/versions",
        ] {
            let headers = [("authorization", token.as_str()), ("x-github-api-version", version)];
            let answer = sandbox.call_with(Method::GET, path, None, &headers).await;
            assert!(matches!(answer.status, 200 | 204), "{path}: {} {}", answer.status, answer.text());
            assert_eq!(answer.header("x-github-api-version-selected"), version);
            assert!(
                !answer.header("x-github-request-id").is_empty()
                    && !answer.header("x-ratelimit-remaining").is_empty()
            );
        }
    }
}

#[tokio::test]
async fn a_dispatch_answers_as_its_version_does_and_refuses_what_github_refuses() {
    let Some(sandbox) = Sandbox::start() else { return };
    let path = "/actions/workflows/single-job.yml/dispatches";
    assert_eq!(sandbox.post(path, json!({"ref": "main"})).await.status, 204);
    let token = format!("Bearer {}", sandbox.says("token"));
    let newest = [("authorization", token.as_str()), ("x-github-api-version", "2026-03-10")];
    let answer =
        sandbox.call_with(Method::POST, path, Some(json!({"ref": "refs/heads/main"})), &newest).await;
    assert_eq!((answer.status, answer.json()["workflow_run_id"].is_i64()), (200, true));

    let many: Map<String, Value> = (0..26).map(|n| (format!("i{n}"), json!("x"))).collect();
    for (body, status, words) in [
        (json!({}), 422, "\"ref\" wasn't supplied"),
        (json!({"ref": "nowhere"}), 422, "No ref found for: nowhere"),
        (json!({"ref": "main", "x": 1}), 422, "\"x\" is not a permitted key."),
        (json!({"ref": "main", "inputs": {"looks": "1x1"}}), 422, "not in the list of allowed values"),
        (json!({"ref": "main", "inputs": {"nope": "1"}}), 422, "Unexpected inputs provided: [\"nope\"]"),
        (json!({"ref": "main", "inputs": {"reference": ""}}), 422, "Required input 'reference' not provided"),
        (json!({"ref": "main", "inputs": {"reference": "x".repeat(70_000)}}), 422, "inputs are too large."),
        (
            json!({"ref": "main", "inputs": many}),
            422,
            "No more than 25 properties are allowed; 26 were supplied.",
        ),
    ] {
        let answer = sandbox.post(path, body).await;
        assert_eq!(answer.status, status);
        assert!(answer.message().contains(words), "{}", answer.message());
    }
    let missing = sandbox.post("/actions/workflows/none.yml/dispatches", json!({"ref": "main"})).await;
    assert_eq!((missing.status, missing.message().as_str()), (404, "Not Found"));
    sandbox.write(".github/workflows/push.yml", "on: push\njobs: {a: {runs-on: x, steps: []}}\n");
    let push = sandbox.post("/actions/workflows/push.yml/dispatches", json!({"ref": "main"})).await;
    assert_eq!(
        (push.status, push.message().as_str()),
        (422, "Workflow does not have 'workflow_dispatch' trigger")
    );
}

#[tokio::test]
async fn lists_are_paged_and_filtered_and_unchanged_answers_cost_nothing() {
    let Some(sandbox) = Sandbox::start() else { return };
    let mut runs = Vec::new();
    for name in ["one", "two", "three"] {
        runs.push(sandbox.dispatch("single-job.yml", json!({"workflow_name": name})).await);
    }
    for run in &runs {
        sandbox.ended(*run).await;
    }
    let first = sandbox.get("/actions/runs?per_page=2&event=workflow_dispatch").await;
    assert_eq!(first.json()["workflow_runs"][0]["display_title"], "three");
    let next = first.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    assert!(next.contains("/repositories/") && first.header("link").contains("rel=\"next\""), "{next}");
    let second = sandbox.get(next.strip_prefix(&sandbox.says("api")).unwrap()).await;
    assert_eq!(
        (second.json()["workflow_runs"].as_array().unwrap().len(), second.json()["total_count"].as_i64()),
        (1, Some(3))
    );

    for (query, count) in [
        ("status=success", 3),
        ("status=in_progress", 0),
        ("event=push", 0),
        ("branch=main&actor=local", 3),
        ("actor=octocat", 0),
        ("created=>=2020-01-01", 3),
        ("created=<2020-01-01", 0),
    ] {
        let list = sandbox.get(&format!("/actions/workflows/single-job.yml/runs?{query}")).await;
        assert_eq!(list.json()["total_count"], count, "{query}");
    }
    assert_eq!(sandbox.get("/actions/workflows/batch-job.yml/runs").await.json()["total_count"], 0);

    let path = format!("/actions/runs/{}", runs[0]);
    let known = sandbox.get(&path).await;
    let used = |answer: &crate::support::Answer| answer.header("x-ratelimit-used").parse::<u64>().unwrap();
    let token = format!("Bearer {}", sandbox.says("token"));
    let headers = [("authorization", token.as_str()), ("if-none-match", known.header("etag"))];
    let same = sandbox.call_with(Method::GET, &path, None, &headers).await;
    assert_eq!((same.status, same.bytes.len(), used(&same)), (304, 0, used(&known)));
}

#[tokio::test]
async fn strangers_may_look_but_not_touch_and_other_hosts_are_turned_away() {
    let Some(sandbox) = Sandbox::start() else { return };
    let body = Some(json!({"ref": "main"}));
    let dispatch = "/actions/workflows/single-job.yml/dispatches";
    assert_eq!(sandbox.call_with(Method::GET, "/actions/runs", None, &[]).await.status, 200);
    assert_eq!(sandbox.call_with(Method::POST, dispatch, body.clone(), &[]).await.status, 401);
    assert_eq!(sandbox.call_with(Method::GET, "/user", None, &[]).await.status, 401);
    let wrong =
        sandbox.call_with(Method::GET, "/actions/runs", None, &[("authorization", "Bearer ghs_wrong")]).await;
    assert_eq!((wrong.status, wrong.message().as_str()), (401, "Bad credentials"));
    let other = sandbox.call_with(Method::GET, "/repos/octocat/hello/actions/runs", None, &[]).await;
    assert_eq!((other.status, other.message().as_str()), (404, "Not Found"));
    let old = sandbox.call_with(Method::GET, "/user", None, &[("x-github-api-version", "2020-01-01")]).await;
    assert_eq!(old.status, 410);
    // A page that points its own name at this computer gets nothing, not even with the token.
    let port = sandbox.says("api").rsplit(':').next().unwrap().to_owned();
    for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "localhost:1".to_owned()] {
        let token = format!("Bearer {}", sandbox.says("token"));
        let headers = [("host", host.as_str()), ("authorization", &token)];
        let answer = sandbox.fetch(&format!("{}/user", sandbox.says("api")), &headers).await;
        assert_eq!(answer.status, 421, "{host}");
    }
}

#[tokio::test]
async fn faults_come_when_asked_for_and_go_away() {
    let Some(sandbox) = Sandbox::start() else { return };
    sandbox.fault(json!({"path": "/actions/runs", "times": 2, "harm": {"status": 502}})).await;
    assert_eq!(sandbox.get("/actions/workflows").await.status, 200);
    assert_eq!(sandbox.get("/actions/runs").await.status, 502);
    assert_eq!(sandbox.get("/actions/runs").await.status, 502);
    assert_eq!(sandbox.get("/actions/runs").await.status, 200);
    sandbox.fault(json!({"method": "POST", "harm": {"secondary_rate_limit": 60}})).await;
    let limited = sandbox.post("/actions/workflows/single-job.yml/dispatches", json!({"ref": "main"})).await;
    assert_eq!((limited.status, limited.header("retry-after")), (403, "60"));
    // The request is carried out and its answer is lost: what a launch has to survive.
    sandbox.fault(json!({"method": "POST", "path": "/dispatches", "harm": "lose_answer"})).await;
    let address =
        format!("{}/repos/local/burstboard/actions/workflows/single-job.yml/dispatches", sandbox.says("api"));
    let request =
        sandbox.client().post(address).bearer_auth(sandbox.says("token")).json(&json!({"ref": "main"}));
    let lost = match request.send().await {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(lost);
    assert_eq!(sandbox.get("/actions/runs").await.json()["total_count"], 1);
    let stranger = sandbox.fetch(&format!("{}/sandbox/faults", sandbox.says("api")), &[]).await;
    assert_eq!(stranger.status, 401);
}
