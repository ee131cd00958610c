//! Starts the sandbox on the fixture repository and speaks to it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::{Client, Method, header::HeaderMap, redirect::Policy};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::contract;

/// The program `act`: where the set-up puts it, or on the PATH. Without it, tests that run workflows are left out.
pub(crate) fn act() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/python/bin/act");
    let from_path =
        || std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join("act")).find(|p| p.is_file());
    let act = std::env::var_os("ACT_BIN")
        .map(PathBuf::from)
        .or_else(|| installed.is_file().then_some(installed))
        .or_else(from_path);
    if act.is_none() {
        eprintln!("left out: act is not installed (cargo xtask setup installs it)");
    }
    act
}

/// A sandbox that ends with the test.
pub(crate) struct Sandbox {
    child: Child,
    pub(crate) ready: Value,
    client: Client,
    pub(crate) data: TempDir,
    repository: TempDir,
    act: PathBuf,
    options: Vec<&'static str>,
    environment: Vec<(&'static str, &'static str)>,
}

/// An answer, checked against GitHub's description already.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }
}

impl Sandbox {
    /// Starts one on a copy of the fixture repository; `None` without `act`.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// As [`Sandbox::start`], with these variables in its environment.
    pub(crate) fn start_with(environment: &[(&'static str, &'static str)]) -> Option<Self> {
        Some(Self::start_on(&act()?, &[], environment))
    }

    /// Starts one with these options that need not carry out a run, and so does without `act`.
    pub(crate) fn start_without_act(options: &[&'static str]) -> Self {
        Self::start_on(Path::new("act"), options, &[])
    }

    fn start_on(act: &Path, options: &[&'static str], environment: &[(&'static str, &'static str)]) -> Self {
        let repository = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/repository"), repository.path());
        let data = tempfile::tempdir().unwrap();
        let (options, environment) = (options.to_vec(), environment.to_vec());
        let (child, ready) = spawn(repository.path(), data.path(), act, &options, &environment);
        let client =
            Client::builder().redirect(Policy::none()).no_proxy().user_agent("test").build().unwrap();
        Self { child, ready, client, data, repository, act: act.to_owned(), options, environment }
    }

    /// Writes a file of the repository.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.repository.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Ends the program with `signal` and starts it again on the same data.
    pub(crate) fn restart(&mut self, signal: &str) {
        self.signal(signal);
        self.child.wait().unwrap();
        (self.child, self.ready) =
            spawn(self.repository.path(), self.data.path(), &self.act, &self.options, &self.environment);
    }

    pub(crate) fn signal(&self, signal: &str) {
        Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status().unwrap();
    }

    pub(crate) fn says(&self, key: &str) -> String {
        self.ready[key].as_str().unwrap().to_owned()
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// One request to the API with the token. Paths that begin with `/actions` and the like are the repository's.
    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_with(method, path, body, &[("authorization", &format!("Bearer {}", self.says("token")))])
            .await
    }

    /// One request to the API with these headers; the answer is checked against GitHub's description.
    pub(crate) async fn call_with(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let full = if path.starts_with("/actions") || path.starts_with("/c") || path.is_empty() {
            format!("/repos/local/burstboard{path}")
        } else {
            path.to_owned()
        };
        let mut request = self.client.request(method.clone(), format!("{}{full}", self.says("api")));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = take(request.send().await.unwrap()).await;
        let version = headers
            .iter()
            .find(|(name, _)| *name == "x-github-api-version")
            .map_or("2022-11-28", |(_, v)| *v);
        contract::check(version, method.as_str(), &full, answer.status, &answer.bytes);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// A form sent to an address, as a browser or an app does.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let request = self.client.post(format!("{}{path}", self.says("web"))).form(fields);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        take(request.send().await.unwrap()).await
    }

    /// A request without any header of ours, to an address from an answer.
    pub(crate) async fn fetch(&self, address: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers
            .iter()
            .fold(self.client.get(address), |request, (name, value)| request.header(*name, *value));
        take(request.send().await.unwrap()).await
    }

    /// Starts a workflow and gives the run's id.
    pub(crate) async fn dispatch(&self, workflow: &str, inputs: Value) -> i64 {
        let body = json!({"ref": "main", "inputs": inputs, "return_run_details": true});
        let answer = self.post(&format!("/actions/workflows/{workflow}/dispatches"), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["workflow_run_id"].as_i64().unwrap()
    }

    pub(crate) async fn run(&self, run: i64) -> Value {
        self.get(&format!("/actions/runs/{run}")).await.json()
    }

    /// Names, states and ends of a run's jobs by name.
    pub(crate) async fn jobs(&self, run: i64) -> Vec<Value> {
        let mut jobs = self.get(&format!("/actions/runs/{run}/jobs?per_page=100")).await.json();
        serde_json::from_value(jobs["jobs"].take()).unwrap()
    }

    pub(crate) async fn job(&self, run: i64, name: &str) -> Option<Value> {
        self.jobs(run).await.into_iter().find(|job| job["name"] == name)
    }

    pub(crate) async fn artifacts(&self, run: i64) -> Vec<Value> {
        let mut list = self.get(&format!("/actions/runs/{run}/artifacts?per_page=100")).await.json();
        serde_json::from_value(list["artifacts"].take()).unwrap()
    }

    /// Waits for the run's end and gives the run.
    pub(crate) async fn ended(&self, run: i64) -> Value {
        let what = format!("the end of run {run}");
        until(&what, || async {
            let state = self.run(run).await;
            (state["status"] == "completed").then_some(state)
        })
        .await
    }

    /// The bytes of an artifact, over its signed address.
    pub(crate) async fn download(&self, artifact: &Value) -> Answer {
        let answer = self.get(&format!("/actions/artifacts/{}/zip", artifact["id"])).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        self.fetch(answer.header("location"), &[]).await
    }

    /// Adds a fault.
    pub(crate) async fn fault(&self, fault: Value) {
        assert_eq!(self.control("faults", fault).await, 201);
    }

    /// Sets something of the sandbox itself; gives the status.
    pub(crate) async fn control(&self, what: &str, body: Value) -> u16 {
        let address = format!("{}/sandbox/{what}", self.says("api"));
        let request = self.client.post(address).bearer_auth(self.says("token")).json(&body);
        request.send().await.unwrap().status().as_u16()
    }

    /// One request to the API as whoever holds the token.
    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.call_with(method, path, body, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// What the API says at `path` to whoever holds the token, or to nobody known.
    pub(crate) async fn get_as(&self, token: Option<&str>, path: &str) -> Answer {
        match token {
            Some(token) => self.call_as(token, Method::GET, path, None).await,
            None => self.call_with(Method::GET, path, None, &[]).await,
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.signal("TERM");
        self.child.wait().ok();
    }
}

/// Asks again until there is an answer. Conditions come about in milliseconds; the limit only ends a test that hangs.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    for _ in 0..1200 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain for {what}");
}

async fn take(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, bytes: response.bytes().await.unwrap().to_vec() }
}

fn spawn(
    repository: &Path,
    data: &Path,
    act: &Path,
    options: &[&str],
    environment: &[(&str, &str)],
) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg("serve")
        .arg("--repository-dir")
        .arg(repository)
        .arg("--data")
        .arg(data)
        .arg("--act")
        .arg(act)
        .args(options)
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
