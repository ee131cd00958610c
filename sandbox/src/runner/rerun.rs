//! Running again: all of it, what failed, or one job; the rest is carried over.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{engine::Engine, prune};
use crate::{
    store::{Job, Status, StoreError},
    workflow::plan::Conclusion,
};

/// What to run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rerun {
    /// Everything.
    All,
    /// What did not end well, and what needs it.
    Failed,
    /// This job, and what needs it.
    Job(i64),
}

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum RerunError {
    /// The run is under way.
    #[error("This workflow run is already running")]
    Running,
    /// It is too long ago.
    #[error("Unable to retry this workflow run because it was created over a month ago")]
    TooOld,
    /// Nothing failed.
    #[error("This workflow run has no failed jobs to re-run")]
    NothingFailed,
    /// The memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engine {
    /// Begins another attempt of the run for `actor`.
    pub fn rerun(self: &Arc<Self>, run: i64, what: Rerun, actor: &str) -> Result<(), RerunError> {
        let Some(last) = self.store.run(run, None)? else { return Ok(()) };
        if self.is_active(run) || last.status != Status::Completed {
            return Err(RerunError::Running);
        }
        if last.created < prune::oldest_rerun() {
            return Err(RerunError::TooOld);
        }
        let carried = carried_over(self.store.jobs(run, Some(last.attempt))?, what);
        if what == Rerun::Failed && last.conclusion == Some(Conclusion::Success) {
            return Err(RerunError::NothingFailed);
        }
        self.store.add_attempt(run, actor)?;
        Ok(self.begin(run, carried)?)
    }
}

/// The jobs that need not run again: they ended well, were not asked for, and nothing they needed runs again.
fn carried_over(jobs: Vec<Job>, what: Rerun) -> HashMap<String, Job> {
    let good = |job: &Job| job.conclusion == Some(Conclusion::Success);
    let again = |job: &Job| match what {
        Rerun::All => true,
        Rerun::Failed => !good(job),
        // Other jobs that failed keep their end, as on GitHub.
        Rerun::Job(id) => job.id == id || matches!(job.conclusion, None | Some(Conclusion::Skipped)),
    };
    let mut dropped: BTreeSet<String> =
        jobs.iter().filter(|job| again(job)).map(|job| job.key.clone()).collect();
    // `after` names all jobs before, directly or not only through one level: repeat until nothing changes.
    loop {
        let before = dropped.len();
        for job in &jobs {
            if job.after.iter().any(|key| dropped.contains(key)) {
                dropped.insert(job.key.clone());
            }
        }
        if dropped.len() == before {
            break;
        }
    }
    jobs.into_iter().filter(|job| !dropped.contains(&job.key)).map(|job| (job.key.clone(), job)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: i64, key: &str, after: &[&str], conclusion: Conclusion) -> Job {
        Job {
            id,
            run: 1,
            attempt: 1,
            key: key.to_owned(),
            name: key.to_owned(),
            after: after.iter().map(|key| (*key).to_owned()).collect(),
            status: Status::Completed,
            conclusion: Some(conclusion),
            created: 0,
            started: None,
            completed: None,
            runner: None,
            log: id,
            steps: Vec::new(),
            outputs: serde_json::Map::new(),
            annotations: Vec::new(),
        }
    }

    fn kept(what: Rerun) -> Vec<String> {
        let jobs = vec![
            job(1, "search", &[], Conclusion::Success),
            job(2, "a", &["search"], Conclusion::Success),
            job(3, "b", &["search"], Conclusion::Failure),
            job(4, "c", &["search"], Conclusion::Failure),
            job(5, "summary", &["a", "b", "c"], Conclusion::Success),
        ];
        let mut keys: Vec<String> = carried_over(jobs, what).into_keys().collect();
        keys.sort();
        keys
    }

    #[test]
    fn what_ended_well_is_carried_over_with_all_that_does_not_depend_on_the_rest() {
        assert_eq!(kept(Rerun::Failed), ["a", "search"]);
        assert_eq!(kept(Rerun::Job(3)), ["a", "c", "search"]);
        assert_eq!(kept(Rerun::Job(1)), Vec::<String>::new());
        assert_eq!(kept(Rerun::All), Vec::<String>::new());
    }
}
