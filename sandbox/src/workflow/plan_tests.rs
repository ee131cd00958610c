use super::*;

const BATCH: &str = "name: Batch\nrun-name: ${{ inputs.burst }}\non:\n  workflow_dispatch:\n    inputs:\n      burst: {type: string, required: true}\n      mask: {type: boolean, default: false}\njobs:\n  search:\n    runs-on: ubuntu-latest\n    outputs: {matrix: '${{ steps.p.outputs.matrix }}'}\n    steps: [{id: p, run: x}]\n  pair:\n    needs: search\n    name: ${{ matrix.name }}\n    strategy: {fail-fast: false, matrix: '${{ fromJson(needs.search.outputs.matrix) }}'}\n    uses: ./.github/workflows/single.yml\n    with: {reference: '${{ matrix.reference }}', mask: '${{ inputs.mask }}'}\n  summary:\n    needs: [search, pair]\n    if: always()\n    runs-on: ubuntu-latest\n    steps: [{run: 'echo ${{ needs.pair.result }}'}]\n";
const SINGLE: &str = "name: Single\non:\n  workflow_call:\n    inputs:\n      reference: {type: string, required: true}\n      mask: {type: boolean, required: true}\njobs:\n  work:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps: [{run: 'echo ${{ inputs.reference }}'}]\n";

struct Fixture {
    workflows: BTreeMap<String, Workflow>,
    inputs: Map<String, Value>,
    github: Value,
    ends: BTreeMap<String, End>,
}

impl Fixture {
    fn new() -> Self {
        let workflows = [(".github/workflows/batch.yml", BATCH), (".github/workflows/single.yml", SINGLE)]
            .map(|(path, text)| (path.to_owned(), Workflow::read(path, text).unwrap()));
        Self {
            workflows: BTreeMap::from(workflows),
            inputs: Map::from_iter([("burst".to_owned(), json!("B")), ("mask".to_owned(), json!("true"))]),
            github: json!({"actor": "local"}),
            ends: BTreeMap::new(),
        }
    }

    fn run(&self) -> Run<'_> {
        Run {
            workflows: &self.workflows,
            path: ".github/workflows/batch.yml",
            inputs: &self.inputs,
            github: &self.github,
        }
    }

    fn end(&mut self, key: &str, conclusion: Conclusion, outputs: &Value) -> Plan {
        let outputs = outputs.as_object().cloned().unwrap_or_default();
        self.ends.insert(key.to_owned(), End { conclusion, outputs });
        self.run().plan(&self.ends)
    }
}

fn names(plan: &Plan) -> Vec<&str> {
    plan.jobs.iter().map(|job| job.name.as_str()).collect()
}

fn matrix_of(names: &[&str]) -> Value {
    let legs: Vec<_> = names.iter().map(|n| json!({"name": n, "reference": format!("R{n}")})).collect();
    json!({"matrix": json!({"include": legs}).to_string()})
}

#[test]
fn jobs_appear_as_those_they_need_end() {
    let mut run = Fixture::new();
    let plan = run.run().plan(&run.ends);
    assert_eq!((names(&plan), plan.outcome), (vec!["search"], None));

    let plan = run.end("search", Conclusion::Success, &matrix_of(&["a", "b"]));
    assert_eq!(names(&plan), ["search", "a / work", "b / work"]);
    let Fate::Run(work) = &plan.jobs[2].fate else { panic!("{:?}", plan.jobs[2]) };
    assert_eq!(Value::Object(work.inputs.clone()), json!({"reference": "Rb", "mask": "true"}));
    assert_eq!(work.timeout_minutes, 5.0);
    assert_eq!(work.slice["name"], "Batch");

    let plan = run.end("pair#0/work", Conclusion::Success, &json!({}));
    assert_eq!((names(&plan).len(), plan.outcome), (3, None));
    let plan = run.end("pair#1/work", Conclusion::Failure, &json!({}));
    assert_eq!(names(&plan), ["search", "a / work", "b / work", "summary"]);
    assert_eq!(plan.jobs[3].after, ["search", "pair#0/work", "pair#1/work"]);
    let plan = run.end("summary", Conclusion::Success, &json!({}));
    assert_eq!(plan.outcome, Some(Conclusion::Failure));
}

#[test]
fn what_needs_a_failed_job_is_skipped_unless_it_says_otherwise() {
    let mut run = Fixture::new();
    let plan = run.end("search", Conclusion::Failure, &json!({}));
    assert_eq!(plan.jobs[1].name, "${{ matrix.name }}");
    assert_eq!(plan.jobs[1].fate, Fate::Skip);
    assert_eq!(plan.jobs[2].name, "summary");
    assert!(matches!(plan.jobs[2].fate, Fate::Run(_)));
}

#[test]
fn a_matrix_that_cannot_be_expanded_is_a_failed_job_with_a_reason() {
    let mut run = Fixture::new();
    for (outputs, reason) in [(json!({}), "matrix"), (json!({"matrix": r#"{"include":[]}"#}), "no legs")] {
        let plan = run.end("search", Conclusion::Success, &outputs);
        let Fate::Broken(sentence) = &plan.jobs[1].fate else { panic!("{:?}", plan.jobs[1]) };
        assert!(sentence.contains(reason), "{sentence}");
    }
}

#[test]
fn titles_come_from_the_run_name() {
    let mut run = Fixture::new();
    assert_eq!(run.run().title().unwrap(), "B");
    run.inputs.insert("burst".to_owned(), json!(" "));
    assert_eq!(run.run().title().unwrap(), "Batch");
}
