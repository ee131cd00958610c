//! What a request wants, from its method and path alone.
//!
//! [`TABLE`] is all of the API: parsing reads it, and the tests of who may do what walk through it, so that a route
//! without an answer for every kind of visitor is a failing test.

use domain::launch::BatchId;
use http::Method;

/// Everything that the API does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Whether it is up; for those who look after it, what is missing.
    Health,
    /// What the page needs to know.
    Config,
    /// Go to GitHub's sign-in page.
    SignIn,
    /// Come back from there.
    SignedIn,
    /// End the session.
    SignOut,
    /// Start a batch.
    Launch,
    /// Whether launching is open.
    Launching,
    /// Open or close it.
    SetLaunching,
    /// The valid share links.
    Links,
    /// Make one.
    MakeLink,
    /// Revoke one.
    RevokeLink(String),
    /// Open one.
    OpenLink,
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
    /// A run's picture, for cards of links.
    Card(u64),
    /// The page or one of its files.
    Page,
}

/// Why there is no route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// Nothing has this path.
    Unknown,
    /// The path takes other methods.
    Method(String),
}

const GET: &str = "GET";
const POST: &str = "POST";

/// A line of the API.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// `GET` or `POST`; nothing is changed by a GET.
    pub method: &'static str,
    /// Path; what stands in braces is read.
    pub path: &'static str,
    make: fn(&[&str]) -> Option<Route>,
}

const fn line(method: &'static str, path: &'static str, make: fn(&[&str]) -> Option<Route>) -> Line {
    Line { method, path, make }
}

/// All of the API.
pub const TABLE: [Line; 22] = [
    line(GET, "/api/v1/health", |_| Some(Route::Health)),
    line(GET, "/api/v1/config", |_| Some(Route::Config)),
    line(GET, "/api/v1/sign-in", |_| Some(Route::SignIn)),
    line(GET, "/api/v1/sign-in/callback", |_| Some(Route::SignedIn)),
    line(POST, "/api/v1/sign-out", |_| Some(Route::SignOut)),
    line(POST, "/api/v1/launches", |_| Some(Route::Launch)),
    line(GET, "/api/v1/launching", |_| Some(Route::Launching)),
    line(POST, "/api/v1/launching", |_| Some(Route::SetLaunching)),
    line(GET, "/api/v1/links", |_| Some(Route::Links)),
    line(POST, "/api/v1/links", |_| Some(Route::MakeLink)),
    line(POST, "/api/v1/links/{id}/revoke", |ids| link_id(ids.first()?).map(Route::RevokeLink)),
    line(POST, "/api/v1/share", |_| Some(Route::OpenLink)),
    line(GET, "/api/v1/runs", |_| Some(Route::Runs)),
    line(GET, "/api/v1/runs/{run}", |ids| number(ids.first()?).map(Route::Run)),
    line(POST, "/api/v1/runs/{run}/cancel", |ids| number(ids.first()?).map(Route::Cancel)),
    line(POST, "/api/v1/runs/{run}/rerun-failed", |ids| number(ids.first()?).map(Route::RerunFailed)),
    line(GET, "/api/v1/runs/{run}/jobs/{job}/log", |ids| {
        Some(Route::Log { run: number(ids.first()?)?, job: number(ids.get(1)?)? })
    }),
    line(POST, "/api/v1/runs/{run}/jobs/{job}/rerun", |ids| {
        Some(Route::RerunJob { run: number(ids.first()?)?, job: number(ids.get(1)?)? })
    }),
    line(GET, "/api/v1/batches/{batch}", |ids| ids.first()?.parse().ok().map(Route::Batch)),
    line(GET, "/api/v1/artifacts/{id}/download", |ids| number(ids.first()?).map(Route::Download)),
    line(GET, "/api/v1/previews/{id}", |ids| number(ids.first()?).map(Route::Preview)),
    line(GET, "/api/v1/cards/{run}", |ids| number(ids.first()?).map(Route::Card)),
];

impl Route {
    /// Reads a request's method and path. HEAD is a GET whose body nobody wants.
    pub fn parse(method: &Method, path: &str) -> Result<Self, NoRoute> {
        if path != "/api" && !path.starts_with("/api/") {
            return if reads(method) { Ok(Self::Page) } else { Err(NoRoute::Method(GET.to_owned())) };
        }
        let mut others = Vec::new();
        for line in &TABLE {
            let Some(route) = line.read(path) else { continue };
            if if line.method == GET { reads(method) } else { method.as_str() == line.method } {
                return Ok(route);
            }
            others.push(line.method);
        }
        if others.is_empty() { Err(NoRoute::Unknown) } else { Err(NoRoute::Method(others.join(", "))) }
    }
}

impl Line {
    fn read(&self, path: &str) -> Option<Route> {
        let (mut wanted, mut given) = (self.path.split('/'), path.split('/'));
        let mut ids = Vec::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return (self.make)(&ids),
                (Some(name), Some(id)) if name.starts_with('{') => ids.push(id),
                (Some(one), Some(other)) if one == other => {}
                _ => return None,
            }
        }
    }
}

fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// A number of GitHub's: digits only, since `parse` alone would take `+1`.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The id of a share link, as this crate makes them.
fn link_id(text: &str) -> Option<String> {
    let good = (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    good.then(|| text.to_owned())
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
            (Method::GET, "/api/v1/cards/3", Route::Card(3)),
            (Method::GET, "/api/v1/sign-in", Route::SignIn),
            (Method::GET, "/api/v1/sign-in/callback", Route::SignedIn),
            (Method::POST, "/api/v1/sign-out", Route::SignOut),
            (Method::GET, "/api/v1/launching", Route::Launching),
            (Method::POST, "/api/v1/launching", Route::SetLaunching),
            (Method::GET, "/api/v1/links", Route::Links),
            (Method::POST, "/api/v1/links", Route::MakeLink),
            (Method::POST, "/api/v1/links/a-b_C9/revoke", Route::RevokeLink("a-b_C9".to_owned())),
            (Method::POST, "/api/v1/share", Route::OpenLink),
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
            "/api/v1/links/a.b/revoke",
            "/api/v1/links//revoke",
        ] {
            assert_eq!(Route::parse(&Method::GET, path), Err(NoRoute::Unknown), "{path}");
        }
    }

    #[test]
    fn nothing_changes_by_looking_and_nothing_is_deleted() {
        for path in ["/api/v1/launches", "/api/v1/runs/1/cancel", "/api/v1/runs/1/rerun-failed"] {
            assert_eq!(Route::parse(&Method::GET, path), Err(NoRoute::Method("POST".to_owned())), "{path}");
        }
        for path in ["/api/v1/runs/1", "/run/1", "/api/v1/config"] {
            assert_eq!(Route::parse(&Method::DELETE, path), Err(NoRoute::Method("GET".to_owned())), "{path}");
        }
        let both = Route::parse(&Method::PUT, "/api/v1/links");
        assert_eq!(both, Err(NoRoute::Method("GET, POST".to_owned())));
    }
}
