//! A program that runs beside a test and ends with it.

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

/// How long a program may take to end once it was asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// A program in a process group of its own.
pub struct Service {
    name: &'static str,
    child: Child,
}

impl Service {
    /// Starts it with a pipe at its stdout.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn().with_context(
                || format!("{name} could not be started from {}", command.get_program().display()),
            )?;
        Ok(Self { name, child })
    }

    /// The pipe of its stdout, once.
    pub fn stdout(&mut self) -> Result<std::process::ChildStdout> {
        self.child.stdout.take().with_context(|| format!("the stdout of {} was taken before", self.name))
    }

    /// The pipe of its stderr, once, where it was given one.
    pub fn stderr(&mut self) -> Result<std::process::ChildStderr> {
        self.child.stderr.take().with_context(|| format!("there is no stderr of {} to take", self.name))
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// An error if it has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended by itself ({status})", self.name),
        }
    }

    /// Asks it to end and waits; insists in the end, and with what it left behind.
    pub fn stop(&mut self) {
        let group = Pid::from_raw(self.child.id().cast_signed());
        if self.child.try_wait().ok().flatten().is_none() {
            // It may end between the two calls: then there is nobody to signal.
            let _ = killpg(group, Signal::SIGTERM);
            let deadline = Instant::now() + PATIENCE;
            while Instant::now() < deadline && self.child.try_wait().ok().flatten().is_none() {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
