//! The port's client: octocrab for transport and credential, own models, own paging, own reading of errors.
//!
//! Octocrab's shortcuts are left aside where they lose something: its dispatch drops the run's id, its artifact
//! listing drops the page, its downloads follow redirects with all of the body in memory. Listings are paged by
//! number: a `next` link would be one more address from outside to check (GitHub's point at `/repositories/{id}/…`).

use std::{collections::BTreeMap, sync::Arc};

use base64::Engine;
use bytes::Bytes;
use domain::access::Role;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use octocrab::{
    AuthState, OctoBody, Octocrab, OctocrabBuilder,
    service::middleware::{
        auth_header::AuthHeaderLayer, base_uri::BaseUriLayer, extra_headers::ExtraHeadersLayer,
    },
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    Artifact, GitHub, GitHubError, Job, Listing, PER_PAGE, Repository, Run, Workflow, WorkflowFile,
    answer::Answer,
};
use crate::settings::{Secret, Settings, is_login};

/// The most pages that one listing takes: more than a run of 256 pairs with two artifacts each needs, and well
/// within the 50 requests that a Worker on the free plan may make.
const MAX_PAGES: usize = 12;
/// How GitHub's own requests are known by everything that speaks to it here.
pub(super) const USER_AGENT: &str = concat!("burstboard/", env!("CARGO_PKG_VERSION"));

/// What octocrab runs its background task with.
pub type Executor = Box<dyn Fn(std::pin::Pin<Box<dyn Future<Output = ()>>>)>;

/// GitHub's API about one repository, with one credential, for one request of a visitor.
///
/// It is not kept from one request to the next: what belongs to a request in Workers may not outlive it.
pub struct Client {
    octocrab: Octocrab,
    repository: String,
    now: i64,
}

impl Client {
    /// A client over any transport that does not follow redirects, with one token. `now` in seconds since 1970 turns GitHub's reset
    /// times into waiting times. `None` where the settings make no valid address or header.
    pub fn new<S>(
        settings: &Settings,
        token: &Secret,
        transport: S,
        executor: Executor,
        now: i64,
    ) -> Option<Self>
    where
        S: tower::Service<Request<OctoBody>, Response = Response<http_body_util::Full<Bytes>>>
            + Send
            + 'static,
        S::Future: Send + 'static,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let base: Uri = settings.api.as_str().trim_end_matches('/').parse().ok()?;
        let mut credential = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
        credential.set_sensitive(true);
        let headers = vec![
            (header::USER_AGENT, HeaderValue::from_static(USER_AGENT)),
            (header::ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
        ];
        let built = OctocrabBuilder::new_empty()
            .with_service(transport)
            .with_layer(&ExtraHeadersLayer::new(Arc::new(headers)))
            .with_layer(&BaseUriLayer::new(base.clone()))
            // Octocrab's own way with tokens knows api.github.com only; this layer knows the configured API, and
            // gives the credential to no other host.
            .with_layer(&AuthHeaderLayer::new(Some(credential), base.clone(), base))
            .with_executor(executor)
            .with_auth(AuthState::None)
            .build();
        let octocrab = match built {
            Ok(octocrab) => octocrab,
            Err(never) => match never {},
        };
        let repository = format!("/repos/{}/{}", settings.repository.owner, settings.repository.name);
        Some(Self { octocrab, repository, now })
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<Answer, GitHubError> {
        let uri = format!("{}{path}", self.repository);
        let asked = if method == Method::POST {
            self.octocrab._post(uri, body).await
        } else {
            self.octocrab._get(uri).await
        };
        // What octocrab says of a failed transport may name addresses; that there was no answer is all there is to tell.
        Answer::read(asked.map_err(|_| GitHubError::NoAnswer)?).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, GitHubError> {
        self.ask(Method::GET, path, None::<&()>).await?.hoped_for(self.now, &[StatusCode::OK])?.json()
    }

    async fn post(&self, path: &str) -> Result<(), GitHubError> {
        let good = [StatusCode::OK, StatusCode::CREATED, StatusCode::ACCEPTED, StatusCode::NO_CONTENT];
        self.ask(Method::POST, path, None::<&()>).await?.hoped_for(self.now, &good).map(|_| ())
    }

    async fn location(&self, path: &str) -> Result<String, GitHubError> {
        let good = [StatusCode::FOUND, StatusCode::TEMPORARY_REDIRECT];
        let answer = self.ask(Method::GET, path, None::<&()>).await?.hoped_for(self.now, &good)?;
        let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        location.map(str::to_owned).ok_or(GitHubError::Unreadable("a redirect without an address"))
    }

    /// All pages of a listing. What is uploaded meanwhile moves items from page to page: each counts once.
    async fn all<P: Page + DeserializeOwned>(&self, path: &str) -> Result<Listing<P::Item>, GitHubError> {
        let mut by_id = BTreeMap::new();
        let mut total = 0;
        for page in 1..=MAX_PAGES {
            let listed: P = self.get(&format!("{path}per_page={PER_PAGE}&page={page}")).await?;
            let (count, items) = listed.into_parts();
            let is_last = items.len() < PER_PAGE;
            total = count;
            by_id.extend(items.into_iter().map(|item| (P::id(&item), item)));
            if is_last || by_id.len() >= total {
                break;
            }
        }
        Ok(Listing { incomplete: by_id.len() < total, items: by_id.into_values().collect() })
    }
}

/// A page of a listing.
trait Page {
    type Item;
    fn into_parts(self) -> (usize, Vec<Self::Item>);
    fn id(item: &Self::Item) -> u64;
}

#[derive(Deserialize)]
struct Jobs {
    total_count: usize,
    jobs: Vec<Job>,
}

impl Page for Jobs {
    type Item = Job;
    fn into_parts(self) -> (usize, Vec<Job>) {
        (self.total_count, self.jobs)
    }
    fn id(item: &Job) -> u64 {
        item.id
    }
}

#[derive(Deserialize)]
struct Artifacts {
    total_count: usize,
    artifacts: Vec<Artifact>,
}

impl Page for Artifacts {
    type Item = Artifact;
    fn into_parts(self) -> (usize, Vec<Artifact>) {
        (self.total_count, self.artifacts)
    }
    fn id(item: &Artifact) -> u64 {
        item.id
    }
}

#[derive(Deserialize)]
struct Runs {
    workflow_runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Permission {
    #[serde(default)]
    role_name: Option<String>,
    permission: String,
}

#[derive(Deserialize)]
struct Workflows {
    workflows: Vec<WorkflowFile>,
}

#[derive(Deserialize)]
struct Contents {
    content: String,
}

/// GitHub writes `2026-12-24 14:00:00 UTC`, or an offset in place of the zone's name.
fn expiration(text: &str) -> Option<domain::Timestamp> {
    let mut words = text.split_whitespace();
    let (day, time) = (words.next()?, words.next()?);
    format!("{day}T{time}Z").parse().ok()
}

#[derive(Serialize)]
struct Dispatch<'a> {
    #[serde(rename = "ref")]
    branch: &'a str,
    inputs: &'a BTreeMap<&'static str, String>,
    return_run_details: bool,
}

#[derive(Deserialize)]
struct Dispatched {
    workflow_run_id: u64,
}

impl GitHub for Client {
    async fn repository(&self) -> Result<Repository, GitHubError> {
        let answer = self.ask(Method::GET, "", None::<&()>).await?.hoped_for(self.now, &[StatusCode::OK])?;
        let until = answer.headers.get("github-authentication-token-expiration");
        let until = until.and_then(|value| value.to_str().ok()).and_then(expiration);
        Ok(Repository { credential_until: until, ..answer.json()? })
    }

    async fn role(&self, login: &str) -> Result<Role, GitHubError> {
        // It came from GitHub itself; a path is still no place for what is no name.
        if !is_login(login) {
            return Err(GitHubError::NotFound);
        }
        let told: Permission = self.get(&format!("/collaborators/{login}/permission")).await?;
        Ok(Role::from_github(told.role_name.as_deref(), &told.permission))
    }

    async fn workflows(&self) -> Result<Vec<WorkflowFile>, GitHubError> {
        self.get::<Workflows>(&format!("/actions/workflows?per_page={PER_PAGE}")).await.map(|w| w.workflows)
    }

    async fn workflow_text(&self, workflow: Workflow, branch: &str) -> Result<String, GitHubError> {
        let path = format!("/contents/.github/workflows/{}?ref={branch}", workflow.file());
        let file: Contents = self.get(&path).await?;
        let packed: String = file.content.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(packed);
        let bytes = bytes.map_err(|_| GitHubError::Unreadable("a file that is not in base64"))?;
        String::from_utf8(bytes).map_err(|_| GitHubError::Unreadable("a file that is no text"))
    }

    async fn dispatch(
        &self,
        workflow: Workflow,
        branch: &str,
        inputs: &BTreeMap<&'static str, String>,
    ) -> Result<Option<u64>, GitHubError> {
        let path = format!("/actions/workflows/{}/dispatches", workflow.file());
        let body = Dispatch { branch, inputs, return_run_details: true };
        let answer = self.ask(Method::POST, &path, Some(&body)).await?;
        let answer = answer.hoped_for(self.now, &[StatusCode::OK, StatusCode::NO_CONTENT])?;
        if answer.status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        answer.json::<Dispatched>().map(|dispatched| Some(dispatched.workflow_run_id))
    }

    async fn runs(&self, workflow: Workflow, page: usize) -> Result<Vec<Run>, GitHubError> {
        let path = format!(
            "/actions/workflows/{}/runs?exclude_pull_requests=true&per_page={PER_PAGE}&page={page}",
            workflow.file()
        );
        self.get::<Runs>(&path).await.map(|listed| listed.workflow_runs)
    }

    async fn run(&self, run: u64) -> Result<Run, GitHubError> {
        self.get(&format!("/actions/runs/{run}?exclude_pull_requests=true")).await
    }

    async fn jobs(&self, run: u64) -> Result<Listing<Job>, GitHubError> {
        self.all::<Jobs>(&format!("/actions/runs/{run}/jobs?filter=latest&")).await
    }

    async fn artifacts(&self, run: u64) -> Result<Listing<Artifact>, GitHubError> {
        self.all::<Artifacts>(&format!("/actions/runs/{run}/artifacts?")).await
    }

    async fn job(&self, job: u64) -> Result<Job, GitHubError> {
        self.get(&format!("/actions/jobs/{job}")).await
    }

    async fn artifact(&self, artifact: u64) -> Result<Artifact, GitHubError> {
        self.get(&format!("/actions/artifacts/{artifact}")).await
    }

    async fn log_location(&self, job: u64) -> Result<String, GitHubError> {
        self.location(&format!("/actions/jobs/{job}/logs")).await
    }

    async fn artifact_location(&self, artifact: u64) -> Result<String, GitHubError> {
        self.location(&format!("/actions/artifacts/{artifact}/zip")).await
    }

    async fn cancel(&self, run: u64) -> Result<(), GitHubError> {
        self.post(&format!("/actions/runs/{run}/cancel")).await
    }

    async fn rerun_failed(&self, run: u64) -> Result<(), GitHubError> {
        self.post(&format!("/actions/runs/{run}/rerun-failed-jobs")).await
    }

    async fn rerun_job(&self, job: u64) -> Result<(), GitHubError> {
        self.post(&format!("/actions/jobs/{job}/rerun")).await
    }
}
