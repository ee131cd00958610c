//! A GitHub App's private key, and the assertion (a JWT) that it signs.
//!
//! The signature itself is the runtime's: WebCrypto signs in a millisecond what takes Rust in wasm thirty, three times
//! a free plan's whole request. It reads PKCS#8 only, and GitHub hands out PKCS#1, so the key is wrapped here.

use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::json;

/// How long an assertion is good; GitHub takes ten minutes at most, and clocks differ.
const SECONDS: i64 = 540;
/// How far back it is dated, for a clock that is ahead of GitHub's.
const EARLIER: i64 = 60;
/// In front of an RSA key in PKCS#8: version 0 and the algorithm `rsaEncryption` (RFC 5208, RFC 8017).
const RSA: [u8; 18] = [
    0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
    0x00,
];

/// The key in PKCS#8.
#[derive(Clone, PartialEq, Eq)]
pub struct AppKey(Vec<u8>);

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppKey")
    }
}

impl AppKey {
    /// Reads a PEM file, PKCS#1 as GitHub hands it out or PKCS#8; line ends may be written as `\n`, as they become
    /// when a file is pasted into one line.
    pub fn parse(pem: &str) -> Option<Self> {
        let pem = pem.replace("\\n", "\n");
        let body = |label: &str| {
            let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
            let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
            let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            STANDARD.decode(text).ok().filter(|der| der.first() == Some(&0x30) && der.len() > 200)
        };
        body("PRIVATE KEY").or_else(|| body("RSA PRIVATE KEY").map(|der| wrapped(&der))).map(Self)
    }

    /// For the one place that signs.
    pub fn pkcs8(&self) -> &[u8] {
        &self.0
    }
}

fn wrapped(pkcs1: &[u8]) -> Vec<u8> {
    let octets = tagged(0x04, pkcs1);
    tagged(0x30, &[RSA.as_slice(), &octets].concat())
}

/// A DER value: tag, length, content.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    if length < 0x80 {
        bytes.push(u8::try_from(length).unwrap_or(0));
    } else {
        let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
        bytes.extend(digits);
    }
    bytes.extend_from_slice(content);
    bytes
}

/// What has to be signed with RS256 to speak as the App; `now` in seconds since 1970.
pub fn unsigned_assertion(app: &str, now: i64) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"iat": now - EARLIER, "exp": now + SECONDS, "iss": app});
    format!("{}.{}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims))
}

/// The assertion with its signature.
pub fn assertion(unsigned: &str, signature: &[u8]) -> String {
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_wrapped_as_the_standard_says() {
        // 300 bytes of content need a length of two bytes, as real keys do.
        let der = [vec![0x30, 0x82, 0x01, 0x28], vec![7; 296]].concat();
        let pem = |label: &str| {
            format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(&der))
        };
        let wrapped = AppKey::parse(&pem("RSA PRIVATE KEY")).unwrap();
        let expected = [[0x30, 0x82, 0x01, 0x42].as_slice(), &RSA, &[0x04, 0x82, 0x01, 0x2c], &der].concat();
        assert_eq!(wrapped.pkcs8(), expected);
        assert_eq!(AppKey::parse(&pem("PRIVATE KEY")).unwrap().pkcs8(), der);
        let one_line = pem("RSA PRIVATE KEY").replace('\n', "\\n");
        assert_eq!(AppKey::parse(&one_line), Some(wrapped));
        for bad in [
            "",
            "-----BEGIN PRIVATE KEY-----",
            &pem("PUBLIC KEY"),
            "-----BEGIN PRIVATE KEY-----*-----END PRIVATE KEY-----",
        ] {
            assert_eq!(AppKey::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_assertion_names_the_app_for_less_than_ten_minutes() {
        let unsigned = unsigned_assertion("123", 1_000);
        let (_, claims) = unsigned.split_once('.').unwrap();
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(claims, json!({"iat": 940, "exp": 1_540, "iss": "123"}));
        assert!(assertion(&unsigned, b"sig").ends_with(".c2ln"));
    }
}
