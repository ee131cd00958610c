//! What is to go wrong, on request: `POST /sandbox/faults` with the token.
//!
//! Each fault waits for requests whose method and path fit, does its harm `times` times and is gone.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json,
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Requests with this method; all without.
    #[serde(default)]
    pub method: Option<String>,
    /// Requests whose path holds this text; all without. Paths of the repository begin with `/r/`, those of blobs
    /// with `/actions-results/`.
    #[serde(default)]
    pub path: String,
    /// How often; once without.
    #[serde(default = "once")]
    pub times: u32,
    /// The harm.
    pub harm: Harm,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    /// The answer takes this many milliseconds longer.
    Slow(u64),
    /// The answer is this status, from 500.
    Status(u16),
    /// The primary rate limit is used up.
    RateLimit,
    /// The secondary rate limit: wait this many seconds.
    SecondaryRateLimit(u32),
    /// The request is carried out, its answer is lost.
    LoseAnswer,
    /// A blob breaks off half-way.
    Truncate,
}

fn once() -> u32 {
    1
}

/// The answer to a request that was carried out and whose answer breaks off.
pub fn lost() -> Response {
    let end = Err::<Vec<u8>, _>(std::io::Error::other("a fault was asked for"));
    Response::new(Body::from_stream(futures_util::stream::iter([end])))
}

/// The faults that wait.
#[derive(Default)]
pub struct Faults(Mutex<Vec<Fault>>);

/// What a request meets.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing.
    Pass,
    /// This instead of its answer.
    Answer(Response),
    /// Its answer is to be lost.
    LoseAnswer,
    /// Its blob is to break off.
    Truncate,
}

impl PartialEq for Verdict {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Faults {
    /// Adds a fault.
    pub fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Forgets all faults.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The faults that wait.
    pub fn list(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the request meets; a slow one has waited when this returns.
    pub async fn judge(&self, method: &str, path: &str) -> Verdict {
        match self.take(method, path) {
            None => Verdict::Pass,
            Some(Harm::Slow(milliseconds)) => {
                tokio::time::sleep(Duration::from_millis(milliseconds)).await;
                Verdict::Pass
            }
            Some(Harm::Status(status)) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Verdict::Answer((status, Json(json!({"message": "Server Error"}))).into_response())
            }
            Some(Harm::RateLimit) => {
                let reset = (clock::now() / 1000 + 60).to_string();
                let headers = [("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset)];
                let body = Json(
                    json!({"message": "API rate limit exceeded for user ID 1.", "documentation_url": "https://docs.github.com/rest"}),
                );
                Verdict::Answer((StatusCode::FORBIDDEN, headers, body).into_response())
            }
            Some(Harm::SecondaryRateLimit(seconds)) => {
                let body = Json(json!({
                    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
                    "documentation_url": "https://docs.github.com/rest",
                }));
                Verdict::Answer(
                    (StatusCode::FORBIDDEN, [("retry-after", seconds.to_string())], body).into_response(),
                )
            }
            Some(Harm::LoseAnswer) => Verdict::LoseAnswer,
            Some(Harm::Truncate) => Verdict::Truncate,
        }
    }

    fn take(&self, method: &str, path: &str) -> Option<Harm> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |fault: &Fault| {
            fault.method.as_deref().is_none_or(|m| m.eq_ignore_ascii_case(method))
                && path.contains(&fault.path)
        };
        let at = faults.iter().position(fits)?;
        let fault = faults.get_mut(at)?;
        let harm = fault.harm.clone();
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            faults.remove(at);
        }
        Some(harm)
    }
}
