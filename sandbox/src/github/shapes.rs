//! GitHub's objects as JSON. Everything its description requires is there; what the sandbox does not know is null,
//! zero or empty.

use serde_json::{Map, Value, json};

use super::{App, door::Caller};
use crate::{
    OWNER,
    accounts::people::{self, Person},
    clock::{self, iso},
    store::{Artifact, Job, Run, Status, Step},
    workflow::{document::Workflow, plan::Conclusion},
};

/// The one repository.
pub(crate) const REPOSITORY_ID: i64 = 5_200_000_001;

/// Addresses below the repository's own, by field.
const REPOSITORY_URLS: [(&str, &str); 36] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

const USER_URLS: [(&str, &str); 9] = [
    ("events_url", "/events{/privacy}"),
    ("followers_url", "/followers"),
    ("following_url", "/following{/other_user}"),
    ("gists_url", "/gists{/gist_id}"),
    ("organizations_url", "/orgs"),
    ("received_events_url", "/received_events"),
    ("repos_url", "/repos"),
    ("starred_url", "/starred{/owner}{/repo}"),
    ("subscriptions_url", "/subscriptions"),
];

/// Writes objects for one caller: their links lead back over the host that the caller used.
pub(crate) struct Shapes<'a> {
    app: &'a App,
    base: &'a str,
}

impl<'a> Shapes<'a> {
    pub(crate) fn new(app: &'a App, caller: &'a Caller) -> Self {
        Self { app, base: &caller.base }
    }

    /// `http://host/repos/owner/name`
    pub(crate) fn repository_url(&self) -> String {
        format!("{}/repos/{}", self.base, self.app.full_name())
    }

    /// Where GitHub would have its page.
    pub(crate) fn html_url(&self) -> String {
        format!("{}/{}", self.base.replace("://api.", "://"), self.app.full_name())
    }

    /// `simple-user`
    pub(crate) fn user(&self, person: &Person) -> Value {
        let Person { login, id, .. } = person;
        let url = format!("{}/users/{}", self.base, login.replace('[', "%5B").replace(']', "%5D"));
        let mut user = links(&url, &USER_URLS);
        user.extend(object(json!({
            "login": login, "id": id, "node_id": format!("U_{id}"), "avatar_url": format!("{url}/avatar"), "gravatar_id": "",
            "url": url, "html_url": url.replace("://api.", "://").replace("/users/", "/"),
            "type": if *person == people::BOT { "Bot" } else { "User" },
            "site_admin": false,
        })));
        Value::Object(user)
    }

    /// `minimal-repository`
    pub(crate) fn repository(&self) -> Value {
        let url = self.repository_url();
        let mut repository = links(&url, &REPOSITORY_URLS);
        repository.extend(object(json!({
            "id": REPOSITORY_ID, "node_id": format!("R_{REPOSITORY_ID}"), "name": self.app.repository,
            "full_name": self.app.full_name(), "owner": self.user(people::owner()),
            "private": self.app.accounts.is_private(), "fork": false,
            "description": "Burstboard's sandbox on this computer", "url": url, "html_url": self.html_url(),
        })));
        Value::Object(repository)
    }

    /// `workflow`
    pub(crate) fn workflow(&self, workflow: &Workflow, id: i64, created: i64, active: bool) -> Value {
        let file = workflow.path.rsplit('/').next().unwrap_or_default();
        json!({
            "id": id, "node_id": format!("W_{id}"), "name": workflow.name, "path": workflow.path,
            "state": if active { "active" } else { "disabled_manually" },
            "created_at": iso(created), "updated_at": iso(created),
            "url": format!("{}/actions/workflows/{id}", self.repository_url()),
            "html_url": format!("{}/blob/main/{}", self.html_url(), workflow.path),
            "badge_url": format!("{}/actions/workflows/{file}/badge.svg", self.html_url()),
        })
    }

    /// `workflow-run`
    pub(crate) fn run(&self, run: &Run) -> Value {
        let mut shape = object(json!({
            "id": run.id, "name": run.name, "node_id": format!("WFR_{}", run.id), "check_suite_id": run.id,
            "check_suite_node_id": format!("CS_{}", run.id), "head_branch": run.branch, "head_sha": run.sha,
            "path": run.path, "display_title": run.title, "run_number": run.number, "run_attempt": run.attempt,
            "event": "workflow_dispatch", "status": run.status.word(), "conclusion": run.conclusion.map(Conclusion::word),
            "workflow_id": run.workflow, "pull_requests": [], "referenced_workflows": [],
            "created_at": iso(run.created), "updated_at": iso(run.updated), "run_started_at": iso(run.started),
            "actor": self.user(people::actor(&run.actor)),
            "triggering_actor": self.user(people::actor(&run.triggering_actor)), "head_commit": commit(run),
            "repository": self.repository(), "head_repository": self.repository(), "head_repository_id": REPOSITORY_ID,
        }));
        let url = format!("{}/actions/runs/{}", self.repository_url(), run.id);
        let previous = (run.attempt > 1).then(|| format!("{url}/attempts/{}", run.attempt - 1));
        shape.extend(object(json!({
            "url": url, "html_url": format!("{}/actions/runs/{}", self.html_url(), run.id),
            "jobs_url": format!("{url}/jobs"), "logs_url": format!("{url}/logs"),
            "check_suite_url": format!("{}/check-suites/{}", self.repository_url(), run.id),
            "artifacts_url": format!("{url}/artifacts"), "cancel_url": format!("{url}/cancel"),
            "rerun_url": format!("{url}/rerun"), "previous_attempt_url": previous,
            "workflow_url": format!("{}/actions/workflows/{}", self.repository_url(), run.workflow),
        })));
        Value::Object(shape)
    }

    /// `job`
    pub(crate) fn job(&self, job: &Job, run: &Run) -> Value {
        let repository = self.repository_url();
        let runner = job.runner;
        json!({
            "id": job.id, "run_id": job.run, "workflow_name": run.name, "head_branch": run.branch,
            "run_url": format!("{repository}/actions/runs/{}", job.run), "run_attempt": job.attempt,
            "node_id": format!("CR_{}", job.id), "head_sha": run.sha,
            "url": format!("{repository}/actions/jobs/{}", job.id),
            "html_url": format!("{}/actions/runs/{}/job/{}", self.html_url(), job.run, job.id),
            "status": job.status.word(), "conclusion": job.conclusion.map(Conclusion::word),
            "created_at": iso(job.created), "started_at": iso(job.started.unwrap_or(job.created)),
            "completed_at": job.completed.map(iso), "name": job.name,
            "steps": job.steps.iter().filter(|_| job.started.is_some()).map(step).collect::<Vec<_>>(),
            "check_run_url": format!("{repository}/check-runs/{}", job.id), "labels": ["ubuntu-latest"],
            "runner_id": runner, "runner_name": runner.map(|n| format!("Sandbox {n}")),
            "runner_group_id": runner.map(|_| 0), "runner_group_name": runner.map(|_| "Sandbox"),
        })
    }

    /// `artifact`
    pub(crate) fn artifact(&self, artifact: &Artifact, run: Option<&Run>) -> Value {
        let url = format!("{}/actions/artifacts/{}", self.repository_url(), artifact.id);
        json!({
            "id": artifact.id, "node_id": format!("A_{}", artifact.id), "name": artifact.name,
            "size_in_bytes": artifact.bytes, "url": url, "archive_download_url": format!("{url}/zip"),
            "expired": artifact.expires <= clock::now(), "digest": format!("sha256:{}", artifact.digest),
            "created_at": iso(artifact.created), "updated_at": iso(artifact.created), "expires_at": iso(artifact.expires),
            "workflow_run": run.map(|run| json!({
                "id": run.id, "repository_id": REPOSITORY_ID, "head_repository_id": REPOSITORY_ID,
                "head_branch": run.branch, "head_sha": run.sha,
            })),
        })
    }
}

/// The jobs see the working tree, of which the commit is only the base.
fn commit(run: &Run) -> Value {
    let person = json!({"name": OWNER, "email": format!("{OWNER}@localhost")});
    json!({
        "id": run.sha, "tree_id": run.sha, "message": "The working tree as it stood", "timestamp": iso(run.created),
        "author": person, "committer": person,
    })
}

fn step(step: &Step) -> Value {
    json!({
        "number": step.number, "name": step.name, "status": step.status.word(),
        "conclusion": step.conclusion.map(Conclusion::word),
        "started_at": step.started.filter(|_| step.status != Status::Queued).map(iso),
        "completed_at": step.completed.map(iso),
    })
}

fn links(url: &str, fields: &[(&str, &str)]) -> Map<String, Value> {
    fields.iter().map(|(name, suffix)| ((*name).to_owned(), json!(format!("{url}{suffix}")))).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
