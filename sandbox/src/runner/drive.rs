//! One attempt of a run, from its first job to its end.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use futures_util::{FutureExt, future::maybe_done, poll};
use tokio::task::JoinSet;

use super::{
    engine::{Engine, Stop},
    job,
};
use crate::{
    clock,
    store::{Annotation, Job, Run, Status, StoreError},
    workflow::{
        document::Workflow,
        plan::{self, Conclusion, End, Fate},
    },
};

/// Runs jobs as they become ready until none is left.
pub(super) async fn drive(
    engine: &Arc<Engine>,
    run: &Run,
    mut carried: HashMap<String, Job>,
    stop: &Stop,
) -> Result<(), StoreError> {
    let workflows = Workflow::read_folder(&engine.settings.data.join("trees").join(&run.tree)).0;
    let github = engine.github(&run.branch, &run.sha, [&run.actor, &run.triggering_actor]);
    let planned = plan::Run { workflows: &workflows, path: &run.path, inputs: &run.inputs, github: &github };
    let mut ends: BTreeMap<String, End> = carried
        .iter()
        .filter_map(|(key, job)| {
            Some((key.clone(), End { conclusion: job.conclusion?, outputs: job.outputs.clone() }))
        })
        .collect();
    let mut known = BTreeSet::new();
    let mut at_work = JoinSet::new();
    let outcome = loop {
        let plan = planned.plan(&ends);
        for wanted in plan.jobs {
            if stop.kindly.is_cancelled() || !known.insert(wanted.key.clone()) {
                continue;
            }
            let mut job =
                engine.store.add_job(run.id, run.attempt, &wanted.key, &wanted.name, &wanted.after)?;
            match wanted.fate {
                Fate::Skip => end_at_once(engine, &mut job, Conclusion::Skipped)?,
                Fate::Broken(sentence) => {
                    engine.store.append_log(job.log, 1, &format!("##[error]{sentence}"))?;
                    job.annotations.push(Annotation::failure(sentence));
                    end_at_once(engine, &mut job, Conclusion::Failure)?;
                }
                Fate::Run(work) => match carried.remove(&wanted.key) {
                    Some(former) => carry_over(engine, &job, former)?,
                    None => {
                        let runner = queue_up(engine).await;
                        let (engine, run, stop) = (Arc::clone(engine), run.clone(), stop.clone());
                        at_work.spawn(async move {
                            let key = job.key.clone();
                            (key, job::run(&engine, &run, job, &work, &stop, runner).await)
                        });
                    }
                },
            }
        }
        match at_work.join_next().await {
            Some(Ok((key, end))) => drop(ends.insert(key, end?)),
            Some(Err(panic)) => eprintln!("sandbox: a job of run {} broke off: {panic}", run.id),
            None => break plan.outcome,
        }
    };
    let outcome = if stop.kindly.is_cancelled() { Some(Conclusion::Cancelled) } else { outcome };
    engine.store.set_run(run.id, Status::Completed, Some(outcome.unwrap_or(Conclusion::Failure)))
}

/// A place in the queue for a runner. It is taken here and now, so that jobs start in the order of the plan.
async fn queue_up(engine: &Engine) -> job::Runner {
    let mut runner = Box::pin(maybe_done(Arc::clone(&engine.runners).acquire_owned().boxed()));
    let _ = poll!(runner.as_mut());
    runner
}

fn end_at_once(engine: &Engine, job: &mut Job, conclusion: Conclusion) -> Result<(), StoreError> {
    let now = clock::now();
    job.status = Status::Completed;
    job.conclusion = Some(conclusion);
    (job.started, job.completed) = (Some(now), Some(now));
    engine.store.save_job(job)
}

/// A job that ended well before shows up in the new attempt with a new id, its old times and its old log.
fn carry_over(engine: &Engine, job: &Job, former: Job) -> Result<(), StoreError> {
    engine.store.save_job(&Job { id: job.id, attempt: job.attempt, ..former })
}
