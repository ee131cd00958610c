//! What is missing or wrong: told to those who look after the deployment; to others only whether it is up.

use domain::{access::Action, api::Health};

use crate::{
    github::{GitHub, GitHubError, Repository, Workflow, WorkflowFile},
    ports::{Clock, World},
    records::Ask,
    visitor::Door,
};

/// A credential that is over within two weeks is worth a word.
const SOON: i64 = 14 * 86_400;
/// Inputs that a launch sends; a workflow file without one of them refuses every launch.
const INPUTS: [(Workflow, &[&str]); 2] = [
    (
        Workflow::Batch,
        &["burstId", "polarization", "looks", "apply_water_mask", "workflow_name", "pairs", "batch", "part"],
    ),
    (Workflow::Single, &["reference", "secondary", "looks", "apply_water_mask", "workflow_name"]),
];

/// How the deployment is.
pub async fn health<W: World>(door: &Door<'_, W>) -> Health {
    if door.allow(Action::Administer).await.is_err() {
        return Health { ok: true, missing: Vec::new(), warnings: Vec::new() };
    }
    let mut findings = Findings::default();
    if door.ask(&Ask::Launching).await.is_err() {
        findings
            .missing
            .push("the records do not answer: check the Durable Object binding RECORDS".to_owned());
    }
    match door.reader().await {
        Ok(github) => findings.ask(door, &github).await,
        Err(problem) => findings.missing.push(problem.detail),
    }
    Health { ok: findings.missing.is_empty(), missing: findings.missing, warnings: findings.warnings }
}

#[derive(Default)]
struct Findings {
    missing: Vec<String>,
    warnings: Vec<String>,
}

impl Findings {
    async fn ask<W: World>(&mut self, door: &Door<'_, W>, github: &W::GitHub) {
        match github.repository().await {
            Ok(repository) => self.credential(&repository, door.world.clock().now().unix()),
            Err(error) => self.missing.push(format!("the repository cannot be seen: {error}")),
        }
        match github.workflows().await {
            Ok(files) => self.states(&files),
            Err(error) => self.missing.push(format!("the workflows cannot be listed: {error}")),
        }
        for (workflow, inputs) in INPUTS {
            match github.workflow_text(workflow, &door.settings.branch).await {
                Ok(text) => self.inputs(workflow, &text, inputs),
                // Reading files is a permission that nothing else here needs.
                Err(GitHubError::NotFound | GitHubError::Forbidden) => self.warnings.push(format!(
                    "whether {} takes the inputs that a launch sends could not be checked: the credential may not read \
                     the repository's files, or {} is not on {}",
                    workflow.file(),
                    workflow.file(),
                    door.settings.branch
                )),
                Err(error) => {
                    self.warnings.push(format!("the inputs of {} could not be checked: {error}", workflow.file()));
                }
            }
        }
    }

    fn credential(&mut self, repository: &Repository, now: i64) {
        if let Some(until) = repository.credential_until.filter(|until| until.unix() - now < SOON) {
            self.warnings.push(format!("the credential is over on {until}: renew GITHUB_TOKEN before that"));
        }
    }

    fn states(&mut self, files: &[WorkflowFile]) {
        for workflow in Workflow::ALL {
            let file = workflow.file();
            match files.iter().find(|known| Workflow::of_path(&known.path) == Some(workflow)) {
                None => self.missing.push(format!("GitHub does not know {file}: push it to the default branch")),
                Some(known) if known.state == "active" => {}
                Some(known) => self.missing.push(format!(
                    "{file} is disabled ({}): enable it on the repository's Actions page or with `gh workflow enable {file}`",
                    known.state
                )),
            }
        }
    }

    fn inputs(&mut self, workflow: Workflow, text: &str, needed: &[&str]) {
        let file = workflow.file();
        let Some(declared) = declared_inputs(text) else {
            self.missing.push(format!("{file} cannot be dispatched: its `on` has no workflow_dispatch"));
            return;
        };
        let lacking: Vec<&str> =
            needed.iter().copied().filter(|name| !declared.iter().any(|known| known == name)).collect();
        if !lacking.is_empty() {
            let names = lacking.join(", ");
            self.missing
                .push(format!("{file} does not take {names}: bring it up to date with this version's"));
        }
    }
}

/// Names of the inputs that a workflow file declares for a dispatch.
fn declared_inputs(text: &str) -> Option<Vec<String>> {
    let file: serde_norway::Value = serde_norway::from_str(text).ok()?;
    // YAML 1.1 reads the key `on` as true.
    let on = file.get("on").or_else(|| file.get(serde_norway::Value::Bool(true)))?;
    let dispatch = on.get("workflow_dispatch")?;
    let inputs = dispatch.get("inputs").and_then(|inputs| inputs.as_mapping());
    let names = inputs.into_iter().flat_map(|inputs| inputs.keys()).filter_map(|key| key.as_str());
    Some(names.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_repositorys_own_files_take_what_a_launch_sends() {
        for (workflow, text) in [
            (Workflow::Batch, include_str!("../../../.github/workflows/batch-job.yml")),
            (Workflow::Single, include_str!("../../../.github/workflows/single-job.yml")),
        ] {
            let mut findings = Findings::default();
            let (_, needed) = INPUTS.iter().find(|(known, _)| *known == workflow).unwrap();
            findings.inputs(workflow, text, needed);
            assert_eq!(findings.missing, Vec::<String>::new());
        }
    }

    #[test]
    fn files_that_cannot_be_launched_are_named() {
        let mut findings = Findings::default();
        let inputs = INPUTS[1].1;
        findings.inputs(Workflow::Single, "on: {push: }", inputs);
        findings.inputs(Workflow::Single, ": {", inputs);
        let old = "on:\n  workflow_dispatch:\n    inputs: {reference: {}, secondary: {}, looks: {}}\n";
        findings.inputs(Workflow::Single, old, inputs);
        findings.states(&[WorkflowFile {
            path: ".github/workflows/batch-job.yml".into(),
            state: "disabled_manually".into(),
        }]);
        assert!(findings.missing[2].contains("apply_water_mask, workflow_name"), "{:?}", findings.missing);
        assert!(findings.missing[3].contains("gh workflow enable batch-job.yml"), "{:?}", findings.missing);
        assert!(findings.missing[4].contains("single-job.yml"), "{:?}", findings.missing);
        assert_eq!(findings.missing.len(), 5);
    }
}
