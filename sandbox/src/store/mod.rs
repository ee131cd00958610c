//! What the sandbox remembers: runs, jobs and artifacts in SQLite, logs and blobs as files beside it.

mod artifacts;
mod jobs;
mod logs;
mod runs;

pub use artifacts::{Artifact, ArtifactFilter, NewArtifact};
pub use jobs::{Annotation, Job, Step};
pub use runs::{NewRun, Run, RunFilter};

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;

/// The memory failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite.
    #[error("the sandbox's database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file beside it.
    #[error("a file of the sandbox cannot be used: {0}")]
    File(#[from] std::io::Error),
    /// Something stored is not JSON any more.
    #[error("the sandbox's database holds something unreadable: {0}")]
    Json(#[from] serde_json::Error),
}

/// Where a run, a job or a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Waits for a runner.
    Queued,
    /// At work.
    InProgress,
    /// Ended.
    Completed,
}

impl Status {
    /// GitHub's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            _ => Self::Completed,
        }
    }
}

/// The memory. All calls are short; nothing waits inside.
pub struct Store {
    connection: Mutex<Connection>,
    folder: PathBuf,
}

// Ids begin above 2³², as GitHub's do: a client that keeps them in 32 bits fails here first.
const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS workflows (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL, active INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY AUTOINCREMENT, workflow INTEGER NOT NULL, path TEXT NOT NULL,
  name TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, inputs TEXT NOT NULL, branch TEXT NOT NULL,
  sha TEXT NOT NULL, tree TEXT NOT NULL, created INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS attempts (run INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL,
  conclusion TEXT, started INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (run, attempt));
CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, attempt INTEGER NOT NULL,
  key TEXT NOT NULL, name TEXT NOT NULL, after TEXT NOT NULL, status TEXT NOT NULL, conclusion TEXT,
  created INTEGER NOT NULL, started INTEGER, completed INTEGER, runner INTEGER, log INTEGER NOT NULL,
  steps TEXT NOT NULL, outputs TEXT NOT NULL, annotations TEXT NOT NULL, UNIQUE (run, attempt, key));
CREATE TABLE IF NOT EXISTS artifacts (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, job INTEGER NOT NULL,
  name TEXT NOT NULL, file TEXT NOT NULL, media TEXT NOT NULL, bytes INTEGER NOT NULL, digest TEXT NOT NULL,
  blob TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, UNIQUE (run, name));
INSERT INTO sqlite_sequence (name, seq) SELECT column1, column2 FROM
  (VALUES ('workflows', 151000000), ('runs', 19000000000), ('jobs', 56000000000), ('artifacts', 4700000000))
  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence);
";

impl Store {
    /// Opens or makes the memory in `folder`.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        for part in ["logs", "blobs"] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        let connection = Connection::open(folder.join("sandbox.sqlite"))?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(SCHEMA)?;
        add_actors(&connection)?;
        Ok(Self { connection: Mutex::new(connection), folder: folder.to_owned() })
    }

    /// A panic elsewhere leaves no half-done statement behind, so a poisoned lock is usable.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the blob `name` lies.
    pub fn blob_path(&self, name: &str) -> PathBuf {
        self.folder.join("blobs").join(name)
    }

    /// The id of the workflow at `path`, the same for as long as the data folder lives, and since when it is known.
    pub fn workflow(&self, path: &str) -> Result<(i64, i64), StoreError> {
        let db = self.lock();
        db.execute(
            "INSERT INTO workflows (path, created) VALUES (?1, ?2) ON CONFLICT (path) DO NOTHING",
            (path, crate::clock::now()),
        )?;
        Ok(db.query_row("SELECT id, created FROM workflows WHERE path = ?1", [path], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?)
    }

    /// Whether the workflow may be started.
    pub fn workflow_is_active(&self, id: i64) -> Result<bool, StoreError> {
        Ok(self.lock().query_row("SELECT active FROM workflows WHERE id = ?1", [id], |row| row.get(0))?)
    }

    /// Lets the workflow be started, or not.
    pub fn set_workflow_active(&self, id: i64, active: bool) -> Result<(), StoreError> {
        self.lock().execute("UPDATE workflows SET active = ?2 WHERE id = ?1", (id, active))?;
        Ok(())
    }

    /// Ends what a sandbox that was stopped left unfinished. Returns how many runs that were.
    pub fn end_unfinished(&self) -> Result<usize, StoreError> {
        let now = crate::clock::now();
        let note = serde_json::to_string(&[Annotation::failure(
            "The sandbox was stopped while this job was under way.",
        )])?;
        let db = self.lock();
        db.execute(
            "UPDATE jobs SET status = 'completed', conclusion = 'cancelled', completed = ?1, annotations = ?2
             WHERE status <> 'completed'",
            (now, note),
        )?;
        Ok(db.execute(
            "UPDATE attempts SET status = 'completed', conclusion = 'cancelled', updated = ?1 WHERE status <> 'completed'",
            [now],
        )?)
    }
}

/// Data folders from before there were several people: everything in them was the owner's.
fn add_actors(db: &Connection) -> Result<(), StoreError> {
    for table in ["runs", "attempts"] {
        let there = db.prepare(&format!("SELECT actor FROM {table}")).is_ok();
        if !there {
            let column =
                format!("ALTER TABLE {table} ADD COLUMN actor TEXT NOT NULL DEFAULT '{}'", crate::OWNER);
            db.execute_batch(&column)?;
        }
    }
    Ok(())
}
