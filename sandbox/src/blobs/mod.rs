//! The blob store: artifacts and logs under signed addresses that live a minute, on a port of its own, like the one
//! that GitHub redirects to.

mod range;
mod serve;

pub use serve::serve;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::{self, Millis};

/// How long an address is good for, in milliseconds: what GitHub documents.
pub const LIFE: Millis = 60_000;

/// What an address leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blob {
    /// An artifact as it was stored.
    Artifact {
        /// Its id.
        id: i64,
    },
    /// The log of a job.
    JobLog {
        /// Id of the log.
        log: i64,
    },
    /// A zip of the logs of a run.
    RunLogs {
        /// The run.
        run: i64,
        /// The attempt.
        attempt: i64,
    },
}

impl Blob {
    fn path(self) -> String {
        match self {
            Self::Artifact { id } => format!("/actions-results/artifact/{id}"),
            Self::JobLog { log } => format!("/actions-results/log/{log}"),
            Self::RunLogs { run, attempt } => format!("/actions-results/logs/{run}-{attempt}"),
        }
    }

    fn from_path(path: &str) -> Option<Self> {
        let (kind, id) = path.strip_prefix("/actions-results/")?.split_once('/')?;
        Some(match kind {
            "artifact" => Self::Artifact { id: id.parse().ok()? },
            "log" => Self::JobLog { log: id.parse().ok()? },
            "logs" => {
                let (run, attempt) = id.split_once('-')?;
                Self::RunLogs { run: run.parse().ok()?, attempt: attempt.parse().ok()? }
            }
            _ => return None,
        })
    }
}

/// Makes addresses and knows its own again.
pub struct Signer {
    key: [u8; 64],
    origin: String,
}

/// What a good address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The blob.
    pub blob: Blob,
    /// `Content-Disposition` to answer with.
    pub disposition: String,
    /// `Content-Type` to answer with.
    pub media: String,
}

/// Why an address is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was changed or made up.
    Signature,
    /// Its time is over.
    Expired,
}

impl Signer {
    /// With a new key, for addresses at `origin`.
    pub fn new(origin: String) -> Self {
        Self { key: rand::random(), origin }
    }

    /// A signed address from now on.
    pub fn address(&self, blob: &Blob, file: &str, media: &str) -> String {
        self.address_at(blob, file, media, clock::now())
    }

    fn address_at(&self, blob: &Blob, file: &str, media: &str, now: Millis) -> String {
        let path = blob.path();
        let expires = clock::iso(now + LIFE);
        let disposition = disposition(file);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("rscd", &disposition)
            .append_pair("rsct", media)
            .append_pair("se", &expires)
            .append_pair("sig", &self.sign(&path, &expires, &disposition, media))
            .append_pair("sp", "r")
            .append_pair("sr", "b")
            .append_pair("sv", "2025-11-05")
            .finish();
        format!("{}{path}?{query}", self.origin)
    }

    /// Checks an address.
    pub fn check(&self, path: &str, query: &str) -> Result<Ticket, Refusal> {
        self.check_at(path, query, clock::now())
    }

    fn check_at(&self, path: &str, query: &str, now: Millis) -> Result<Ticket, Refusal> {
        let field = |name: &str| {
            let mut pairs = url::form_urlencoded::parse(query.as_bytes());
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).ok_or(Refusal::Signature)
        };
        let (expires, disposition, media, signature) =
            (field("se")?, field("rscd")?, field("rsct")?, field("sig")?);
        let given = hex::decode(signature).map_err(|_| Refusal::Signature)?;
        self.mac(path, &expires, &disposition, &media)
            .verify_slice(&given)
            .map_err(|_| Refusal::Signature)?;
        let until: domain::Timestamp = expires.parse().map_err(|_| Refusal::Signature)?;
        if until.unix() * 1000 <= now {
            return Err(Refusal::Expired);
        }
        Ok(Ticket { blob: Blob::from_path(path).ok_or(Refusal::Signature)?, disposition, media })
    }

    fn sign(&self, path: &str, expires: &str, disposition: &str, media: &str) -> String {
        hex::encode(self.mac(path, expires, disposition, media).finalize().into_bytes())
    }

    fn mac(&self, path: &str, expires: &str, disposition: &str, media: &str) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&self.key.into());
        for part in [path, expires, disposition, media] {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

/// Names outside ASCII need the second form, which older clients do not read.
fn disposition(file: &str) -> String {
    let plain: String = file
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' })
        .collect();
    let encoded = percent_encoding::utf8_percent_encode(file, percent_encoding::NON_ALPHANUMERIC);
    if plain == file {
        format!("attachment; filename=\"{plain}\"")
    } else {
        format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_good_for_a_minute_and_only_as_it_is() {
        let signer = Signer::new("http://localhost:1".into());
        let now = 1_800_000_000_000;
        let blob = Blob::RunLogs { run: 19_000_000_001, attempt: 2 };
        let address = signer.address_at(&blob, "é.zip", "application/zip", now);
        let (path, query) = address.strip_prefix("http://localhost:1").unwrap().split_once('?').unwrap();
        let ticket = signer.check_at(path, query, now + LIFE - 1).unwrap();
        assert_eq!(ticket.blob, blob);
        assert_eq!(ticket.disposition, "attachment; filename=\"_.zip\"; filename*=UTF-8''%C3%A9%2Ezip");

        assert_eq!(signer.check_at(path, query, now + LIFE), Err(Refusal::Expired));
        assert_eq!(signer.check_at(&path.replace("-2", "-1"), query, now), Err(Refusal::Signature));
        assert_eq!(signer.check_at(path, &query.replace("zip", "html"), now), Err(Refusal::Signature));
        assert_eq!(signer.check_at(path, "", now), Err(Refusal::Signature));
        assert_eq!(Signer::new(String::new()).check_at(path, query, now), Err(Refusal::Signature));
    }
}
