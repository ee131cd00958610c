//! GitHub's side of signing in: the page on which people choose who they are, and the exchange of its code.

mod authorize;
mod page;
mod token;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, post},
};

use crate::github::App;

/// Where GitHub's answers say that their errors are explained.
const EXPLAINED: &str = "https://docs.github.com/apps/managing-oauth-apps";

/// An error in OAuth's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OAuthError {
    code: &'static str,
    sentence: &'static str,
    /// Page and heading below [`EXPLAINED`].
    explained: &'static str,
}

impl OAuthError {
    fn pairs(self) -> [(&'static str, String); 3] {
        [
            ("error", self.code.to_owned()),
            ("error_description", self.sentence.to_owned()),
            ("error_uri", format!("{EXPLAINED}/{}", self.explained)),
        ]
    }
}

/// The routes, below `/login`.
pub fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/login/oauth/authorize", get(authorize::show).post(authorize::choose))
        .route("/login/oauth/access_token", post(token::exchange))
        .fallback(|| async { page::sentence(StatusCode::NOT_FOUND, "There is no such page.") })
        .with_state(app)
}
