//! The demo people and what each may do in the repository.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use domain::access::Role;

/// GitHub's older word for a role, of which it knows four only.
pub const fn permission(role: Role) -> &'static str {
    match role {
        Role::None => "none",
        Role::Read | Role::Triage => "read",
        Role::Write | Role::Maintain => "write",
        Role::Admin => "admin",
    }
}

/// What a role means, for people.
pub const fn sentence(role: Role) -> &'static str {
    match role {
        Role::None => "no collaborator of the repository",
        Role::Read => "may look (role read)",
        Role::Triage => "may look and sort issues (role triage)",
        Role::Write => "may launch, cancel and run again (role write)",
        Role::Maintain => "may launch and look after the repository (role maintain)",
        Role::Admin => "may do everything (role admin)",
    }
}

/// A role with what everyone has on a public repository.
#[must_use]
pub fn with_public(role: Role, private: bool) -> Role {
    if private { role } else { role.max(Role::Read) }
}

/// A person who can sign in.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// Login.
    pub login: &'static str,
    /// Id, the same at every start.
    pub id: i64,
    /// Name in words.
    pub name: &'static str,
    role: Role,
}

const fn person(login: &'static str, id: i64, name: &'static str, role: Role) -> Person {
    Person { login, id, name, role }
}

/// Everyone there is; the first owns the repository.
pub static PEOPLE: [Person; 5] = [
    person(crate::OWNER, 5_100_000_001, "Demo owner", Role::Admin),
    person("maintainer", 5_100_000_002, "Demo maintainer", Role::Maintain),
    person("writer", 5_100_000_003, "Demo writer", Role::Write),
    person("reader", 5_100_000_004, "Demo reader", Role::Read),
    person("stranger", 5_100_000_005, "Demo stranger", Role::None),
];

/// The app's bot, which has no role and cannot sign in.
pub static BOT: Person = person("burstboard-sandbox[bot]", 5_100_000_100, "Burstboard's sandbox", Role::None);

/// The owner of the repository.
pub fn owner() -> &'static Person {
    &PEOPLE[0]
}

/// The person or bot that did something under this login.
pub fn actor(login: &str) -> &'static Person {
    find(login).unwrap_or(if login == BOT.login { &BOT } else { owner() })
}

/// The person of this login; GitHub does not tell capitals apart.
pub fn find(login: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.login.eq_ignore_ascii_case(login))
}

/// Everyone's role, which can be changed while the sandbox runs.
pub struct Roles(RwLock<BTreeMap<&'static str, Role>>);

impl Default for Roles {
    fn default() -> Self {
        Self(RwLock::new(PEOPLE.iter().map(|person| (person.login, person.role)).collect()))
    }
}

impl Roles {
    /// The person's role.
    pub fn of(&self, person: &Person) -> Role {
        let roles = self.0.read().unwrap_or_else(PoisonError::into_inner);
        roles.get(person.login).copied().unwrap_or(Role::None)
    }

    /// Gives the person another role.
    pub fn set(&self, person: &'static Person, role: Role) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(person.login, role);
    }
}
