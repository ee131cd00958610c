//! What happens to every request before and after its route.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{FromRequestParts, Request},
    http::{Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use tower::ServiceExt;

use super::{App, error::GithubError, headers, shapes::REPOSITORY_ID};
use crate::{
    accounts::{
        access::{self, Need, Refusal, Visitor},
        people::{self, BOT, Person},
    },
    clock,
    faults::{self, Verdict},
};

/// The versions of GitHub's API that are spoken, the default first.
pub(crate) const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Who asks, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// Who it is; a wrong credential does not come this far.
    pub(crate) visitor: Visitor,
    /// Whether the credential is the start token, whose end the answer tells.
    pub(super) start_token: bool,
    /// `http://host` as the caller wrote it, so that links lead back the same way.
    pub(crate) base: String,
    /// The path as the routes see it.
    pub(crate) path: String,
    /// The query.
    pub(crate) query: String,
    /// Version of the API.
    pub(crate) version: &'static str,
}

impl Caller {
    /// Login of who did what this request does; an app has a bot.
    pub(crate) fn actor(&self) -> &'static str {
        match self.visitor {
            Visitor::Person { person, .. } => person.login,
            _ => BOT.login,
        }
    }

    /// The person; what only people have, an app has not.
    pub(crate) fn person(&self) -> Result<&'static Person, GithubError> {
        match self.visitor {
            Visitor::Person { person, .. } => Ok(person),
            Visitor::Anonymous => Err(GithubError::requires_authentication()),
            _ => Err(Refusal::NotAccessibleByIntegration.into()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The door to the API: everything that came for its host and is not the catalogue's or the sandbox's own.
#[derive(Clone)]
pub struct Door {
    app: Arc<App>,
    routes: Router,
}

impl Door {
    /// In front of the routes.
    pub fn new(app: Arc<App>) -> Self {
        Self { routes: super::routes(Arc::clone(&app)), app }
    }

    /// Answers one request.
    pub async fn answer(&self, host: &str, mut request: Request) -> Response {
        let app = &self.app;
        let caller = match self.look(host, &request) {
            Ok(caller) => caller,
            Err(no) => {
                let mut response = no.into_response();
                headers::dress(&mut response, &app.rate, VERSIONS[0]);
                return response;
            }
        };
        let (version, start_token) = (caller.version, caller.start_token);
        let free = caller.path == "/rate_limit";
        if !free && !app.rate.take() {
            let message = format!("API rate limit exceeded for user ID {}.", people::owner().id);
            let mut response = GithubError::new(StatusCode::FORBIDDEN, message).into_response();
            headers::dress(&mut response, &app.rate, version);
            return response;
        }
        let verdict = app.faults.judge(request.method().as_str(), &caller.path).await;
        if let Verdict::Answer(mut response) = verdict {
            headers::dress(&mut response, &app.rate, version);
            return response;
        }
        let known = request.headers().get(header::IF_NONE_MATCH).cloned();
        let get = request.method() == Method::GET;
        if let Ok(uri) = Uri::try_from(format!("{}?{}", caller.path, caller.query)) {
            *request.uri_mut() = uri;
        }
        let need = access::need(request.method().as_str(), &caller.path);
        let response = match app.accounts.decide(&caller.visitor, need) {
            Ok(()) => {
                request.extensions_mut().insert(caller);
                let Ok(response) = self.routes.clone().oneshot(request).await;
                response
            }
            Err(no) => GithubError::from(no).into_response(),
        };
        let mut response =
            if get { headers::with_etag(response, known.as_ref(), &app.rate).await } else { response };
        headers::dress(&mut response, &app.rate, version);
        if start_token {
            headers::tell_end(&mut response, app.accounts.token_until());
        }
        if verdict == Verdict::LoseAnswer {
            return faults::lost();
        }
        response
    }

    fn look(&self, host: &str, request: &Request) -> Result<Caller, GithubError> {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        if header("user-agent").is_none_or(str::is_empty) {
            return Err(GithubError::new(
                StatusCode::FORBIDDEN,
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
            ));
        }
        let version = match header("x-github-api-version") {
            None => VERSIONS[0],
            Some(asked) => VERSIONS.into_iter().find(|known| *known == asked).ok_or_else(|| {
                GithubError::new(StatusCode::GONE, format!("API version {asked} is not supported."))
            })?,
        };
        let credential = header("authorization");
        let visitor = match credential {
            None => Visitor::Anonymous,
            Some(value) => self.visitor(value)?,
        };
        let path = self.place(request.uri().path())?;
        // What changes nothing of the repository needs somebody known as well: GraphQL, tokens.
        let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
        if changes && visitor == Visitor::Anonymous && access::need("POST", &path) == Need::Nothing {
            return Err(GithubError::requires_authentication());
        }
        Ok(Caller {
            visitor,
            start_token: credential.and_then(token) == Some(self.app.accounts.token.as_str()),
            base: format!("http://{host}"),
            path,
            query: request.uri().query().unwrap_or_default().to_owned(),
            version,
        })
    }

    /// Whom an `Authorization` header stands for.
    fn visitor(&self, value: &str) -> Result<Visitor, GithubError> {
        let accounts = &self.app.accounts;
        let known = match (token(value), basic(value)) {
            // Tokens hold no dots; what does is an assertion of the app.
            (Some(token), _) => match &accounts.integration {
                Some(integration) if token.contains('.') => {
                    integration.check(token, clock::now())?;
                    Some(Visitor::App)
                }
                _ => accounts.visitor(token, clock::now()),
            },
            (None, Some((id, secret))) => accounts.client.is(&id, &secret).then_some(Visitor::Client),
            (None, None) => None,
        };
        known.ok_or_else(GithubError::bad_credentials)
    }

    /// `/repos/owner/name/…` and `/repositories/id/…` are the same place.
    fn place(&self, path: &str) -> Result<String, GithubError> {
        let rest = if let Some(rest) = path.strip_prefix("/repos/") {
            let mut parts = rest.splitn(3, '/');
            let (owner, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let ours =
                owner.eq_ignore_ascii_case(crate::OWNER) && name.eq_ignore_ascii_case(&self.app.repository);
            ours.then(|| parts.next().unwrap_or_default()).ok_or_else(GithubError::not_found)?
        } else if let Some(rest) = path.strip_prefix("/repositories/") {
            let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
            (id == REPOSITORY_ID.to_string()).then_some(rest).ok_or_else(GithubError::not_found)?
        } else if let Some(rest) = path.strip_prefix(&format!("/{}/", self.app.full_name())) {
            return Ok(format!("/p/{rest}"));
        } else if ["/r", "/p"].iter().any(|own| path == *own || path.starts_with(&format!("{own}/"))) {
            return Err(GithubError::not_found());
        } else {
            return Ok(path.to_owned());
        };
        Ok(if rest.is_empty() { "/r".to_owned() } else { format!("/r/{rest}") })
    }
}

/// The token of an `Authorization` header, in either of GitHub's spellings.
fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    known.then_some(token.trim())
}

/// Name and password of an `Authorization` header.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, coded) = value.split_once(' ')?;
    let plain = STANDARD.decode(coded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (name, password) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
