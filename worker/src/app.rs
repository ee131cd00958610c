//! One request from its first byte to its answer.

use domain::{access::Visitor, problem::Problem};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use url::Url;

use crate::{
    answer::{Answer, Body, empty, json, problem},
    errors,
    github::GitHub,
    handlers::{batch, cancel, config, download, health, launch, list, log, preview, rerun, watch},
    page,
    ports::{Assets, Blobs, ByteStream, Clock},
    route::{NoRoute, Route},
    settings::{PageSettings, Settings},
    visitor,
};

/// The largest body that is read: a launch of 256 pairs has about 50 kB.
pub const MAX_BODY: usize = 1_000_000;

/// A request, its body read.
pub struct Asked {
    /// Method.
    pub method: Method,
    /// Whole address, as the visitor wrote it.
    pub address: Url,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; `None` where it is larger than [`MAX_BODY`].
    pub body: Option<Vec<u8>>,
}

/// What a complete deployment works with.
pub struct Configured<G> {
    /// Settings.
    pub settings: Settings,
    /// GitHub, with the credential.
    pub github: G,
}

/// The Worker during one request.
pub struct App<G, B, A, C> {
    /// Settings and GitHub, or what is missing.
    pub configured: Result<Configured<G>, Vec<String>>,
    /// What the page needs in any case.
    pub page: PageSettings,
    /// GitHub's stores.
    pub blobs: B,
    /// The page's files.
    pub assets: A,
    /// Time.
    pub clock: C,
}

impl<G: GitHub, B: Blobs, A: Assets, C: Clock> App<G, B, A, C> {
    /// Answers a request, whatever it is.
    pub async fn answer(&self, asked: &Asked) -> Answer {
        let mut answer = match Route::parse(&asked.method, asked.address.path()) {
            Ok(Route::Page) => {
                page::serve(&self.page, &self.assets, asked.address.path(), &asked.headers).await
            }
            Ok(Route::Health) => self.health(),
            Ok(route) => self.api(&route, asked).await.unwrap_or_else(|p| problem(&p)),
            Err(NoRoute::Unknown) => {
                problem(&errors::not_found("the API has no such address: see docs/interfaces.md"))
            }
            Err(NoRoute::Method(allowed)) => {
                let mut answer = problem(&errors::wrong_method(allowed));
                answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
                answer
            }
        };
        if asked.method == Method::HEAD {
            *answer.body_mut() = Body::Whole(bytes::Bytes::new());
        }
        answer
    }

    fn health(&self) -> Answer {
        let health = health::health(self.configured.as_ref().err().map(Vec::as_slice));
        json(if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &health)
    }

    async fn api(&self, route: &Route, asked: &Asked) -> Result<Answer, Problem> {
        let Configured { settings, github } =
            self.configured.as_ref().map_err(|missing| errors::misconfigured(missing))?;
        let visitor = visitor::visitor(settings, &asked.address);
        if asked.method == Method::POST {
            visitor::own_origin(&asked.headers, &asked.address)?;
        }
        if let Some(action) = route.action() {
            visitor::allow(settings, github, &visitor, action).await?;
        }
        match route {
            Route::Launch => {
                visitor::declared_as_json(&asked.headers)?;
                let body = asked.body.as_deref().ok_or_else(|| errors::too_large(MAX_BODY))?;
                let launched = launch::launch(settings, github, &self.clock, body).await?;
                Ok(json(StatusCode::CREATED, &launched))
            }
            Route::Cancel(run) => accepted(cancel::cancel(settings, github, *run).await),
            Route::RerunFailed(run) => accepted(rerun::rerun_failed(settings, github, *run).await),
            Route::RerunJob { run, job } => accepted(rerun::rerun_job(settings, github, *run, *job).await),
            _ => self.look(route, asked, settings, github, &visitor).await,
        }
    }

    async fn look(
        &self,
        route: &Route,
        asked: &Asked,
        settings: &Settings,
        github: &G,
        visitor: &Visitor,
    ) -> Result<Answer, Problem> {
        let ok = StatusCode::OK;
        Ok(match route {
            Route::Config => json(ok, &config::config(settings, visitor)),
            Route::Runs => json(ok, &list::list(settings, github).await?),
            Route::Run(run) => json(ok, &watch::watch(settings, github, &self.clock, *run).await?),
            Route::Batch(id) => json(ok, &batch::batch(settings, github, id).await?),
            Route::Log { run, job } => json(ok, &log::log(settings, github, &self.blobs, *run, *job).await?),
            Route::Download(id) => redirect(&download::download(settings, github, *id).await?)?,
            Route::Preview(id) => {
                let tag = preview::etag(*id);
                if asked.headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
                    kept_for_ever(empty(StatusCode::NOT_MODIFIED), &tag)
                } else {
                    let bytes = preview::preview(settings, github, &self.blobs, *id).await?;
                    kept_for_ever(zip(bytes), &tag)
                }
            }
            // The rest was answered before.
            _ => problem(&errors::not_found("the API has no such address: see docs/interfaces.md")),
        })
    }
}

fn accepted(done: Result<(), Problem>) -> Result<Answer, Problem> {
    done.map(|()| empty(StatusCode::ACCEPTED))
}

fn redirect(to: &Url) -> Result<Answer, Problem> {
    let location = HeaderValue::from_str(to.as_str()).map_err(|_| {
        errors::strange_answer("GitHub's address for this artifact cannot be passed on: try again")
    })?;
    let mut answer = empty(StatusCode::FOUND);
    answer.headers_mut().insert(header::LOCATION, location);
    // The signed address must not reach the store's logs, nor the run's address.
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(answer)
}

fn zip(bytes: ByteStream) -> Answer {
    let mut answer = Response::new(Body::Stream(bytes));
    let headers = answer.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    answer
}

fn kept_for_ever(mut answer: Answer, tag: &str) -> Answer {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    answer
}
