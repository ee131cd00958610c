//! Who has signed in, as the browser keeps it: sealed, so that it can be neither read nor made anywhere else.

use serde::{Deserialize, Serialize};

use crate::{
    keys::{Keys, NONCE, Purpose},
    settings::Secret,
};

/// How long a session lasts in seconds: as long as a token that GitHub gives to an app's user.
pub const SECONDS: i64 = 8 * 3_600;

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// GitHub's name of the account, as GitHub told it.
    pub login: String,
    /// By which this sign-in is ended; random.
    pub id: String,
    /// When it is over, in seconds since 1970.
    pub until: i64,
    /// The visitor's own token, where visitors act with their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
}

impl Session {
    /// As a cookie's value.
    pub fn seal(&self, keys: &Keys, nonce: &[u8; NONCE]) -> Option<String> {
        keys.seal(Purpose::Session, nonce, &serde_json::to_vec(self).ok()?)
    }

    /// From a cookie's value; `None` where it was not made here, or is over.
    pub fn open(keys: &Keys, sealed: &str, now: i64) -> Option<Self> {
        let session: Self = serde_json::from_slice(&keys.open(Purpose::Session, sealed)?).ok()?;
        (session.until > now).then_some(session)
    }
}

/// What is remembered while somebody is at GitHub's sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What GitHub has to bring back; random.
    pub state: String,
    /// What proves that the code comes back to the one who asked for it (PKCE).
    pub verifier: String,
    /// Where the visitor wants to go afterwards: a path of the page.
    pub back: String,
    /// When it is too late, in seconds since 1970.
    pub until: i64,
}

impl Pending {
    /// How long somebody may take at GitHub's page, in seconds.
    pub const SECONDS: i64 = 600;

    /// As a cookie's value.
    pub fn seal(&self, keys: &Keys, nonce: &[u8; NONCE]) -> Option<String> {
        keys.seal(Purpose::SignIn, nonce, &serde_json::to_vec(self).ok()?)
    }

    /// From a cookie's value; `None` where it was not made here, or is over.
    pub fn open(keys: &Keys, sealed: &str, now: i64) -> Option<Self> {
        let pending: Self = serde_json::from_slice(&keys.open(Purpose::SignIn, sealed)?).ok()?;
        (pending.until > now).then_some(pending)
    }
}
