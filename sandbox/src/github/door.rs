//! What happens to every request before and after its route.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request},
    http::{Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;

use super::{App, error::GithubError, headers, shapes::REPOSITORY_ID};
use crate::faults::Verdict;

/// The versions of GitHub's API that are spoken, the default first.
pub(crate) const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Who asks, and how.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    /// Whether the token was there; a wrong one does not come this far.
    pub(crate) signed_in: bool,
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
    /// For what GitHub gives to signed-in people only.
    pub(crate) fn must_be_signed_in(&self) -> Result<(), GithubError> {
        if self.signed_in { Ok(()) } else { Err(GithubError::requires_authentication()) }
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
        let version = caller.version;
        let free = caller.path == "/rate_limit";
        if !free && !app.rate.take() {
            let message = format!("API rate limit exceeded for user ID {}.", super::shapes::USER_ID);
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
        request.extensions_mut().insert(caller);
        let Ok(response) = self.routes.clone().oneshot(request).await;
        let mut response =
            if get { headers::with_etag(response, known.as_ref(), &app.rate).await } else { response };
        headers::dress(&mut response, &app.rate, version);
        if verdict == Verdict::LoseAnswer {
            // The request was carried out; its answer breaks off.
            return Response::new(Body::from_stream(futures_util::stream::iter([Err::<Vec<u8>, _>(
                std::io::Error::other("a fault was asked for"),
            )])));
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
        let signed_in = match header("authorization") {
            None => false,
            Some(value) if self.is_token(value) => true,
            Some(_) => return Err(GithubError::bad_credentials()),
        };
        if !signed_in && !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(GithubError::requires_authentication());
        }
        Ok(Caller {
            signed_in,
            base: format!("http://{host}"),
            path: self.place(request.uri().path())?,
            query: request.uri().query().unwrap_or_default().to_owned(),
            version,
        })
    }

    fn is_token(&self, value: &str) -> bool {
        let token = value.split_once(' ').filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")
        });
        token.is_some_and(|(_, token)| token.trim() == self.app.token)
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
