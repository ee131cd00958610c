//! Who there is on the sandbox's GitHub, and which credentials stand for whom.
//!
//! [`people`] are the demo accounts, [`client`] is the page as an app that people sign in to, [`grants`] are the codes
//! and tokens handed out, [`integration`] is the app in the repository, and [`access`] decides who may do what.

pub mod access;
pub mod client;
pub mod grants;
pub mod integration;
pub mod people;
pub mod permissions;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use access::{Need, Refusal, Visitor};
use client::Client;
use domain::access::Role;
use grants::Grants;
use integration::Integration;
use people::{Person, Roles};

use crate::clock::{self, Millis};

/// How long the start token says it is good for: half a year.
const TOKEN_LIFE: Millis = 183 * 86_400_000;

/// Everything about who may come in.
pub struct Accounts {
    /// The token of this start, which acts as the owner.
    pub token: String,
    /// When the start token says it ends.
    token_until: AtomicI64,
    /// Everyone's role.
    pub roles: Roles,
    /// Codes and tokens.
    pub grants: Grants,
    /// The page as an app.
    pub client: Client,
    /// The app in the repository, where there is one.
    pub integration: Option<Integration>,
    private: AtomicBool,
}

impl Accounts {
    /// The demo people with their first roles, a new start token, and nothing handed out.
    pub fn new(client: Client, integration: Option<Integration>, private: bool) -> Self {
        Self {
            token: format!("ghs_{}", hex::encode(rand::random::<[u8; 20]>())),
            token_until: AtomicI64::new(clock::now() + TOKEN_LIFE),
            roles: Roles::default(),
            grants: Grants::default(),
            client,
            integration,
            private: AtomicBool::new(private),
        }
    }

    /// Whether the repository is private.
    pub fn is_private(&self) -> bool {
        self.private.load(Ordering::Relaxed)
    }

    /// Makes the repository private, or public.
    pub fn set_private(&self, private: bool) {
        self.private.store(private, Ordering::Relaxed);
    }

    /// When the start token says it ends.
    pub fn token_until(&self) -> Millis {
        self.token_until.load(Ordering::Relaxed)
    }

    /// Makes the start token say another end.
    pub fn set_token_until(&self, until: Millis) {
        self.token_until.store(until, Ordering::Relaxed);
    }

    /// Whom a token stands for.
    pub fn visitor(&self, token: &str, now: Millis) -> Option<Visitor> {
        if token == self.token {
            return Some(Visitor::Person { person: people::owner(), through: None });
        }
        Some(self.grants.token(token, now)?.holder.visitor())
    }

    /// The person's role as it counts now: on a public repository everyone may read.
    pub fn role(&self, person: &Person) -> Role {
        people::with_public(self.roles.of(person), self.is_private())
    }

    /// Whether the visitor may do what a route needs.
    pub fn decide(&self, visitor: &Visitor, need: Need) -> Result<(), Refusal> {
        let role = match visitor {
            Visitor::Person { person, .. } => self.roles.of(person),
            _ => Role::None,
        };
        access::decide(visitor, role, self.is_private(), need)
    }
}
