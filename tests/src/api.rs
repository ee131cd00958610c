//! A client of the Worker's API that trusts nothing.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::run::RunView;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};

/// How long a run of a few simulated pairs may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often a run is looked at.
const PACE: Duration = Duration::from_millis(300);

/// The API at one address, as one visitor.
#[derive(Clone)]
pub struct Api {
    client: Client,
    address: String,
    /// What no answer may contain.
    secrets: Vec<String>,
    cookies: String,
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

    /// A cookie that the answer sets, as it is sent back; `None` also where it takes it away.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let mut pairs = set.filter_map(|cookie| cookie.split(';').next());
        let pair = pairs.find(|pair| pair.split_once('=').is_some_and(|(known, _)| known == name))?;
        (!pair.ends_with('=')).then(|| pair.to_owned())
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("no JSON: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

impl Api {
    /// A stranger at the Worker at `address`; an answer with one of `secrets` in it is an error.
    pub fn new(address: &str, secrets: &[&str]) -> Result<Self> {
        let client = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(60)).build()?;
        let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        Ok(Self { client, address: address.to_owned(), secrets, cookies: String::new() })
    }

    /// The same Worker, with these cookies.
    pub fn with_cookies(&self, cookies: &str) -> Self {
        Self { cookies: cookies.to_owned(), ..self.clone() }
    }

    /// The cookies that this visitor sends.
    pub fn cookies(&self) -> &str {
        &self.cookies
    }

    /// Where the Worker is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Goes through GitHub's sign-in page as a demo account; gives the visitor with its session.
    pub async fn sign_in(&self, login: &str) -> Result<Self> {
        let (page, cookie) = self.set_out("/").await?;
        let back = self.choose(&page, Some(login)).await?;
        let signed_in = self.with_cookies(&cookie).get(&back).await?;
        let session = signed_in.cookie("__Host-session");
        let session = session.with_context(|| format!("no session: {}", signed_in.header("location")))?;
        Ok(self.with_cookies(&session))
    }

    /// Sets out for GitHub's sign-in page: its address, and the cookie for the way back.
    pub async fn set_out(&self, back: &str) -> Result<(String, String)> {
        let away = self.send(self.request(Method::GET, "/api/v1/sign-in").query(&[("return", back)])).await?;
        ensure!(away.status == 303, "no way to GitHub: {} {:?}", away.status, away.json());
        let cookie = away.cookie("__Host-sign-in").context("no cookie for the way")?;
        Ok((away.header("location").to_owned(), cookie))
    }

    /// Chooses an account at GitHub's sign-in page, or nobody; gives the path that GitHub sends one back to.
    pub async fn choose(&self, page: &str, login: Option<&str>) -> Result<String> {
        let html = self.client.get(page).send().await?.text().await?;
        let nonce = html.split_once("name=\"nonce\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let (nonce, _) = nonce.with_context(|| format!("no form: {html}"))?;
        let github = reqwest::Url::parse(page)?;
        let login = login.map(|login| format!("&login={login}")).unwrap_or_default();
        let form = self
            .client
            .post(github.join("/login/oauth/authorize")?)
            .header("origin", github.origin().ascii_serialization())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("nonce={nonce}{login}"));
        let back = read(form.send().await?).await?;
        let path = back.header("location").strip_prefix(&self.address).context("GitHub sends elsewhere")?;
        Ok(path.to_owned())
    }

    /// A request to a path with this visitor's cookies, to be completed and given to [`Api::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.address));
        if self.cookies.is_empty() { request } else { request.header("cookie", &self.cookies) }
    }

    /// Sends a request, reads its answer and looks through it for secrets.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer> {
        let answer = read(request.send().await?).await?;
        let everything = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body));
        for secret in &self.secrets {
            ensure!(!everything.contains(secret), "an answer contains a secret: {everything}");
        }
        Ok(answer)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of an empty object.
    pub async fn post(&self, path: &str) -> Result<Answer> {
        self.post_json(path, &json!({})).await
    }

    /// POST of JSON, as the page sends it.
    pub async fn post_json(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(self.own_post(path).json(body)).await
    }

    /// A POST that says that it comes from the page, without a body.
    pub fn own_post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
            .header("origin", &self.address)
            .header("sec-fetch-site", "same-origin")
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
