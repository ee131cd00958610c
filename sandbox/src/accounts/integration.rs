//! The app in the repository: its key, its signed assertions, its installation.

use std::{fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use anyhow::Context;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    PrivateKey, PublicKey,
    pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, LineEnding},
    pkcs1v15::{Signature, VerifyingKey},
    signature::Verifier,
};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::client::CLIENT_ID;
use crate::clock::Millis;

/// Id of the app.
pub const APP_ID: i64 = 3_700_001;
/// Id of its installation in the repository.
pub const INSTALLATION_ID: i64 = 93_000_001;
/// Name in addresses.
pub const SLUG: &str = "burstboard-sandbox";

const FILE: &str = "app.private-key.pem";
const BITS: usize = 2048;
/// The longest that an assertion may be good for, in seconds.
const LONGEST: i64 = 600;
/// How far ahead the app's clock may be, in seconds.
const AHEAD: i64 = 60;

/// The app's key. The private half is only handed out.
pub struct Integration {
    /// PKCS#1 in PEM, as GitHub hands it out.
    pub private_key: String,
    verifier: VerifyingKey<Sha256>,
}

/// Why an assertion is not good, in GitHub's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAssertion {
    /// It is none, or its signature is wrong.
    #[error("A JSON web token could not be decoded")]
    Undecodable,
    /// It is another app's.
    #[error("Integration not found")]
    NotFound,
    /// It does not say when it was made, or says a time to come.
    #[error(
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
    )]
    IssuedAt,
    /// It does not say when it ends, or has ended.
    #[error(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
    )]
    Expired,
    /// It is good for more than ten minutes.
    #[error("'Expiration time' claim ('exp') is too far in the future")]
    TooLong,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<Value>,
    iat: Option<Value>,
    exp: Option<Value>,
}

impl Integration {
    /// The app with the key that lies in `data`; the first time, it is made.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let path = data.join(FILE);
        if !path.exists() {
            let key = PrivateKey::new(&mut rand::rng(), BITS)?.to_pkcs1_pem(LineEnding::LF)?;
            let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(key.as_bytes())?;
        }
        let private_key = fs::read_to_string(&path)?;
        let key = PrivateKey::from_pkcs1_pem(&private_key)
            .with_context(|| format!("{} is no key: delete it, and a new one is made", path.display()))?;
        Ok(Self { private_key, verifier: VerifyingKey::new(PublicKey::from(&key)) })
    }

    /// Whether the text is an assertion of this app: a JWT signed with RS256, good now and for ten minutes at most.
    pub fn check(&self, assertion: &str, now: Millis) -> Result<(), BadAssertion> {
        let undecodable = BadAssertion::Undecodable;
        let (signed, signature) = assertion.rsplit_once('.').ok_or(undecodable)?;
        let (header, claims) = signed.split_once('.').ok_or(undecodable)?;
        // The algorithm is not the caller's choice.
        if decode::<Header>(header).ok_or(undecodable)?.alg != "RS256" {
            return Err(undecodable);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| undecodable)?;
        let signature = Signature::try_from(signature.as_slice()).map_err(|_| undecodable)?;
        self.verifier.verify(signed.as_bytes(), &signature).map_err(|_| undecodable)?;
        decode::<Claims>(claims).ok_or(undecodable)?.check(now.div_euclid(1000))
    }
}

impl Claims {
    fn check(&self, now: i64) -> Result<(), BadAssertion> {
        let ours = match &self.iss {
            Some(Value::String(text)) => text == CLIENT_ID || *text == APP_ID.to_string(),
            Some(value) => value.as_i64() == Some(APP_ID),
            None => false,
        };
        let seconds = |claim: &Option<Value>| claim.as_ref().and_then(Value::as_i64);
        let issued = seconds(&self.iat).ok_or(BadAssertion::IssuedAt)?;
        let expires = seconds(&self.exp).filter(|expires| *expires > now).ok_or(BadAssertion::Expired)?;
        if !ours {
            return Err(BadAssertion::NotFound);
        }
        if issued > now + AHEAD {
            return Err(BadAssertion::IssuedAt);
        }
        if expires > now + LONGEST { Err(BadAssertion::TooLong) } else { Ok(()) }
    }
}

fn decode<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_checked_as_github_checks_them() {
        const NOW: i64 = 1_800_000_000;
        let check = |claims: Value| serde_json::from_value::<Claims>(claims).unwrap().check(NOW);
        for iss in [json!(APP_ID), json!(APP_ID.to_string()), json!(CLIENT_ID)] {
            assert_eq!(check(json!({"iss": iss, "iat": NOW - 60, "exp": NOW + 600})), Ok(()));
        }
        let claims = |iat: i64, exp: i64| json!({"iss": APP_ID, "iat": iat, "exp": exp});
        assert_eq!(check(claims(NOW + 60, NOW + 600)), Ok(()));
        for (claims, expected) in [
            (claims(NOW + 61, NOW + 600), BadAssertion::IssuedAt),
            (claims(NOW, NOW + 601), BadAssertion::TooLong),
            (claims(NOW - 600, NOW), BadAssertion::Expired),
            (json!({"iss": 1, "iat": NOW, "exp": NOW + 9}), BadAssertion::NotFound),
            (json!({"iat": NOW, "exp": NOW + 9}), BadAssertion::NotFound),
            (json!({"iss": APP_ID, "exp": NOW + 9}), BadAssertion::IssuedAt),
            (json!({"iss": APP_ID, "iat": NOW}), BadAssertion::Expired),
            (json!({"iss": APP_ID, "iat": NOW, "exp": "soon"}), BadAssertion::Expired),
        ] {
            assert_eq!(check(claims.clone()), Err(expected), "{claims}");
        }
    }
}
