//! A workflow file, as far as the sandbox has to understand it; the rest is passed to the runner as it stands.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value};

/// Where a repository keeps its workflows.
pub const FOLDER: &str = ".github/workflows";

/// A workflow file cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct DocumentError {
    path: String,
    problem: String,
}

/// One workflow.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// Path inside the repository.
    pub path: String,
    /// `name`, or the path without one.
    pub name: String,
    /// `run-name`, unevaluated.
    pub run_name: Option<String>,
    /// Inputs of `workflow_dispatch`, where the file has that trigger.
    pub dispatch: Option<Vec<Input>>,
    /// Inputs of `workflow_call`, where the file has that trigger.
    pub call: Option<Vec<Input>>,
    /// Outputs of `workflow_call`: name and unevaluated value.
    pub call_outputs: Vec<(String, String)>,
    /// Jobs in the order of the file.
    pub jobs: Vec<(String, Value)>,
    /// `env` and `defaults`, which every job inherits.
    pub shared: Map<String, Value>,
}

/// A declared input.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Name.
    pub name: String,
    /// Type.
    pub kind: Kind,
    /// Whether it must not be empty.
    pub required: bool,
    /// Default.
    pub default: Option<Value>,
}

/// Type of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text; environments count as text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// One of these.
    Choice(Vec<String>),
}

#[derive(Deserialize)]
struct RawInput {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    required: bool,
    default: Option<Value>,
    #[serde(default)]
    options: Vec<Value>,
}

impl Workflow {
    /// Reads the file `path` with the content `text`.
    pub fn read(path: &str, text: &str) -> Result<Self, DocumentError> {
        let fail = |problem: String| DocumentError { path: path.to_owned(), problem };
        let mut document: serde_norway::Mapping =
            serde_norway::from_str(text).map_err(|e| fail(format!("is not a workflow: {e}")))?;
        let jobs = match document.remove("jobs") {
            Some(serde_norway::Value::Mapping(jobs)) => jobs
                .into_iter()
                .map(|(id, job)| Ok((key_text(&id), to_json(job).map_err(fail)?)))
                .collect::<Result<Vec<_>, DocumentError>>()?,
            _ => return Err(fail("has no jobs".to_owned())),
        };
        let mut rest: Map<String, Value> = document
            .into_iter()
            .map(|(key, value)| Ok((key_text(&key), to_json(value).map_err(fail)?)))
            .collect::<Result<_, DocumentError>>()?;
        let on = rest.remove("on").unwrap_or_default();
        let text_at = |key: &str| rest.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            name: text_at("name").unwrap_or_else(|| path.to_owned()),
            run_name: text_at("run-name"),
            dispatch: trigger_inputs(&on, "workflow_dispatch").map_err(fail)?,
            call: trigger_inputs(&on, "workflow_call").map_err(fail)?,
            call_outputs: call_outputs(&on),
            jobs,
            shared: ["env", "defaults"].iter().filter_map(|k| rest.remove_entry(*k)).collect(),
            path: path.to_owned(),
        })
    }

    /// Reads all workflows of a repository; a file that cannot be read is left out and reported.
    pub fn read_folder(repository: &Path) -> (BTreeMap<String, Self>, Vec<DocumentError>) {
        let mut found = BTreeMap::new();
        let mut problems = Vec::new();
        for entry in std::fs::read_dir(repository.join(FOLDER)).into_iter().flatten().flatten() {
            let file = entry.path();
            if !matches!(file.extension().and_then(|e| e.to_str()), Some("yml" | "yaml")) {
                continue;
            }
            let path = format!("{FOLDER}/{}", entry.file_name().to_string_lossy());
            let read = std::fs::read_to_string(&file)
                .map_err(|e| DocumentError { path: path.clone(), problem: format!("cannot be read: {e}") })
                .and_then(|text| Self::read(&path, &text));
            match read {
                Ok(workflow) => drop(found.insert(path, workflow)),
                Err(problem) => problems.push(problem),
            }
        }
        (found, problems)
    }
}

fn key_text(key: &serde_norway::Value) -> String {
    key.as_str()
        .map_or_else(|| serde_norway::to_string(key).unwrap_or_default().trim().to_owned(), str::to_owned)
}

fn to_json(value: serde_norway::Value) -> Result<Value, String> {
    serde_norway::from_value(value).map_err(|e| format!("has a part that is not plain data: {e}"))
}

/// `on` may be a name, a list of names or a map.
fn trigger_inputs(on: &Value, trigger: &str) -> Result<Option<Vec<Input>>, String> {
    let body = match on {
        Value::String(name) if name == trigger => &Value::Null,
        Value::Array(names) if names.iter().any(|name| name == trigger) => &Value::Null,
        Value::Object(map) => match map.get(trigger) {
            Some(body) => body,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Some(Value::Object(inputs)) = body.get("inputs") else { return Ok(Some(Vec::new())) };
    inputs.iter().map(|(name, raw)| input(name, raw)).collect::<Result<_, _>>().map(Some)
}

fn input(name: &str, raw: &Value) -> Result<Input, String> {
    let raw = if raw.is_null() { Value::Object(Map::new()) } else { raw.clone() };
    let raw: RawInput =
        serde_json::from_value(raw).map_err(|e| format!("the input {name} cannot be read: {e}"))?;
    let kind = match raw.kind.as_deref() {
        None | Some("string" | "environment") => Kind::Text,
        Some("boolean") => Kind::Boolean,
        Some("number") => Kind::Number,
        Some("choice") => Kind::Choice(raw.options.iter().map(super::expression::text_of).collect()),
        Some(other) => return Err(format!("the input {name} has the unknown type {other}")),
    };
    Ok(Input { name: name.to_owned(), kind, required: raw.required, default: raw.default })
}

fn call_outputs(on: &Value) -> Vec<(String, String)> {
    on.pointer("/workflow_call/outputs")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(name, output)| Some((name.clone(), output.get("value")?.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name: Single\nrun-name: ${{ inputs.a }}\non:\n  workflow_dispatch:\n    inputs:\n      a: {type: choice, options: [20x4, 10x2], required: true, default: 20x4}\n      b: {type: boolean, default: false}\n  push:\njobs:\n  z: {runs-on: x, steps: []}\n  a: {runs-on: x, steps: []}\n";

    #[test]
    fn reads_triggers_inputs_and_jobs_in_order() {
        let workflow = Workflow::read(".github/workflows/x.yml", TEXT).unwrap();
        assert_eq!(workflow.jobs.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["z", "a"]);
        let inputs = workflow.dispatch.unwrap();
        assert_eq!(inputs[0].kind, Kind::Choice(vec!["20x4".into(), "10x2".into()]));
        assert_eq!(inputs[1].default, Some(Value::Bool(false)));
        assert!(workflow.call.is_none());
    }

    #[test]
    fn triggers_may_be_a_name_or_a_list() {
        for on in ["workflow_dispatch", "[push, workflow_dispatch]"] {
            let workflow = Workflow::read("x", &format!("on: {on}\njobs: {{a: {{}}}}\n")).unwrap();
            assert_eq!(workflow.dispatch, Some(Vec::new()), "{on}");
        }
    }

    #[test]
    fn says_which_file_is_wrong() {
        let error = Workflow::read("bad.yml", "on: push").unwrap_err().to_string();
        assert_eq!(error, "bad.yml: has no jobs");
    }
}
