//! Signing in with GitHub's web flow, and out again.
//!
//! What a browser brings back counts only together with the sealed cookie that it was given when it left: that holds
//! the state (so that nobody signs somebody else in), the verifier (PKCE: so that a stolen code is worth nothing) and
//! the way back. All three work once.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};

use crate::{
    answer::{Answer, empty},
    cookies,
    github::{Accounts, GitHubError},
    page::file::Target,
    ports::{Chance, Clock, World},
    records::{Ask, Records, Told},
    session::{self, Pending, Session},
    settings::{Credential, Secret, Settings},
};

/// Where GitHub sends people back to.
pub const CALLBACK: &str = "/api/v1/sign-in/callback";
/// The longest way back that fits into a cookie together with the rest.
const LONGEST_BACK: usize = 2_000;

/// How a sign-in ended, as the page reads it behind `sign-in=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The visitor did not want to.
    Denied,
    /// The cookie is not there, too old, used, or not for this answer of GitHub.
    Stale,
    /// GitHub did not take the code.
    Refused,
    /// GitHub did not answer, or wants fewer requests.
    Unavailable,
    /// The owner has to look after the client's secret or its callback address.
    Misconfigured,
}

impl Ending {
    const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Stale => "stale",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
        }
    }

    fn of(error: GitHubError) -> Self {
        match error {
            GitHubError::Refused => Self::Refused,
            GitHubError::Unauthorized | GitHubError::Forbidden | GitHubError::NotFound => Self::Misconfigured,
            _ => Self::Unavailable,
        }
    }
}

/// Sends the visitor to GitHub.
pub fn begin<W: World>(settings: &Settings, world: &W, origin: &str, address: &Url) -> Answer {
    let wanted = address.query_pairs().find(|(name, _)| name == "return").map(|(_, path)| path.into_owned());
    let back = wanted.and_then(|path| way_back(&path)).unwrap_or_else(|| "/".to_owned());
    begun(settings, world, origin, back).unwrap_or_else(|| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn begun<W: World>(settings: &Settings, world: &W, origin: &str, back: String) -> Option<Answer> {
    let chance = world.chance();
    let pending = Pending {
        state: URL_SAFE_NO_PAD.encode(chance.bytes::<16>().ok()?),
        verifier: URL_SAFE_NO_PAD.encode(chance.bytes::<32>().ok()?),
        back,
        until: world.clock().now().unix() + Pending::SECONDS,
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(pending.verifier.as_bytes()));
    let mut to = settings.web.clone();
    to.set_path("/login/oauth/authorize");
    // No scope: who somebody is, is all that is asked. An App's permissions stand in its registration.
    to.query_pairs_mut()
        .append_pair("client_id", &settings.client_id)
        .append_pair("redirect_uri", &format!("{origin}{CALLBACK}"))
        .append_pair("state", &pending.state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    let sealed = pending.seal(&settings.keys, &chance.bytes().ok()?)?;
    let mut answer = redirect(to.as_str())?;
    cookies::keep(answer.headers_mut(), cookies::SIGN_IN, &sealed, Pending::SECONDS);
    Some(answer)
}

/// Takes the visitor back from GitHub: to where they came from, signed in, or with a word on why not.
pub async fn end<W: World>(
    settings: &Settings,
    world: &W,
    origin: &str,
    address: &Url,
    headers: &http::HeaderMap,
) -> Answer {
    let now = world.clock().now().unix();
    let pending = cookies::read(headers, cookies::SIGN_IN)
        .and_then(|sealed| Pending::open(&settings.keys, sealed, now));
    let back = pending.as_ref().map_or_else(|| "/".to_owned(), |pending| pending.back.clone());
    let ended = match pending {
        Some(pending) => signed_in(settings, world, origin, address, &pending).await,
        None => Err(Ending::Stale),
    };
    let (to, session) = match &ended {
        Ok(session) => (back, Some(session)),
        Err(ending) => (with_word(&back, *ending), None),
    };
    let mut answer = redirect(&to).unwrap_or_else(|| empty(StatusCode::INTERNAL_SERVER_ERROR));
    cookies::forget(answer.headers_mut(), cookies::SIGN_IN);
    let nonce = world.chance().bytes().ok();
    if let Some((session, nonce)) = session.zip(nonce)
        && let Some(sealed) = session.seal(&settings.keys, &nonce)
    {
        cookies::keep(answer.headers_mut(), cookies::SESSION, &sealed, session.until - now);
    }
    answer
}

async fn signed_in<W: World>(
    settings: &Settings,
    world: &W,
    origin: &str,
    address: &Url,
    pending: &Pending,
) -> Result<Session, Ending> {
    let brought = |name: &str| {
        address.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let state = brought("state").unwrap_or_default();
    if !bool::from(state.as_bytes().ct_eq(pending.state.as_bytes())) {
        return Err(Ending::Stale);
    }
    // Even with its cookie an answer of GitHub counts once.
    let spend = Ask::Spend { id: format!("sign-in {state}"), until: pending.until };
    match world.records().ask(world.clock().now(), &spend).await {
        Ok(Told::Yes) => {}
        Ok(Told::No) => return Err(Ending::Stale),
        _ => return Err(Ending::Unavailable),
    }
    let Some(code) = brought("code") else {
        return Err(match brought("error").as_deref() {
            Some("access_denied") => Ending::Denied,
            Some(_) => Ending::Misconfigured,
            None => Ending::Stale,
        });
    };
    let accounts = world.accounts(settings);
    let redirect_uri = format!("{origin}{CALLBACK}");
    let token = accounts.exchange(&code, &pending.verifier, &redirect_uri).await.map_err(Ending::of)?;
    let login = accounts.who(&token).await.map_err(Ending::of)?;
    let token = keep_or_revoke(settings, &accounts, token).await;
    let id = world.chance().bytes::<16>().map_err(|_| Ending::Unavailable)?;
    Ok(Session {
        login,
        id: URL_SAFE_NO_PAD.encode(id),
        until: world.clock().now().unix() + session::SECONDS,
        token,
    })
}

/// Where the deployment acts with its own token, the visitor's has served once it told who they are.
async fn keep_or_revoke(settings: &Settings, accounts: &impl Accounts, token: Secret) -> Option<Secret> {
    match settings.credential {
        Credential::App { .. } => Some(token),
        Credential::Token { .. } => {
            // It has no scope, so a token that GitHub keeps because of a fault tells no more than a public name.
            let _ = accounts.revoke(&token).await;
            None
        }
    }
}

/// Ends a session for good: for this browser, for every copy of its cookie, and at GitHub.
pub async fn out<W: World>(settings: &Settings, world: &W, session: Option<&Session>) -> Answer {
    let mut answer = empty(StatusCode::NO_CONTENT);
    if let Some(session) = session {
        let spend = Ask::Spend { id: session.id.clone(), until: session.until };
        let spent = world.records().ask(world.clock().now(), &spend).await;
        if !matches!(spent, Ok(Told::Yes | Told::No)) {
            return crate::answer::problem(&crate::errors::no_records());
        }
        if let Some(token) = &session.token {
            // The cookie is worthless already; GitHub ends the token by itself in hours.
            let _ = world.accounts(settings).revoke(token).await;
        }
    }
    cookies::forget(answer.headers_mut(), cookies::SESSION);
    answer
}

/// A path of the page, with its query: nothing that could lead to another place.
fn way_back(path: &str) -> Option<String> {
    let good =
        path.len() <= LONGEST_BACK && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
    let (bare, query) = path.split_once('?').map_or((path, None), |(bare, query)| (bare, Some(query)));
    if !good || Target::of(bare) != Some(Target::Html) {
        return None;
    }
    // What an earlier sign-in said is over.
    let kept: Vec<&str> = query
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter(|part| !part.starts_with("sign-in="))
        .collect();
    Some(if kept.is_empty() { bare.to_owned() } else { format!("{bare}?{}", kept.join("&")) })
}

fn with_word(back: &str, ending: Ending) -> String {
    let between = if back.contains('?') { '&' } else { '?' };
    let word: String = form_urlencoded::byte_serialize(ending.word().as_bytes()).collect();
    format!("{back}{between}sign-in={word}")
}

fn redirect(to: &str) -> Option<Answer> {
    let mut answer = empty(StatusCode::SEE_OTHER);
    answer.headers_mut().insert(header::LOCATION, HeaderValue::from_str(to).ok()?);
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_a_place_of_the_page() {
        for good in
            ["/", "/run/19000000001", "/batch/k3v9x2ab", "/?v=1&burst=174_372326_IW3", "/run/1?pair=a_b"]
        {
            assert_eq!(way_back(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "/run/../x",
            "/api/v1/sign-out",
            "/run/1#x",
            "/?a=b c",
            "/?a=\r\nset-cookie:x",
            "/leaflet.js",
            "javascript:alert(1)",
        ] {
            assert_eq!(way_back(bad), None, "{bad:?}");
        }
        assert_eq!(way_back(&format!("/?{}", "a".repeat(3_000))), None);
        assert_eq!(way_back("/?sign-in=denied&v=1").as_deref(), Some("/?v=1"));
        assert_eq!(way_back("/?sign-in=denied").as_deref(), Some("/"));
    }

    #[test]
    fn the_page_is_told_how_it_ended() {
        assert_eq!(with_word("/", Ending::Denied), "/?sign-in=denied");
        assert_eq!(with_word("/?v=1", Ending::Stale), "/?v=1&sign-in=stale");
    }
}
