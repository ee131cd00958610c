//! GitHub's side of sign-in and of Apps: what is not about the repository and not asked with the usual credential.

use std::future::Future;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use octocrab::OctoBody;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{GitHubError, answer::Answer, client::USER_AGENT};
use crate::settings::{Secret, Settings, is_login};

/// What sign-in asks of GitHub.
pub trait Accounts {
    /// Swaps the code that a visitor brought back for the visitor's token. [`GitHubError::Refused`] where the code is
    /// wrong, old, used, or not for this verifier; [`GitHubError::Unauthorized`] where the client's secret is wrong.
    fn exchange(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
    ) -> impl Future<Output = Result<Secret, GitHubError>>;

    /// Whose token it is.
    fn who(&self, token: &Secret) -> impl Future<Output = Result<String, GitHubError>>;

    /// Makes a visitor's token worthless.
    fn revoke(&self, token: &Secret) -> impl Future<Output = Result<(), GitHubError>>;

    /// A token of the App for looking at the one repository, and when it is over.
    fn installation(&self, assertion: &str)
    -> impl Future<Output = Result<(Secret, Timestamp), GitHubError>>;
}

/// GitHub itself, over any transport that does not follow redirects.
pub struct GitHubAccounts<'a, S> {
    /// The transport; each request uses one.
    pub transport: S,
    /// Where GitHub is, and as whom it is asked.
    pub settings: &'a Settings,
    /// Seconds since 1970.
    pub now: i64,
}

/// A token in GitHub's answer, or why there is none; both come with status 200.
#[derive(Deserialize)]
struct Exchanged {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

#[derive(Deserialize)]
struct InstallationToken {
    token: String,
    expires_at: Timestamp,
}

impl<S> GitHubAccounts<'_, S>
where
    S: tower::Service<Request<OctoBody>, Response = Response<Full<Bytes>>> + Clone,
{
    async fn send(
        &self,
        method: Method,
        address: &str,
        credential: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer, GitHubError> {
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::ACCEPT, "application/json");
        if let Some(credential) = credential {
            let mut value = HeaderValue::from_str(credential).map_err(|_| GitHubError::Unauthorized)?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                OctoBody::from(value.to_string())
            }
            None => OctoBody::empty(),
        };
        let request = request.body(body).map_err(|_| GitHubError::Refused)?;
        // What the transport says of its failure may name addresses.
        let response = self.transport.clone().oneshot(request).await.map_err(|_| GitHubError::NoAnswer)?;
        Answer::read(response).await
    }

    fn api(&self, path: &str) -> String {
        format!("{}{path}", self.settings.api.as_str().trim_end_matches('/'))
    }

    fn web(&self, path: &str) -> String {
        format!("{}{path}", self.settings.web.as_str().trim_end_matches('/'))
    }
}

impl<S> Accounts for GitHubAccounts<'_, S>
where
    S: tower::Service<Request<OctoBody>, Response = Response<Full<Bytes>>> + Clone,
{
    async fn exchange(&self, code: &str, verifier: &str, redirect_uri: &str) -> Result<Secret, GitHubError> {
        let body = json!({
            "client_id": self.settings.client_id, "client_secret": self.settings.client_secret.expose(),
            "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri,
        });
        let address = self.web("/login/oauth/access_token");
        let answer = self.send(Method::POST, &address, None, Some(&body)).await?;
        let told: Exchanged = answer.hoped_for(self.now, &[StatusCode::OK])?.json()?;
        match (told.access_token.as_deref().and_then(Secret::parse), told.error.as_deref()) {
            (Some(token), None) => Ok(token),
            (_, Some("incorrect_client_credentials")) => Err(GitHubError::Unauthorized),
            (_, Some(_)) => Err(GitHubError::Refused),
            (None, None) => Err(GitHubError::Unreadable("neither a token nor an error")),
        }
    }

    async fn who(&self, token: &Secret) -> Result<String, GitHubError> {
        let credential = format!("Bearer {}", token.expose());
        let answer = self.send(Method::GET, &self.api("/user"), Some(&credential), None).await?;
        let user: User = answer.hoped_for(self.now, &[StatusCode::OK])?.json()?;
        if is_login(&user.login) {
            Ok(user.login)
        } else {
            Err(GitHubError::Unreadable("a name that is none"))
        }
    }

    async fn revoke(&self, token: &Secret) -> Result<(), GitHubError> {
        let Settings { client_id, client_secret, .. } = self.settings;
        let pair = STANDARD.encode(format!("{client_id}:{}", client_secret.expose()));
        let address = self.api(&format!("/applications/{client_id}/token"));
        let body = json!({"access_token": token.expose()});
        let answer = self.send(Method::DELETE, &address, Some(&format!("Basic {pair}")), Some(&body)).await?;
        // What GitHub does not know any more is as good as revoked.
        let good = [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY];
        answer.hoped_for(self.now, &good).map(|_| ())
    }

    async fn installation(&self, assertion: &str) -> Result<(Secret, Timestamp), GitHubError> {
        let credential = format!("Bearer {assertion}");
        let name = &self.settings.repository;
        let address = self.api(&format!("/repos/{}/{}/installation", name.owner, name.name));
        let answer = self.send(Method::GET, &address, Some(&credential), None).await?;
        let installation: Installation = answer.hoped_for(self.now, &[StatusCode::OK])?.json()?;
        // Looking is all that this token is for: the App's own permissions may be wider.
        let narrow =
            json!({"repositories": [name.name], "permissions": {"actions": "read", "metadata": "read"}});
        let address = self.api(&format!("/app/installations/{}/access_tokens", installation.id));
        let answer = self.send(Method::POST, &address, Some(&credential), Some(&narrow)).await?;
        let told: InstallationToken = answer.hoped_for(self.now, &[StatusCode::CREATED])?.json()?;
        let token = Secret::parse(&told.token).ok_or(GitHubError::Unreadable("a token that is none"))?;
        Ok((token, told.expires_at))
    }
}
