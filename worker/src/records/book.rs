//! The book itself: what each [`Ask`] does in SQLite.

use std::collections::BTreeMap;

use domain::{
    Timestamp,
    api::{Act, Link},
    launch::BatchPart,
};
use serde_json::Value as Json;

use super::{Ask, Told, mark};

/// Valid links at the most; more than that is somebody's script.
const MOST_LINKS: i64 = 1_000;
/// How many of the last acts are told.
const ACTS_TOLD: i64 = 50;
/// How many acts are kept.
const ACTS_KEPT: i64 = 1_000;
const DAY: i64 = 86_400;

/// A value in a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number, below 2^53: ids of GitHub's are kept as text.
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A row, by column.
pub type Row = BTreeMap<String, Json>;

/// SQLite did not do as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database failed")]
pub struct DbError;

/// A SQLite database.
pub trait Db {
    /// Carries out one statement and gives its rows.
    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError>;
}

/// The tables; carried out whenever a book is opened.
pub const SCHEMA: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS spent (id TEXT PRIMARY KEY, until INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS links (id TEXT PRIMARY KEY, scope TEXT NOT NULL, maker TEXT NOT NULL,
       created INTEGER NOT NULL, until INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS launches (mark TEXT PRIMARY KEY, login TEXT NOT NULL, jobs INTEGER NOT NULL,
       at INTEGER NOT NULL, run TEXT)",
    "CREATE TABLE IF NOT EXISTS acts (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
       login TEXT NOT NULL, what TEXT NOT NULL, run TEXT)",
    "CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
];

/// Does what is asked. A Durable Object does one thing at a time, so nothing comes between two statements.
pub fn answer(db: &impl Db, now: Timestamp, ask: &Ask) -> Told {
    answered(&Book { db, now: now.unix() }, ask).unwrap_or(Told::Broken)
}

fn answered<D: Db>(book: &Book<'_, D>, ask: &Ask) -> Result<Told, DbError> {
    match ask {
        Ask::Spend { id, until } => book.spend(id, *until),
        Ask::IsSpent { id } => {
            Ok(yes(!book.rows("SELECT id FROM spent WHERE id = ?", &[id.as_str().into()])?.is_empty()))
        }
        Ask::AddLink(link) => book.add_link(link),
        Ask::Links { by } => book.links(by.as_deref()),
        Ask::Revoke { id, by } => book.revoke(id, by.as_deref()),
        Ask::Valid { ids } => book.valid(ids),
        Ask::Reserve { part, login, jobs, per_day } => book.reserve(part, login, *jobs, *per_day),
        Ask::Release { part } => {
            book.rows("DELETE FROM launches WHERE mark = ? AND run IS NULL", &[key(part)])?;
            Ok(Told::Yes)
        }
        Ask::Started { part, run } => book.started(part, *run),
        Ask::Acted { login, what, run } => book.acted(login, what, *run),
        Ask::Who { parts } => book.who(parts),
        Ask::Launching => book.launching(),
        Ask::SetOpen { open, login } => book.set_open(*open, login),
    }
}

struct Book<'a, D> {
    db: &'a D,
    now: i64,
}

impl<D: Db> Book<'_, D> {
    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        self.db.rows(sql, values)
    }

    fn count(&self, sql: &str, values: &[Value]) -> Result<i64, DbError> {
        Ok(self.rows(sql, values)?.first().map_or(0, |row| number(row, "n")))
    }

    fn spend(&self, id: &str, until: i64) -> Result<Told, DbError> {
        self.rows("DELETE FROM spent WHERE until <= ?", &[self.now.into()])?;
        let known = self.count("SELECT COUNT(*) AS n FROM spent WHERE id = ?", &[id.into()])?;
        if known > 0 {
            return Ok(Told::No);
        }
        self.rows("INSERT INTO spent (id, until) VALUES (?, ?)", &[id.into(), until.into()])?;
        Ok(Told::Yes)
    }

    fn add_link(&self, link: &Link) -> Result<Told, DbError> {
        self.rows("DELETE FROM links WHERE until <= ?", &[self.now.into()])?;
        if self.count("SELECT COUNT(*) AS n FROM links", &[])? >= MOST_LINKS {
            return Ok(Told::No);
        }
        let (created, until) = (link.created.unix(), link.until.unix());
        self.rows(
            "INSERT INTO links (id, scope, maker, created, until) VALUES (?, ?, ?, ?, ?)",
            &[
                link.id.as_str().into(),
                link.scope.to_string().into(),
                link.by.as_str().into(),
                created.into(),
                until.into(),
            ],
        )?;
        Ok(Told::Yes)
    }

    fn links(&self, by: Option<&str>) -> Result<Told, DbError> {
        let all = "SELECT id, scope, maker, created, until FROM links WHERE until > ?";
        let rows = match by {
            Some(by) => self.rows(
                &format!("{all} AND maker = ? ORDER BY created DESC, id"),
                &[self.now.into(), by.into()],
            ),
            None => self.rows(&format!("{all} ORDER BY created DESC, id"), &[self.now.into()]),
        };
        Ok(Told::Links(rows?.iter().filter_map(link).collect()))
    }

    fn revoke(&self, id: &str, by: Option<&str>) -> Result<Told, DbError> {
        let gone = match by {
            Some(by) => self
                .rows("DELETE FROM links WHERE id = ? AND maker = ? RETURNING id", &[id.into(), by.into()]),
            None => self.rows("DELETE FROM links WHERE id = ? RETURNING id", &[id.into()]),
        };
        Ok(yes(!gone?.is_empty()))
    }

    fn valid(&self, ids: &[String]) -> Result<Told, DbError> {
        let mut valid = Vec::new();
        for id in ids {
            let found = self.rows(
                "SELECT id FROM links WHERE id = ? AND until > ?",
                &[id.as_str().into(), self.now.into()],
            );
            if !found?.is_empty() {
                valid.push(id.clone());
            }
        }
        Ok(Told::Valid(valid))
    }

    fn reserve(&self, part: &BatchPart, login: &str, jobs: u32, per_day: u32) -> Result<Told, DbError> {
        if !self.open()? {
            return Ok(Told::Closed);
        }
        if self.count("SELECT COUNT(*) AS n FROM launches WHERE mark = ?", &[key(part)])? > 0 {
            return Ok(Told::Yes);
        }
        let left = u32::try_from(i64::from(per_day) - self.jobs_today()?).unwrap_or(0);
        if jobs > left {
            return Ok(Told::OverDay { left });
        }
        self.rows(
            "INSERT INTO launches (mark, login, jobs, at) VALUES (?, ?, ?, ?)",
            &[key(part), login.into(), i64::from(jobs).into(), self.now.into()],
        )?;
        Ok(Told::Yes)
    }

    fn started(&self, part: &BatchPart, run: u64) -> Result<Told, DbError> {
        let first = self.rows(
            "UPDATE launches SET run = ? WHERE mark = ? AND run IS NULL RETURNING login, jobs",
            &[run.to_string().into(), key(part)],
        )?;
        // A launch that was sent twice is one launch.
        if let Some(row) = first.first() {
            let jobs = number(row, "jobs");
            let what =
                if jobs == 1 { "launched 1 pair".to_owned() } else { format!("launched {jobs} pairs") };
            self.acted(&text(row, "login"), &what, Some(run))?;
        }
        Ok(Told::Yes)
    }

    fn acted(&self, login: &str, what: &str, run: Option<u64>) -> Result<Told, DbError> {
        let run = run.map(|run| run.to_string()).unwrap_or_default();
        self.rows(
            "INSERT INTO acts (at, login, what, run) VALUES (?, ?, ?, NULLIF(?, ''))",
            &[self.now.into(), login.into(), what.into(), run.into()],
        )?;
        self.rows(
            "DELETE FROM acts WHERE number <= (SELECT MAX(number) FROM acts) - ?",
            &[ACTS_KEPT.into()],
        )?;
        Ok(Told::Yes)
    }

    fn who(&self, parts: &[BatchPart]) -> Result<Told, DbError> {
        let mut known = Vec::new();
        for part in parts {
            let rows = self.rows("SELECT login FROM launches WHERE mark = ?", &[key(part)])?;
            known.extend(rows.first().map(|row| (part.clone(), text(row, "login"))));
        }
        Ok(Told::Who(known))
    }

    fn open(&self) -> Result<bool, DbError> {
        let rows = self.rows("SELECT value FROM state WHERE name = 'launching'", &[])?;
        Ok(rows.first().is_none_or(|row| text(row, "value") == "open"))
    }

    fn jobs_today(&self) -> Result<i64, DbError> {
        let midnight = self.now - self.now.rem_euclid(DAY);
        self.count("SELECT COALESCE(SUM(jobs), 0) AS n FROM launches WHERE at >= ?", &[midnight.into()])
    }

    fn launching(&self) -> Result<Told, DbError> {
        let rows = self.rows(
            "SELECT at, login, what, run FROM acts ORDER BY number DESC LIMIT ?",
            &[ACTS_TOLD.into()],
        )?;
        let act = |row: &Row| {
            Some(Act {
                at: Timestamp::from_unix(number(row, "at"))?,
                login: text(row, "login"),
                what: text(row, "what"),
                run: text(row, "run").parse().ok(),
            })
        };
        Ok(Told::Launching {
            open: self.open()?,
            jobs_today: u32::try_from(self.jobs_today()?).unwrap_or(u32::MAX),
            activity: rows.iter().filter_map(act).collect(),
        })
    }

    fn set_open(&self, open: bool, login: &str) -> Result<Told, DbError> {
        let (value, what) = if open { ("open", "opened launching") } else { ("closed", "closed launching") };
        if open != self.open()? {
            self.rows(
                "INSERT INTO state (name, value) VALUES ('launching', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                &[value.into()],
            )?;
            self.acted(login, what, None)?;
        }
        Ok(Told::Yes)
    }
}

fn key(part: &BatchPart) -> Value {
    mark(&part.batch, part.part).into()
}

const fn yes(so: bool) -> Told {
    if so { Told::Yes } else { Told::No }
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).and_then(Json::as_str).unwrap_or_default().to_owned()
}

/// Numbers come as whole ones or, by way of JavaScript, as floating ones.
fn number(row: &Row, column: &str) -> i64 {
    let value = row.get(column);
    let floating = || value.and_then(Json::as_f64).map(|n| n as i64);
    value.and_then(Json::as_i64).or_else(floating).unwrap_or(0)
}

fn link(row: &Row) -> Option<Link> {
    Some(Link {
        id: text(row, "id"),
        scope: text(row, "scope").parse().ok()?,
        by: text(row, "maker"),
        created: Timestamp::from_unix(number(row, "created"))?,
        until: Timestamp::from_unix(number(row, "until"))?,
    })
}
