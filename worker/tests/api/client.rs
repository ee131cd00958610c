//! The client over octocrab, against scripted answers of GitHub.

use std::{
    collections::{BTreeMap, VecDeque},
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use burstboard_worker::{
    github::{Client, GitHub, GitHubError, Workflow},
    settings::{Secret, Settings},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use octocrab::OctoBody;
use serde_json::{Value, json};
use tokio::task::LocalSet;

use crate::world::TOKEN;

/// Answers with what the script says, and keeps what it was asked.
#[derive(Clone, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<Response<Full<Bytes>>>>>,
    asked: Arc<Mutex<Vec<Request<OctoBody>>>>,
}

impl Script {
    fn then(self, status: u16, headers: &[(&str, &str)], body: &Value) -> Self {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        self.answers.lock().unwrap().push_back(response.body(Full::new(body.into())).unwrap());
        self
    }

    fn paths(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|request| request.uri().to_string()).collect()
    }
}

impl tower::Service<Request<OctoBody>> for Script {
    type Response = Response<Full<Bytes>>;
    type Error = std::io::Error;
    type Future = Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<OctoBody>) -> Self::Future {
        self.asked.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front();
        ready(
            answer
                .ok_or_else(|| std::io::Error::other("connection to https://secret.example/?sig=1 refused")),
        )
    }
}

async fn with<T>(script: &Script, api: &str, ask: impl AsyncFnOnce(&Client) -> T) -> T {
    let settings = Settings::read(|name| match name {
        "GITHUB_REPOSITORY" => Some("local/burstboard".to_owned()),
        "GITHUB_TOKEN" => Some(TOKEN.to_owned()),
        "LAUNCHERS" | "GITHUB_CLIENT_ID" | "GITHUB_CLIENT_SECRET" => Some("x".to_owned()),
        "SEAL_KEYS" => Some(format!("k1:{}=", "A".repeat(43))),
        "GITHUB_API_URL" => Some(api.to_owned()),
        _ => None,
    })
    .unwrap();
    let set = LocalSet::new();
    set.run_until(async {
        let executor = Box::new(|task| {
            tokio::task::spawn_local(task);
        });
        let client =
            Client::new(&settings, &Secret::parse(TOKEN).unwrap(), script.clone(), executor, 1_000).unwrap();
        ask(&client).await
    })
    .await
}

const API: &str = "http://localhost:4001";

fn jobs(total: usize, ids: std::ops::Range<u64>) -> Value {
    let jobs: Vec<_> =
        ids.map(|id| json!({"id": id, "run_id": 7, "name": "x", "status": "queued"})).collect();
    json!({"total_count": total, "jobs": jobs})
}

#[tokio::test]
async fn all_256_jobs_are_listed_with_the_credential_and_without_following_links() {
    // GitHub's own links lead to another path; a forged one could lead to another host.
    let link = [("link", "<https://evil.example/repositories/1/actions/runs/7/jobs?page=2>; rel=\"next\"")];
    let script = Script::default()
        .then(200, &link, &jobs(256, 0..100))
        .then(200, &link, &jobs(256, 99..199))
        .then(200, &[], &jobs(256, 199..256));
    let listing = with(&script, API, async |client| client.jobs(7).await).await.unwrap();
    assert_eq!((listing.items.len(), listing.incomplete), (256, false));
    let expected = |page| {
        format!("{API}/repos/local/burstboard/actions/runs/7/jobs?filter=latest&per_page=100&page={page}")
    };
    assert_eq!(script.paths(), [expected(1), expected(2), expected(3)]);
    for request in script.asked.lock().unwrap().iter() {
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(header("x-github-api-version"), "2022-11-28");
        assert_eq!(header("accept"), "application/vnd.github+json");
        assert!(header("user-agent").starts_with("burstboard/"));
    }
}

#[tokio::test]
async fn a_listing_shorter_than_githubs_own_count_says_so() {
    let script = Script::default().then(200, &[], &jobs(31, 0..30));
    let listing = with(&script, API, async |client| client.jobs(7).await).await.unwrap();
    assert_eq!((listing.items.len(), listing.incomplete), (30, true));
}

#[tokio::test]
async fn a_dispatch_asks_for_the_runs_number_and_lives_without_it() {
    let inputs = BTreeMap::from([("batch", "k3v9x2ab".to_owned())]);
    let told = json!({"workflow_run_id": 19_700_000_001_u64, "run_url": "x", "html_url": "x"});
    for (status, body, run) in [(200, told, Some(19_700_000_001)), (204, Value::Null, None)] {
        let script = Script::default().then(status, &[], &body);
        let dispatch = async |client: &Client| client.dispatch(Workflow::Batch, "main", &inputs).await;
        assert_eq!(with(&script, API, dispatch).await, Ok(run));
        let request = script.asked.lock().unwrap().pop().unwrap();
        assert_eq!(
            request.uri().path(),
            "/repos/local/burstboard/actions/workflows/batch-job.yml/dispatches"
        );
        let sent = request.into_body().collect().await.unwrap().to_bytes();
        let sent: Value = serde_json::from_slice(&sent).unwrap();
        assert_eq!(sent, json!({"ref": "main", "inputs": {"batch": "k3v9x2ab"}, "return_run_details": true}));
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let script = Script::default().then(302, &[("location", "https://store.example/a?sig=1")], &Value::Null);
    let location = with(&script, API, async |client| client.artifact_location(5).await).await;
    assert_eq!(location, Ok("https://store.example/a?sig=1".to_owned()));
    assert_eq!(script.paths(), [format!("{API}/repos/local/burstboard/actions/artifacts/5/zip")]);
    let script = Script::default().then(302, &[], &Value::Null);
    let location = with(&script, API, async |client| client.log_location(5).await).await;
    assert!(matches!(location, Err(GitHubError::Unreadable(_))));
}

#[tokio::test]
async fn answers_that_are_no_good_become_errors_without_their_words() {
    let body = json!({"message": "a word of GitHub's", "documentation_url": "x"});
    for (status, headers, error) in [
        (401, [("x", "y")], GitHubError::Unauthorized),
        (404, [("x", "y")], GitHubError::NotFound),
        (422, [("x", "y")], GitHubError::Refused),
        (403, [("retry-after", "7")], GitHubError::RateLimited { retry_after: 7 }),
        (503, [("x", "y")], GitHubError::Unavailable { status: 503, retry_after: None }),
        (301, [("location", "https://evil.example")], GitHubError::Unreadable("an unexpected status")),
    ] {
        let script = Script::default().then(status, &headers, &body);
        let answer = with(&script, API, async |client| client.run(5).await.map(|_| ())).await;
        assert_eq!(answer, Err(error), "{status}");
        assert!(!format!("{error}").contains("word"), "{error}");
    }
    let broken = Script::default();
    assert_eq!(with(&broken, API, async |client| client.cancel(5).await).await, Err(GitHubError::NoAnswer));
    let odd = Script::default().then(200, &[], &json!({"id": "five"}));
    let answer = with(&odd, API, async |client| client.run(5).await.map(|_| ())).await;
    assert!(matches!(answer, Err(GitHubError::Unreadable(_))));
}

#[tokio::test]
async fn an_api_below_a_path_is_asked_below_it() {
    let script = Script::default().then(202, &[], &json!({}));
    with(&script, "https://github.example/api/v3/", async |client| client.cancel(5).await).await.unwrap();
    let expected = "https://github.example/api/v3/repos/local/burstboard/actions/runs/5/cancel";
    assert_eq!(script.paths(), [expected]);
}
