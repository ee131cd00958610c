//! The command line, the files and the environment with which `act` runs one job.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::Stdio,
};

use rustix::process::{Pid, setpriority_process};
use serde_json::json;
use tokio::process::{Child, Command};

use super::{actions, engine::Settings, leftovers::MARK};
use crate::{store::Run, workflow::plan::Work};

/// The variables that go from the sandbox's own environment to jobs: switches of the simulated engine, and nothing else.
pub const PASSED: [&str; 2] = ["BURSTBOARD_SIMULATED_FAIL", "BURSTBOARD_SIMULATED_SECONDS"];

/// How far jobs step back behind the page and everything else on this computer, as `nice` counts.
const NICE: i32 = 10;

/// What the shell of every step reads first. When a step fails, `act` 0.2.89 closes the step's terminal at once, read or
/// not, and the words that say why are lost. So a step that fails stays for a moment, until they have been read.
const BEFORE_STEPS: &str = "unset BASH_ENV\ntrap '[ $? -eq 0 ] || sleep 0.5' EXIT\n";

/// All that is needed to start a job.
pub(super) struct Start<'a> {
    pub(super) settings: &'a Settings,
    pub(super) run: &'a Run,
    pub(super) work: &'a Work,
    /// A folder of the job's own.
    pub(super) folder: &'a Path,
    /// The snapshot.
    pub(super) tree: &'a Path,
    /// What marks the job's processes.
    pub(super) mark: &'a str,
    /// Its token for uploads.
    pub(super) upload_token: &'a str,
}

/// Starts `act`. Its JSON comes on stdout.
pub(super) fn spawn(start: &Start<'_>) -> io::Result<Child> {
    let folder = start.folder;
    let home = folder.join("home");
    fs::create_dir_all(&home)?;
    fs::create_dir_all(folder.join("tmp"))?;
    write_private(&folder.join("job.yml"), &serde_json::to_string_pretty(&start.work.slice)?)?;
    // Inputs go through the event, not the command line: whatever people typed arrives as it is.
    write_private(&folder.join("event.json"), &event(start).to_string())?;
    write_private(&folder.join("env"), &environment_file(start))?;
    write_private(&folder.join("before-steps.sh"), BEFORE_STEPS)?;
    let remotes = actions::used(&start.work.slice, start.tree);
    let mut command = Command::new(&start.settings.act);
    command
        .arg("workflow_dispatch")
        .args(["--json", "--no-cache-server", "--platform", "ubuntu-latest=-self-hosted"])
        .args([
            "--defaultbranch",
            super::tree::DEFAULT_BRANCH,
            "--actor",
            &start.run.actor,
            "--job",
            &start.work.id,
        ])
        .arg("--directory")
        .arg(start.tree)
        .arg("--workflows")
        .arg(folder.join("job.yml"))
        .arg("--eventpath")
        .arg(folder.join("event.json"))
        .arg("--env-file")
        .arg(folder.join("env"))
        // Files of these names in the working tree are the developer's, not the run's.
        .args(["--secret-file", "/dev/null", "--var-file", "/dev/null", "--input-file", "/dev/null"])
        .arg("--action-cache-path")
        .arg(folder.join("cache"))
        .args(actions::arguments(&remotes, &folder.join("actions"))?)
        .env_clear()
        .env("PATH", path(start.settings))
        .env("HOME", &home)
        .env("TMPDIR", folder.join("tmp"))
        .env("LANG", "C.UTF-8")
        .env("TERM", "dumb")
        .env("BASH_ENV", folder.join("before-steps.sh"))
        .env("BURSTBOARD_SANDBOX", "1")
        .env("BURSTBOARD_SANDBOX_PROGRAM", &start.settings.program)
        .env("BURSTBOARD_UPLOAD_URL", format!("{}/sandbox/artifacts", start.settings.api))
        .env("BURSTBOARD_UPLOAD_TOKEN", start.upload_token)
        .env("INSAR_ENGINE", "simulated")
        .env("CATALOGUE_URL", &start.settings.catalogue)
        .envs(start.settings.passed.iter().map(|(name, value)| (name, value)))
        .env(MARK, start.mark)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::create(folder.join("act.log"))?)
        .process_group(0)
        .kill_on_drop(true);
    let child = command.spawn()?;
    // What it starts steps back with it. If it has ended already, there is nothing to hold back.
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let _ = pid.map(|pid| setpriority_process(Some(pid), NICE));
    Ok(child)
}

/// The last thing `act` said besides its JSON.
pub(super) fn last_words(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join("act.log")).ok()?;
    let line = text.lines().rev().find(|line| !line.starts_with('{') && !line.trim().is_empty())?;
    Some(line.trim_start_matches("Error: ").to_owned())
}

/// The processor's folder first, then what the sandbox itself has.
fn path(settings: &Settings) -> OsString {
    let own: Option<PathBuf> = settings.processor.as_ref().and_then(|p| p.parent()).map(Path::to_owned);
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).unwrap_or(inherited)
}

fn event(start: &Start<'_>) -> serde_json::Value {
    let run = start.run;
    json!({
        "inputs": start.work.inputs,
        "ref": format!("refs/heads/{}", run.branch),
        "workflow": run.path,
        "repository": {
            "full_name": start.settings.repository,
            "name": start.settings.repository.split('/').nth(1),
            "owner": {"login": crate::OWNER},
            "default_branch": super::tree::DEFAULT_BRANCH,
        },
        "sender": {"login": run.actor},
    })
}

/// None of these values can hold a quote or a line break.
fn environment_file(start: &Start<'_>) -> String {
    let run = start.run;
    format!(
        "GITHUB_RUN_ID={}\nGITHUB_RUN_ATTEMPT={}\nGITHUB_RUN_NUMBER={}\nGITHUB_REPOSITORY={}\nGITHUB_API_URL={}\n",
        run.id, run.attempt, run.number, start.settings.repository, start.settings.api
    )
}

/// The job's files hold its token: nobody else reads them.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}
