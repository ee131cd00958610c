//! GitHub in memory.
//!
//! Faithful in what the Worker's promises hang on: numbers beyond 2^32, a title that ends in `[batch/part]` as the
//! workflow's `run-name` makes it, a listing that may lag behind a dispatch, a dispatch whose answer may be missing
//! or lost, 409 for cancelling what has ended, 403 for re-running what has not, 404 for what the repository does not
//! have and for logs of jobs at work, 410 for expired artifacts. It runs nothing: a test says what happened.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use burstboard_worker::github::{
    Artifact, GitHub, GitHubError, Job, Listing, PER_PAGE, Repository, Run, Workflow, WorkflowFile,
};
use domain::{Timestamp, access::Role};
use serde_json::{Value, json};

/// The first run's number, beyond 32 bits as real ones are.
pub(crate) const FIRST: u64 = 19_700_000_001;

/// The repository's state, and what goes wrong with it.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) private: bool,
    /// Roles other than those that the names tell.
    pub(crate) roles: RefCell<BTreeMap<String, Role>>,
    /// How often GitHub was asked for a role.
    pub(crate) roles_asked: Cell<usize>,
    /// The tokens that GitHub was asked with.
    pub(crate) tokens: RefCell<Vec<String>>,
    /// When the credential is over.
    pub(crate) credential_until: Option<Timestamp>,
    /// States of the workflow files, where they are not active.
    pub(crate) disabled: BTreeMap<&'static str, &'static str>,
    /// Texts of the workflow files; without one they may not be read.
    pub(crate) texts: BTreeMap<&'static str, &'static str>,
    pub(crate) runs: RefCell<Vec<Value>>,
    pub(crate) jobs: RefCell<Vec<Value>>,
    pub(crate) artifacts: RefCell<Vec<Value>>,
    pub(crate) locations: RefCell<BTreeMap<u64, String>>,
    /// What the listings leave out although the count has it.
    pub(crate) incomplete: Cell<bool>,
    /// How many listings do not show the newest run yet.
    pub(crate) lists_late: Cell<usize>,
    /// Whether a dispatch is answered with nothing but "done".
    pub(crate) tells_no_id: Cell<bool>,
    /// Whether a dispatch is carried out but its answer lost.
    pub(crate) loses_answer: Cell<bool>,
    /// Whether a dispatch is lost on the way.
    pub(crate) loses_dispatch: Cell<bool>,
    /// Whether GitHub refuses dispatches.
    pub(crate) refuses_dispatch: Cell<bool>,
    /// Fails everything.
    pub(crate) fault: Cell<Option<GitHubError>>,
    /// What was asked that changes something.
    pub(crate) changes: RefCell<Vec<String>>,
}

impl Memory {
    /// Adds a run of a workflow file; numbers count up.
    pub(crate) fn add_run(&self, file: &str, title: &str, status: &str, conclusion: Option<&str>) -> u64 {
        let id = FIRST + self.runs.borrow().len() as u64;
        let minute = self.runs.borrow().len();
        self.runs.borrow_mut().push(json!({
            "id": id, "name": null, "head_branch": null, "display_title": title,
            "path": format!(".github/workflows/{file}"), "status": status, "conclusion": conclusion,
            "run_attempt": 1, "created_at": format!("2026-11-23T20:{minute:02}:00Z"),
            "run_started_at": format!("2026-11-23T20:{minute:02}:01Z"),
            "updated_at": format!("2026-11-23T20:{minute:02}:30Z"),
            "html_url": format!("https://github.com/local/burstboard/actions/runs/{id}"),
            "actor": {"login": "geodesist", "id": 1},
        }));
        id
    }

    /// Adds a job to a run; its steps are `(name, status, conclusion)`.
    pub(crate) fn add_job(
        &self,
        run: u64,
        name: &str,
        status: &str,
        conclusion: Option<&str>,
        steps: &[(&str, &str, Option<&str>)],
    ) -> u64 {
        let id = 56_400_000_001 + self.jobs.borrow().len() as u64;
        let steps: Vec<Value> = steps
            .iter()
            .zip(1..)
            .map(|((name, status, conclusion), number)| {
                json!({"name": name, "status": status, "conclusion": conclusion, "number": number})
            })
            .collect();
        self.jobs.borrow_mut().push(json!({
            "id": id, "run_id": run, "name": name, "status": status, "conclusion": conclusion,
            "head_branch": null, "workflow_name": null, "runner_id": null,
            "started_at": "2026-11-23T20:01:00Z",
            "completed_at": (status == "completed").then_some("2026-11-23T20:03:20Z"), "steps": steps,
        }));
        id
    }

    /// Adds an artifact to a run, with a place in GitHub's store.
    pub(crate) fn add_artifact(&self, run: u64, name: &str, bytes: u64) -> u64 {
        let id = 4_600_000_001 + self.artifacts.borrow().len() as u64;
        self.artifacts.borrow_mut().push(json!({
            "id": id, "name": name, "size_in_bytes": bytes, "expired": false,
            "created_at": "2026-11-23T20:03:00Z", "expires_at": "2027-02-21T20:03:00Z",
            "workflow_run": {"id": run, "head_branch": "main"},
        }));
        self.locations
            .borrow_mut()
            .insert(id, format!("https://productionresultssa3.blob.core.windows.net/{id}?sig=SIGNED"));
        id
    }

    /// Changes a field of an artifact.
    pub(crate) fn set_artifact(&self, id: u64, field: &str, value: &Value) {
        for artifact in self.artifacts.borrow_mut().iter_mut().filter(|a| a["id"] == id) {
            artifact[field] = value.clone();
        }
    }

    fn fails(&self) -> Result<(), GitHubError> {
        self.fault.get().map_or(Ok(()), Err)
    }

    fn find<T: serde::de::DeserializeOwned>(
        &self,
        among: &RefCell<Vec<Value>>,
        id: u64,
    ) -> Result<T, GitHubError> {
        self.fails()?;
        let found = among.borrow().iter().find(|value| value["id"] == id).cloned();
        found.map(|value| serde_json::from_value(value).unwrap()).ok_or(GitHubError::NotFound)
    }

    fn all<T: serde::de::DeserializeOwned>(
        &self,
        among: &RefCell<Vec<Value>>,
        of: impl Fn(&Value) -> bool,
    ) -> Result<Listing<T>, GitHubError> {
        self.fails()?;
        let among = among.borrow();
        let items = among.iter().filter(|value| of(value)).cloned();
        let items = items.map(|value| serde_json::from_value(value).unwrap()).collect();
        Ok(Listing { items, incomplete: self.incomplete.get() })
    }

    fn ended(&self, run: u64) -> bool {
        self.runs.borrow().iter().any(|value| value["id"] == run && value["status"] == "completed")
    }
}

impl GitHub for &Memory {
    async fn repository(&self) -> Result<Repository, GitHubError> {
        self.fails()?;
        Ok(Repository { private: self.private, credential_until: self.credential_until })
    }

    async fn role(&self, login: &str) -> Result<Role, GitHubError> {
        self.fails()?;
        self.roles_asked.set(self.roles_asked.get() + 1);
        let told = self.roles.borrow().get(login).copied();
        told.map_or_else(
            || match login {
                "local" => Ok(Role::Admin),
                "maintainer" => Ok(Role::Maintain),
                "writer" | "unlisted" => Ok(Role::Write),
                "reader" => Ok(Role::Read),
                _ => Err(GitHubError::NotFound),
            },
            Ok,
        )
    }

    async fn workflows(&self) -> Result<Vec<WorkflowFile>, GitHubError> {
        self.fails()?;
        let file = |workflow: Workflow| WorkflowFile {
            path: format!(".github/workflows/{}", workflow.file()),
            state: (*self.disabled.get(workflow.file()).unwrap_or(&"active")).to_owned(),
        };
        Ok(Workflow::ALL.map(file).to_vec())
    }

    async fn workflow_text(&self, workflow: Workflow, _: &str) -> Result<String, GitHubError> {
        self.texts.get(workflow.file()).map(|text| (*text).to_owned()).ok_or(GitHubError::NotFound)
    }

    async fn dispatch(
        &self,
        workflow: Workflow,
        branch: &str,
        inputs: &BTreeMap<&'static str, String>,
    ) -> Result<Option<u64>, GitHubError> {
        self.fails()?;
        if self.refuses_dispatch.get() {
            return Err(GitHubError::Refused);
        }
        self.changes.borrow_mut().push(format!("dispatch {} on {branch} {}", workflow.file(), json!(inputs)));
        if self.loses_dispatch.get() {
            return Err(GitHubError::NoAnswer);
        }
        let title = format!(
            "{} {} [{}/{}]",
            inputs["burstId"], inputs["workflow_name"], inputs["batch"], inputs["part"]
        );
        let run = self.add_run(workflow.file(), &title, "queued", None);
        if self.loses_answer.get() {
            return Err(GitHubError::Unavailable { status: 502, retry_after: None });
        }
        Ok((!self.tells_no_id.get()).then_some(run))
    }

    async fn runs(&self, workflow: Workflow, page: usize) -> Result<Vec<Run>, GitHubError> {
        let path = format!(".github/workflows/{}", workflow.file());
        let mut runs = self.all::<Run>(&self.runs, |run| run["path"] == path)?.items;
        runs.reverse();
        let late = self.lists_late.get();
        if late > 0 && !runs.is_empty() {
            self.lists_late.set(late - 1);
            runs.remove(0);
        }
        Ok(runs.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).collect())
    }

    async fn run(&self, run: u64) -> Result<Run, GitHubError> {
        self.find(&self.runs, run)
    }

    async fn jobs(&self, run: u64) -> Result<Listing<Job>, GitHubError> {
        self.all(&self.jobs, |job| job["run_id"] == run)
    }

    async fn artifacts(&self, run: u64) -> Result<Listing<Artifact>, GitHubError> {
        self.all(&self.artifacts, |artifact| artifact["workflow_run"]["id"] == run)
    }

    async fn job(&self, job: u64) -> Result<Job, GitHubError> {
        self.find(&self.jobs, job)
    }

    async fn artifact(&self, artifact: u64) -> Result<Artifact, GitHubError> {
        self.find(&self.artifacts, artifact)
    }

    async fn log_location(&self, job: u64) -> Result<String, GitHubError> {
        let job: Job = self.find(&self.jobs, job)?;
        let location = self.locations.borrow().get(&job.id).cloned();
        location.filter(|_| job.status == "completed").ok_or(GitHubError::NotFound)
    }

    async fn artifact_location(&self, artifact: u64) -> Result<String, GitHubError> {
        let artifact: Artifact = self.find(&self.artifacts, artifact)?;
        if artifact.expired {
            return Err(GitHubError::Gone);
        }
        self.locations.borrow().get(&artifact.id).cloned().ok_or(GitHubError::NotFound)
    }

    async fn cancel(&self, run: u64) -> Result<(), GitHubError> {
        self.find::<Run>(&self.runs, run)?;
        if self.ended(run) {
            return Err(GitHubError::Conflict);
        }
        self.changes.borrow_mut().push(format!("cancel {run}"));
        Ok(())
    }

    async fn rerun_failed(&self, run: u64) -> Result<(), GitHubError> {
        self.find::<Run>(&self.runs, run)?;
        if !self.ended(run) {
            return Err(GitHubError::Forbidden);
        }
        self.changes.borrow_mut().push(format!("rerun failed of {run}"));
        Ok(())
    }

    async fn rerun_job(&self, job: u64) -> Result<(), GitHubError> {
        let known: Job = self.find(&self.jobs, job)?;
        if !self.ended(known.run_id) {
            return Err(GitHubError::Forbidden);
        }
        self.changes.borrow_mut().push(format!("rerun job {job}"));
        Ok(())
    }
}
