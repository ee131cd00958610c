//! The one shape of an error answer: problem details after RFC 9457.

use serde::{Deserialize, Serialize};

/// Media type of a [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error that a person can act on. It never carries an upstream body or a signed URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A short name that programs can tell apart: `invalid-input`, `not-found`, `not-allowed`, `github-unavailable`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What it means and what to do next, in a sentence.
    pub detail: String,
    /// For wrong input: what is wrong where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// One thing wrong with the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where: `burst`, `pairs[3]`, `name`, …
    pub field: String,
    /// What to change, in a sentence.
    pub detail: String,
}

impl FieldError {
    /// A finding at `field`.
    pub fn new(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { field: field.into(), detail: detail.into() }
    }
}

impl Problem {
    /// A problem without field findings.
    pub fn new(status: u16, kind: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Wrong input: 422 with what is wrong where. The detail repeats the first finding.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [] => "The request could not be read.".to_owned(),
            [one] => one.detail.clone(),
            [one, rest @ ..] => format!("{} (and {} more)", one.detail, rest.len()),
        };
        Self { errors, ..Self::new(422, "invalid-input", "The input has to change", detail) }
    }
}
