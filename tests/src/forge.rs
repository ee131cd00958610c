//! What only the Worker can make, made with the tests' key: cookies and links that are over, or not its own.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use burstboard_worker::{
    cookies,
    keys::{Keys, NONCE},
    session::{Pending, Session},
    share::Ticket,
};

use crate::workerd::SEAL_KEYS;

/// Keys of the same name as the Worker's, and not the same.
pub const OTHER_KEYS: &str = "k1:YW5vdGhlciBvbmUgb2YgdGhlIHNhbWUgbmFtZSwgMzI=";

fn keys(text: &str) -> Result<Keys> {
    Keys::parse(text).context("no keys")
}

fn now() -> Result<i64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs().try_into()?)
}

/// The cookie of a session that is over in so many seconds, made with these keys.
pub fn session(with: &str, login: &str, seconds: i64) -> Result<String> {
    let id = format!("forged {login} {seconds}");
    let session = Session { login: login.to_owned(), id, until: now()? + seconds, token: None };
    let sealed = session.seal(&keys(with)?, &[7; NONCE]).context("not sealed")?;
    Ok(format!("{}={sealed}", cookies::SESSION))
}

/// What the cookie of a session says.
pub fn open_session(cookie: &str) -> Result<Session> {
    let (_, sealed) = cookie.split_once('=').context("no cookie")?;
    Session::open(&keys(SEAL_KEYS)?, sealed, now()?).context("the cookie does not open")
}

/// What the cookie of somebody at GitHub's page says.
pub fn open_pending(cookie: &str) -> Result<Pending> {
    let (_, sealed) = cookie.split_once('=').context("no cookie")?;
    Pending::open(&keys(SEAL_KEYS)?, sealed, now()?).context("the cookie does not open")
}

/// The cookie of somebody at GitHub's page who has so many seconds left, made with these keys.
pub fn pending(with: &str, pending: Pending, seconds: i64) -> Result<String> {
    let pending = Pending { until: now()? + seconds, ..pending };
    let sealed = pending.seal(&keys(with)?, &[7; NONCE]).context("not sealed")?;
    Ok(format!("{}={sealed}", cookies::SIGN_IN))
}

/// The token of a share link that is over in so many seconds, made with these keys.
pub fn link(with: &str, id: &str, scope: &str, seconds: i64) -> Result<String> {
    let ticket = Ticket { id: id.to_owned(), scope: scope.parse()?, until: now()? + seconds };
    ticket.sign(&keys(with)?).context("not signed")
}

/// The cookie of a browser in which a link was opened.
pub fn share_cookie(token: &str) -> String {
    format!("{}={token}", cookies::SHARE)
}
