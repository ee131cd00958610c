//! How things end.

/// How a job or a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Well.
    Success,
    /// Badly.
    Failure,
    /// Stopped.
    Cancelled,
    /// Left out.
    Skipped,
}

impl Conclusion {
    /// GitHub's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }

    /// From GitHub's word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Success, Self::Failure, Self::Cancelled, Self::Skipped].into_iter().find(|c| c.word() == word)
    }

    /// That of many.
    pub(super) fn of(all: impl IntoIterator<Item = Self>) -> Self {
        let all: Vec<Self> = all.into_iter().collect();
        let any = |one: Self| all.contains(&one);
        if any(Self::Failure) {
            Self::Failure
        } else if any(Self::Cancelled) {
            Self::Cancelled
        } else if !all.is_empty() && all.iter().all(|c| *c == Self::Skipped) {
            Self::Skipped
        } else {
            Self::Success
        }
    }
}
