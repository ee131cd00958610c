//! The answers of the Worker's API under `/api/v1/` that are not runs or problems.

use serde::{Deserialize, Serialize};

use crate::{launch::BatchId, run::RunSummary};

/// `GET /api/v1/config`: what the page needs to know before it does anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The one repository that this deployment works for.
    pub repository: Repository,
    /// Address of the catalogue's `granules.umm_json`.
    pub catalogue: String,
    /// Map tiles from elsewhere, if the owner set them; without them the page draws its own land map.
    pub tiles: Option<Tiles>,
    /// Limits that the page shows before a launch.
    pub limits: Limits,
    /// How people sign in.
    pub sign_in: SignIn,
    /// Whether products come from the simulated engine; the page then says so everywhere.
    pub simulated: bool,
    /// The engine that the workflows run.
    pub engine: Engine,
    /// Whether this visitor may launch, and if not, why, in a sentence.
    pub may_launch: Permission,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// Owner's login.
    pub owner: String,
    /// Name.
    pub name: String,
    /// Its page.
    pub url: String,
}

/// A tile layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    /// Template with `{z}`, `{x}`, `{y}`.
    pub url: String,
    /// Whom to thank.
    pub attribution: String,
}

/// Limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Pairs in one run.
    pub pairs_per_run: usize,
    /// Jobs that run at the same time on the owner's plan.
    pub concurrent_jobs: u32,
}

/// How people sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignIn {
    /// Not at all: GitHub's API is on this computer, and so is everyone who can reach it.
    None,
    /// With GitHub.
    Github,
}

/// The InSAR software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
}

/// Whether an action is allowed, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// Whether.
    pub allowed: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `POST /api/v1/launches`: what was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launched {
    /// The batch.
    pub batch: BatchId,
    /// Its runs.
    pub runs: Vec<LaunchedRun>,
}

/// A started run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchedRun {
    /// The part, from 1.
    pub part: u32,
    /// GitHub's id of the run.
    pub run: u64,
}

/// `GET /api/v1/runs`: the newest runs of the two workflows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// Newest first.
    pub runs: Vec<RunSummary>,
}

/// `GET /api/v1/runs/{run}/jobs/{job}/log`: the end of a job's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Text, without GitHub's time stamps.
    pub text: String,
    /// Whether the beginning was cut off.
    pub cut: bool,
}

/// `GET /api/v1/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether everything that a launch needs is there.
    pub ok: bool,
    /// What is missing, in sentences.
    pub missing: Vec<String>,
}
