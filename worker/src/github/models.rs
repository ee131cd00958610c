//! GitHub's objects, as little of them as is used.
//!
//! Own models rather than octocrab's: those fail on job shapes that GitHub's schema allows (a null `head_branch`, a
//! new conclusion), and one such job would hide a whole run. Here only what identifies an object is required; what
//! is null, missing or spelled in a new way stays unknown.

use domain::Timestamp;
use serde::{Deserialize, Deserializer};

/// A repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Repository {
    /// Whether only some people can see it; taken for true where GitHub does not say.
    #[serde(default = "yes")]
    pub private: bool,
    /// When the credential that asked is over; a header says it, not the body.
    #[serde(skip)]
    pub credential_until: Option<Timestamp>,
}

/// A workflow file that GitHub knows.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WorkflowFile {
    /// Path in the repository.
    #[serde(default, deserialize_with = "text")]
    pub path: String,
    /// `active`, or why it cannot be started.
    #[serde(default, deserialize_with = "text")]
    pub state: String,
}

const fn yes() -> bool {
    true
}

/// A workflow run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// What `run-name` made of the inputs.
    #[serde(default, deserialize_with = "text")]
    pub display_title: String,
    /// File of the workflow.
    #[serde(default, deserialize_with = "text")]
    pub path: String,
    /// Where it stands; GitHub does not close the list of words.
    #[serde(default, deserialize_with = "text")]
    pub status: String,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// 1, and one more for every re-run.
    #[serde(default)]
    pub run_attempt: Option<u32>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When this attempt began.
    #[serde(default, deserialize_with = "time")]
    pub run_started_at: Option<Timestamp>,
    /// When something last changed.
    #[serde(default, deserialize_with = "time")]
    pub updated_at: Option<Timestamp>,
    /// GitHub's page of it.
    #[serde(default, deserialize_with = "text")]
    pub html_url: String,
    /// Who started it.
    #[serde(default)]
    pub actor: Option<Actor>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Actor {
    /// Its name.
    pub login: String,
}

/// A job of a run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: u64,
    /// The run it belongs to.
    pub run_id: u64,
    /// Its name, `caller / job` for a job of a called workflow.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Where it stands.
    #[serde(default, deserialize_with = "text")]
    pub status: String,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// When it began.
    #[serde(default, deserialize_with = "time")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "time")]
    pub completed_at: Option<Timestamp>,
    /// Its steps, once a runner has it.
    #[serde(default, deserialize_with = "list")]
    pub steps: Vec<Step>,
}

/// A step of a job.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Where it stands.
    #[serde(default, deserialize_with = "text")]
    pub status: String,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Option<String>,
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Artifact {
    /// Its number; an upload that replaces another has a new and higher one.
    pub id: u64,
    /// Its name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// Size as stored.
    #[serde(default)]
    pub size_in_bytes: u64,
    /// Whether GitHub has deleted it.
    #[serde(default)]
    pub expired: bool,
    /// When it was made.
    #[serde(default, deserialize_with = "time")]
    pub created_at: Option<Timestamp>,
    /// When GitHub deletes it.
    #[serde(default, deserialize_with = "time")]
    pub expires_at: Option<Timestamp>,
    /// The run that made it.
    #[serde(default)]
    pub workflow_run: Option<MadeBy>,
}

/// The run that made an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct MadeBy {
    /// The run's number.
    #[serde(default)]
    pub id: Option<u64>,
}

fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

fn time<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_shapes_that_break_stricter_readers_are_read() {
        for shape in [
            r#"{"id":9007199254740993,"run_id":2,"name":"a","status":"requested"}"#,
            r#"{"id":1,"run_id":2,"name":null,"status":"completed","conclusion":"startup_failure","steps":null}"#,
            r#"{"id":1,"run_id":2,"name":"a","status":"queued","conclusion":null,"started_at":null,"head_branch":null,
                "workflow_name":null,"html_url":null,"runner_id":4294967296,"steps":[{"name":"x","number":1}]}"#,
            r#"{"id":1,"run_id":2,"name":"a","status":"new word","started_at":"soon","labels":[]}"#,
        ] {
            serde_json::from_str::<Job>(shape).unwrap();
        }
    }

    #[test]
    fn a_repository_is_private_unless_github_says_otherwise() {
        assert!(serde_json::from_str::<Repository>("{}").unwrap().private);
        assert!(!serde_json::from_str::<Repository>(r#"{"private":false}"#).unwrap().private);
    }
}
