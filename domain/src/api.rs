//! The answers of the Worker's API under `/api/v1/` that are not runs or problems.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    access::{Role, Scope},
    launch::BatchId,
    run::RunSummary,
};

/// `GET /api/v1/config`: what the page needs to know before it does anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The one repository that this deployment works for; not told to those who may not see it.
    pub repository: Option<Repository>,
    /// Address of the catalogue's `granules.umm_json`.
    pub catalogue: String,
    /// Map tiles from elsewhere, if the owner set them; without them the page draws its own land map.
    pub tiles: Option<Tiles>,
    /// Limits that the page shows before a launch.
    pub limits: Limits,
    /// Who is signed in.
    pub account: Option<Account>,
    /// What a link to a run shows, and to whom.
    pub sharing: Sharing,
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

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// GitHub's name of the account.
    pub login: String,
    /// What GitHub lets it do on the repository.
    pub role: Role,
    /// Whether it looks after this deployment.
    pub administers: bool,
}

/// How a run is shown to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "by")]
pub enum Sharing {
    /// By its address: the repository is public, and so is the run.
    Address,
    /// By a link that this visitor may make.
    Link,
    /// Only among those who can see the repository; this visitor may make no links.
    Nobody {
        /// Why, in a sentence.
        reason: String,
    },
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

/// `GET /api/v1/health`: to a stranger only whether it is up, to those who look after it also what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Whether everything that a launch needs is there.
    pub ok: bool,
    /// What is missing or wrong, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What will be wrong soon or could not be checked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// `POST /api/v1/links`: a share link that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// What it opens.
    pub scope: Scope,
    /// How long, in days.
    pub days: u32,
}

/// The longest life of a share link in days: as long as GitHub keeps artifacts by default.
pub const MAX_LINK_DAYS: u32 = 90;

/// A share link as it is kept; not the link itself, which only its maker ever sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// By which it is revoked.
    pub id: String,
    /// What it opens.
    pub scope: Scope,
    /// Who made it.
    pub by: String,
    /// When it was made.
    pub created: Timestamp,
    /// Until when it opens anything.
    pub until: Timestamp,
}

/// A link that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    /// What is kept of it.
    pub link: Link,
    /// Path and query to send to somebody.
    pub path: String,
}

/// `GET /api/v1/links`: the links that are valid, newest first; one's own, or everyone's for those who administer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// The links.
    pub links: Vec<Link>,
}

/// `POST /api/v1/share`: the page swaps the token of a link for a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What stood behind `share=` in the address.
    pub token: String,
}

/// What a link opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// What may be looked at.
    pub scope: Scope,
    /// Until when.
    pub until: Timestamp,
}

/// `GET /api/v1/launching`: whether launching is open, how much was launched, and who did what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launching {
    /// Whether anybody may launch.
    pub open: bool,
    /// Jobs that were launched today (UTC).
    pub jobs_today: u32,
    /// The most that may be.
    pub jobs_per_day: u32,
    /// What was done last, newest first.
    pub activity: Vec<Act>,
}

/// `POST /api/v1/launching`: open or close launching for everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetLaunching {
    /// Whether anybody may launch.
    pub open: bool,
}

/// Something that was done through this deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub login: String,
    /// What, in a few words: `launched 7 pairs`.
    pub what: String,
    /// The run that it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<u64>,
}
