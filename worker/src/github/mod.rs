//! GitHub's Actions API as the handlers see it, and the client that speaks it.

pub mod accounts;
pub mod app_key;
pub mod client;
pub mod error;
pub mod models;

mod answer;

use std::{collections::BTreeMap, future::Future};

pub use accounts::{Accounts, GitHubAccounts};
pub use client::Client;
use domain::access::Role;
pub use error::GitHubError;
pub use models::{Artifact, Job, Repository, Run, Step, WorkflowFile};

/// How many of a listing's items one request brings; the most that GitHub gives.
pub const PER_PAGE: usize = 100;

/// One of the two workflows that this deployment knows. Runs of any other are none of its business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Workflow {
    /// Many pairs of one burst.
    Batch,
    /// One pair.
    Single,
}

impl Workflow {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Batch, Self::Single];

    /// The file's name, by which the API knows it too.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Batch => "batch-job.yml",
            Self::Single => "single-job.yml",
        }
    }

    /// From a run's `path`, such as `.github/workflows/batch-job.yml@main`.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.split_once('@').map_or(path, |(front, _)| front);
        let file = path.strip_prefix(".github/workflows/")?;
        Self::ALL.into_iter().find(|workflow| workflow.file() == file)
    }
}

/// A listing, all its pages.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing<T> {
    /// What was listed.
    pub items: Vec<T>,
    /// Whether GitHub's own count says that there is more than it listed.
    pub incomplete: bool,
}

/// What the handlers ask of GitHub, all of it about the one configured repository.
pub trait GitHub {
    /// The repository.
    fn repository(&self) -> impl Future<Output = Result<Repository, GitHubError>>;

    /// What GitHub lets an account do on the repository.
    fn role(&self, login: &str) -> impl Future<Output = Result<Role, GitHubError>>;

    /// The repository's workflow files, at most a hundred.
    fn workflows(&self) -> impl Future<Output = Result<Vec<WorkflowFile>, GitHubError>>;

    /// A workflow file as it stands on a branch.
    fn workflow_text(
        &self,
        workflow: Workflow,
        branch: &str,
    ) -> impl Future<Output = Result<String, GitHubError>>;

    /// Starts a run and tells its id; `None` from servers that start it without telling.
    fn dispatch(
        &self,
        workflow: Workflow,
        branch: &str,
        inputs: &BTreeMap<&'static str, String>,
    ) -> impl Future<Output = Result<Option<u64>, GitHubError>>;

    /// A page of a workflow's runs, newest first; pages count from 1.
    fn runs(&self, workflow: Workflow, page: usize) -> impl Future<Output = Result<Vec<Run>, GitHubError>>;

    /// One run.
    fn run(&self, run: u64) -> impl Future<Output = Result<Run, GitHubError>>;

    /// All jobs of a run's latest attempt.
    fn jobs(&self, run: u64) -> impl Future<Output = Result<Listing<Job>, GitHubError>>;

    /// All artifacts of a run, of all attempts.
    fn artifacts(&self, run: u64) -> impl Future<Output = Result<Listing<Artifact>, GitHubError>>;

    /// One job.
    fn job(&self, job: u64) -> impl Future<Output = Result<Job, GitHubError>>;

    /// One artifact.
    fn artifact(&self, artifact: u64) -> impl Future<Output = Result<Artifact, GitHubError>>;

    /// The signed address of a job's log: good for a minute, not yet checked.
    fn log_location(&self, job: u64) -> impl Future<Output = Result<String, GitHubError>>;

    /// The signed address of an artifact: good for a minute, not yet checked.
    fn artifact_location(&self, artifact: u64) -> impl Future<Output = Result<String, GitHubError>>;

    /// Stops a run.
    fn cancel(&self, run: u64) -> impl Future<Output = Result<(), GitHubError>>;

    /// Runs the failed jobs of a run again.
    fn rerun_failed(&self, run: u64) -> impl Future<Output = Result<(), GitHubError>>;

    /// Runs one job again.
    fn rerun_job(&self, job: u64) -> impl Future<Output = Result<(), GitHubError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_belongs_to_a_workflow_by_its_whole_path() {
        assert_eq!(Workflow::of_path(".github/workflows/batch-job.yml"), Some(Workflow::Batch));
        assert_eq!(
            Workflow::of_path(".github/workflows/single-job.yml@refs/heads/main"),
            Some(Workflow::Single)
        );
        for other in [".github/workflows/my-single-job.yml", ".github/workflows/ci.yml", "batch-job.yml", ""]
        {
            assert_eq!(Workflow::of_path(other), None, "{other}");
        }
    }
}
