//! Errors: which goes where.
//!
//! * A handler fails with a [`Problem`], and with nothing else: it is what the visitor gets, as
//!   `application/problem+json`. This file has one short constructor for each case; the sentence says what to do.
//! * [`GitHubError`] is what GitHub's port fails with. [`from_github`] turns it into a problem where it leaves a
//!   handler; a handler that knows better (a missing log, a second launch) looks at it first.
//! * Wrong input is collected by `domain` as field errors and becomes [`Problem::invalid`].
//! * Nothing here repeats what GitHub or a blob store wrote, nor any address that they gave: those may carry secrets.

use domain::problem::Problem;
use http::StatusCode;

use crate::{github::GitHubError, settings::RepositoryName};

/// Kind of the problems with a credential that GitHub does not take.
pub const CREDENTIAL: &str = "github-credential";

/// Kind of what GitHub itself does not allow.
pub const FORBIDDEN: &str = "github-forbids";

/// What a request was about, for sentences: "the run 17".
#[derive(Clone, Copy, Debug)]
pub enum Thing {
    /// The repository or its workflow files.
    Workflows,
    /// A run.
    Run(u64),
    /// A job.
    Job(u64),
    /// An artifact.
    Artifact(u64),
}

impl std::fmt::Display for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Workflows => f.write_str("Burstboard's workflows"),
            Self::Run(id) => write!(f, "the run {id}"),
            Self::Job(id) => write!(f, "the job {id}"),
            Self::Artifact(id) => write!(f, "the artifact {id}"),
        }
    }
}

/// Something does not exist here.
pub fn not_found(detail: impl Into<String>) -> Problem {
    Problem::new(404, "not-found", "There is no such thing here", detail)
}

/// Something is not among the configured repository's own.
pub fn unknown(thing: Thing, repository: &RepositoryName) -> Problem {
    not_found(format!("{repository} does not have {thing}: check the link, or whether it was deleted"))
}

/// A route exists, but not for this method.
pub fn wrong_method(allowed: &str) -> Problem {
    Problem::new(405, "wrong-method", "This address takes another method", format!("use {allowed} here"))
}

/// The body is not JSON at all.
pub fn not_json() -> Problem {
    Problem::new(
        400,
        "not-json",
        "The body is not JSON",
        "send a JSON object, as docs/interfaces.md describes it",
    )
}

/// The body does not say that it is JSON.
pub fn not_declared_as_json() -> Problem {
    let detail = "send the header Content-Type: application/json and a JSON body";
    Problem::new(415, "not-json", "The body is not declared as JSON", detail)
}

/// The body is larger than any launch.
pub fn too_large(limit: usize) -> Problem {
    Problem::new(413, "too-large", "The body is too large", format!("send at most {} kB", limit / 1_000))
}

/// Nobody is signed in, and somebody who is might do this.
pub fn sign_in_needed(reason: &str) -> Problem {
    Problem::new(401, "sign-in-needed", "This needs a sign-in", reason)
}

/// A session that is over, or whose token GitHub does not take any more.
pub fn sign_in_again() -> Problem {
    sign_in_needed("your sign-in is over: sign in again and repeat what you did")
}

/// GitHub does not let the visitor do this with their own token: their permission was taken back, or what is asked is
/// not in a state for it.
pub fn github_forbids_you() -> Problem {
    let detail = "GitHub does not let your account do this: you need write permission on the repository, and what you \
                  ask may not be possible in its state";
    Problem::new(403, FORBIDDEN, "GitHub does not allow this", detail)
}

/// A share link that opens nothing (any more).
pub fn link_is_over() -> Problem {
    let detail = "this share link is over, was revoked, or is not whole: ask whoever sent it for a new one";
    Problem::new(403, "link-over", "This link opens nothing", detail)
}

/// More links than people make.
pub fn too_many_links() -> Problem {
    let detail = "there are too many valid share links: revoke some before making another";
    Problem::new(409, "conflict", "No more links", detail)
}

/// Launching is closed by those who look after the deployment.
pub fn launching_closed() -> Problem {
    let detail =
        "launching is closed for now by those who look after this deployment: ask them, or try later";
    Problem::new(403, "launching-closed", "Launching is closed", detail)
}

/// A launch that would go over the day's limit.
pub fn over_day(left: u32, per_day: u32) -> Problem {
    let detail = format!(
        "this deployment launches at most {per_day} jobs a day and {left} are left until midnight (UTC): take pairs out, \
         or go on tomorrow"
    );
    Problem::new(403, "over-the-day", "Too many jobs for today", detail)
}

/// A visitor who asks too often.
pub fn too_many_requests(seconds: u32) -> Problem {
    let detail = format!("this address asks too often: try again in {seconds} s");
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(429, "too-many-requests", "Too many requests", detail)
    }
}

/// The deployment's memory does not answer, so nothing that depends on it is done.
pub fn no_records() -> Problem {
    let detail =
        "this deployment's records cannot be read just now, so nothing was done: try again in a while";
    Problem { retry_after: Some(10), ..Problem::new(503, "no-records", "The records do not answer", detail) }
}

/// GitHub does not take the App for what it says it is.
pub fn app_refused() -> Problem {
    let detail = "GitHub does not accept this deployment's App: its owner has to check GITHUB_APP_ID, \
                  GITHUB_APP_PRIVATE_KEY, and that the App is installed on the repository with \"Actions: read and write\"";
    Problem::new(502, CREDENTIAL, "GitHub does not accept this deployment's App", detail)
}

/// The visitor may not do this.
pub fn not_allowed(reason: &str) -> Problem {
    Problem::new(403, "not-allowed", "This is not allowed", reason)
}

/// A page of another site sent this request in the visitor's name.
pub fn other_site() -> Problem {
    not_allowed("this request comes from another site's page: open Burstboard itself and try again there")
}

/// A change that does not say which page it comes from.
pub fn no_origin(own: &str) -> Problem {
    not_allowed(&format!("a change has to say which page it comes from: send the header Origin: {own}"))
}

/// The Worker was reached by a name that is not its own.
pub fn not_this_address() -> Problem {
    not_allowed("this deployment does not answer at this address: open it by its own")
}

/// Settings are missing, and so everything but the page is closed. Which ones stands in the deployment's log: nobody
/// can sign in who could be told.
pub fn not_complete() -> Problem {
    let detail =
        "this deployment is not complete: its owner finds what is missing in its log (`npx wrangler tail`)";
    Problem::new(503, "not-configured", "This deployment is not complete", detail)
}

/// GitHub or a blob store answered in a way that must not be followed.
pub fn strange_answer(detail: &str) -> Problem {
    Problem::new(502, "github-unavailable", "GitHub's answer cannot be used", detail)
}

/// An artifact is gone.
pub fn expired(thing: Thing) -> Problem {
    let detail =
        format!("GitHub has deleted {thing} because its time was over: run the pair again to have it back");
    Problem::new(410, "expired", "This was deleted", detail)
}

/// A problem out of what GitHub said when asked about `thing`.
pub fn from_github(error: GitHubError, thing: Thing, repository: &RepositoryName) -> Problem {
    let problem =
        |status: u16, kind: &str, title: &str, detail: String| Problem::new(status, kind, title, detail);
    match error {
        GitHubError::NotFound if matches!(thing, Thing::Workflows) => no_workflows(repository),
        GitHubError::NotFound => unknown(thing, repository),
        GitHubError::Gone => expired(thing),
        GitHubError::Conflict => {
            problem(409, "conflict", "This cannot be done now", format!("{thing} is not in a state for this: look again"))
        }
        GitHubError::Forbidden => problem(
            403,
            FORBIDDEN,
            "GitHub does not allow this",
            format!(
                "GitHub does not allow this for {thing}: its state may not permit it, or the deployment's credential \
                 lacks the permission \"Actions: read and write\" on {repository}"
            ),
        ),
        GitHubError::Unauthorized => problem(
            502,
            CREDENTIAL,
            "GitHub does not accept this deployment's credential",
            "the owner of this deployment has to renew GITHUB_TOKEN".to_owned(),
        ),
        GitHubError::Refused => problem(
            502,
            "github-refused",
            "GitHub refuses the request",
            format!(
                "GitHub refuses the request for {thing}: the owner should bring the workflow files of {repository} up to \
                 date and check that GITHUB_REF names a branch that has them"
            ),
        ),
        GitHubError::RateLimited { retry_after } => Problem {
            retry_after: Some(retry_after),
            ..problem(
                503,
                "github-rate-limit",
                "GitHub wants fewer requests",
                format!("GitHub takes no more requests from this deployment for now: try again in {retry_after} s"),
            )
        },
        GitHubError::Unavailable { retry_after, .. } => Problem {
            retry_after: Some(retry_after.unwrap_or(10)),
            ..problem(
                502,
                "github-unavailable",
                "GitHub has a fault",
                "GitHub answers with a fault of its own: try again in a while, or look at www.githubstatus.com".to_owned(),
            )
        },
        GitHubError::NoAnswer => Problem {
            retry_after: Some(10),
            ..problem(
                502,
                "github-unavailable",
                "GitHub did not answer",
                "GitHub could not be reached: try again in a while".to_owned(),
            )
        },
        GitHubError::Unreadable(_) => strange_answer("GitHub's answer is not what its description promises: try again"),
    }
}

fn no_workflows(repository: &RepositoryName) -> Problem {
    let detail = format!(
        "GitHub does not show {repository} with the workflows batch-job.yml and single-job.yml to this deployment: its \
         owner has to check GITHUB_REPOSITORY, the token's access, and that the default branch has both files"
    );
    Problem::new(502, "github-refused", "GitHub does not show the workflows", detail)
}

/// The status of a problem as HTTP knows it.
pub fn status(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
