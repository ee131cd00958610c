//! The InSAR software, and how it is started: in its container, as an installed program, or as a model of itself.

pub mod classify;
pub mod command;
pub mod memory;
pub mod run;

use domain::{Looks, Pair};

/// What is asked of the engine.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which two acquisitions.
    pub pair: Pair,
    /// Looks.
    pub looks: Looks,
    /// Whether to mask water before unwrapping.
    pub water_mask: bool,
}

/// Which engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The pinned container image.
    Container,
    /// `python -m hyp3_isce2` on the PATH.
    Local,
    /// The model.
    Simulated,
}

/// Why an engine cannot be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// Unknown.
    #[error("INSAR_ENGINE={0:?} is not known: leave it out for the container, or set local or simulated")]
    Unknown(String),
    /// The model, where people expect measurements.
    #[error(
        "INSAR_ENGINE=simulated is refused inside GitHub Actions, where people expect measured products: \
         remove it from the workflow"
    )]
    SimulatedInActions,
}

impl Choice {
    /// The choice that the environment asks for: `INSAR_ENGINE`, `GITHUB_ACTIONS` and `BURSTBOARD_SANDBOX`.
    ///
    /// # Errors
    /// When the engine is unknown, or the model is asked for on GitHub.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Result<Self, ChoiceError> {
        let is = |name: &str, value: &str| get(name).is_some_and(|v| v == value);
        match get("INSAR_ENGINE").as_deref().map(str::trim) {
            None | Some("" | "container") => Ok(Self::Container),
            Some("local") => Ok(Self::Local),
            Some("simulated") if is("GITHUB_ACTIONS", "true") && !is("BURSTBOARD_SANDBOX", "1") => {
                Err(ChoiceError::SimulatedInActions)
            }
            Some("simulated") => Ok(Self::Simulated),
            Some(other) => Err(ChoiceError::Unknown(other.chars().take(40).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(variables: &[(&str, &str)]) -> Result<Choice, ChoiceError> {
        Choice::from_environment(|name| {
            variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn the_model_never_runs_on_github_by_accident() {
        assert_eq!(choose(&[]).unwrap(), Choice::Container);
        assert_eq!(choose(&[("INSAR_ENGINE", "local")]).unwrap(), Choice::Local);
        assert_eq!(choose(&[("INSAR_ENGINE", "simulated")]).unwrap(), Choice::Simulated);
        let on_github = [("INSAR_ENGINE", "simulated"), ("GITHUB_ACTIONS", "true")];
        assert_eq!(choose(&on_github), Err(ChoiceError::SimulatedInActions));
        let in_sandbox = [on_github[0], on_github[1], ("BURSTBOARD_SANDBOX", "1")];
        assert_eq!(choose(&in_sandbox).unwrap(), Choice::Simulated);
        assert!(choose(&[("INSAR_ENGINE", "gamma")]).unwrap_err().to_string().contains("gamma"));
    }
}
