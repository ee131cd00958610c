//! What people see on stderr.

use std::{
    io::{IsTerminal, Write},
    time::Instant,
};

/// A step of a longer work: `[2/6] worker … 12 s`.
pub(crate) struct Steps {
    total: usize,
    done: usize,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self { total, done: 0 }
    }

    /// Runs one step and says how long it took, or that nothing was to do.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> anyhow::Result<(T, Outcome)>,
    ) -> anyhow::Result<T> {
        self.done += 1;
        let label = format!("[{}/{}] {name}", self.done, self.total);
        if std::io::stderr().is_terminal() {
            eprint!("{label} …\r");
            // A progress line that cannot be written is no reason to stop.
            let _ = std::io::stderr().flush();
        }
        let start = Instant::now();
        let (value, outcome) = work()?;
        match outcome {
            Outcome::Done => eprintln!("{label}: {:.0} s", start.elapsed().as_secs_f64().max(1.0)),
            Outcome::Fresh => eprintln!("{label}: nothing to do"),
        }
        Ok(value)
    }
}

/// Whether a step had to do something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Fresh,
}

pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}

pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}
