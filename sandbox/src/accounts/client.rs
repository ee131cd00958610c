//! The page as GitHub knows it: an app that people sign in to, by its client id, secret and callback.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use url::Url;

/// The client id, the same at every start.
pub const CLIENT_ID: &str = "Iv23liBurstboardDemo";

/// The registered app.
pub struct Client {
    /// New at every start.
    pub secret: String,
    /// Where people are sent back to.
    pub callback: Url,
}

impl Client {
    /// An app with this callback and a new secret.
    pub fn new(callback: Url) -> Self {
        Self { secret: hex::encode(rand::random::<[u8; 20]>()), callback }
    }

    /// Whether these are its credentials.
    pub fn is(&self, id: &str, secret: &str) -> bool {
        id == CLIENT_ID && secret == self.secret
    }

    /// Whether people may be sent to `wanted`: the callback itself or a place below it. The host may be one below
    /// the callback's; the port has to be the callback's, unless that lies on this computer.
    pub fn covers(&self, wanted: &Url) -> bool {
        let registered = &self.callback;
        let (Some(host), Some(known)) = (wanted.host_str(), registered.host_str()) else { return false };
        let loopback = matches!(known, "127.0.0.1" | "[::1]" | "localhost");
        let host_fits =
            host == known || !loopback && host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
        let port_fits = loopback || wanted.port_or_known_default() == registered.port_or_known_default();
        let below = wanted.path().strip_prefix(registered.path().trim_end_matches('/'));
        let bare = wanted.username().is_empty() && wanted.password().is_none() && wanted.fragment().is_none();
        wanted.scheme() == registered.scheme()
            && bare
            && host_fits
            && port_fits
            && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Whether a challenge has the form that SHA-256 gives it.
pub fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|hash| hash.len() == 32)
}

/// Whether the verifier is the one that the challenge was made of (PKCE, method S256).
pub fn verifies(challenge: &str, verifier: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    (43..=128).contains(&verifier.len())
        && verifier.chars().all(allowed)
        && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_the_registered_callback_and_nowhere_else() {
        let covers = |registered: &str, wanted: &str| {
            Client::new(registered.parse().unwrap()).covers(&wanted.parse().unwrap())
        };
        let local = "http://127.0.0.1/api/v1/sign-in/callback";
        for good in [
            local,
            "http://127.0.0.1:8799/api/v1/sign-in/callback",
            "http://127.0.0.1:1/api/v1/sign-in/callback/x?y=z",
        ] {
            assert!(covers(local, good), "{good}");
        }
        for bad in [
            "https://127.0.0.1/api/v1/sign-in/callback",
            "http://localhost/api/v1/sign-in/callback",
            "http://127.0.0.1/api/v1/sign-in/callbacks",
            "http://127.0.0.1/api/v1/sign-in/callback/../elsewhere",
            "http://127.0.0.1/",
            "http://evil.example/api/v1/sign-in/callback",
            "http://127.0.0.1@evil.example/api/v1/sign-in/callback",
            "http://a@127.0.0.1/api/v1/sign-in/callback",
            "http://127.0.0.1/api/v1/sign-in/callback#x",
            "javascript:alert(1)",
        ] {
            assert!(!covers(local, bad), "{bad}");
        }
        let web = "https://page.example/back";
        assert!(covers(web, "https://page.example/back") && covers(web, "https://a.page.example/back"));
        assert!(
            !covers(web, "https://page.example:444/back") && !covers(web, "https://evilpage.example/back")
        );
    }

    #[test]
    fn a_verifier_fits_its_challenge_only() {
        // The example of RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert!(is_challenge(challenge) && verifies(challenge, verifier));
        assert!(!verifies(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        assert!(
            !verifies(challenge, "") && !is_challenge("plain") && !is_challenge(&format!("{challenge}="))
        );
    }
}
