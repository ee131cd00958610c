//! The owner's secret keys, and all that is made with them: sealed cookies and signed links.
//!
//! One setting, `SEAL_KEYS`, holds one or more keys with names. The first makes, all of them open: so a key is
//! replaced by putting a new one in front, and taking the old one out once what it made is over. Each use has a key
//! of its own, derived from the owner's, so that what was made for one can never be taken for another.

use std::fmt;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::URL_SAFE_NO_PAD},
};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of a key.
const KEY: usize = 32;
/// Bytes that make each sealing different.
pub const NONCE: usize = 24;
/// What people paste comes from tools that pad, and from some that do not.
const PADDED_OR_NOT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// What something was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The cookie of somebody who has signed in.
    Session,
    /// The cookie of somebody who is at GitHub's sign-in page.
    SignIn,
    /// A share link.
    Share,
}

impl Purpose {
    /// The version is a part of it: what an older layout made is not opened by a newer one.
    const fn label(self) -> &'static str {
        match self {
            Self::Session => "burstboard/session/1",
            Self::SignIn => "burstboard/sign-in/1",
            Self::Share => "burstboard/share/1",
        }
    }
}

/// One or more keys; the first makes what the others can still open.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    name: String,
    secret: [u8; KEY],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.name)).finish()
    }
}

impl Keys {
    /// Reads `name:base64,name:base64`; each key has 32 bytes, in either alphabet of base64.
    pub fn parse(text: &str) -> Option<Self> {
        let keys: Option<Vec<Key>> = text.split(',').map(|part| Key::parse(part.trim())).collect();
        let keys = keys.filter(|keys| !keys.is_empty())?;
        let unique = keys.iter().all(|key| keys.iter().filter(|other| other.name == key.name).count() == 1);
        unique.then_some(Self(keys))
    }

    /// Encrypts and signs; `nonce` has to be random. `None` only where a key could not be derived.
    pub fn seal(&self, purpose: Purpose, nonce: &[u8; NONCE], plain: &[u8]) -> Option<String> {
        let key = self.0.first()?;
        let payload = Payload { msg: plain, aad: key.name.as_bytes() };
        let sealed = key.cipher(purpose)?.encrypt(XNonce::from_slice(nonce), payload).ok()?;
        let bytes = [nonce.as_slice(), &sealed].concat();
        Some(format!("{}.{}", key.name, URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Opens what [`Keys::seal`] made for the same purpose, and nothing else.
    pub fn open(&self, purpose: Purpose, sealed: &str) -> Option<Vec<u8>> {
        let (name, bytes) = sealed.split_once('.')?;
        let key = self.0.iter().find(|key| key.name == name)?;
        let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: key.name.as_bytes() };
        key.cipher(purpose)?.decrypt(XNonce::from_slice(nonce), payload).ok()
    }

    /// A text with its signature: `name.text.signature`. The text may have no dot.
    pub fn sign(&self, purpose: Purpose, text: &str) -> Option<String> {
        let key = self.0.first()?;
        let signed = format!("{}.{text}", key.name);
        let signature = key.mac(purpose)?.chain_update(&signed).finalize().into_bytes();
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The text that [`Keys::sign`] signed for the same purpose; compared in constant time.
    pub fn check<'a>(&self, purpose: Purpose, signed: &'a str) -> Option<&'a str> {
        let (front, signature) = signed.rsplit_once('.')?;
        let (name, text) = front.split_once('.')?;
        let key = self.0.iter().find(|key| key.name == name)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        key.mac(purpose)?.chain_update(front).verify_slice(&signature).ok()?;
        Some(text)
    }
}

impl Key {
    fn parse(text: &str) -> Option<Self> {
        let (name, secret) = text.split_once(':')?;
        let good = !name.is_empty() && name.len() <= 16 && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let secret = secret.replace('-', "+").replace('_', "/");
        let secret = GeneralPurpose::new(&alphabet::STANDARD, PADDED_OR_NOT).decode(secret).ok()?;
        let secret = secret.try_into().ok().filter(|_| good)?;
        Some(Self { name: name.to_owned(), secret })
    }

    fn derived(&self, purpose: Purpose) -> Option<[u8; KEY]> {
        let mac = <Hmac<Sha256> as Mac>::new_from_slice(&self.secret).ok()?;
        Some(mac.chain_update(purpose.label()).finalize().into_bytes().into())
    }

    fn cipher(&self, purpose: Purpose) -> Option<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(&self.derived(purpose)?).ok()
    }

    fn mac(&self, purpose: Purpose) -> Option<Hmac<Sha256>> {
        <Hmac<Sha256> as Mac>::new_from_slice(&self.derived(purpose)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const NEW: &str = "b:__________________________________________8";

    fn keys(text: &str) -> Keys {
        Keys::parse(text).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_only_and_not_after_a_change() {
        let keys = keys(OLD);
        let sealed = keys.seal(Purpose::Session, &[7; NONCE], b"who").unwrap();
        assert!(!sealed.contains("who"));
        assert_eq!(keys.open(Purpose::Session, &sealed).as_deref(), Some(b"who".as_slice()));
        assert_eq!(keys.open(Purpose::SignIn, &sealed), None);
        for at in 2..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(keys.open(Purpose::Session, &String::from_utf8(changed).unwrap()), None, "{at}");
        }
        for nonsense in ["", ".", "a.", "a.AAAA", "b.", "a.%", &sealed[..sealed.len() - 2]] {
            assert_eq!(keys.open(Purpose::Session, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_signature_holds_for_its_text_and_purpose_only() {
        let keys = keys(OLD);
        let signed = keys.sign(Purpose::Share, "run:7~1").unwrap();
        assert_eq!(keys.check(Purpose::Share, &signed), Some("run:7~1"));
        assert_eq!(keys.check(Purpose::Session, &signed), None);
        assert_eq!(keys.check(Purpose::Share, &signed.replace("run:7", "run:8")), None);
        assert_eq!(keys.check(Purpose::Share, &signed.replacen("a.", "b.", 1)), None);
        for nonsense in ["", "..", "a..", "a.run:7~1.", "a.run:7~1"] {
            assert_eq!(keys.check(Purpose::Share, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_new_key_in_front_makes_and_the_old_one_still_opens() {
        let old = keys(OLD).seal(Purpose::Session, &[0; NONCE], b"x").unwrap();
        let both = keys(&format!("{NEW},{OLD}"));
        assert!(both.open(Purpose::Session, &old).is_some());
        assert!(both.sign(Purpose::Share, "x").unwrap().starts_with("b."));
        assert_eq!(keys(NEW).open(Purpose::Session, &old), None);
    }

    #[test]
    fn short_unnamed_and_doubled_keys_are_refused() {
        let double = format!("{OLD},{OLD}");
        for bad in ["", "a", "a:", "a:AAAA", ":AAAA", "a b:AAAA", &double, &OLD[2..]] {
            assert!(Keys::parse(bad).is_none(), "{bad}");
        }
        assert!(!format!("{:?}", keys(NEW)).contains("___"));
    }
}
