//! Settings that are more than text, each checked where it is read.

use std::fmt;

use domain::api;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{github::app_key::AppKey, origins::is_loopback};

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret that can stand in a header; nothing else is one.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The one repository, `owner/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryName {
    /// Owner's login.
    pub owner: String,
    /// Name.
    pub name: String,
}

impl RepositoryName {
    /// Reads `owner/name`; both may only have characters that GitHub allows, so that they are safe in a path.
    pub fn parse(text: &str) -> Option<Self> {
        let good = |part: &str| {
            !part.is_empty()
                && part.len() <= 100
                && !part.bytes().all(|b| b == b'.')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        let (owner, name) = text.trim().split_once('/')?;
        (good(owner) && good(name)).then(|| Self { owner: owner.to_owned(), name: name.to_owned() })
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// GitHub's names of accounts; case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logins(Vec<String>);

impl Logins {
    /// Reads names separated by commas.
    pub fn parse(text: &str) -> Option<Self> {
        let names: Vec<String> = text.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let good = |name: &String| is_login(name);
        names.iter().all(good).then_some(Self(names))
    }

    /// Whether an account is among them.
    pub fn has(&self, login: &str) -> bool {
        self.0.iter().any(|known| known.eq_ignore_ascii_case(login))
    }
}

/// Whether a text can be the name of an account, and so stand in a path.
pub fn is_login(text: &str) -> bool {
    // An app's own account ends in `[bot]`; people's names have letters, digits and dashes, some old ones underscores.
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// With what the Worker asks GitHub.
#[derive(Clone, Debug)]
pub enum Credential {
    /// The simple way: one token does everything, and the owner lists who may launch with it.
    Token {
        /// A fine-grained token for the one repository.
        token: Secret,
        /// Who may launch, besides needing write permission themselves.
        launchers: Logins,
    },
    /// A GitHub App: it looks with a token of its own, and changes things with the visitor's, so that GitHub itself
    /// decides and names who did it.
    App {
        /// The App's number or client id.
        id: String,
        /// Its private key.
        key: AppKey,
    },
}

/// The settings that matter to the page's own requests; they work without a credential.
#[derive(Clone, Debug)]
pub struct PageSettings {
    /// The catalogue's `granules.umm_json`.
    pub catalogue: Url,
    /// Map tiles, if set.
    pub tiles: Option<api::Tiles>,
}

impl PageSettings {
    /// Origins that the page's pictures may come from, as a content security policy writes them.
    pub fn tile_source(&self) -> Option<String> {
        self.tiles.as_ref().and_then(|tiles| tile_origin(&tiles.url))
    }
}

/// The origin of a tile template as a policy source; `{s}` in front stands for any subdomain.
pub(super) fn tile_origin(template: &str) -> Option<String> {
    let subdomains = template.contains("://{s}.");
    let url = secure_url(&template.replace("{s}.", "").replace(['{', '}'], ""))?;
    let origin = url.origin().ascii_serialization();
    Some(if subdomains { origin.replacen("://", "://*.", 1) } else { origin })
}

/// An address that may carry a credential: https, or plain http on this computer.
pub(super) fn secure_url(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some();
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    (plain && secure).then_some(url)
}

/// An address without path or query, as browsers write origins.
pub(super) fn secure_origin(text: &str) -> Option<String> {
    let url = secure_url(text)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    bare.then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_people_know_them_in_any_case() {
        let logins = Logins::parse("Ada-L, grace").unwrap();
        assert!(logins.has("ada-l") && logins.has("GRACE") && !logins.has("ada"));
        for bad in ["", "a,,b", "a b", "a/../b", "a%2f"] {
            assert_eq!(Logins::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn origins_are_bare() {
        assert_eq!(secure_origin("https://b.example/").as_deref(), Some("https://b.example"));
        assert_eq!(secure_origin("http://127.0.0.1:8765").as_deref(), Some("http://127.0.0.1:8765"));
        for bad in [
            "http://b.example",
            "https://b.example/x",
            "https://u@b.example",
            "b.example",
            "https://b.example/?x",
        ] {
            assert_eq!(secure_origin(bad), None, "{bad}");
        }
    }
}
