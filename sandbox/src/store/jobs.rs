//! Jobs with their steps.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Status, Store, StoreError};
use crate::{clock, workflow::plan::Conclusion};

/// One job of one attempt.
#[derive(Clone, Debug)]
pub struct Job {
    /// Id; the same as that of its check run.
    pub id: i64,
    /// Run.
    pub run: i64,
    /// Attempt.
    pub attempt: i64,
    /// The same in every attempt.
    pub key: String,
    /// As GitHub shows it.
    pub name: String,
    /// Keys of the jobs that had to end before.
    pub after: Vec<String>,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub conclusion: Option<Conclusion>,
    /// When it was queued.
    pub created: i64,
    /// When a runner took it.
    pub started: Option<i64>,
    /// When it ended.
    pub completed: Option<i64>,
    /// Which runner took it.
    pub runner: Option<i64>,
    /// Id of the job whose log this is: its own, unless it was carried over from an earlier attempt.
    pub log: i64,
    /// Steps.
    pub steps: Vec<Step>,
    /// Outputs.
    pub outputs: Map<String, Value>,
    /// What it wants people to see.
    pub annotations: Vec<Annotation>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From 1.
    pub number: usize,
    /// What people read.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub conclusion: Option<Conclusion>,
    /// When it began.
    pub started: Option<i64>,
    /// When it ended.
    pub completed: Option<i64>,
}

/// A message of a job for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// `failure`, `warning` or `notice`.
    pub level: String,
    /// The message.
    pub message: String,
    /// Its title.
    pub title: Option<String>,
    /// The file it is about; without one, `.github`, as GitHub has it.
    pub path: Option<String>,
    /// The line it is about.
    pub line: Option<u32>,
}

impl Annotation {
    /// A failure without a place.
    pub fn failure(message: impl Into<String>) -> Self {
        Self { level: "failure".to_owned(), message: message.into(), title: None, path: None, line: None }
    }
}

const COLUMNS: &str =
    "id, run, attempt, key, name, after, status, conclusion, created, started, completed, runner, log,
  steps, outputs, annotations";

impl Store {
    /// Writes down a job, queued.
    pub fn add_job(
        &self,
        run: i64,
        attempt: i64,
        key: &str,
        name: &str,
        after: &[String],
    ) -> Result<Job, StoreError> {
        let db = self.lock();
        db.execute(
            "INSERT INTO jobs (run, attempt, key, name, after, status, created, log, steps, outputs, annotations)
             VALUES (?1, ?2, ?3, ?4, ?5, 'queued', ?6, 0, '[]', '{}', '[]')",
            (run, attempt, key, name, serde_json::to_string(after)?, clock::now()),
        )?;
        let id = db.last_insert_rowid();
        db.execute("UPDATE jobs SET log = id WHERE id = ?1", [id])?;
        Ok(db.query_row(&format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1"), [id], read)?)
    }

    /// Writes down all that may change of a job.
    pub fn save_job(&self, job: &Job) -> Result<(), StoreError> {
        self.lock().execute(
            "UPDATE jobs SET status = ?2, conclusion = ?3, created = ?4, started = ?5, completed = ?6, runner = ?7,
             log = ?8, steps = ?9, outputs = ?10, annotations = ?11 WHERE id = ?1",
            (
                job.id,
                job.status.word(),
                job.conclusion.map(Conclusion::word),
                job.created,
                job.started,
                job.completed,
                job.runner,
                job.log,
                serde_json::to_string(&job.steps)?,
                serde_json::to_string(&job.outputs)?,
                serde_json::to_string(&job.annotations)?,
            ),
        )?;
        Ok(())
    }

    /// One job.
    pub fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        Ok(self
            .lock()
            .query_row(&format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1"), [id], read)
            .optional()?)
    }

    /// The jobs of a run in the order in which they appeared, of one attempt or of all.
    pub fn jobs(&self, run: i64, attempt: Option<i64>) -> Result<Vec<Job>, StoreError> {
        let db = self.lock();
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE run = ?1 AND attempt = COALESCE(?2, attempt) ORDER BY id"
        );
        let jobs = db.prepare_cached(&sql)?.query_map((run, attempt), read)?.collect::<Result<_, _>>()?;
        Ok(jobs)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Job> {
    let json = |at: usize| row.get::<_, String>(at);
    let status: String = row.get(6)?;
    let conclusion: Option<String> = row.get(7)?;
    Ok(Job {
        id: row.get(0)?,
        run: row.get(1)?,
        attempt: row.get(2)?,
        key: row.get(3)?,
        name: row.get(4)?,
        after: serde_json::from_str(&json(5)?).unwrap_or_default(),
        status: Status::from_word(&status),
        conclusion: conclusion.as_deref().and_then(Conclusion::from_word),
        created: row.get(8)?,
        started: row.get(9)?,
        completed: row.get(10)?,
        runner: row.get(11)?,
        log: row.get(12)?,
        steps: serde_json::from_str(&json(13)?).unwrap_or_default(),
        outputs: serde_json::from_str(&json(14)?).unwrap_or_default(),
        annotations: serde_json::from_str(&json(15)?).unwrap_or_default(),
    })
}
