//! Codes and tokens that were handed out. They live in memory: a new start knows none of the old ones.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{access::Visitor, client, people::Person, permissions::Permissions};
use crate::clock::Millis;

const SECOND: Millis = 1000;
/// How long a shown page and a code are good for.
pub const CODE_LIFE: Millis = 600 * SECOND;
/// How long a person's token is good for: eight hours.
pub const USER_LIFE: Millis = 28_800 * SECOND;
/// How long a refresh token is good for: half a year.
pub const REFRESH_LIFE: Millis = 15_897_600 * SECOND;
/// How long a token of the installation is good for: an hour.
pub const INSTALLATION_LIFE: Millis = 3_600 * SECOND;
/// More than anybody needs at a time; the oldest goes.
const MOST: usize = 1000;

/// A request to sign in, as it was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Where to send the person back.
    pub redirect: url::Url,
    /// To be given back as it came.
    pub state: Option<String>,
    /// What the verifier has to fit.
    pub challenge: Option<String>,
}

/// A code that waits to be exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The request it answers.
    pub ask: Ask,
    /// Who signed in.
    pub person: &'static Person,
}

impl Code {
    /// Whether the caller who exchanges it can be the one who asked for it.
    pub fn fits(&self, verifier: Option<&str>) -> bool {
        match (&self.ask.challenge, verifier) {
            (None, _) => true,
            (Some(challenge), verifier) => {
                verifier.is_some_and(|verifier| client::verifies(challenge, verifier))
            }
        }
    }
}

/// What a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person who signed in to the app.
    Person(&'static Person),
    /// The app in the repository.
    Installation(Permissions),
}

impl Holder {
    /// As a visitor.
    pub fn visitor(self) -> Visitor {
        match self {
            Self::Person(person) => Visitor::Person { person, through: Some(Permissions::ALL) },
            Self::Installation(permissions) => Visitor::Installation(permissions),
        }
    }
}

/// A token that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Who holds it.
    pub holder: Holder,
    /// Since when.
    pub since: Millis,
    /// Until when.
    pub until: Millis,
}

/// What a person's sign-in gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The token.
    pub access: String,
    /// What gives the next pair.
    pub refresh: String,
}

struct Kept<T> {
    value: T,
    until: Millis,
}

/// Secrets by their text, none older than its life.
struct Shelf<T>(HashMap<String, Kept<T>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Shelf<T> {
    fn put(&mut self, secret: String, value: T, now: Millis, life: Millis) {
        self.0.retain(|_, kept| kept.until > now);
        if self.0.len() >= MOST
            && let Some(oldest) =
                self.0.iter().min_by_key(|(_, kept)| kept.until).map(|(secret, _)| secret.clone())
        {
            self.0.remove(&oldest);
        }
        self.0.insert(secret, Kept { value, until: now + life });
    }

    fn take(&mut self, secret: &str, now: Millis) -> Option<T> {
        self.0.remove(secret).filter(|kept| kept.until > now).map(|kept| kept.value)
    }
}

#[derive(Default)]
struct Books {
    asks: Shelf<Ask>,
    codes: Shelf<Code>,
    tokens: Shelf<Token>,
    refreshes: Shelf<(&'static Person, String)>,
}

/// Everything that was handed out and is still good.
#[derive(Default)]
pub struct Grants(Mutex<Books>);

impl Grants {
    fn lock(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what a page shows; gives the nonce that only the page's form knows.
    pub fn show(&self, ask: Ask, now: Millis) -> String {
        let nonce = random("", 16);
        self.lock().asks.put(nonce.clone(), ask, now, CODE_LIFE);
        nonce
    }

    /// What the page of this nonce showed, once.
    pub fn shown(&self, nonce: &str, now: Millis) -> Option<Ask> {
        self.lock().asks.take(nonce, now)
    }

    /// A code for the person who chose to sign in.
    pub fn code(&self, ask: Ask, person: &'static Person, now: Millis) -> String {
        let code = random("", 10);
        self.lock().codes.put(code.clone(), Code { ask, person }, now, CODE_LIFE);
        code
    }

    /// What the code stands for, once: a code that was tried is used up, whether the rest was right or not.
    pub fn redeem(&self, code: &str, now: Millis) -> Option<Code> {
        self.lock().codes.take(code, now)
    }

    /// Signs the person in.
    pub fn sign_in(&self, person: &'static Person, now: Millis) -> Pair {
        let pair = Pair { access: random("ghu_", 18), refresh: random("ghr_", 38) };
        let mut books = self.lock();
        books.put_token(pair.access.clone(), Holder::Person(person), now, USER_LIFE);
        books.refreshes.put(pair.refresh.clone(), (person, pair.access.clone()), now, REFRESH_LIFE);
        pair
    }

    /// The next pair for a refresh token, which is used up with the token it came with.
    pub fn refresh(&self, refresh: &str, now: Millis) -> Option<Pair> {
        let (person, access) = self.lock().refreshes.take(refresh, now)?;
        self.revoke(&access, now);
        Some(self.sign_in(person, now))
    }

    /// A token for the app in the repository. Longer than tokens used to be, as GitHub's are now.
    pub fn install(&self, permissions: Permissions, app: i64, now: Millis) -> String {
        let token = random(&format!("ghs_{app}_"), 90);
        self.lock().put_token(token.clone(), Holder::Installation(permissions), now, INSTALLATION_LIFE);
        token
    }

    /// What the token stands for, while it is good.
    pub fn token(&self, token: &str, now: Millis) -> Option<Token> {
        self.lock()
            .tokens
            .0
            .get(token)
            .filter(|kept| kept.until > now)
            .map(|kept| Token { until: kept.until, ..kept.value })
    }

    /// Ends a token. `false`: it was not good.
    pub fn revoke(&self, token: &str, now: Millis) -> bool {
        self.lock().tokens.take(token, now).is_some()
    }

    /// Moves a token's end. `false`: it is not known.
    pub fn expire(&self, token: &str, until: Millis) -> bool {
        let mut books = self.lock();
        let kept = books.tokens.0.get_mut(token);
        kept.map(|kept| kept.until = until).is_some()
    }
}

impl Books {
    fn put_token(&mut self, token: String, holder: Holder, now: Millis, life: Millis) {
        self.tokens.put(token, Token { holder, since: now, until: now + life }, now, life);
    }
}

fn random(prefix: &str, bytes: usize) -> String {
    let mut secret = vec![0; bytes];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut secret);
    format!("{prefix}{}", hex::encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::people;

    const NOW: Millis = 1_800_000_000_000;

    fn ask(challenge: Option<&str>) -> Ask {
        Ask {
            redirect: "http://127.0.0.1/".parse().unwrap(),
            state: None,
            challenge: challenge.map(str::to_owned),
        }
    }

    #[test]
    fn a_code_works_once_and_for_ten_minutes() {
        let grants = Grants::default();
        let code = grants.code(ask(None), people::owner(), NOW);
        assert_eq!(grants.redeem(&code, NOW + CODE_LIFE - 1).unwrap().person, people::owner());
        assert_eq!(grants.redeem(&code, NOW), None);
        let late = grants.code(ask(None), people::owner(), NOW);
        assert_eq!(grants.redeem(&late, NOW + CODE_LIFE), None);
        let nonce = grants.show(ask(None), NOW);
        assert_eq!(grants.shown(&nonce, NOW + 1), Some(ask(None)));
        assert_eq!(grants.shown(&nonce, NOW + 1), None);
    }

    #[test]
    fn a_challenge_asks_for_its_verifier() {
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let code = Code { ask: ask(Some(challenge)), person: people::owner() };
        assert!(code.fits(Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
        assert!(!code.fits(None) && !code.fits(Some("x")));
        assert!(Code { ask: ask(None), person: people::owner() }.fits(None));
    }

    #[test]
    fn tokens_end_by_age_by_being_revoked_and_by_being_refreshed() {
        let grants = Grants::default();
        let first = grants.sign_in(people::owner(), NOW);
        assert_eq!(grants.token(&first.access, NOW).unwrap().until, NOW + USER_LIFE);
        assert_eq!(grants.token(&first.access, NOW + USER_LIFE), None);
        let second = grants.refresh(&first.refresh, NOW).unwrap();
        assert_eq!((grants.token(&first.access, NOW), grants.refresh(&first.refresh, NOW)), (None, None));
        assert!(grants.revoke(&second.access, NOW) && !grants.revoke(&second.access, NOW));
        let app = grants.install(Permissions::ALL, 7, NOW);
        assert!(app.len() > 40 && grants.expire(&app, NOW + 5) && !grants.expire("ghs_7", NOW));
        assert_eq!((grants.token(&app, NOW + 4).is_some(), grants.token(&app, NOW + 5)), (true, None));
    }

    #[test]
    fn nobody_fills_the_memory() {
        let grants = Grants::default();
        let first = grants.show(ask(None), NOW);
        for n in 0..MOST {
            grants.show(ask(None), NOW + i64::try_from(n).unwrap() + 1);
        }
        assert_eq!(grants.lock().asks.0.len(), MOST);
        assert_eq!(grants.shown(&first, NOW + 1), None);
    }
}
