//! A workflow run as the page shows it: the run, its pairs and what they made.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, launch::BatchPart};

/// Where a run or a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Waiting for a runner.
    Queued,
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// Stopped by a person or by a limit.
    Cancelled,
    /// Left out, because what it needs did not end well.
    Skipped,
}

impl State {
    /// From GitHub's two fields; what is not known counts as running while there is no conclusion, else as failed.
    pub fn from_github(status: &str, conclusion: Option<&str>) -> Self {
        match (status, conclusion) {
            ("completed", Some("success" | "neutral")) => Self::Done,
            ("completed", Some("cancelled")) => Self::Cancelled,
            ("completed", Some("skipped")) => Self::Skipped,
            ("completed", _) => Self::Failed,
            ("queued" | "waiting" | "requested" | "pending", _) => Self::Queued,
            _ => Self::Running,
        }
    }

    /// Whether nothing more will happen by itself.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

/// One line of the list of runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSummary {
    /// GitHub's id of the run.
    pub id: u64,
    /// The title without the batch mark.
    pub title: String,
    /// Which part of which batch, where it was launched from the page.
    pub batch: Option<BatchPart>,
    /// `batch-job.yml` or `single-job.yml`.
    pub workflow: String,
    /// Where it stands.
    pub state: State,
    /// 1, and one more for every re-run.
    pub attempt: u32,
    /// Who started it.
    pub actor: Option<String>,
    /// When it was asked for.
    pub created: Timestamp,
    /// When this attempt began.
    pub started: Option<Timestamp>,
    /// When something last changed.
    pub updated: Timestamp,
    /// GitHub's own page of it.
    pub url: String,
}

/// A run with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// The run.
    #[serde(flatten)]
    pub run: RunSummary,
    /// One a pair, in the order of their names.
    pub pairs: Vec<PairView>,
    /// Jobs that are not pairs: the search, the build of the processor.
    pub others: Vec<JobView>,
    /// Whether GitHub counts more jobs or artifacts than it listed, so that something may be missing here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// When GitHub was asked.
    pub as_of: Timestamp,
}

/// A job that is not a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    /// GitHub's id of the job.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
}

/// A pair's job and what it made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairView {
    /// `20180604_20180616`; for a single-job run its title.
    pub name: String,
    /// GitHub's id of the job, once there is one.
    pub job: Option<u64>,
    /// Where it stands.
    pub state: State,
    /// The step at work or the step that failed.
    pub step: Option<String>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// The product, once uploaded.
    pub product: Option<Artifact>,
    /// The preview bundle, once uploaded; a failed job's says why.
    pub preview: Option<Artifact>,
}

/// An uploaded file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// GitHub's id of the artifact; a re-run makes a new one.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Size in bytes, as stored.
    pub bytes: u64,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When GitHub deletes it.
    pub expires: Option<Timestamp>,
    /// Whether it is gone.
    pub expired: bool,
}

/// How an artifact's name tells a preview bundle from a product.
pub const PREVIEW_SUFFIX: &str = ".preview.zip";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_github_has_its_state() {
        for (status, conclusion, state) in [
            ("queued", None, State::Queued),
            ("waiting", None, State::Queued),
            ("requested", None, State::Queued),
            ("pending", None, State::Queued),
            ("in_progress", None, State::Running),
            ("something_new", None, State::Running),
            ("completed", Some("success"), State::Done),
            ("completed", Some("failure"), State::Failed),
            ("completed", Some("timed_out"), State::Failed),
            ("completed", Some("startup_failure"), State::Failed),
            ("completed", Some("cancelled"), State::Cancelled),
            ("completed", Some("skipped"), State::Skipped),
            ("completed", None, State::Failed),
        ] {
            assert_eq!(State::from_github(status, conclusion), state, "{status} {conclusion:?}");
        }
    }
}
