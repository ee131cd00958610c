//! One job as a workflow file of its own, for the runner.
//!
//! GitHub expands a run into jobs and gives each to a runner; so does the sandbox. The runner (`act`) gets the job as
//! it stands in the repository's file, with its leg of the matrix, the outputs of the jobs it needs and its inputs
//! spelled out, and nothing of the graph around it. It is written as JSON, which is YAML without its ambiguities.

use serde_json::{Map, Value, json};

use super::{
    document::{Input, Kind, Workflow},
    matrix::Leg,
};

/// What is decided by the graph, not by the runner.
const OF_THE_GRAPH: [&str; 6] = ["needs", "if", "strategy", "name", "concurrency", "permissions"];

/// What a job gets from the run around it.
pub struct Surroundings<'a> {
    /// Name of the workflow that was dispatched.
    pub workflow_name: &'a str,
    /// Declared inputs of the file that the job stands in.
    pub inputs: &'a [Input],
    /// The job's leg, where it has a matrix.
    pub leg: Option<&'a Leg>,
    /// The `needs` context: `{id: {result, outputs}}`.
    pub needs: &'a Map<String, Value>,
}

/// The workflow file with the one job `id` of `workflow`.
pub fn slice(workflow: &Workflow, id: &str, job: &Value, around: &Surroundings<'_>) -> Value {
    let mut body = job.as_object().cloned().unwrap_or_default();
    for key in OF_THE_GRAPH {
        body.remove(key);
    }
    if let Some(leg) = around.leg {
        body.insert("strategy".to_owned(), json!({"matrix": {"include": [leg]}}));
    }
    let mut jobs = Map::new();
    if !around.needs.is_empty() {
        body.insert("needs".to_owned(), around.needs.keys().cloned().collect());
    }
    for (needed, state) in around.needs {
        jobs.insert(needed.clone(), stand_in(state));
    }
    jobs.insert(id.to_owned(), Value::Object(body));
    let inputs: Map<String, Value> =
        around.inputs.iter().map(|input| (input.name.clone(), declaration(input))).collect();
    let mut file = workflow.shared.clone();
    file.insert("name".to_owned(), json!(around.workflow_name));
    file.insert("on".to_owned(), json!({"workflow_dispatch": {"inputs": inputs}}));
    file.insert("jobs".to_owned(), Value::Object(jobs));
    Value::Object(file)
}

/// A needed job that has run already: it does nothing and has the outputs that are known.
fn stand_in(state: &Value) -> Value {
    let outputs: Map<String, Value> = state
        .get("outputs")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), Value::String(literal(&super::expression::text_of(value)))))
        .collect();
    json!({"runs-on": "ubuntu-latest", "outputs": outputs, "steps": [{"run": "true"}]})
}

/// `text` so that nothing in it is evaluated.
fn literal(text: &str) -> String {
    text.replace("${{", "${{ '${{' }}")
}

fn declaration(input: &Input) -> Value {
    let kind = match input.kind {
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::Text | Kind::Choice(_) => "string",
    };
    json!({"type": kind, "required": false})
}

/// A step as the page lists it before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the runner calls it: its `id`, or its place from 0.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// The steps of a job in their order.
pub fn steps(job: &Value) -> Vec<Step> {
    let field = |step: &Value, key: &str| step.get(key).and_then(Value::as_str).map(str::to_owned);
    job.get("steps")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, step)| Step {
            id: field(step, "id").unwrap_or_else(|| at.to_string()),
            name: field(step, "name")
                .or_else(|| field(step, "uses").map(|uses| format!("Run {uses}")))
                .or_else(|| {
                    field(step, "run").map(|run| format!("Run {}", run.lines().next().unwrap_or_default()))
                })
                .unwrap_or_else(|| format!("Step {}", at + 1)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_holds_the_job_as_it_stands_and_nothing_of_the_graph() {
        let text = "name: B\non: workflow_dispatch\nenv: {A: '1'}\njobs:\n  s: {steps: []}\n  p:\n    needs: s\n    if: always()\n    runs-on: x\n    steps: [{id: w, run: 'echo ${{ inputs.r }}\n\n      more'}, {uses: a/b@c}]\n";
        let workflow = Workflow::read("x", text).unwrap();
        let needs = json!({"s": {"result": "success", "outputs": {"m": "a ${{ b }}"}}});
        let leg = Leg::from_iter([("name".to_owned(), json!("n"))]);
        let around = Surroundings {
            workflow_name: "Top",
            inputs: &[],
            leg: Some(&leg),
            needs: needs.as_object().unwrap(),
        };
        let job = &workflow.jobs[1].1;
        let file = slice(&workflow, "p", job, &around);
        assert_eq!(file["jobs"]["p"]["steps"], job["steps"]);
        assert_eq!(file["jobs"]["p"]["strategy"], json!({"matrix": {"include": [{"name": "n"}]}}));
        assert_eq!(file["jobs"]["p"].get("if"), None);
        assert_eq!(file["jobs"]["s"]["outputs"]["m"], "a ${{ '${{' }} b }}");
        assert_eq!(file["env"], json!({"A": "1"}));
        let names: Vec<_> = steps(job).into_iter().map(|s| (s.id, s.name)).collect();
        assert_eq!(
            names,
            [
                ("w".to_owned(), "Run echo ${{ inputs.r }}".to_owned()),
                ("1".to_owned(), "Run a/b@c".to_owned())
            ]
        );
    }
}
