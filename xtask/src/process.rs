//! Starting other programs, and ending them with everything that they started.

use std::{
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

/// Runs a program to its end; shows its output only when it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("{name} could not be started"))?;
    if output.status.success() {
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    bail!("{name} failed ({})", output.status)
}

/// Runs a program to its end with its output on stderr.
pub(crate) fn run_loudly(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("{name} could not be started"))?;
    if status.success() { Ok(()) } else { bail!("{name} failed ({status})") }
}

fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let first = command.get_args().next().map(|a| format!(" {}", a.to_string_lossy())).unwrap_or_default();
    format!("{}{first}", program.file_name().unwrap_or_default().to_string_lossy())
}

/// A program that runs beside us, in a process group of its own, and ends when this is dropped.
pub(crate) struct Service {
    name: &'static str,
    child: Child,
}

impl Service {
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        Ok(Self { name, child })
    }

    /// The pipe of its stdout, where one was asked for.
    pub(crate) fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// An error if it has ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended by itself ({status})", self.name),
        }
    }

    /// Asks it to end, waits, and insists after ten seconds.
    pub(crate) fn stop(&mut self) {
        let group = Pid::from_raw(self.child.id().cast_signed());
        if self.child.try_wait().ok().flatten().is_none() {
            // It may have ended between the two calls: then there is nobody to signal.
            let _ = killpg(group, Signal::SIGTERM);
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline && self.child.try_wait().ok().flatten().is_none() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        // What it started and left behind, and itself if it did not listen.
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
