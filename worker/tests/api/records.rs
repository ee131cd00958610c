//! The deployment's records over SQLite in memory; the same book as in the Durable Object.

use std::{cell::Cell, collections::BTreeMap};

use burstboard_worker::{
    ports::NoAnswer,
    records::{
        Ask, Records, Told,
        book::{self, Db, DbError, Row, SCHEMA, Value},
    },
};
use domain::{
    Timestamp,
    api::{Act, Link},
    launch::BatchPart,
};
use rusqlite::{Connection, types::ValueRef};

use crate::world::NOW;

/// The book.
pub(crate) struct Book {
    database: Connection,
    /// Whether it cannot be reached.
    pub(crate) away: Cell<bool>,
}

impl Default for Book {
    fn default() -> Self {
        let database = Connection::open_in_memory().unwrap();
        for statement in SCHEMA {
            database.execute_batch(statement).unwrap();
        }
        Self { database, away: Cell::new(false) }
    }
}

impl Db for Book {
    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let mut statement = self.database.prepare(sql).map_err(|_| DbError)?;
        for (value, at) in values.iter().zip(1..) {
            match value {
                Value::Text(text) => statement.raw_bind_parameter(at, text),
                Value::Number(number) => statement.raw_bind_parameter(at, number),
            }
            .map_err(|_| DbError)?;
        }
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(|_| DbError)? {
            let value = |at| match row.get_ref(at).unwrap() {
                ValueRef::Integer(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
                _ => serde_json::Value::Null,
            };
            found.push(
                names
                    .iter()
                    .enumerate()
                    .map(|(at, name)| (name.clone(), value(at)))
                    .collect::<BTreeMap<_, _>>(),
            );
        }
        Ok(found)
    }
}

impl Records for Book {
    async fn ask(&self, now: Timestamp, ask: &Ask) -> Result<Told, NoAnswer> {
        if self.away.get() { Err(NoAnswer) } else { Ok(book::answer(self, now, ask)) }
    }
}

fn now(seconds: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap().plus_seconds(seconds)
}

fn told(book: &Book, seconds: i64, ask: &Ask) -> Told {
    book::answer(book, now(seconds), ask)
}

fn part(batch: &str) -> BatchPart {
    BatchPart { batch: batch.parse().unwrap(), part: 1 }
}

fn reserve(batch: &str, jobs: u32) -> Ask {
    Ask::Reserve { part: part(batch), login: "writer".into(), jobs, per_day: 10 }
}

#[test]
fn what_is_used_once_is_used() {
    let book = Book::default();
    let spend = |seconds| told(&book, seconds, &Ask::Spend { id: "a".into(), until: now(100).unix() });
    assert_eq!((spend(0), spend(1)), (Told::Yes, Told::No));
    assert_eq!(told(&book, 2, &Ask::IsSpent { id: "a".into() }), Told::Yes);
    assert_eq!(told(&book, 2, &Ask::IsSpent { id: "b".into() }), Told::No);
    assert_eq!(spend(200), Told::Yes, "what is over anyway is not kept");
}

#[test]
fn links_are_valid_until_they_are_over_or_revoked() {
    let book = Book::default();
    let link = |id: &str, by: &str, until| Link {
        id: id.to_owned(),
        scope: "run:19000000001".parse().unwrap(),
        by: by.to_owned(),
        created: now(0),
        until: now(until),
    };
    for link in [link("a", "writer", 100), link("b", "writer", 1_000), link("c", "local", 1_000)] {
        assert_eq!(told(&book, 0, &Ask::AddLink(link)), Told::Yes);
    }
    let valid = |seconds| {
        let ids = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        match told(&book, seconds, &Ask::Valid { ids }) {
            Told::Valid(ids) => ids.concat(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((valid(99).as_str(), valid(100).as_str()), ("abc", "bc"));
    let own = Ask::Links { by: Some("writer".into()) };
    assert_eq!(told(&book, 100, &own), Told::Links(vec![link("b", "writer", 1_000)]));
    let revoke = |id: &str, by: Option<&str>| {
        told(&book, 200, &Ask::Revoke { id: id.to_owned(), by: by.map(str::to_owned) })
    };
    assert_eq!(revoke("c", Some("writer")), Told::No, "somebody else's");
    assert_eq!((revoke("c", None), revoke("c", None)), (Told::Yes, Told::No));
    assert_eq!(revoke("b", Some("writer")), Told::Yes);
    assert_eq!(valid(200), "");
}

#[test]
fn a_day_has_so_many_jobs_and_a_launch_counts_once() {
    let book = Book::default();
    assert_eq!(told(&book, 0, &reserve("aaaaaa", 7)), Told::Yes);
    assert_eq!(told(&book, 1, &reserve("aaaaaa", 7)), Told::Yes, "the same again");
    assert_eq!(told(&book, 2, &reserve("bbbbbb", 4)), Told::OverDay { left: 3 });
    assert_eq!(told(&book, 3, &reserve("cccccc", 3)), Told::Yes);
    assert_eq!(told(&book, 4, &Ask::Release { part: part("cccccc") }), Told::Yes);
    assert_eq!(told(&book, 5, &reserve("dddddd", 3)), Told::Yes);
    assert_eq!(told(&book, 4 * 3_600, &reserve("bbbbbb", 4)), Told::Yes, "after midnight");
}

#[test]
fn who_did_what_is_told_and_the_switch_holds() {
    let book = Book::default();
    told(&book, 0, &reserve("aaaaaa", 7));
    for _ in 0..2 {
        told(&book, 1, &Ask::Started { part: part("aaaaaa"), run: 19_000_000_001 });
    }
    told(&book, 1, &Ask::Release { part: part("aaaaaa") });
    let who = told(&book, 2, &Ask::Who { parts: vec![part("aaaaaa"), part("zzzzzz")] });
    assert_eq!(who, Told::Who(vec![(part("aaaaaa"), "writer".to_owned())]));
    for open in [false, false] {
        told(&book, 3, &Ask::SetOpen { open, login: "local".into() });
    }
    assert_eq!(told(&book, 4, &reserve("bbbbbb", 1)), Told::Closed);
    let Told::Launching { open, jobs_today, activity } = told(&book, 5, &Ask::Launching) else {
        panic!("no state")
    };
    let acts: Vec<_> =
        activity.iter().map(|Act { login, what, run, .. }| (login.as_str(), what.as_str(), *run)).collect();
    assert_eq!((open, jobs_today), (false, 7));
    assert_eq!(
        acts,
        [("local", "closed launching", None), ("writer", "launched 7 pairs", Some(19_000_000_001))]
    );
    told(&book, 6, &Ask::SetOpen { open: true, login: "local".into() });
    assert_eq!(told(&book, 7, &reserve("bbbbbb", 1)), Told::Yes);
}
