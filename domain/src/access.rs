//! Who may do what: one decision, asked by every route.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::launch::BatchId;

/// What GitHub lets a person do on the repository, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Not even look, where it is private.
    None,
    /// Look.
    Read,
    /// Look, and sort issues.
    Triage,
    /// Start and stop workflows.
    Write,
    /// Look after the repository.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// From GitHub's answer about a collaborator: `role_name`, which may be an organisation's own word, and
    /// `permission`, which knows four words only.
    pub fn from_github(role_name: Option<&str>, permission: &str) -> Self {
        role_name.and_then(Self::from_word).or_else(|| Self::from_word(permission)).unwrap_or(Self::None)
    }

    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "none" => Self::None,
            "read" => Self::Read,
            "triage" => Self::Triage,
            "write" => Self::Write,
            "maintain" => Self::Maintain,
            "admin" => Self::Admin,
            _ => return None,
        })
    }

    /// GitHub's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }
}

/// What a share link opens: a run or a batch, to look at. Written `run:19000000001` or `batch:k3v9x2ab`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// One run.
    Run(u64),
    /// All runs of a batch.
    Batch(BatchId),
}

impl Scope {
    /// Whether it opens a run that belongs to `batch`.
    pub fn opens(&self, run: u64, batch: Option<&BatchId>) -> bool {
        match self {
            Self::Run(own) => *own == run,
            Self::Batch(own) => batch == Some(own),
        }
    }

    /// The page's address of what it opens.
    pub fn path(&self) -> String {
        match self {
            Self::Run(run) => format!("/run/{run}"),
            Self::Batch(batch) => format!("/batch/{batch}"),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Run(run) => write!(f, "run:{run}"),
            Self::Batch(batch) => write!(f, "batch:{batch}"),
        }
    }
}

/// A text that names neither a run nor a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("name what is shared as run:NUMBER or batch:IDENTIFIER")]
pub struct ScopeError;

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        match text.split_once(':') {
            Some(("run", id)) if id.bytes().all(|b| b.is_ascii_digit()) => {
                id.parse().map(Self::Run).map_err(|_| ScopeError)
            }
            Some(("batch", id)) => id.parse().map(Self::Batch).map_err(|_| ScopeError),
            _ => Err(ScopeError),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = ScopeError;
    fn try_from(text: String) -> Result<Self, ScopeError> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// GitHub's name of the account, as GitHub itself told it.
    pub login: String,
    /// What GitHub lets this account do on the repository.
    pub role: Role,
    /// Whether the deployment's owner lets this account launch. Where visitors act with a token of their own, GitHub
    /// decides alone and everyone counts as listed.
    pub listed: bool,
}

/// Who asks. A person may be signed in and hold share links at the same time; with neither it is a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The signed-in account.
    pub member: Option<Member>,
    /// What valid share links open.
    pub links: Vec<Scope>,
}

/// What somebody wants to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The list of runs, and that the repository exists at all.
    Everything,
    /// A batch as a whole.
    Batch(BatchId),
    /// A run, and the batch that it belongs to, with its pairs, previews and products.
    Run(u64, Option<BatchId>),
}

/// What they want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// See states, pairs and previews, download products.
    Look(Subject),
    /// Read what a job wrote.
    ReadLog,
    /// Start a batch.
    Launch,
    /// Stop a run.
    Cancel,
    /// Run jobs again.
    Rerun,
    /// Make a share link.
    Share,
    /// See and revoke everyone's links, open and close launching, see what is wrong with the deployment.
    Administer,
}

/// What is known of the configured repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Whether everyone can see it.
    pub public: bool,
}

/// The answer. Reasons are sentences for the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Yes,
    /// Not without an account: signing in may help.
    SignIn(&'static str),
    /// No.
    No(&'static str),
}

/// Decides whether `visitor` may do `action` on `repository`.
pub fn may(visitor: &Visitor, action: &Action, repository: &Repository) -> Decision {
    match action {
        Action::Look(subject) => look(visitor, subject, repository),
        Action::ReadLog => read_log(visitor, repository),
        Action::Launch => change(visitor, LAUNCH),
        Action::Cancel => change(visitor, CANCEL),
        Action::Rerun => change(visitor, RERUN),
        Action::Share => with_role(visitor, Role::Write, SHARE),
        Action::Administer => with_role(visitor, Role::Maintain, ADMINISTER),
    }
}

/// For strangers, for those without permission, and for those whom the owner has not listed.
const LAUNCH: [&str; 3] = [
    "sign in to launch: that needs write permission on the repository",
    "launching needs write permission on the repository, which your account does not have: ask its owner",
    "launching is for those whom this deployment's owner has listed: ask to be added to LAUNCHERS",
];
const CANCEL: [&str; 3] = [
    "sign in to cancel: that needs write permission on the repository",
    "cancelling needs write permission on the repository, which your account does not have: ask its owner",
    "cancelling is for those whom this deployment's owner has listed: ask to be added to LAUNCHERS",
];
const RERUN: [&str; 3] = [
    "sign in to run jobs again: that needs write permission on the repository",
    "running jobs again needs write permission on the repository, which your account does not have: ask its owner",
    "running jobs again is for those whom this deployment's owner has listed: ask to be added to LAUNCHERS",
];
const SHARE: [&str; 2] = [
    "sign in to make share links: that needs write permission on the repository",
    "making share links needs write permission on the repository, which your account does not have: ask its owner",
];
const ADMINISTER: [&str; 2] = [
    "sign in to look after this deployment: that is for those who maintain the repository",
    "this is for those who maintain the repository, which your account does not",
];

fn look(visitor: &Visitor, subject: &Subject, repository: &Repository) -> Decision {
    let reads = visitor.member.as_ref().is_some_and(|member| member.role >= Role::Read);
    let linked = visitor.links.iter().any(|scope| match subject {
        Subject::Everything => false,
        Subject::Batch(batch) => *scope == Scope::Batch(batch.clone()),
        Subject::Run(run, batch) => scope.opens(*run, batch.as_ref()),
    });
    if repository.public || reads || linked {
        return Decision::Yes;
    }
    match (&visitor.member, visitor.links.is_empty()) {
        (Some(_), _) => Decision::No(
            "this repository is private and your account cannot see it: ask its owner for access or for a share link",
        ),
        (None, true) => Decision::SignIn(
            "this repository is private: sign in, or ask somebody who can see it for a share link",
        ),
        (None, false) => {
            Decision::SignIn("your share link does not open this: sign in, or ask for a link that does")
        }
    }
}

/// GitHub shows logs to nobody without an account, not even those of a public repository; share links leave them out.
fn read_log(visitor: &Visitor, repository: &Repository) -> Decision {
    match &visitor.member {
        None => Decision::SignIn("GitHub shows logs only to those who have signed in"),
        Some(member) if repository.public || member.role >= Role::Read => Decision::Yes,
        Some(_) => Decision::No(
            "this repository is private and your account cannot see it: ask its owner for access",
        ),
    }
}

fn change(visitor: &Visitor, [stranger, reader, unlisted]: [&'static str; 3]) -> Decision {
    match with_role(visitor, Role::Write, [stranger, reader]) {
        Decision::Yes if visitor.member.as_ref().is_some_and(|member| !member.listed) => {
            Decision::No(unlisted)
        }
        decision => decision,
    }
}

fn with_role(visitor: &Visitor, least: Role, [stranger, other]: [&'static str; 2]) -> Decision {
    match &visitor.member {
        None => Decision::SignIn(stranger),
        Some(member) if member.role >= least => Decision::Yes,
        Some(_) => Decision::No(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 6] = [Role::None, Role::Read, Role::Triage, Role::Write, Role::Maintain, Role::Admin];

    fn member(role: Role, listed: bool) -> Visitor {
        Visitor { member: Some(Member { login: "writer".into(), role, listed }), links: Vec::new() }
    }

    fn guest(scope: &str) -> Visitor {
        Visitor { member: None, links: vec![scope.parse().unwrap()] }
    }

    fn batch(text: &str) -> BatchId {
        text.parse().unwrap()
    }

    const CHANGES: [Action; 3] = [Action::Launch, Action::Cancel, Action::Rerun];

    #[test]
    fn only_listed_people_with_write_permission_change_anything() {
        for public in [true, false] {
            let repository = Repository { public };
            for action in CHANGES {
                let asked = |visitor: &Visitor| may(visitor, &action, &repository);
                assert!(matches!(asked(&Visitor::default()), Decision::SignIn(_)));
                assert!(matches!(asked(&guest("run:7")), Decision::SignIn(_)));
                for role in ROLES {
                    let writes = role >= Role::Write;
                    assert_eq!(asked(&member(role, true)) == Decision::Yes, writes, "{role:?}");
                    assert!(matches!(asked(&member(role, false)), Decision::No(_)), "{role:?}");
                }
            }
        }
    }

    #[test]
    fn private_repositories_are_seen_by_readers_and_through_links_that_fit() {
        let private = Repository { public: false };
        let run = Subject::Run(7, Some(batch("k3v9x2ab")));
        let sees = |visitor: &Visitor, subject: &Subject| {
            may(visitor, &Action::Look(subject.clone()), &private) == Decision::Yes
        };
        for (scope, opens) in
            [("run:7", true), ("run:8", false), ("batch:k3v9x2ab", true), ("batch:0ther1", false)]
        {
            assert_eq!(sees(&guest(scope), &run), opens, "{scope}");
            assert!(!sees(&guest(scope), &Subject::Everything), "{scope}");
        }
        let whole = Subject::Batch(batch("k3v9x2ab"));
        assert!(sees(&guest("batch:k3v9x2ab"), &whole) && !sees(&guest("run:7"), &whole));
        for subject in [&run, &whole, &Subject::Everything] {
            assert!(!sees(&Visitor::default(), subject) && !sees(&member(Role::None, true), subject));
            assert!(sees(&member(Role::Read, false), subject));
            let open = may(&Visitor::default(), &Action::Look(subject.clone()), &Repository { public: true });
            assert_eq!(open, Decision::Yes);
        }
    }

    #[test]
    fn logs_need_an_account_and_links_never_open_them() {
        for public in [true, false] {
            let asked = |visitor: &Visitor| may(visitor, &Action::ReadLog, &Repository { public });
            assert!(matches!(asked(&guest("run:7")), Decision::SignIn(_)));
            assert_eq!(asked(&member(Role::None, false)) == Decision::Yes, public);
            assert_eq!(asked(&member(Role::Read, false)), Decision::Yes);
        }
    }

    #[test]
    fn links_are_made_by_writers_and_looked_after_by_maintainers() {
        let repository = Repository { public: false };
        for role in ROLES {
            let asked = |action| may(&member(role, false), &action, &repository) == Decision::Yes;
            assert_eq!(asked(Action::Share), role >= Role::Write, "{role:?}");
            assert_eq!(asked(Action::Administer), role >= Role::Maintain, "{role:?}");
        }
    }

    #[test]
    fn githubs_words_become_roles_and_unknown_ones_become_the_coarser_permission() {
        assert_eq!(Role::from_github(Some("maintain"), "write"), Role::Maintain);
        assert_eq!(Role::from_github(Some("field crew"), "write"), Role::Write);
        assert_eq!(Role::from_github(None, "read"), Role::Read);
        assert_eq!(Role::from_github(Some("?"), "?"), Role::None);
        assert!(ROLES.iter().all(|role| Role::from_github(Some(role.word()), "none") == *role));
    }

    #[test]
    fn scopes_are_written_and_read() {
        for text in ["run:19000000001", "batch:k3v9x2ab"] {
            assert_eq!(text.parse::<Scope>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "run:",
            "run:+1",
            "run:-1",
            "run:1x",
            "batch:",
            "batch:NO",
            "repo:1",
            "run:99999999999999999999",
        ] {
            assert_eq!(text.parse::<Scope>(), Err(ScopeError), "{text}");
        }
    }
}
