//! One job, from the queue to its end.

use std::{path::Path, pin::Pin, sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, MaybeDone};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
    sync::{AcquireError, OwnedSemaphorePermit},
};

use super::{
    act,
    engine::{Engine, Stop, Uploader},
    events::{self, Event},
    leftovers,
    progress::Progress,
};
use crate::{
    clock,
    store::{Annotation, Job, Run, Status, StoreError},
    workflow::plan::{Conclusion, End, Work},
};

/// A place in the queue for a runner.
pub(super) type Runner = Pin<Box<MaybeDone<BoxFuture<'static, Result<OwnedSemaphorePermit, AcquireError>>>>>;

/// How long a cancelled job may take for its `always()` steps.
const GRACE: Duration = Duration::from_secs(8);

/// Waits for a runner, runs the job, and leaves nothing of it behind.
pub(super) async fn run(
    engine: &Arc<Engine>,
    run: &Run,
    mut job: Job,
    work: &Work,
    stop: &Stop,
    mut runner: Runner,
) -> Result<End, StoreError> {
    let permit = tokio::select! {
        biased;
        () = stop.kindly.cancelled() => None,
        () = runner.as_mut() => runner.as_mut().take_output().and_then(Result::ok),
    };
    let now = clock::now();
    if permit.is_none() {
        (job.status, job.conclusion) = (Status::Completed, Some(Conclusion::Cancelled));
        (job.started, job.completed) = (Some(now), Some(now));
        engine.store.save_job(&job)?;
        return Ok(End { conclusion: Conclusion::Cancelled, outputs: job.outputs });
    }
    (job.status, job.started, job.runner) = (Status::InProgress, Some(now), Some(engine.runner()));
    let mut progress = Progress::new(&mut job, work, now);
    engine.store.save_job(&job)?;
    engine.store.set_run(run.id, Status::InProgress, None)?;

    let folder = engine.settings.data.join("work").join(job.id.to_string());
    let mark = engine.mark(job.id);
    let conclusion = carry_out(engine, run, &mut job, work, stop, &mut progress, &folder, &mark).await?;
    leftovers::end(&mark).await;
    if let Some((number, text)) = progress.held_back() {
        engine.store.append_log(job.log, number, &text)?;
    }
    if let Err(e) = tokio::fs::remove_dir_all(&folder).await {
        eprintln!("sandbox: the folder {} stays behind: {e}", folder.display());
    }
    progress.finish(&mut job, work, conclusion, clock::now());
    engine.store.save_job(&job)?;
    Ok(End { conclusion, outputs: job.outputs })
}

#[expect(clippy::too_many_arguments, reason = "the pieces of one job, which only meet here")]
async fn carry_out(
    engine: &Engine,
    run: &Run,
    job: &mut Job,
    work: &Work,
    stop: &Stop,
    progress: &mut Progress,
    folder: &Path,
    mark: &str,
) -> Result<Conclusion, StoreError> {
    std::fs::create_dir_all(folder)?;
    let token = engine.open_upload(Uploader { run: run.id, job: job.id });
    let tree = engine.settings.data.join("trees").join(&run.tree);
    let start =
        act::Start { settings: &engine.settings, run, work, folder, tree: &tree, mark, upload_token: &token };
    let watched = match act::spawn(&start) {
        Ok(child) => watch(engine, child, job, work, stop, progress, mark).await?,
        Err(e) => {
            fail(engine, job, format!("The job cannot be started: {}: {e}", engine.settings.act.display()))?;
            Watched { stopped: false, whole: false }
        }
    };
    engine.close_upload(&token);
    let conclusion = watched.conclusion(progress.ended());
    if conclusion == Conclusion::Failure
        && progress.ended() != Some(false)
        && let Some(words) = act::last_words(folder)
    {
        fail(engine, job, words)?;
    }
    Ok(conclusion)
}

/// How the runner ended.
#[derive(Clone, Copy, Debug)]
struct Watched {
    /// It was stopped before it had said how the job ended.
    stopped: bool,
    /// It ended well itself, and all that it said was read: steps and outputs are complete.
    whole: bool,
}

impl Watched {
    /// The job's conclusion, from what the runner said of it. An interrupted `act` leaves out the steps that are left
    /// and says that the job ended well: its word counts only where nobody stopped it.
    const fn conclusion(self, said: Option<bool>) -> Conclusion {
        match (self, said) {
            (Self { stopped: true, .. }, _) => Conclusion::Cancelled,
            (Self { whole: true, .. }, Some(true)) => Conclusion::Success,
            _ => Conclusion::Failure,
        }
    }
}

async fn watch(
    engine: &Engine,
    mut child: Child,
    job: &mut Job,
    work: &Work,
    stop: &Stop,
    progress: &mut Progress,
    mark: &str,
) -> Result<Watched, StoreError> {
    let Some(stdout) = child.stdout.take() else { return Ok(Watched { stopped: false, whole: false }) };
    let mut lines = BufReader::new(stdout).split(b'\n');
    let limit = tokio::time::sleep(Duration::from_secs_f64((work.timeout_minutes * 60.0).clamp(1.0, 1e6)));
    tokio::pin!(limit);
    let patience = tokio::time::sleep(Duration::MAX / 4);
    tokio::pin!(patience);
    let (mut stopping, mut stopped, mut killed) = (false, false, false);
    let read_to_its_end = loop {
        tokio::select! {
            line = lines.next_segment() => match line {
                Ok(Some(line)) => take(engine, job, work, progress, &String::from_utf8_lossy(&line))?,
                Ok(None) => break true,
                Err(_) => break false,
            },
            () = stop.kindly.cancelled(), if !stopping => {
                stopping = true;
                // A job that has ended already only has to tidy up.
                if progress.ended().is_none() {
                    stopped = true;
                    interrupt(&child);
                }
                patience.as_mut().reset(tokio::time::Instant::now() + GRACE);
            }
            () = &mut limit, if !stopping => {
                (stopping, stopped) = (true, true);
                fail(engine, job, format!("The job has exceeded the maximum execution time of {} minutes.", work.timeout_minutes))?;
                interrupt(&child);
                patience.as_mut().reset(tokio::time::Instant::now() + GRACE);
            }
            () = &mut patience, if stopping && !killed => {
                killed = true;
                leftovers::end(mark).await;
            }
            () = stop.now.cancelled(), if !killed => {
                (stopping, killed) = (true, true);
                stopped |= progress.ended().is_none();
                leftovers::end(mark).await;
            }
        }
    };
    // Its output has ended; where the marks cannot be read it may still need the push.
    if killed {
        child.start_kill().ok();
    }
    let ended_well = child.wait().await?.success();
    // Once the job has ended, what becomes of the runner's own tidying up does not matter to it.
    Ok(Watched { stopped, whole: read_to_its_end && (ended_well || stopping) })
}

fn take(
    engine: &Engine,
    job: &mut Job,
    work: &Work,
    progress: &mut Progress,
    line: &str,
) -> Result<(), StoreError> {
    let Some(event) = events::read(line, &work.id) else { return Ok(()) };
    if matches!(event, Event::Begun(_))
        && let Some((number, text)) = progress.held_back()
    {
        engine.store.append_log(job.log, number, &text)?;
    }
    let moves = matches!(event, Event::Begun(_) | Event::Ended(..) | Event::Annotation(..));
    if let Some((number, text)) = progress.apply(job, event, clock::now()) {
        engine.store.append_log(job.log, number, &text)?;
    }
    if moves { engine.store.save_job(job) } else { Ok(()) }
}

fn fail(engine: &Engine, job: &mut Job, sentence: String) -> Result<(), StoreError> {
    engine.store.append_log(job.log, 1, &format!("##[error]{sentence}"))?;
    job.annotations.push(Annotation::failure(sentence));
    Ok(())
}

/// SIGINT lets `act` run the steps that say `always()`; SIGTERM would not.
fn interrupt(child: &Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended by itself in between.
        let _ = kill_process(pid, Signal::INT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_job_that_nobody_stopped_and_that_was_read_whole_ended_well() {
        for (stopped, whole, said, conclusion) in [
            (false, true, Some(true), Conclusion::Success),
            (false, true, Some(false), Conclusion::Failure),
            (false, true, None, Conclusion::Failure),
            (false, false, Some(true), Conclusion::Failure),
            (true, true, Some(true), Conclusion::Cancelled),
            (true, true, Some(false), Conclusion::Cancelled),
            (true, false, None, Conclusion::Cancelled),
        ] {
            let watched = Watched { stopped, whole };
            assert_eq!(watched.conclusion(said), conclusion, "{watched:?} {said:?}");
        }
    }
}
