//! From GitHub's objects to what the page shows.

use std::collections::BTreeMap;

use domain::{
    Timestamp, engine,
    launch::{BatchPart, pair_of_job},
    run::{self, JobView, PREVIEW_SUFFIX, PairView, RunSummary, RunView, State},
};

use crate::github::{Artifact, Job, Listing, Run, Step, Workflow};

/// A run as a line of a list; `None` for runs of workflows that are not Burstboard's.
pub fn summary(run: &Run) -> Option<RunSummary> {
    let workflow = Workflow::of_path(&run.path)?;
    // Only batches carry the mark; what a person calls a single run may look like one and means nothing.
    let (title, batch) = match workflow {
        Workflow::Batch => BatchPart::split_title(&run.display_title),
        Workflow::Single => (run.display_title.as_str(), None),
    };
    Some(RunSummary {
        id: run.id,
        title: title.to_owned(),
        batch,
        workflow: workflow.file().to_owned(),
        state: State::from_github(&run.status, run.conclusion.as_deref()),
        attempt: run.run_attempt.unwrap_or(1),
        actor: run.actor.as_ref().map(|actor| actor.login.clone()),
        created: run.created_at,
        started: run.run_started_at,
        updated: run.updated_at.unwrap_or(run.created_at),
        url: run.html_url.clone(),
    })
}

/// A run with its jobs and what they uploaded; `None` for runs of workflows that are not Burstboard's.
pub fn assemble(
    run: &Run,
    jobs: Listing<Job>,
    artifacts: Listing<Artifact>,
    as_of: Timestamp,
) -> Option<RunView> {
    let summary = summary(run)?;
    let incomplete = jobs.incomplete || artifacts.incomplete;
    let artifacts = newest_by_name(artifacts.items);
    let (pairs, others) = match Workflow::of_path(&run.path)? {
        Workflow::Batch => batch(jobs.items, &artifacts),
        Workflow::Single => single(&summary, &jobs.items, &artifacts),
    };
    Some(RunView { run: summary, pairs, others, incomplete, as_of })
}

/// A re-run's upload replaces the earlier one of its name, whose listing may linger: the higher number is newer.
fn newest_by_name(artifacts: Vec<Artifact>) -> BTreeMap<String, Artifact> {
    let mut newest: BTreeMap<String, Artifact> = BTreeMap::new();
    for artifact in artifacts {
        match newest.get(&artifact.name) {
            Some(known) if known.id >= artifact.id => {}
            _ => {
                newest.insert(artifact.name.clone(), artifact);
            }
        }
    }
    newest
}

fn batch(jobs: Vec<Job>, artifacts: &BTreeMap<String, Artifact>) -> (Vec<PairView>, Vec<JobView>) {
    let mut pairs: BTreeMap<String, Job> = BTreeMap::new();
    let mut others = Vec::new();
    for job in jobs {
        match pair_of_job(&job.name) {
            Some(pair) => {
                let name = pair.to_string();
                // Should a pair ever have two jobs, the later one speaks for it.
                if pairs.get(&name).is_none_or(|known| known.id < job.id) {
                    pairs.insert(name, job);
                }
            }
            None => others.push(job_view(&job)),
        }
    }
    let view = |(name, job): (String, Job)| {
        let product = artifacts.get(&name).map(artifact_view);
        let preview = artifacts.get(&format!("{name}{PREVIEW_SUFFIX}")).map(artifact_view);
        pair_view(name, &job, product, preview)
    };
    (pairs.into_iter().map(view).collect(), others)
}

/// A single-job run has one pair, named by the run's title, since its job's name does not tell the dates.
fn single(
    run: &RunSummary,
    jobs: &[Job],
    artifacts: &BTreeMap<String, Artifact>,
) -> (Vec<PairView>, Vec<JobView>) {
    let is_the_pairs = |job: &Job| jobs.len() == 1 || job.name.rsplit(" / ").next() == Some(engine::NAME);
    let (mine, others): (Vec<&Job>, Vec<&Job>) = jobs.iter().partition(|job| is_the_pairs(job));
    let preview = artifacts.values().filter(|a| a.name.ends_with(PREVIEW_SUFFIX)).max_by_key(|a| a.id);
    let product = match preview.and_then(|p| p.name.strip_suffix(PREVIEW_SUFFIX)) {
        Some(name) => artifacts.get(name),
        None => artifacts.values().filter(|a| !a.name.ends_with(PREVIEW_SUFFIX)).max_by_key(|a| a.id),
    };
    let (product, preview) = (product.map(artifact_view), preview.map(artifact_view));
    let pair = match mine.last() {
        Some(job) => pair_view(run.title.clone(), job, product, preview),
        None => PairView {
            name: run.title.clone(),
            job: None,
            state: run.state,
            step: None,
            started: None,
            completed: None,
            product,
            preview,
        },
    };
    (vec![pair], others.into_iter().map(job_view).collect())
}

fn pair_view(
    name: String,
    job: &Job,
    product: Option<run::Artifact>,
    preview: Option<run::Artifact>,
) -> PairView {
    let state = State::from_github(&job.status, job.conclusion.as_deref());
    PairView {
        name,
        job: Some(job.id),
        state,
        step: telling_step(state, &job.steps),
        started: job.started_at.filter(|_| state != State::Queued),
        completed: job.completed_at,
        product,
        preview,
    }
}

/// The step at work while a job runs, the one that failed when it has failed.
fn telling_step(state: State, steps: &[Step]) -> Option<String> {
    let step = match state {
        State::Running => steps.iter().find(|step| step.status == "in_progress"),
        State::Failed => steps.iter().find(|step| {
            State::from_github(&step.status, step.conclusion.as_deref()) == State::Failed
                && step.conclusion.is_some()
        }),
        _ => None,
    };
    step.map(|step| step.name.clone())
}

fn job_view(job: &Job) -> JobView {
    let state = State::from_github(&job.status, job.conclusion.as_deref());
    JobView {
        id: job.id,
        name: job.name.clone(),
        state,
        started: job.started_at.filter(|_| state != State::Queued),
        completed: job.completed_at,
    }
}

fn artifact_view(artifact: &Artifact) -> run::Artifact {
    run::Artifact {
        id: artifact.id,
        name: artifact.name.clone(),
        bytes: artifact.size_in_bytes,
        created: artifact.created_at,
        expires: artifact.expires_at,
        expired: artifact.expired,
    }
}
