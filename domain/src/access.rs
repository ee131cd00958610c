//! Who may do what: one decision, asked by every route that changes something.

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// Not signed in.
    Stranger,
    /// The person at this computer: GitHub's API is a loopback address, so only that person can reach it.
    Local,
}

/// What they want.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See runs, pairs and previews, download products.
    Look,
    /// Start a batch.
    Launch,
    /// Stop a run.
    Cancel,
    /// Run jobs again.
    Rerun,
}

/// What is known of the configured repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Whether everyone can see it.
    pub public: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Yes,
    /// No, and why, in a sentence for the visitor.
    No(&'static str),
}

/// Decides whether `visitor` may do `action` on `repository`.
pub fn may(visitor: &Visitor, action: Action, repository: &Repository) -> Decision {
    match (visitor, action) {
        (Visitor::Local, _) => Decision::Yes,
        (Visitor::Stranger, Action::Look) if repository.public => Decision::Yes,
        (Visitor::Stranger, Action::Look) => Decision::No("this repository is private: ask for a share link"),
        (Visitor::Stranger, Action::Launch | Action::Cancel | Action::Rerun) => Decision::No(
            "launching, cancelling and re-running need a sign-in, which this deployment does not offer yet",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_look_at_public_repositories_and_change_nothing() {
        for public in [true, false] {
            let repository = Repository { public };
            let look = may(&Visitor::Stranger, Action::Look, &repository);
            assert_eq!(look == Decision::Yes, public);
            for action in [Action::Launch, Action::Cancel, Action::Rerun] {
                assert!(matches!(may(&Visitor::Stranger, action, &repository), Decision::No(_)));
                assert_eq!(may(&Visitor::Local, action, &repository), Decision::Yes);
            }
        }
    }
}
