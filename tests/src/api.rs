//! A client of the Worker's API that trusts nothing.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::run::RunView;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::Value;

/// How long a run of a few simulated pairs may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often a run is looked at.
const PACE: Duration = Duration::from_millis(300);

/// The API at one address.
pub struct Api {
    client: Client,
    address: String,
    token: String,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: reqwest::header::HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("no JSON: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

impl Api {
    /// A client of the Worker at `address`; an answer with `token` in it is an error.
    pub fn new(address: &str, token: &str) -> Result<Self> {
        let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(60)).build()?;
        Ok(Self { client, address: address.to_owned(), token: token.to_owned() })
    }

    /// A request to a path, to be completed and given to [`Api::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.address))
    }

    /// Sends a request, reads its answer and looks through it for the credential.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer> {
        let answer = read(request.send().await?).await?;
        let everything = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
        ensure!(!everything.contains(&self.token), "an answer contains the credential: {everything}");
        Ok(answer)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST without a body.
    pub async fn post(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::POST, path)).await
    }

    /// POST of JSON.
    pub async fn post_json(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Launches and gives the run's number.
    pub async fn launch(&self, request: &Value) -> Result<u64> {
        let answer = self.post_json("/api/v1/launches", request).await?;
        ensure!(answer.status == 201, "the launch was refused: {}", answer.json()?);
        answer.json()?["runs"][0]["run"].as_u64().context("a launch without a run")
    }

    /// A run.
    pub async fn run(&self, run: u64) -> Result<RunView> {
        let answer = self.get(&format!("/api/v1/runs/{run}")).await?;
        ensure!(answer.status == 200, "no run: {}", answer.json()?);
        Ok(serde_json::from_slice(&answer.body)?)
    }

    /// Looks at a run again and again until it is as wanted; keeps every different view on the way.
    pub async fn watch(&self, run: u64, wanted: impl Fn(&RunView) -> bool) -> Result<Vec<RunView>> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen: Vec<RunView> = Vec::new();
        loop {
            let view = self.run(run).await?;
            let good = wanted(&view);
            let is_new = seen.last().is_none_or(|last| {
                let without_time = |v: &RunView| RunView { as_of: domain::Timestamp::EPOCH, ..v.clone() };
                without_time(last) != without_time(&view)
            });
            if is_new {
                seen.push(view);
            }
            if good {
                return Ok(seen);
            }
            if Instant::now() > deadline {
                bail!("the run {run} does not become as it should: {:#?}", seen.last());
            }
            tokio::time::sleep(PACE).await;
        }
    }
}

async fn read(response: Response) -> Result<Answer> {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
}
