//! What one instance of the Worker keeps in memory from request to request: short-lived copies of what GitHub said, so
//! that a page that asks every few seconds does not ask GitHub the same again, and how much each visitor has asked.
//!
//! Nothing here decides for longer than a minute, and losing it costs a question.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use domain::access::Role;

use crate::settings::Secret;

/// How long GitHub's word on permissions and visibility holds, in seconds.
const HOLDS: i64 = 60;
/// How many names are kept; when there are more, all are forgotten.
const MOST: usize = 2_000;
/// An installation's token is not used in its last minutes.
const TOKEN_MARGIN: i64 = 300;

/// The memory of one instance.
#[derive(Default)]
pub struct Kept {
    public: Cell<Option<(bool, i64)>>,
    roles: RefCell<HashMap<String, (Role, i64)>>,
    installation: RefCell<Option<(Secret, i64)>>,
    asked: RefCell<HashMap<String, Bucket>>,
}

impl Kept {
    /// Whether the repository is public, if that was asked lately.
    pub fn public(&self, now: i64) -> Option<bool> {
        self.public.get().filter(|(_, at)| fresh(*at, now)).map(|(public, _)| public)
    }

    /// Keeps it.
    pub fn keep_public(&self, public: bool, now: i64) {
        self.public.set(Some((public, now)));
    }

    /// An account's role, if that was asked lately.
    pub fn role(&self, login: &str, now: i64) -> Option<Role> {
        self.roles.borrow().get(login).filter(|(_, at)| fresh(*at, now)).map(|(role, _)| *role)
    }

    /// Keeps it.
    pub fn keep_role(&self, login: &str, role: Role, now: i64) {
        let mut roles = self.roles.borrow_mut();
        if roles.len() >= MOST {
            roles.clear();
        }
        roles.insert(login.to_owned(), (role, now));
    }

    /// The installation's token, while it is good for a while.
    pub fn installation(&self, now: i64) -> Option<Secret> {
        let kept = self.installation.borrow();
        kept.as_ref().filter(|(_, until)| *until - TOKEN_MARGIN > now).map(|(token, _)| token.clone())
    }

    /// Keeps it.
    pub fn keep_installation(&self, token: &Secret, until: i64) {
        *self.installation.borrow_mut() = Some((token.clone(), until));
    }

    /// Takes `cost` requests from a visitor's allowance of `per_minute`; the error says how many seconds to wait.
    pub fn take(&self, visitor: &str, cost: u32, per_minute: u32, now: i64) -> Result<(), u32> {
        let mut asked = self.asked.borrow_mut();
        if asked.len() >= MOST && !asked.contains_key(visitor) {
            asked.clear();
        }
        let full = Bucket { left: f64::from(per_minute), at: now };
        asked.entry(visitor.to_owned()).or_insert(full).take(f64::from(cost), f64::from(per_minute), now)
    }
}

const fn fresh(at: i64, now: i64) -> bool {
    now - at < HOLDS && now >= at
}

/// An allowance that fills up evenly, to a minute's worth.
struct Bucket {
    left: f64,
    at: i64,
}

impl Bucket {
    fn take(&mut self, cost: f64, per_minute: f64, now: i64) -> Result<(), u32> {
        let since = (now - self.at).max(0) as f64;
        self.left = (self.left + since * per_minute / 60.0).min(per_minute);
        self.at = now;
        if self.left >= cost {
            self.left -= cost;
            return Ok(());
        }
        Err(((cost - self.left) * 60.0 / per_minute).ceil().clamp(1.0, 60.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn githubs_word_holds_for_less_than_a_minute() {
        let kept = Kept::default();
        kept.keep_role("ada", Role::Write, 100);
        kept.keep_public(true, 100);
        assert_eq!((kept.role("ada", 159), kept.public(159)), (Some(Role::Write), Some(true)));
        assert_eq!((kept.role("ada", 160), kept.public(160)), (None, None));
        assert_eq!(kept.role("grace", 100), None);
    }

    #[test]
    fn a_token_is_not_used_in_its_last_minutes() {
        let kept = Kept::default();
        kept.keep_installation(&Secret::parse("t").unwrap(), 3_600);
        assert!(kept.installation(3_299).is_some() && kept.installation(3_300).is_none());
    }

    #[test]
    fn an_allowance_runs_out_fills_up_and_is_each_visitors_own() {
        let kept = Kept::default();
        for _ in 0..60 {
            assert_eq!(kept.take("here", 1, 60, 0), Ok(()));
        }
        assert_eq!(kept.take("here", 1, 60, 0), Err(1));
        assert_eq!(kept.take("here", 20, 60, 10), Err(10));
        assert_eq!(kept.take("there", 20, 60, 10), Ok(()));
        assert_eq!(kept.take("here", 10, 60, 10), Ok(()));
        for n in 0..2 * MOST {
            assert_eq!(kept.take(&n.to_string(), 1, 60, 10), Ok(()));
        }
        assert!(kept.asked.borrow().len() <= MOST);
    }
}
