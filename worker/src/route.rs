//! What a request wants, from its method and path alone.

use domain::launch::BatchId;
use http::Method;

/// Everything that the API does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// What is missing.
    Health,
    /// What the page needs to know.
    Config,
    /// Start a batch.
    Launch,
    /// The newest runs.
    Runs,
    /// One run.
    Run(u64),
    /// The runs of a batch.
    Batch(BatchId),
    /// The end of a job's log.
    Log {
        /// Run.
        run: u64,
        /// Job.
        job: u64,
    },
    /// Stop a run.
    Cancel(u64),
    /// Run what failed again.
    RerunFailed(u64),
    /// Run one job again.
    RerunJob {
        /// Run.
        run: u64,
        /// Job.
        job: u64,
    },
    /// Where to get a product.
    Download(u64),
    /// A preview's bytes.
    Preview(u64),
    /// Not the API: a file of the page.
    Page,
}

/// Why there is no route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// Nothing has this path.
    Unknown,
    /// The path takes another method.
    Method(&'static str),
}

const GET: &str = "GET";
const POST: &str = "POST";

impl Route {
    /// Reads a request's method and path. HEAD is a GET whose body nobody wants.
    pub fn parse(method: &Method, path: &str) -> Result<Self, NoRoute> {
        if path != "/api" && !path.starts_with("/api/") {
            return if reads(method) { Ok(Self::Page) } else { Err(NoRoute::Method(GET)) };
        }
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').skip(1).collect();
        let (wanted, route) = match segments.as_slice() {
            ["v1", "health"] => (GET, Self::Health),
            ["v1", "config"] => (GET, Self::Config),
            ["v1", "launches"] => (POST, Self::Launch),
            ["v1", "runs"] => (GET, Self::Runs),
            ["v1", "runs", run] => (GET, Self::Run(number(run)?)),
            ["v1", "runs", run, "cancel"] => (POST, Self::Cancel(number(run)?)),
            ["v1", "runs", run, "rerun-failed"] => (POST, Self::RerunFailed(number(run)?)),
            ["v1", "runs", run, "jobs", job, "log"] => {
                (GET, Self::Log { run: number(run)?, job: number(job)? })
            }
            ["v1", "runs", run, "jobs", job, "rerun"] => {
                (POST, Self::RerunJob { run: number(run)?, job: number(job)? })
            }
            ["v1", "batches", batch] => (GET, Self::Batch(batch.parse().map_err(|_| NoRoute::Unknown)?)),
            ["v1", "artifacts", id, "download"] => (GET, Self::Download(number(id)?)),
            ["v1", "previews", id] => (GET, Self::Preview(number(id)?)),
            _ => return Err(NoRoute::Unknown),
        };
        let fits = if wanted == GET { reads(method) } else { method.as_str() == wanted };
        if fits { Ok(route) } else { Err(NoRoute::Method(wanted)) }
    }

    /// What the visitor must be allowed to do, where it is not open to everyone.
    pub const fn action(&self) -> Option<domain::access::Action> {
        use domain::access::Action;
        match self {
            Self::Health | Self::Config | Self::Page => None,
            Self::Launch => Some(Action::Launch),
            Self::Cancel(_) => Some(Action::Cancel),
            Self::RerunFailed(_) | Self::RerunJob { .. } => Some(Action::Rerun),
            Self::Runs
            | Self::Run(_)
            | Self::Batch(_)
            | Self::Log { .. }
            | Self::Download(_)
            | Self::Preview(_) => Some(Action::Look),
        }
    }
}

fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// A number of GitHub's: digits only, since `parse` alone would take `+1`.
fn number(text: &str) -> Result<u64, NoRoute> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(NoRoute::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_route_is_there() {
        for (method, path, route) in [
            (Method::GET, "/api/v1/health", Route::Health),
            (Method::GET, "/api/v1/config", Route::Config),
            (Method::POST, "/api/v1/launches", Route::Launch),
            (Method::GET, "/api/v1/runs", Route::Runs),
            (Method::HEAD, "/api/v1/runs/9007199254740993", Route::Run(9_007_199_254_740_993)),
            (Method::GET, "/api/v1/batches/k3v9x2", Route::Batch("k3v9x2".parse().unwrap())),
            (Method::GET, "/api/v1/runs/1/jobs/2/log", Route::Log { run: 1, job: 2 }),
            (Method::POST, "/api/v1/runs/1/cancel", Route::Cancel(1)),
            (Method::POST, "/api/v1/runs/1/rerun-failed", Route::RerunFailed(1)),
            (Method::POST, "/api/v1/runs/1/jobs/2/rerun", Route::RerunJob { run: 1, job: 2 }),
            (Method::GET, "/api/v1/artifacts/3/download", Route::Download(3)),
            (Method::GET, "/api/v1/previews/3", Route::Preview(3)),
            (Method::GET, "/", Route::Page),
            (Method::GET, "/run/1", Route::Page),
            (Method::GET, "/apiary.js", Route::Page),
        ] {
            assert_eq!(Route::parse(&method, path), Ok(route), "{method} {path}");
        }
    }

    #[test]
    fn what_is_no_route_is_refused() {
        for path in [
            "/api",
            "/api/",
            "/api/v2/runs",
            "/api/v1/runs/",
            "/api/v1/runs/+1",
            "/api/v1/runs/-1",
            "/api/v1/runs/1x",
            "/api/v1/runs/18446744073709551616",
            "/api/v1/batches/UPPER1",
            "/api/v1/previews/../runs",
            "/api/v1/runs//cancel",
            "/api/v1/artifacts/3",
        ] {
            assert_eq!(Route::parse(&Method::GET, path), Err(NoRoute::Unknown), "{path}");
        }
    }

    #[test]
    fn nothing_changes_by_looking_and_nothing_is_deleted() {
        for path in ["/api/v1/launches", "/api/v1/runs/1/cancel", "/api/v1/runs/1/rerun-failed"] {
            assert_eq!(Route::parse(&Method::GET, path), Err(NoRoute::Method("POST")), "{path}");
        }
        for path in ["/api/v1/runs/1", "/run/1", "/api/v1/config"] {
            assert_eq!(Route::parse(&Method::DELETE, path), Err(NoRoute::Method("GET")), "{path}");
        }
    }
}
