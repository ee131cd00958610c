//! The real `gh`, through the Unix socket, with the commands that people type.

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::json;
use tempfile::TempDir;

use crate::support::Sandbox;

struct Gh<'a> {
    sandbox: &'a Sandbox,
    folder: TempDir,
}

impl<'a> Gh<'a> {
    /// `None` where `gh` is not installed.
    fn new(sandbox: &'a Sandbox) -> Option<Self> {
        if Command::new("gh").arg("--version").output().is_err() {
            eprintln!("left out: gh is not installed (apt install gh)");
            return None;
        }
        let gh = Self { sandbox, folder: tempfile::tempdir().unwrap() };
        gh.run(&["config", "set", "http_unix_socket", &sandbox.says("socket")]);
        Some(gh)
    }

    fn output(&self, arguments: &[&str]) -> Output {
        Command::new("gh")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("GH_HOST", "github.localhost")
            .env("GH_REPO", self.sandbox.says("repository"))
            .env("GH_TOKEN", self.sandbox.says("token"))
            .env("GH_CONFIG_DIR", self.folder.path().join("config"))
            .env("GH_NO_UPDATE_NOTIFIER", "1")
            .output()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "gh {arguments:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The newest run of a workflow.
    fn newest(&self, workflow: &str) -> i64 {
        self.run(&["run", "list", "-w", workflow, "--json", "databaseId", "-q", ".[0].databaseId"])
            .trim()
            .parse()
            .unwrap()
    }
}

#[tokio::test]
async fn a_single_job_from_the_terminal() {
    let Some(sandbox) = Sandbox::start() else { return };
    let Some(gh) = Gh::new(&sandbox) else { return };
    assert!(gh.run(&["workflow", "list"]).contains("Single\tactive"));
    let (reference, secondary) =
        ("S1_136231_IW2_20200604T022312_VV_7C85-BURST", "S1_136231_IW2_20200616T022313_VV_5D11-BURST");
    gh.run(&[
        "workflow",
        "run",
        "single-job.yml",
        "-f",
        &format!("reference={reference}"),
        "-f",
        &format!("secondary={secondary}"),
    ]);
    let run = gh.newest("single-job.yml");
    sandbox.ended(run).await;
    let run = run.to_string();
    assert!(
        gh.run(&["run", "list"]).contains("completed\tsuccess\tHyp3-ISCE2\tSingle\tmain\tworkflow_dispatch")
    );
    let view = gh.run(&["run", "view", &run]);
    assert!(view.contains("✓ hyp3-isce2 in") && view.contains("Hyp3-ISCE2.preview.zip"), "{view}");
    let log = gh.run(&["run", "view", &run, "--log"]);
    assert!(log.contains("hyp3-isce2\tMake the interferogram\t") && log.contains(reference), "{log}");
    gh.run(&["run", "download", &run]);
    let product = std::fs::read_to_string(gh.folder().join("Hyp3-ISCE2/S1_x_INT80_ABCD/log.txt")).unwrap();
    assert!(product.contains(reference), "{product}");
}

#[tokio::test]
async fn a_batch_from_the_terminal() {
    let Some(sandbox) = Sandbox::start() else { return };
    let Some(gh) = Gh::new(&sandbox) else { return };
    gh.run(&[
        "workflow",
        "run",
        "batch-job.yml",
        "-f",
        "burstId=174_372326_IW3",
        "-f",
        "start=2018-06-01",
        "-f",
        "end=2018-09-01",
    ]);
    let run = gh.newest("batch-job.yml");
    assert_eq!(sandbox.ended(run).await["conclusion"], "success");
    let view = gh.run(&["run", "view", &run.to_string()]);
    assert!(view.contains("✓ 20180604_20180616 / hyp3-isce2 in"), "{view}");
    gh.run(&["run", "download", &run.to_string(), "--name", "20180616_20180628", "-D", "one"]);
    assert!(gh.folder().join("one/S1_x_INT80_ABCD/log.txt").is_file());
}

#[tokio::test]
async fn cancelling_and_running_again_from_the_terminal() {
    let Some(sandbox) = Sandbox::start() else { return };
    let Some(gh) = Gh::new(&sandbox) else { return };
    let slow = sandbox.dispatch("single-job.yml", json!({"workflow_name": "slow"})).await;
    gh.run(&["run", "cancel", &slow.to_string()]);
    assert_eq!(sandbox.ended(slow).await["conclusion"], "cancelled");
    let bad = sandbox.dispatch("batch-job.yml", json!({"pairs": "a bad"})).await;
    sandbox.ended(bad).await;
    let view = gh.run(&["run", "view", &bad.to_string()]);
    assert!(view.contains("X bad / hyp3-isce2 in") && view.contains("X the orbit file is missing"), "{view}");
    gh.run(&["run", "rerun", &bad.to_string(), "--failed"]);
    assert_eq!(sandbox.ended(bad).await["conclusion"], "success");
    let wrong = gh.output(&["workflow", "run", "batch-job.yml", "-f", "looks=1x1"]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(!wrong.status.success() && said.contains("not in the list of allowed values"), "{said}");
}
