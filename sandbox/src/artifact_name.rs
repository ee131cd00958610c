//! Names of artifacts, by the rules of GitHub's upload action.

/// The name cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty.
    #[error("The artifact has no name.")]
    Empty,
    /// A character that file systems do not take.
    #[error(
        "The artifact name is not valid: {0}. It contains the character {1:?}; names may not contain \" : < > | * ? \\ / or line breaks."
    )]
    Character(String, char),
}

/// Checks a name.
pub fn check(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    match name
        .chars()
        .find(|c| matches!(c, '"' | ':' | '<' | '>' | '|' | '*' | '?' | '\r' | '\n' | '\\' | '/'))
    {
        Some(bad) => Err(NameError::Character(name.to_owned(), bad)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_the_upload_action_refuses() {
        assert_eq!(check("20180604_20180616.preview.zip"), Ok(()));
        assert_eq!(check(""), Err(NameError::Empty));
        for bad in "\":<>|*?\r\n\\/".chars() {
            assert!(check(&format!("a{bad}b")).is_err(), "{bad:?}");
        }
    }
}
