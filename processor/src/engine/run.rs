//! Starts the engine, passes on what it says, watches its memory and its time, and ends it when it takes too long.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufRead as _, BufReader, Read, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{
    command::{CommandLine, is_withheld},
    memory::Watched,
};

/// How often memory and time are looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How much of a log is kept for finding out what went wrong.
const TAIL: usize = 256 * 1024;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Whether it was ended for taking too long.
    pub overdue: bool,
    /// The end of what it said.
    pub tail: String,
    /// The most memory that was seen, in bytes.
    pub peak_memory: Option<u64>,
}

/// How to run a program.
#[derive(Debug)]
pub struct Run<'a> {
    /// What.
    pub line: &'a CommandLine,
    /// Where to append all that it says.
    pub log: &'a Path,
    /// How long it may take.
    pub limit: Duration,
    /// The container's name and the file with its id, if it runs in one.
    pub container: Option<(String, PathBuf)>,
    /// Words that must not appear in the log.
    pub hidden: &'a [String],
}

impl Run<'_> {
    /// Runs the program to its end.
    ///
    /// # Errors
    /// When it cannot be started or the log cannot be written.
    pub fn to_end(&self) -> Result<Ended> {
        let CommandLine { program, arguments, folder } = self.line;
        let log = OpenOptions::new().create(true).append(true).open(self.log);
        let log = Mutex::new(log.with_context(|| format!("cannot write {}", self.log.display()))?);
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_withheld(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        // A group of its own, so that its children can be counted and ended with it.
        command.process_group(0);
        let mut child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|s| Box::new(s) as Box<dyn Read + Send>),
            child.stderr.take().map(|s| Box::new(s) as Box<dyn Read + Send>),
        ];
        let peak = AtomicU64::new(0);
        let ended = thread::scope(|scope| {
            for stream in streams.into_iter().flatten() {
                scope.spawn(|| pass_on(stream, &log, self.hidden));
            }
            self.wait(&mut child, &peak)
        });
        let (code, overdue) = ended?;
        let peak = peak.into_inner();
        Ok(Ended { code, overdue, tail: tail(self.log)?, peak_memory: (peak > 0).then_some(peak) })
    }

    fn wait(&self, child: &mut Child, peak: &AtomicU64) -> Result<(Option<i32>, bool)> {
        let watched = match &self.container {
            Some((_, id)) => Watched::Container(id.clone()),
            None => Watched::Group(child.id()),
        };
        let begin = Instant::now();
        let mut overdue = false;
        loop {
            if let Some(status) = child.try_wait().context("cannot wait for the engine")? {
                return Ok((status.code(), overdue));
            }
            peak.fetch_max(watched.bytes().unwrap_or(0), Ordering::Relaxed);
            if !overdue && begin.elapsed() > self.limit {
                overdue = true;
                self.end(child);
            }
            thread::sleep(LOOK);
        }
    }

    /// Ends the program and all that it started.
    fn end(&self, child: &mut Child) {
        if let Some((name, _)) = &self.container {
            let _ = Command::new("docker")
                .args(["kill", name])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
        }
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = child.kill();
    }
}

/// Copies lines to stdout and to the log, without the hidden words.
fn pass_on(stream: impl Read, log: &Mutex<File>, hidden: &[String]) {
    let mut lines = BufReader::new(stream);
    let mut raw = Vec::new();
    loop {
        raw.clear();
        // Bars of progress use carriage returns only: a limit keeps them from growing without end.
        let read = (&mut lines).take(64 * 1024).read_until(b'\n', &mut raw);
        if !matches!(read, Ok(n) if n > 0) {
            return;
        }
        let line = masked(&String::from_utf8_lossy(&raw), hidden);
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        // A full disk must not stop the engine: it will say so itself.
        let _ = log.write_all(line.as_bytes());
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}

/// The text without the hidden words.
pub fn masked(text: &str, hidden: &[String]) -> String {
    hidden.iter().filter(|word| word.len() > 3).fold(text.to_owned(), |text, word| text.replace(word, "***"))
}

/// The end of a file.
///
/// # Errors
/// When it cannot be read.
pub fn tail(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let from = bytes.len().saturating_sub(TAIL);
    Ok(String::from_utf8_lossy(bytes.get(from..).unwrap_or_default()).into_owned())
}
