//! How GitHub says no, without a word of what it wrote: its bodies never reach a visitor.

use http::{HeaderMap, StatusCode};

/// Why a request to GitHub did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitHubError {
    /// No answer came, so that nobody knows what happened.
    #[error("GitHub did not answer")]
    NoAnswer,
    /// 401.
    #[error("GitHub does not accept the credential")]
    Unauthorized,
    /// 403 for lack of permission.
    #[error("GitHub does not allow this")]
    Forbidden,
    /// 404.
    #[error("GitHub does not know this")]
    NotFound,
    /// 409: the thing is not in a state for this.
    #[error("GitHub says that this cannot be done now")]
    Conflict,
    /// 410.
    #[error("GitHub has deleted this")]
    Gone,
    /// 400 or 422: the request itself is wrong.
    #[error("GitHub refuses the request")]
    Refused,
    /// 403 or 429 because of too many requests.
    #[error("GitHub wants fewer requests")]
    RateLimited {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// 5xx.
    #[error("GitHub has a fault ({status})")]
    Unavailable {
        /// GitHub's status.
        status: u16,
        /// Seconds to wait, where GitHub says.
        retry_after: Option<u32>,
    },
    /// An answer that is not what GitHub's description promises.
    #[error("GitHub's answer could not be read: {0}")]
    Unreadable(&'static str),
}

/// What GitHub advises where its answer to too many requests names no time.
const SECONDS_BY_DEFAULT: u32 = 60;
/// Nobody waits longer than GitHub's hour.
const SECONDS_AT_MOST: i64 = 3_600;

impl GitHubError {
    /// From a status that is not the hoped-for one; `now` in seconds since 1970.
    pub fn from_answer(status: StatusCode, headers: &HeaderMap, now: i64) -> Self {
        let retry_after = wait(headers, now);
        let exhausted =
            number(headers, "x-ratelimit-remaining") == Some(0) || headers.contains_key("retry-after");
        match status.as_u16() {
            429 => Self::RateLimited { retry_after: retry_after.unwrap_or(SECONDS_BY_DEFAULT) },
            403 if exhausted => Self::RateLimited { retry_after: retry_after.unwrap_or(SECONDS_BY_DEFAULT) },
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            410 => Self::Gone,
            400 | 422 => Self::Refused,
            status @ 500..=599 => Self::Unavailable { status, retry_after },
            _ => Self::Unreadable("an unexpected status"),
        }
    }

    /// Whether GitHub may have done what was asked although no good answer came.
    pub const fn is_uncertain(self) -> bool {
        matches!(self, Self::NoAnswer | Self::Unavailable { .. } | Self::Unreadable(_))
    }
}

fn wait(headers: &HeaderMap, now: i64) -> Option<u32> {
    let spent = number(headers, "x-ratelimit-remaining") == Some(0);
    let until_reset = || number(headers, "x-ratelimit-reset").filter(|_| spent).map(|reset| reset - now);
    let seconds = number(headers, "retry-after").or_else(until_reset)?;
    u32::try_from(seconds.clamp(1, SECONDS_AT_MOST)).ok()
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, headers: &[(&'static str, &'static str)]) -> GitHubError {
        let headers = headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
        GitHubError::from_answer(StatusCode::from_u16(status).unwrap(), &headers, 1_000)
    }

    #[test]
    fn forbidden_and_too_many_are_told_apart() {
        assert_eq!(error(403, &[("x-ratelimit-remaining", "12")]), GitHubError::Forbidden);
        assert_eq!(error(403, &[("retry-after", "30")]), GitHubError::RateLimited { retry_after: 30 });
        let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1090")];
        assert_eq!(error(403, &spent), GitHubError::RateLimited { retry_after: 90 });
        assert_eq!(error(429, &[]), GitHubError::RateLimited { retry_after: 60 });
    }

    #[test]
    fn waiting_times_stay_sensible() {
        let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "17")];
        assert_eq!(error(429, &spent), GitHubError::RateLimited { retry_after: 1 });
        assert_eq!(
            error(429, &[("retry-after", "99999999")]),
            GitHubError::RateLimited { retry_after: 3_600 }
        );
        assert_eq!(error(502, &[]), GitHubError::Unavailable { status: 502, retry_after: None });
    }
}
