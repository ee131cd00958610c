//! A job's steps as the runner's events move them. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::events::Event;
use crate::{
    store::{Job, Status, Step},
    workflow::{
        expression::Scope,
        plan::{Conclusion, Work},
    },
};

/// What the events so far amount to.
pub(super) struct Progress {
    /// Number of each step by the runner's name for it.
    numbers: BTreeMap<String, usize>,
    /// The scripts of `run` steps by number.
    scripts: BTreeMap<usize, String>,
    /// Outputs by step.
    outputs: BTreeMap<String, Map<String, Value>>,
    /// The last line of a failed step, held back until all that the step wrote is there.
    last_line: Option<Written>,
    ended: Option<bool>,
}

/// A piece of log: step number and text.
pub(super) type Written = (usize, String);

impl Progress {
    /// Before the first event; gives `job` its steps.
    pub(super) fn new(job: &mut Job, work: &Work, now: i64) -> Self {
        let steps = work.steps();
        let script = |at: usize| {
            let step = work.slice.pointer(&format!("/jobs/{}/steps/{at}/run", work.id.replace('/', "~1")))?;
            Some((at + 2, step.as_str()?.trim_end().to_owned()))
        };
        let progress = Self {
            numbers: steps.iter().enumerate().map(|(at, step)| (step.id.clone(), at + 2)).collect(),
            scripts: (0..steps.len()).filter_map(script).collect(),
            outputs: BTreeMap::new(),
            last_line: None,
            ended: None,
        };
        let names = std::iter::once("Set up job".to_owned())
            .chain(steps.into_iter().map(|step| step.name))
            .chain(std::iter::once("Complete job".to_owned()));
        job.steps = names
            .enumerate()
            .map(|(at, name)| Step {
                number: at + 1,
                name,
                status: Status::Queued,
                conclusion: None,
                started: None,
                completed: None,
            })
            .collect();
        begin(job, 1, now);
        progress
    }

    /// The line that was held back, if there is one: to be written when a step begins and when the job has ended.
    pub(super) fn held_back(&mut self) -> Option<Written> {
        self.last_line.take()
    }

    /// Applies one event; gives what belongs into the log.
    pub(super) fn apply(&mut self, job: &mut Job, event: Event, now: i64) -> Option<Written> {
        match event {
            Event::ExitCode(step, code) => {
                let number = self.number(Some(&step));
                self.last_line = Some((number, format!("##[error]Process completed with exit code {code}.")));
                None
            }
            Event::Begun(step) => {
                let number = *self.numbers.get(&step)?;
                end(job, 1, Conclusion::Success, now);
                begin(job, number, now);
                let name = job.steps.get(number - 1).map(|step| step.name.clone()).unwrap_or_default();
                let script =
                    self.scripts.get(&number).map(|script| format!("\n{script}")).unwrap_or_default();
                Some((number, format!("##[group]{name}{script}\n##[endgroup]")))
            }
            Event::Ended(step, well) => {
                let number = *self.numbers.get(&step)?;
                end(job, number, if well { Conclusion::Success } else { Conclusion::Failure }, now);
                None
            }
            Event::Output { step, name, value } => {
                self.outputs.entry(step).or_default().insert(name, Value::String(value));
                None
            }
            Event::Line(step, text) => Some((self.number(step.as_deref()), text)),
            Event::Annotation(step, text, annotation) => {
                job.annotations.push(annotation);
                Some((self.number(step.as_deref()), text))
            }
            Event::JobEnded(well) => {
                self.ended = Some(well);
                None
            }
        }
    }

    fn number(&self, step: Option<&str>) -> usize {
        step.and_then(|step| self.numbers.get(step)).copied().unwrap_or(1)
    }

    /// Whether the runner said how the job ended, and how.
    pub(super) fn ended(&self) -> Option<bool> {
        self.ended
    }

    /// Closes the books: what was at work ends with the job, what had not begun was left out.
    pub(super) fn finish(&self, job: &mut Job, work: &Work, conclusion: Conclusion, now: i64) {
        let last = job.steps.len();
        for step in &mut job.steps {
            let open = step.status != Status::Completed;
            let ended = match step.status {
                Status::Completed => continue,
                Status::InProgress => conclusion,
                Status::Queued if step.number == last => Conclusion::Success,
                Status::Queued => Conclusion::Skipped,
            };
            if open {
                step.started.get_or_insert(now);
                (step.status, step.conclusion, step.completed) = (Status::Completed, Some(ended), Some(now));
            }
        }
        // What killed a cancelled job's step was not the step's own fault.
        if conclusion == Conclusion::Cancelled {
            for step in job.steps.iter_mut().filter(|step| step.conclusion == Some(Conclusion::Failure)) {
                step.conclusion = Some(Conclusion::Cancelled);
            }
        }
        job.outputs = self.job_outputs(work);
        (job.status, job.conclusion, job.completed) = (Status::Completed, Some(conclusion), Some(now));
        job.started.get_or_insert(now);
    }

    fn job_outputs(&self, work: &Work) -> Map<String, Value> {
        let contexts = Map::from_iter([
            (
                "steps".to_owned(),
                self.outputs.iter().map(|(id, outputs)| (id.clone(), json!({"outputs": outputs}))).collect(),
            ),
            ("inputs".to_owned(), Value::Object(work.inputs.clone())),
        ]);
        let scope = Scope { contexts, ..Scope::default() };
        let texts = work.outputs.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        texts
            .filter_map(|(name, text)| Some((name.clone(), Value::String(scope.fill_text(text).ok()?))))
            .collect()
    }
}

fn begin(job: &mut Job, number: usize, now: i64) {
    if let Some(step) = job.steps.get_mut(number - 1).filter(|step| step.status == Status::Queued) {
        (step.status, step.started) = (Status::InProgress, Some(now));
    }
}

fn end(job: &mut Job, number: usize, conclusion: Conclusion, now: i64) {
    if let Some(step) = job.steps.get_mut(number - 1).filter(|step| step.status != Status::Completed) {
        step.started.get_or_insert(now);
        (step.status, step.conclusion, step.completed) = (Status::Completed, Some(conclusion), Some(now));
    }
}
