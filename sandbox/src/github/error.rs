//! What GitHub says when it says no. One constructor a case; the message is GitHub's own, since clients look at it.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    accounts::{access::Refusal, integration::BadAssertion},
    store::StoreError,
};

/// An error answer.
#[derive(Debug)]
pub(crate) struct GithubError {
    status: StatusCode,
    message: String,
}

impl GithubError {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// There is no such thing, or this visitor may not know of it.
    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// The credential is wrong.
    pub(crate) fn bad_credentials() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Bad credentials")
    }

    /// There is no credential.
    pub(crate) fn requires_authentication() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Requires authentication")
    }

    /// The body is not what it should be.
    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }
}

impl IntoResponse for GithubError {
    fn into_response(self) -> Response {
        let body = json!({
            "message": self.message,
            "documentation_url": "https://docs.github.com/rest",
            "status": self.status.as_u16().to_string(),
        });
        (self.status, Json(body)).into_response()
    }
}

/// GitHub's words for what a visitor may not do.
impl From<Refusal> for GithubError {
    fn from(refusal: Refusal) -> Self {
        let forbidden = |message| Self::new(StatusCode::FORBIDDEN, message);
        match refusal {
            Refusal::NotFound => Self::not_found(),
            Refusal::RequiresAuthentication => Self::requires_authentication(),
            Refusal::NotAccessibleByIntegration => forbidden("Resource not accessible by integration"),
            Refusal::MustHaveAdminRights => forbidden("Must have admin rights to Repository."),
            Refusal::MustHavePushAccess => {
                forbidden("Must have push access to view collaborator permission.")
            }
        }
    }
}

impl From<BadAssertion> for GithubError {
    fn from(bad: BadAssertion) -> Self {
        let unknown = bad == BadAssertion::NotFound;
        Self::new(if unknown { StatusCode::NOT_FOUND } else { StatusCode::UNAUTHORIZED }, bad.to_string())
    }
}

/// GitHub's words for a fault of its own; what it was goes to stderr.
impl From<StoreError> for GithubError {
    fn from(error: StoreError) -> Self {
        eprintln!("sandbox: {error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Server Error")
    }
}

impl From<anyhow::Error> for GithubError {
    fn from(error: anyhow::Error) -> Self {
        eprintln!("sandbox: {error:#}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Server Error")
    }
}
