//! Which jobs a run has, given how the jobs so far have ended.
//!
//! A pure function of the workflow files, the inputs and the ends known so far, asked again after each end. So a
//! re-run is nothing special: it starts with the ends that are carried over.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

pub use super::conclusion::Conclusion;
use super::{
    document::Workflow,
    expression::{ExpressionError, Scope, Status, text_of},
    inputs, matrix,
    slice::{Step, Surroundings, slice, steps},
};

/// How deep workflows may call each other, as on GitHub.
const DEEPEST: usize = 10;

/// The end of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// How.
    pub conclusion: Conclusion,
    /// Its outputs.
    pub outputs: Map<String, Value>,
}

/// What is to happen with a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// A runner takes it.
    Run(Box<Work>),
    /// Its condition does not hold.
    Skip,
    /// The workflow is wrong here; the sentence says how.
    Broken(String),
}

/// What a runner needs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Work {
    /// Id of the job in its file.
    pub id: String,
    /// The file with this one job.
    pub slice: Value,
    /// Inputs, as text.
    pub inputs: Map<String, Value>,
    /// The job's outputs, unevaluated.
    pub outputs: Map<String, Value>,
    /// `timeout-minutes`.
    pub timeout_minutes: f64,
}

impl Work {
    /// The steps that the job will have.
    pub fn steps(&self) -> Vec<Step> {
        self.slice.get("jobs").and_then(|jobs| jobs.get(&self.id)).map(steps).unwrap_or_default()
    }
}

/// A job that exists by now.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The same in every attempt: ids of the calling jobs with the places of their legs, then its own.
    pub key: String,
    /// As GitHub shows it: `20180604_20180616 / hyp3-isce2`.
    pub name: String,
    /// Keys of the jobs that had to end before.
    pub after: Vec<String>,
    /// What is to happen.
    pub fate: Fate,
}

/// The jobs so far, and how the run ended if it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// In the order of the files.
    pub jobs: Vec<Job>,
    /// Set when no job is left.
    pub outcome: Option<Conclusion>,
}

/// What a run is made of.
pub struct Run<'a> {
    /// All workflow files by path.
    pub workflows: &'a BTreeMap<String, Workflow>,
    /// The one that was dispatched.
    pub path: &'a str,
    /// Its inputs, as text.
    pub inputs: &'a Map<String, Value>,
    /// The `github` context, as far as names and conditions need it.
    pub github: &'a Value,
}

impl Run<'_> {
    /// The run's title: `run-name` evaluated, or the workflow's name.
    pub fn title(&self) -> Result<String, ExpressionError> {
        let Some(workflow) = self.workflows.get(self.path) else { return Ok(self.path.to_owned()) };
        let inputs = inputs::typed(workflow.dispatch.as_deref().unwrap_or_default(), self.inputs);
        let title =
            workflow.run_name.as_deref().map(|name| self.scope(&inputs).fill_text(name)).transpose()?;
        let title = title.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        Ok(title.unwrap_or_else(|| workflow.name.clone()))
    }

    /// The jobs that exist when `ends` have ended.
    pub fn plan(&self, ends: &BTreeMap<String, End>) -> Plan {
        let mut planner = Planner { run: self, ends, jobs: Vec::new(), top_name: self.path };
        let Some(workflow) = self.workflows.get(self.path) else {
            return Plan { jobs: Vec::new(), outcome: Some(Conclusion::Failure) };
        };
        planner.top_name = &workflow.name;
        let inputs = inputs::typed(workflow.dispatch.as_deref().unwrap_or_default(), self.inputs);
        let call =
            Call { workflow, inputs, key: String::new(), name: String::new(), after: Vec::new(), depth: 1 };
        let outcome = planner.graph(&call).map(|end| end.conclusion);
        Plan { jobs: planner.jobs, outcome }
    }

    fn scope(&self, inputs: &Map<String, Value>) -> Scope {
        let contexts = Map::from_iter([
            ("inputs".to_owned(), Value::Object(inputs.clone())),
            ("github".to_owned(), self.github.clone()),
            ("vars".to_owned(), json!({})),
        ]);
        Scope { contexts, status: Status::default() }
    }
}

/// One workflow file at one place of the run.
struct Call<'a> {
    workflow: &'a Workflow,
    inputs: Map<String, Value>,
    key: String,
    name: String,
    after: Vec<String>,
    depth: usize,
}

struct Planner<'a> {
    run: &'a Run<'a>,
    ends: &'a BTreeMap<String, End>,
    jobs: Vec<Job>,
    top_name: &'a str,
}

/// A job of a file with all its legs: what it added, and its end if it has ended.
struct Node {
    keys: Vec<String>,
    end: Option<End>,
}

impl<'a> Planner<'a> {
    fn graph(&mut self, call: &Call<'_>) -> Option<End> {
        let mut nodes: BTreeMap<&str, Node> = BTreeMap::new();
        let mut waiting: Vec<&(String, Value)> = call.workflow.jobs.iter().collect();
        while !waiting.is_empty() {
            let (ready, later): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|(_, job)| needs(job).iter().all(|id| nodes.contains_key(id.as_str())));
            if ready.is_empty() {
                for (id, _) in later {
                    let sentence =
                        format!("the job {id} needs a job that does not exist or that needs it in turn");
                    nodes.insert(id, self.broken(call, id, Vec::new(), &sentence));
                }
                break;
            }
            for (id, job) in ready {
                let node = self.node(call, id, job, &nodes);
                nodes.insert(id, node);
            }
            waiting = later;
        }
        let ends: Vec<End> = nodes.values().map(|node| node.end.clone()).collect::<Option<_>>()?;
        let outputs = self.call_outputs(call, &nodes);
        Some(End { conclusion: Conclusion::of(ends.iter().map(|end| end.conclusion)), outputs })
    }

    fn node(&mut self, call: &Call<'_>, id: &str, job: &Value, nodes: &BTreeMap<&str, Node>) -> Node {
        let mut after = call.after.clone();
        let mut context = Map::new();
        let mut scope = self.run.scope(&call.inputs);
        for need in needs(job) {
            let Some(node) = nodes.get(need.as_str()) else { continue };
            let Some(end) = &node.end else { return Node { keys: Vec::new(), end: None } };
            after.extend(node.keys.iter().cloned());
            scope.status.failure |= end.conclusion == Conclusion::Failure;
            scope.status.cancelled |= end.conclusion == Conclusion::Cancelled;
            scope.status.skipped |= end.conclusion == Conclusion::Skipped;
            context.insert(need, json!({"result": end.conclusion.word(), "outputs": end.outputs}));
        }
        scope.contexts.insert("needs".to_owned(), Value::Object(context.clone()));
        let expanded = scope.condition(job.get("if")).map_err(|e| e.to_string()).and_then(|holds| {
            if !holds {
                return Ok(None);
            }
            let Some(matrix) = job.pointer("/strategy/matrix") else { return Ok(Some(vec![None])) };
            let filled = scope.fill_all(matrix).map_err(|e| e.to_string())?;
            Ok(Some(matrix::legs(&filled)?.into_iter().map(Some).collect()))
        });
        let legs: Vec<Option<matrix::Leg>> = match expanded {
            Ok(Some(legs)) => legs,
            Ok(None) => return self.skipped(call, id, job, after),
            Err(sentence) => return self.broken(call, id, after, &sentence),
        };
        let mut node = Node { keys: Vec::new(), end: None };
        let mut ends = Vec::new();
        for (at, leg) in legs.into_iter().enumerate() {
            let key =
                if leg.is_some() { format!("{}{id}#{at}", call.key) } else { format!("{}{id}", call.key) };
            let before = self.jobs.len();
            let place = Place { call, id, job, key: &key, after: &after, leg: leg.as_ref(), needs: &context };
            ends.push(self.leg(&place, &scope));
            node.keys.extend(self.jobs.iter().skip(before).map(|job| job.key.clone()));
        }
        node.end = ends.into_iter().collect::<Option<Vec<End>>>().map(|ends| End {
            conclusion: Conclusion::of(ends.iter().map(|end| end.conclusion)),
            outputs: ends
                .into_iter()
                .flat_map(|end| end.outputs)
                .filter(|(_, value)| *value != json!(""))
                .collect(),
        });
        node
    }

    /// One leg of a job: a job for a runner, or a whole workflow.
    fn leg(&mut self, place: &Place<'_>, scope: &Scope) -> Option<End> {
        let mut scope = scope.clone();
        scope.contexts.insert("matrix".to_owned(), place.leg.map_or_else(|| json!({}), |leg| json!(leg)));
        let name = match place.job.get("name").and_then(Value::as_str) {
            Some(name) => match scope.fill_text(name) {
                Ok(name) => name,
                Err(e) => return self.broken(place.call, place.id, place.after.to_vec(), &e.to_string()).end,
            },
            None => default_name(place.id, place.leg),
        };
        let name = format!("{}{name}", place.call.name);
        if let Some(uses) = place.job.get("uses").and_then(Value::as_str) {
            return match self.called(place, &scope, uses, &name) {
                Ok(call) => self.graph(&call),
                Err(sentence) => self.broken(place.call, place.id, place.after.to_vec(), &sentence).end,
            };
        }
        let around = Surroundings {
            workflow_name: self.top_name,
            inputs: declared(place.call),
            leg: place.leg,
            needs: place.needs,
        };
        let work = Work {
            id: place.id.to_owned(),
            slice: slice(place.call.workflow, place.id, place.job, &around),
            inputs: place.call.inputs.iter().map(|(k, v)| (k.clone(), Value::String(text_of(v)))).collect(),
            outputs: place.job.get("outputs").and_then(Value::as_object).cloned().unwrap_or_default(),
            timeout_minutes: place.job.get("timeout-minutes").and_then(Value::as_f64).unwrap_or(360.0),
        };
        let end = self.ends.get(place.key).cloned();
        let (key, after) = (place.key.to_owned(), place.after.to_vec());
        self.jobs.push(Job { key, name, after, fate: Fate::Run(Box::new(work)) });
        end
    }

    fn called(&self, place: &Place<'_>, scope: &Scope, uses: &str, name: &str) -> Result<Call<'a>, String> {
        let path = uses.trim_start_matches("./");
        let workflow = self.run.workflows.get(path).filter(|_| uses.starts_with("./")).ok_or_else(|| {
            format!(
                "the job {} calls {uses}; the sandbox only has the workflows of this repository",
                place.id
            )
        })?;
        let declared =
            workflow.call.as_deref().ok_or_else(|| format!("{path} has no workflow_call trigger"))?;
        if place.call.depth >= DEEPEST {
            return Err(format!("workflows call each other more than {DEEPEST} deep"));
        }
        let with = scope.fill_all(place.job.get("with").unwrap_or(&json!({}))).map_err(|e| e.to_string())?;
        let with = with.as_object().cloned().unwrap_or_default();
        if let Some(unknown) = with.keys().find(|name| declared.iter().all(|input| input.name != **name)) {
            return Err(format!("{path} has no input {unknown}"));
        }
        if let Some(missing) = declared.iter().find(|i| i.required && !with.contains_key(&i.name)) {
            return Err(format!("{path} needs the input {}", missing.name));
        }
        Ok(Call {
            workflow,
            inputs: inputs::typed(declared, &with),
            key: format!("{}/", place.key),
            name: format!("{name} / "),
            after: place.after.to_vec(),
            depth: place.call.depth + 1,
        })
    }

    fn skipped(&mut self, call: &Call<'_>, id: &str, job: &Value, after: Vec<String>) -> Node {
        // GitHub leaves the name of a skipped matrix unevaluated: there is no leg to take values from.
        let name = job.get("name").and_then(Value::as_str).unwrap_or(id);
        let key = format!("{}{id}", call.key);
        self.jobs.push(Job {
            key: key.clone(),
            name: format!("{}{name}", call.name),
            after,
            fate: Fate::Skip,
        });
        Node { keys: vec![key], end: Some(End { conclusion: Conclusion::Skipped, outputs: Map::new() }) }
    }

    fn broken(&mut self, call: &Call<'_>, id: &str, after: Vec<String>, sentence: &str) -> Node {
        let key = format!("{}{id}", call.key);
        let fate = Fate::Broken(format!("{}: {sentence}", call.workflow.path));
        self.jobs.push(Job { key: key.clone(), name: format!("{}{id}", call.name), after, fate });
        Node { keys: vec![key], end: Some(End { conclusion: Conclusion::Failure, outputs: Map::new() }) }
    }

    fn call_outputs(&self, call: &Call<'_>, nodes: &BTreeMap<&str, Node>) -> Map<String, Value> {
        let mut scope = self.run.scope(&call.inputs);
        let jobs: Map<String, Value> = nodes
            .iter()
            .filter_map(|(id, node)| {
                let end = node.end.as_ref()?;
                Some(((*id).to_owned(), json!({"result": end.conclusion.word(), "outputs": end.outputs})))
            })
            .collect();
        scope.contexts.insert("jobs".to_owned(), Value::Object(jobs));
        let outputs = call.workflow.call_outputs.iter();
        outputs.filter_map(|(name, value)| Some((name.clone(), scope.fill(value).ok()?))).collect()
    }
}

/// Where a leg stands.
struct Place<'a> {
    call: &'a Call<'a>,
    id: &'a str,
    job: &'a Value,
    key: &'a str,
    after: &'a [String],
    leg: Option<&'a matrix::Leg>,
    needs: &'a Map<String, Value>,
}

fn declared<'a>(call: &Call<'a>) -> &'a [super::document::Input] {
    let inputs = if call.depth == 1 { &call.workflow.dispatch } else { &call.workflow.call };
    inputs.as_deref().unwrap_or_default()
}

fn needs(job: &Value) -> Vec<String> {
    match job.get("needs") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().map(text_of).collect(),
        _ => Vec::new(),
    }
}

fn default_name(id: &str, leg: Option<&matrix::Leg>) -> String {
    match leg {
        Some(leg) => format!("{id} ({})", leg.values().map(text_of).collect::<Vec<_>>().join(", ")),
        None => id.to_owned(),
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
