//! Share links: a signed text that says what it opens and until when.
//!
//! The signature is checked before anything else is asked, so that a forged link costs nothing; whether a link was
//! revoked stands in the deployment's records.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::access::Scope;

use crate::keys::{Keys, Purpose};

/// How many links one browser keeps open at a time; the oldest go first.
const MOST: usize = 8;
/// What stands between two tokens in the cookie; no token has it.
const BETWEEN: char = '~';

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// By which it is revoked; random.
    pub id: String,
    /// What it opens.
    pub scope: Scope,
    /// Until when, in seconds since 1970.
    pub until: i64,
}

impl Ticket {
    /// As it stands in an address.
    pub fn sign(&self, keys: &Keys) -> Option<String> {
        let text = format!("{} {} {}", self.id, self.scope, self.until);
        keys.sign(Purpose::Share, &URL_SAFE_NO_PAD.encode(text))
    }

    /// From an address; `None` where it was not made here, was changed, or is over.
    pub fn read(keys: &Keys, token: &str, now: i64) -> Option<Self> {
        let text = URL_SAFE_NO_PAD.decode(keys.check(Purpose::Share, token)?).ok()?;
        let text = String::from_utf8(text).ok()?;
        let mut parts = text.split(' ');
        let (id, scope, until) = (parts.next()?, parts.next()?, parts.next()?);
        let ticket = Self { id: id.to_owned(), scope: scope.parse().ok()?, until: until.parse().ok()? };
        (parts.next().is_none() && ticket.until > now).then_some(ticket)
    }
}

/// Whether a text has only characters that tokens have, so that it may stand in an address and in HTML.
pub fn is_whole(token: &str) -> bool {
    token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// The valid links of a cookie, each with its token, the newest first.
pub fn in_cookie<'a>(keys: &Keys, cookie: &'a str, now: i64) -> Vec<(&'a str, Ticket)> {
    let tokens = cookie.split(BETWEEN).take(MOST);
    tokens.filter_map(|token| Some((token, Ticket::read(keys, token, now)?))).collect()
}

/// The cookie with one more link in front, and how long it has to be kept, in seconds.
pub fn with_one_more(keys: &Keys, cookie: &str, token: &str, now: i64) -> (String, i64) {
    let mut known = in_cookie(keys, token, now);
    known.extend(in_cookie(keys, cookie, now).into_iter().filter(|(other, _)| *other != token));
    known.truncate(MOST);
    let last = known.iter().map(|(_, ticket)| ticket.until).max().unwrap_or(now);
    let tokens: Vec<&str> = known.iter().map(|(token, _)| *token).collect();
    (tokens.join(&BETWEEN.to_string()), last - now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::parse("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()
    }

    fn ticket(id: &str, scope: &str) -> Ticket {
        Ticket { id: id.to_owned(), scope: scope.parse().unwrap(), until: 1_000 }
    }

    #[test]
    fn a_link_says_what_it_opens_until_it_is_over() {
        for scope in ["run:19000000001", "batch:k3v9x2ab"] {
            let ticket = ticket("abc", scope);
            let token = ticket.sign(&keys()).unwrap();
            assert!(is_whole(&token), "{token}");
            assert_eq!(Ticket::read(&keys(), &token, 999), Some(ticket));
            assert_eq!(Ticket::read(&keys(), &token, 1_000), None);
            assert_eq!(Ticket::read(&keys(), &format!("{token}A"), 0), None);
        }
        let other = Keys::parse("a:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let forged = ticket("abc", "run:1").sign(&other).unwrap();
        assert_eq!(Ticket::read(&keys(), &forged, 0), None);
    }

    #[test]
    fn a_browser_keeps_a_few_links_and_the_newest_first() {
        let token = |n: usize| ticket(&n.to_string(), "run:1").sign(&keys()).unwrap();
        let mut cookie = String::new();
        for n in 0..12 {
            (cookie, _) = with_one_more(&keys(), &cookie, &token(n), 10);
        }
        let ids: Vec<_> = in_cookie(&keys(), &cookie, 10).into_iter().map(|(_, t)| t.id).collect();
        assert_eq!(ids, ["11", "10", "9", "8", "7", "6", "5", "4"]);
        assert!(cookie.len() < 2_000, "{}", cookie.len());
        assert_eq!(with_one_more(&keys(), &cookie, &token(11), 10), (cookie.clone(), 990));
        assert_eq!(with_one_more(&keys(), "forged~nonsense", "forged", 10), (String::new(), 0));
    }
}
