//! GitHub's REST API, as far as Burstboard's Worker and `gh` use it.
//!
//! [`door`] looks at every request first (host, version, credential, faults) and last (ETag, headers); the modules
//! after it answer one group of routes each; [`shapes`] writes the objects.

mod annotations;
mod applications;
mod artifacts;
mod contents;
mod control;
mod dispatch;
pub mod door;
mod error;
mod graphql;
pub mod headers;
mod installations;
mod jobs;
mod page;
mod paging;
mod people;
mod repository;
mod runs;
mod shapes;
mod workflows;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post, put},
};

use crate::{accounts::Accounts, blobs::Signer, faults::Faults, runner::Engine, seen::Seen, store::Store};

/// What all routes share.
pub struct App {
    /// The runs under way.
    pub engine: Arc<Engine>,
    /// What is remembered.
    pub store: Arc<Store>,
    /// Who there is, and whose credentials are good.
    pub accounts: Accounts,
    /// Makes and checks addresses of blobs.
    pub signer: Signer,
    /// What is to go wrong.
    pub faults: Faults,
    /// Name of the one repository, whose owner is [`crate::OWNER`].
    pub repository: String,
    /// `localhost:port` of the API.
    pub api_host: String,
    /// Requests counted so far in this hour.
    pub rate: headers::Rate,
    /// Requests counted since the start, by what they carried.
    pub seen: Seen,
}

impl App {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", crate::OWNER, self.repository)
    }
}

/// The routes; the door puts those of the repository below `/r`, and its pages below `/p`.
pub fn routes(app: Arc<App>) -> Router {
    let repository = Router::new()
        .route("/", get(repository::get))
        .route("/collaborators/{login}", get(people::is_collaborator))
        .route("/collaborators/{login}/permission", get(people::permission))
        .route("/contents/{*path}", get(contents::get))
        .route("/installation", get(installations::of_repository))
        .route("/actions/workflows", get(workflows::list))
        .route("/actions/workflows/{workflow}", get(workflows::get))
        .route("/actions/workflows/{workflow}/dispatches", post(dispatch::dispatch))
        .route("/actions/workflows/{workflow}/enable", put(workflows::enable))
        .route("/actions/workflows/{workflow}/disable", put(workflows::disable))
        .route("/actions/workflows/{workflow}/runs", get(runs::of_workflow))
        .route("/actions/runs", get(runs::list))
        .route("/actions/runs/{run}", get(runs::get).delete(runs::delete))
        .route("/actions/runs/{run}/attempts/{attempt}", get(runs::attempt))
        .route("/actions/runs/{run}/attempts/{attempt}/jobs", get(jobs::of_attempt))
        .route("/actions/runs/{run}/attempts/{attempt}/logs", get(runs::attempt_logs))
        .route("/actions/runs/{run}/jobs", get(jobs::list))
        .route("/actions/runs/{run}/logs", get(runs::logs))
        .route("/actions/runs/{run}/timing", get(runs::timing))
        .route("/actions/runs/{run}/artifacts", get(artifacts::of_run))
        .route("/actions/runs/{run}/cancel", post(control::cancel))
        .route("/actions/runs/{run}/force-cancel", post(control::force_cancel))
        .route("/actions/runs/{run}/rerun", post(control::rerun))
        .route("/actions/runs/{run}/rerun-failed-jobs", post(control::rerun_failed))
        .route("/actions/jobs/{job}", get(jobs::get))
        .route("/actions/jobs/{job}/logs", get(jobs::log))
        .route("/actions/jobs/{job}/rerun", post(control::rerun_job))
        .route("/actions/artifacts", get(artifacts::list))
        .route("/actions/artifacts/{artifact}", get(artifacts::get).delete(artifacts::delete))
        .route("/actions/artifacts/{artifact}/{format}", get(artifacts::download))
        .route("/check-runs/{job}/annotations", get(annotations::list));
    Router::new()
        .route("/", get(repository::root))
        .route("/user", get(people::user))
        .route("/app/installations/{installation}/access_tokens", post(installations::token))
        .route("/applications/{client}/token", post(applications::check).delete(applications::revoke))
        .route("/rate_limit", get(repository::rate_limit))
        .route("/versions", get(repository::versions))
        .route("/graphql", post(graphql::answer))
        .route("/p/actions/runs/{run}", get(page::run))
        .route("/p/actions/runs/{run}/job/{job}", get(page::job))
        .nest("/r", repository)
        .fallback(|| async { error::GithubError::not_found() })
        .with_state(app)
}
