//! `/login/oauth/access_token`: a code or a refresh token for a pair of tokens. Errors are answers with status 200, as
//! on GitHub.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use url::Url;

use super::OAuthError;
use crate::{
    accounts::{
        Accounts,
        grants::{Pair, REFRESH_LIFE, USER_LIFE},
    },
    clock::{self, Millis},
    github::App,
};

const CREDENTIALS: OAuthError = OAuthError {
    code: "incorrect_client_credentials",
    sentence: "The client_id and/or client_secret passed are incorrect.",
    explained: "troubleshooting-oauth-app-access-token-request-errors/#incorrect-client-credentials",
};
const MISMATCH: OAuthError = OAuthError {
    code: "redirect_uri_mismatch",
    sentence: "The redirect_uri MUST match the registered callback URL for this application.",
    explained: "troubleshooting-authorization-request-errors/#redirect-uri-mismatch2",
};
const BAD_CODE: OAuthError = OAuthError {
    code: "bad_verification_code",
    sentence: "The code passed is incorrect or expired.",
    explained: "troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code",
};
const BAD_REFRESH: OAuthError = OAuthError {
    code: "bad_refresh_token",
    sentence: "The refresh token passed is incorrect or expired.",
    explained: "troubleshooting-oauth-app-access-token-request-errors/",
};
const BAD_GRANT: OAuthError = OAuthError {
    code: "unsupported_grant_type",
    sentence: "The grant_type must be authorization_code or refresh_token.",
    explained: "troubleshooting-oauth-app-access-token-request-errors/",
};

pub(super) async fn exchange(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fields = fields(text(header::CONTENT_TYPE), &body);
    let pairs: Vec<(&str, Value)> = match pair(&app.accounts, &fields, clock::now()) {
        Ok(pair) => vec![
            ("access_token", json!(pair.access)),
            ("expires_in", json!(USER_LIFE / 1000)),
            ("refresh_token", json!(pair.refresh)),
            ("refresh_token_expires_in", json!(REFRESH_LIFE / 1000)),
            ("scope", json!("")),
            ("token_type", json!("bearer")),
        ],
        Err(error) => error.pairs().into_iter().map(|(name, value)| (name, json!(value))).collect(),
    };
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    if text(header::ACCEPT).contains("application/json") {
        let body: Map<String, Value> =
            pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        return (no_store, Json(body)).into_response();
    }
    let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs.into_iter().map(|(name, value)| (name, plain(value))))
        .finish();
    (no_store, [(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8")], body)
        .into_response()
}

/// The fields of a form or of a JSON object; what is no text is not there.
fn fields(kind: &str, body: &[u8]) -> HashMap<String, String> {
    if kind.starts_with("application/json") {
        let fields: HashMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
        return fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect();
    }
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn pair(accounts: &Accounts, fields: &HashMap<String, String>, now: Millis) -> Result<Pair, OAuthError> {
    let field = |name: &str| fields.get(name).map(String::as_str);
    let id = field("client_id").unwrap_or_default();
    if !accounts.client.is(id, field("client_secret").unwrap_or_default()) {
        return Err(CREDENTIALS);
    }
    match field("grant_type") {
        None | Some("authorization_code") => {
            let code = accounts.grants.redeem(field("code").unwrap_or_default(), now).ok_or(BAD_CODE)?;
            let same = |given: &str| Url::parse(given).is_ok_and(|given| given == code.ask.redirect);
            if field("redirect_uri").is_some_and(|given| !same(given)) {
                return Err(MISMATCH);
            }
            if !code.fits(field("code_verifier")) {
                return Err(BAD_CODE);
            }
            Ok(accounts.grants.sign_in(code.person, now))
        }
        Some("refresh_token") => {
            accounts.grants.refresh(field("refresh_token").unwrap_or_default(), now).ok_or(BAD_REFRESH)
        }
        Some(_) => Err(BAD_GRANT),
    }
}
