//! Nothing that a job started outlives it.
//!
//! Steps run in sessions of their own and may detach, so a process group does not reach them all. Every process of a
//! job has inherited a mark in its environment, though; whoever has it is ended. Where there is no `/proc` to read it
//! from, only what `act` itself ends is ended.

use std::{fs, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

/// The variable that carries the mark.
pub const MARK: &str = "BURSTBOARD_JOB";

/// Rounds after which a process that cannot be ended is left alone (it sleeps in the kernel).
const ROUNDS: u32 = 50;

/// Ends all processes whose mark begins with `mark`.
pub async fn end(mark: &str) {
    for round in 0..ROUNDS {
        let found = marked(mark);
        if found.is_empty() {
            return;
        }
        for pid in found {
            // It may have ended by itself in between.
            let _ = kill_process(pid, Signal::KILL);
        }
        tokio::time::sleep(Duration::from_millis(u64::from(10 + round))).await;
    }
}

/// Processes with the mark; those that ended and wait to be reaped have no environment any more.
fn marked(mark: &str) -> Vec<Pid> {
    let wanted = format!("{MARK}={mark}");
    let own = rustix::process::getpid();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let pid = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
        let Some(pid) = pid.filter(|pid| *pid != own) else { continue };
        let Ok(environment) = fs::read(entry.path().join("environ")) else { continue };
        if environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(wanted.as_bytes())) {
            found.push(pid);
        }
    }
    found
}
