//! GitHub's side of sign-in, in memory: it gives a token for the one good code, once and for its verifier, and knows
//! whose token it is.

use std::cell::{Cell, RefCell};

use burstboard_worker::{
    github::{Accounts, GitHubError},
    settings::Secret,
};
use domain::Timestamp;

/// The visitor's token; no answer may contain it in the clear.
pub(crate) const USER_TOKEN: &str = "ghu_NEVER_SHOWN";
/// What GitHub gives the App for looking.
pub(crate) const INSTALLATION_TOKEN: &str = "ghs_NEVER_SHOWN";

/// What happened to whom.
#[derive(Default)]
pub(crate) struct MemoryAccounts {
    /// The code that is good, once.
    pub(crate) code: RefCell<Option<String>>,
    /// Who signs in.
    pub(crate) login: RefCell<String>,
    /// The verifiers that codes were swapped with.
    pub(crate) verifiers: RefCell<Vec<String>>,
    /// Tokens that were revoked.
    pub(crate) revoked: RefCell<Vec<String>>,
    /// Assertions that the App made.
    pub(crate) assertions: RefCell<Vec<String>>,
    /// Fails everything.
    pub(crate) fault: Cell<Option<GitHubError>>,
}

impl MemoryAccounts {
    fn fails(&self) -> Result<(), GitHubError> {
        self.fault.get().map_or(Ok(()), Err)
    }
}

impl Accounts for &MemoryAccounts {
    async fn exchange(&self, code: &str, verifier: &str, _: &str) -> Result<Secret, GitHubError> {
        self.fails()?;
        self.verifiers.borrow_mut().push(verifier.to_owned());
        let good = self.code.borrow_mut().take_if(|known| known == code).is_some();
        good.then(|| Secret::parse(USER_TOKEN).unwrap()).ok_or(GitHubError::Refused)
    }

    async fn who(&self, _: &Secret) -> Result<String, GitHubError> {
        self.fails()?;
        Ok(self.login.borrow().clone())
    }

    async fn revoke(&self, token: &Secret) -> Result<(), GitHubError> {
        self.revoked.borrow_mut().push(token.expose().to_owned());
        self.fails()
    }

    async fn installation(&self, assertion: &str) -> Result<(Secret, Timestamp), GitHubError> {
        self.fails()?;
        self.assertions.borrow_mut().push(assertion.to_owned());
        Ok((Secret::parse(INSTALLATION_TOKEN).unwrap(), "2026-11-23T21:30:00Z".parse().unwrap()))
    }
}
