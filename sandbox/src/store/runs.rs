//! Runs and their attempts.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params_from_iter, types::Value as Sql};
use serde_json::{Map, Value};

use super::{Status, Store, StoreError};
use crate::{clock, workflow::plan::Conclusion};

/// A run as of one of its attempts.
#[derive(Clone, Debug)]
pub struct Run {
    /// Id.
    pub id: i64,
    /// Id of the workflow.
    pub workflow: i64,
    /// Path of the workflow.
    pub path: String,
    /// Name of the workflow.
    pub name: String,
    /// Counts the workflow's runs from 1.
    pub number: i64,
    /// `run-name`, evaluated.
    pub title: String,
    /// Inputs as text.
    pub inputs: Map<String, Value>,
    /// Branch.
    pub branch: String,
    /// Commit.
    pub sha: String,
    /// Name of the snapshot that the jobs see.
    pub tree: String,
    /// Login of who started it.
    pub actor: String,
    /// Login of who started the attempt that the rest is of.
    pub triggering_actor: String,
    /// When it was asked for.
    pub created: i64,
    /// The attempt that the rest is of.
    pub attempt: i64,
    /// Where it stands.
    pub status: Status,
    /// How it ended.
    pub conclusion: Option<Conclusion>,
    /// When the attempt was asked for.
    pub started: i64,
    /// When something last changed.
    pub updated: i64,
}

/// A run to be.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Id of the workflow.
    pub workflow: i64,
    /// Path of the workflow.
    pub path: String,
    /// Name of the workflow.
    pub name: String,
    /// Title.
    pub title: String,
    /// Inputs as text.
    pub inputs: Map<String, Value>,
    /// Branch.
    pub branch: String,
    /// Commit.
    pub sha: String,
    /// Snapshot.
    pub tree: String,
    /// Login of who starts it.
    pub actor: String,
}

/// Which runs to list. Empty fields let everything pass.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Of this workflow.
    pub workflow: Option<i64>,
    /// Started by this login.
    pub actor: Option<String>,
    /// With this status or conclusion.
    pub status: Option<String>,
    /// On this branch.
    pub branch: Option<String>,
    /// Of this commit.
    pub sha: Option<String>,
    /// Asked for at or after this moment, in milliseconds.
    pub since: Option<i64>,
    /// Asked for at or before this moment, in milliseconds.
    pub until: Option<i64>,
}

const COLUMNS: &str =
    "r.id, r.workflow, r.path, r.name, r.number, r.title, r.inputs, r.branch, r.sha, r.tree, r.created,
  a.attempt, a.status, a.conclusion, a.started, a.updated, r.actor, a.actor";

impl Store {
    /// Writes down a run, queued. Its number follows the workflow's last.
    pub fn add_run(&self, run: &NewRun) -> Result<i64, StoreError> {
        let now = clock::now();
        let mut db = self.lock();
        let change = db.transaction()?;
        change.execute(
            "INSERT INTO runs (workflow, path, name, number, title, inputs, branch, sha, tree, created, actor)
             SELECT ?1, ?2, ?3, 1 + COALESCE(MAX(number), 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM runs WHERE workflow = ?1",
            (
                run.workflow,
                &run.path,
                &run.name,
                &run.title,
                serde_json::to_string(&run.inputs)?,
                &run.branch,
                &run.sha,
                &run.tree,
                now,
                &run.actor,
            ),
        )?;
        let id = change.last_insert_rowid();
        change.execute(
            "INSERT INTO attempts (run, attempt, status, started, updated, actor) VALUES (?1, 1, 'queued', ?2, ?2, ?3)",
            (id, now, &run.actor),
        )?;
        change.commit()?;
        Ok(id)
    }

    /// Begins another attempt for `actor`, queued, and returns its number.
    pub fn add_attempt(&self, run: i64, actor: &str) -> Result<i64, StoreError> {
        let now = clock::now();
        let mut db = self.lock();
        let change = db.transaction()?;
        change.execute("UPDATE runs SET attempt = attempt + 1 WHERE id = ?1", [run])?;
        let attempt = change.query_row("SELECT attempt FROM runs WHERE id = ?1", [run], |row| row.get(0))?;
        change.execute(
            "INSERT INTO attempts (run, attempt, status, started, updated, actor) VALUES (?1, ?2, 'queued', ?3, ?3, ?4)",
            (run, attempt, now, actor),
        )?;
        change.commit()?;
        Ok(attempt)
    }

    /// The run as of `attempt`, or as of its last.
    pub fn run(&self, id: i64, attempt: Option<i64>) -> Result<Option<Run>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM runs r JOIN attempts a ON a.run = r.id AND a.attempt = COALESCE(?2, r.attempt)
             WHERE r.id = ?1"
        );
        Ok(self.lock().query_row(&sql, (id, attempt), read).optional()?)
    }

    /// Runs newest first: how many there are, and those from `offset` on.
    pub fn runs(&self, filter: &RunFilter, offset: i64, limit: i64) -> Result<(i64, Vec<Run>), StoreError> {
        let mut conditions = vec!["1 = 1".to_owned()];
        let mut values: Vec<Sql> = Vec::new();
        let mut with = |condition: &str, value: Option<Sql>| {
            if let Some(value) = value {
                values.push(value);
                conditions.push(condition.replace('?', &format!("?{}", values.len())));
            }
        };
        with("r.workflow = ?", filter.workflow.map(Sql::from));
        with("(a.status = ? OR a.conclusion = ?)", filter.status.clone().map(Sql::from));
        with("r.actor = ? COLLATE NOCASE", filter.actor.clone().map(Sql::from));
        with("r.branch = ?", filter.branch.clone().map(Sql::from));
        with("r.sha = ?", filter.sha.clone().map(Sql::from));
        with("r.created >= ?", filter.since.map(Sql::from));
        with("r.created <= ?", filter.until.map(Sql::from));
        let from = format!(
            "FROM runs r JOIN attempts a ON a.run = r.id AND a.attempt = r.attempt WHERE {}",
            conditions.join(" AND ")
        );
        let db = self.lock();
        let total =
            db.query_row(&format!("SELECT COUNT(*) {from}"), params_from_iter(&values), |row| row.get(0))?;
        let sql = format!("SELECT {COLUMNS} {from} ORDER BY r.id DESC LIMIT {limit} OFFSET {offset}");
        let runs = db.prepare(&sql)?.query_map(params_from_iter(&values), read)?.collect::<Result<_, _>>()?;
        Ok((total, runs))
    }

    /// Names of the snapshots of runs that are under way or were asked for after `since`, so that they may be run again.
    pub fn trees_needed(&self, since: clock::Millis) -> Result<BTreeSet<String>, StoreError> {
        let sql =
            "SELECT DISTINCT r.tree FROM runs r JOIN attempts a ON a.run = r.id AND a.attempt = r.attempt
                   WHERE r.created >= ?1 OR a.status <> 'completed'";
        let db = self.lock();
        let trees =
            db.prepare_cached(sql)?.query_map([since], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(trees)
    }

    /// Moves the run's last attempt on.
    pub fn set_run(&self, id: i64, status: Status, conclusion: Option<Conclusion>) -> Result<(), StoreError> {
        self.lock().execute(
            "UPDATE attempts SET status = ?2, conclusion = ?3, updated = ?4
             WHERE run = ?1 AND attempt = (SELECT attempt FROM runs WHERE id = ?1)",
            (id, status.word(), conclusion.map(Conclusion::word), clock::now()),
        )?;
        Ok(())
    }

    /// Deletes a run with all that belongs to it.
    pub fn delete_run(&self, id: i64) -> Result<(), StoreError> {
        for artifact in
            self.artifacts(&super::ArtifactFilter { run: Some(id), ..Default::default() }, 0, i64::MAX)?.1
        {
            self.delete_artifact(artifact.id)?;
        }
        for job in self.jobs(id, None)? {
            self.delete_log(job.log)?;
        }
        let db = self.lock();
        db.execute("DELETE FROM jobs WHERE run = ?1", [id])?;
        db.execute("DELETE FROM attempts WHERE run = ?1", [id])?;
        db.execute("DELETE FROM runs WHERE id = ?1", [id])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Run> {
    let inputs: String = row.get(6)?;
    let status: String = row.get(12)?;
    let conclusion: Option<String> = row.get(13)?;
    Ok(Run {
        id: row.get(0)?,
        workflow: row.get(1)?,
        path: row.get(2)?,
        name: row.get(3)?,
        number: row.get(4)?,
        title: row.get(5)?,
        inputs: serde_json::from_str(&inputs).unwrap_or_default(),
        branch: row.get(7)?,
        sha: row.get(8)?,
        tree: row.get(9)?,
        created: row.get(10)?,
        attempt: row.get(11)?,
        status: Status::from_word(&status),
        conclusion: conclusion.as_deref().and_then(Conclusion::from_word),
        started: row.get(14)?,
        updated: row.get(15)?,
        actor: row.get(16)?,
        triggering_actor: row.get(17)?,
    })
}
