//! The real `gh`, which reaches the sandbox through its Unix socket.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::sandbox::Ready;

/// `gh` with a configuration and a folder of its own, as on a computer where nobody used it before.
pub struct Gh {
    ready: Ready,
    folder: TempDir,
}

impl Gh {
    /// Points `gh` at a sandbox, as `cargo xtask up` says.
    pub fn new(ready: &Ready) -> Result<Self> {
        let gh = Self { ready: ready.clone(), folder: TempDir::new()? };
        gh.run(&["config", "set", "http_unix_socket", &ready.socket])?;
        Ok(gh)
    }

    /// Where it runs and where its downloads go.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What the command wrote to stdout; an error with all that it wrote where it failed.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.output(arguments)?;
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        ensure!(output.status.success(), "gh {} failed: {said}", arguments.join(" "));
        Ok(text(&output.stdout))
    }

    /// What the command wrote to stderr when it refused, which it has to.
    pub fn refusal(&self, arguments: &[&str]) -> Result<String> {
        let output = self.output(arguments)?;
        let command = arguments.join(" ");
        ensure!(!output.status.success(), "gh {command} was not refused: {}", text(&output.stdout));
        Ok(text(&output.stderr))
    }

    fn output(&self, arguments: &[&str]) -> Result<Output> {
        Command::new("gh")
            .args(arguments)
            .current_dir(self.folder())
            .env("GH_HOST", "github.localhost")
            .env("GH_REPO", &self.ready.repository)
            .env("GH_TOKEN", &self.ready.token)
            .env("GH_CONFIG_DIR", self.folder().join("config"))
            .env("GH_NO_UPDATE_NOTIFIER", "1")
            .env("NO_COLOR", "1")
            .output()
            .context("gh cannot be started: apt install gh")
    }

    /// The number of a workflow's newest run.
    pub fn newest(&self, workflow: &str) -> Result<u64> {
        let listed = self.run(&["run", "list", "-w", workflow, "-L", "1", "--json", "databaseId"])?;
        let runs: Value = serde_json::from_str(&listed)?;
        runs[0]["databaseId"].as_u64().with_context(|| format!("no run of {workflow}: {listed}"))
    }

    /// Names of the files below a folder, relative to it, in order.
    pub fn files(&self, folder: &str) -> Result<Vec<String>> {
        let top = self.folder().join(folder);
        let mut open: Vec<PathBuf> = vec![top.clone()];
        let mut files = Vec::new();
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    files.push(path.strip_prefix(&top)?.display().to_string());
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
