//! One request from its first byte to its answer.

use domain::{
    access::{Action, Subject},
    api::Health,
    problem::Problem,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use url::Url;

use crate::{
    answer::{Answer, Body, empty, json, problem},
    errors,
    handlers::{
        batch, cancel, card, config, download, health, launch, launching, links, list, log, preview, rerun,
        sign_in, watch,
    },
    kept::Kept,
    page,
    ports::{ByteStream, Clock, World},
    route::{NoRoute, Route},
    settings::{Credential, DEAREST, PageSettings, Settings},
    share,
    visitor::{self, Door},
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

impl Asked {
    /// The token of a share link in the address.
    fn share_token(&self) -> Option<String> {
        let mut pairs = self.address.query_pairs();
        pairs.find(|(name, _)| name == "share").map(|(_, token)| token.into_owned())
    }

    fn body(&self) -> Result<&[u8], Problem> {
        self.body.as_deref().ok_or_else(|| errors::too_large(MAX_BODY))
    }
}

/// The Worker during one request.
pub struct App<'a, W> {
    /// Settings, or what is missing.
    pub settings: Result<Settings, Vec<String>>,
    /// What the page needs in any case.
    pub page: PageSettings,
    /// All that can be reached.
    pub world: W,
    /// What this instance keeps in memory.
    pub kept: &'a Kept,
}

impl<W: World> App<'_, W> {
    /// Answers a request, whatever it is.
    pub async fn answer(&self, asked: &Asked) -> Answer {
        let mut answer = match Route::parse(&asked.method, asked.address.path()) {
            Ok(Route::Page) => {
                let tags = self.card_tags(asked).await;
                let (path, headers) = (asked.address.path(), &asked.headers);
                page::serve(&self.page, self.world.assets(), path, headers, tags.as_deref()).await
            }
            Ok(route) => self.api(&route, asked).await.unwrap_or_else(|p| problem(&p)),
            Err(NoRoute::Unknown) => {
                problem(&errors::not_found("the API has no such address: see docs/interfaces.md"))
            }
            Err(NoRoute::Method(allowed)) => wrong_method(&allowed),
        };
        if asked.method == Method::HEAD {
            *answer.body_mut() = Body::Whole(bytes::Bytes::new());
        }
        answer
    }

    async fn api(&self, route: &Route, asked: &Asked) -> Result<Answer, Problem> {
        let settings = match &self.settings {
            Ok(settings) => settings,
            Err(missing) => return self.not_complete(route, missing),
        };
        let origin = settings.own_origin(&asked.address).ok_or_else(|| {
            if settings.origin.is_none() {
                self.world.tell_owner("settings: PAGE_ORIGIN is not set: give it the page's origin");
            }
            errors::not_this_address()
        })?;
        self.count(settings, route, asked)?;
        if asked.method == Method::POST {
            visitor::own_page(&asked.headers, &origin)?;
        }
        let door = Door::new(settings, &self.world, self.kept, &asked.headers);
        let door = match route {
            Route::Card(_) => door.with_token(asked.share_token().as_deref()),
            _ => door,
        };
        let answer = match route {
            Route::SignIn => Ok(sign_in::begin(settings, &self.world, &origin, &asked.address)),
            Route::SignedIn => {
                Ok(sign_in::end(settings, &self.world, &origin, &asked.address, &asked.headers).await)
            }
            Route::SignOut => Ok(sign_in::out(settings, &self.world, door.session()).await),
            _ if asked.method == Method::POST => change(route, asked, &door).await,
            _ => self.look(route, asked, &door).await,
        };
        answer.map_err(|problem| about_whose_token(problem, settings, asked))
    }

    /// What chat programs read of a run's page, where they may see the run.
    async fn card_tags(&self, asked: &Asked) -> Option<String> {
        let run = asked.address.path().strip_prefix("/run/")?.parse().ok()?;
        let settings = self.settings.as_ref().ok()?;
        let origin = settings.own_origin(&asked.address)?;
        let token = asked.share_token();
        // Who comes with a cookie is a person: no card, and no question.
        if asked.headers.contains_key(header::COOKIE) {
            return None;
        }
        let door = Door::new(settings, &self.world, self.kept, &asked.headers).with_token(token.as_deref());
        door.allow_run(run).await.ok()?;
        Some(page::card::tags(&origin, run, token.as_deref().filter(|token| share::is_whole(token))))
    }

    /// Everything but the page is closed. Which settings are missing, the owner reads in the log: nobody can sign in who
    /// could be told.
    fn not_complete(&self, route: &Route, missing: &[String]) -> Result<Answer, Problem> {
        for line in missing {
            self.world.tell_owner(&format!("settings: {line}"));
        }
        match route {
            Route::Health => {
                let health = Health { ok: false, missing: Vec::new(), warnings: Vec::new() };
                Ok(json(StatusCode::SERVICE_UNAVAILABLE, &health))
            }
            _ => Err(errors::not_complete()),
        }
    }

    fn count(&self, settings: &Settings, route: &Route, asked: &Asked) -> Result<(), Problem> {
        let cost = match route {
            // What starts work elsewhere, or answers a guess.
            Route::SignedIn | Route::Launch | Route::MakeLink | Route::OpenLink | Route::Card(_) => DEAREST,
            _ => 1,
        };
        let visitor = visitor::counted_as(&asked.headers, settings, &asked.address);
        let now = self.world.clock().now().unix();
        let taken = self.kept.take(&visitor, cost, settings.requests_per_minute, now);
        taken.map_err(errors::too_many_requests)
    }

    async fn look(&self, route: &Route, asked: &Asked, door: &Door<'_, W>) -> Result<Answer, Problem> {
        let ok = StatusCode::OK;
        Ok(match route {
            Route::Health => {
                let health = health::health(door).await;
                json(if health.ok { ok } else { StatusCode::SERVICE_UNAVAILABLE }, &health)
            }
            Route::Config => json(ok, &config::config(door).await?),
            Route::Launching => json(ok, &launching::state(door).await?),
            Route::Links => json(ok, &links::list(door).await?),
            Route::Runs => {
                door.allow(Action::Look(Subject::Everything)).await?;
                json(ok, &list::list(door).await?)
            }
            Route::Run(run) => {
                door.allow_run(*run).await?;
                json(ok, &watch::watch(door, *run).await?)
            }
            Route::Batch(id) => {
                door.allow_batch(id).await?;
                json(ok, &batch::batch(door, id).await?)
            }
            Route::Log { run, job } => {
                door.allow(Action::ReadLog).await?;
                let github = door.reader().await?;
                json(ok, &log::log(door.settings, &github, self.world.blobs(), *run, *job).await?)
            }
            Route::Download(id) => {
                door.allow_artifact(*id).await?;
                redirect(&download::download(door.settings, &door.reader().await?, *id).await?)?
            }
            Route::Preview(id) => self.preview(*id, asked, door).await?,
            Route::Card(run) => {
                door.allow_run(*run).await?;
                let bytes = card::card(door, *run).await?;
                picture(bytes, door.repository().await?.public)
            }
            // The rest was answered before.
            _ => problem(&errors::not_found("the API has no such address: see docs/interfaces.md")),
        })
    }

    async fn preview(&self, id: u64, asked: &Asked, door: &Door<'_, W>) -> Result<Answer, Problem> {
        door.allow_artifact(id).await?;
        let public = door.repository().await?.public;
        let tag = preview::etag(id);
        if asked.headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
            return Ok(kept_for_ever(empty(StatusCode::NOT_MODIFIED), &tag, public));
        }
        let github = door.reader().await?;
        let bytes = preview::preview(door.settings, &github, self.world.blobs(), id).await?;
        Ok(kept_for_ever(zip(bytes), &tag, public))
    }
}

/// What changes something; each handler asks the door, which tells it who does it.
async fn change<W: World>(route: &Route, asked: &Asked, door: &Door<'_, W>) -> Result<Answer, Problem> {
    match route {
        Route::Launch => Ok(json(StatusCode::CREATED, &launch::launch(door, asked.body()?).await?)),
        Route::SetLaunching => Ok(json(StatusCode::OK, &launching::set(door, asked.body()?).await?)),
        Route::MakeLink => Ok(json(StatusCode::CREATED, &links::make(door, asked.body()?).await?)),
        Route::OpenLink => links::open(door, asked.body()?, &asked.headers).await,
        Route::RevokeLink(id) => accepted(links::revoke(door, id).await),
        Route::Cancel(run) => accepted(cancel::cancel(door, *run).await),
        Route::RerunFailed(run) => accepted(rerun::rerun_failed(door, *run).await),
        Route::RerunJob { run, job } => accepted(rerun::rerun_job(door, *run, *job).await),
        _ => Err(errors::not_found("the API has no such address: see docs/interfaces.md")),
    }
}

/// Where visitors change things with their own token, what GitHub does not take or allow is theirs, not the owner's.
fn about_whose_token(problem: Problem, settings: &Settings, asked: &Asked) -> Problem {
    let own = matches!(settings.credential, Credential::App { .. }) && asked.method == Method::POST;
    match problem.kind.as_str() {
        errors::CREDENTIAL if own => errors::sign_in_again(),
        errors::FORBIDDEN if own => errors::github_forbids_you(),
        _ => problem,
    }
}

fn wrong_method(allowed: &str) -> Answer {
    let mut answer = problem(&errors::wrong_method(allowed));
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        answer.headers_mut().insert(header::ALLOW, allowed);
    }
    answer
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
    made_by_a_job(Body::Stream(bytes), "application/zip")
}

/// A picture is as old as the run's first preview, which a re-run may replace.
fn picture(bytes: Vec<u8>, public: bool) -> Answer {
    let mut answer = made_by_a_job(Body::Whole(bytes.into()), "image/png");
    let kept = if public { "public, max-age=300" } else { "private, max-age=300" };
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    answer
}

/// Bytes that were written inside a job, and so perhaps by somebody else: of one type, and never run.
fn made_by_a_job(body: Body, media_type: &'static str) -> Answer {
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, media_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    answer
}

/// What a private repository made is kept by the visitor's own browser only, not by caches on the way.
fn kept_for_ever(mut answer: Answer, tag: &str, public: bool) -> Answer {
    let headers = answer.headers_mut();
    let kept =
        if public { "public, max-age=31536000, immutable" } else { "private, max-age=31536000, immutable" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    answer
}
