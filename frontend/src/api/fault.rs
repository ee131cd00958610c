//! Why a request did not bring what was asked for. Everything that fails on the way to the page becomes a [`Fault`],
//! which the component that asked shows in its own place.

use domain::problem::{FieldError, Problem};

/// A failed request, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What happened, in a few words.
    pub(crate) title: String,
    /// What it means and what to do.
    pub(crate) detail: String,
    /// What is wrong where, for wrong input.
    pub(crate) errors: Vec<FieldError>,
    /// What a colleague would need to help.
    pub(crate) technical: Option<String>,
    /// HTTP status, if there was an answer.
    pub(crate) status: Option<u16>,
}

impl Fault {
    /// A fault in words.
    pub(crate) fn new(title: &str, detail: impl Into<String>) -> Self {
        Self {
            title: title.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            technical: None,
            status: None,
        }
    }

    /// The request did not reach `whom`.
    pub(crate) fn unreachable(whom: &str, technical: &impl ToString) -> Self {
        Self {
            technical: Some(technical.to_string()),
            ..Self::new(
                &format!("{whom} did not answer"),
                "The network is down, or the service is. What is shown stays as it was; try again.",
            )
        }
    }

    /// `whom` answered something that is not understood.
    pub(crate) fn garbled(whom: &str, technical: &impl ToString) -> Self {
        Self {
            technical: Some(technical.to_string()),
            ..Self::new(
                &format!("{whom} gave an answer that this page cannot read"),
                "The page may be older than the service: reload it. If that does not help, report the details below.",
            )
        }
    }

    /// From the body of an error answer: problem details where it is some, else the status alone.
    pub(crate) fn from_answer(whom: &str, status: u16, body: &str) -> Self {
        match serde_json::from_str::<Problem>(body) {
            Ok(problem) => Self {
                title: problem.title,
                detail: capital(&problem.detail),
                errors: problem.errors,
                technical: Some(format!("{} ({status})", problem.kind)),
                status: Some(status),
            },
            Err(_) => Self {
                technical: Some(format!("HTTP status {status}")),
                status: Some(status),
                ..Self::new(
                    &format!("{whom} refused the request"),
                    "Try again; if it stays so, report the details below.",
                )
            },
        }
    }

    /// Whether signing in may help.
    pub(crate) const fn wants_sign_in(&self) -> bool {
        matches!(self.status, Some(401))
    }

    /// Whether what was asked for does not exist.
    pub(crate) const fn is_missing(&self) -> bool {
        matches!(self.status, Some(404 | 410))
    }
}

/// A sentence that begins with a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| std::iter::once(first.to_ascii_uppercase()).chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problem_details_keep_their_sentence_and_findings() {
        let body =
            serde_json::to_string(&Problem::invalid(vec![FieldError::new("name", "the name is too long")]))
                .unwrap();
        let fault = Fault::from_answer("The server", 422, &body);
        assert_eq!(fault.detail, "The name is too long");
        assert_eq!(fault.errors.len(), 1);
        assert!(!fault.is_missing());
    }

    #[test]
    fn an_answer_that_is_no_problem_is_never_shown_to_people() {
        let fault = Fault::from_answer("The server", 502, "<html>secret</html>");
        assert!(!format!("{fault:?}").contains("secret"));
        assert!(Fault::from_answer("The server", 404, "").is_missing());
    }
}
