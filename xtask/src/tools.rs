//! Finding a tool of the right version, or installing it into `.tools`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process::run_quietly, ui::Outcome};

/// A command-line tool that the build or the tests need.
pub(crate) struct Tool {
    pub(crate) command: &'static str,
    pub(crate) version: &'static str,
    pub(crate) source: Source,
    /// How long an installation takes, for people.
    pub(crate) about: &'static str,
}

/// Where a tool comes from.
pub(crate) enum Source {
    Crate { package: &'static str, locked: bool, flags: &'static [&'static str] },
    Python { package: &'static str },
}

impl Tool {
    /// The tool's path: from the PATH when its version fits, else from `tools`, installed there if need be.
    pub(crate) fn ensure(&self, tools: &Path) -> Result<(PathBuf, Outcome)> {
        if let Some(path) = on_path(self.command).filter(|path| self.fits(path)) {
            return Ok((path, Outcome::Fresh));
        }
        let path = match self.source {
            Source::Crate { .. } => tools.join("bin").join(self.command),
            Source::Python { .. } => tools.join("python/bin").join(self.command),
        };
        if self.fits(&path) {
            return Ok((path, Outcome::Fresh));
        }
        eprintln!("      installing {} {} into .tools (about {})", self.command, self.version, self.about);
        self.install(tools)
            .with_context(|| format!("{} {} could not be installed", self.command, self.version))?;
        anyhow::ensure!(
            self.fits(&path),
            "{} was installed, but does not answer with version {}",
            path.display(),
            self.version
        );
        Ok((path, Outcome::Done))
    }

    fn fits(&self, path: &Path) -> bool {
        let answer = Command::new(path).arg("--version").output();
        answer.is_ok_and(|answer| {
            let text = String::from_utf8_lossy(&answer.stdout).into_owned();
            text.split_whitespace().any(|word| word.trim_start_matches('v') == self.version)
        })
    }

    fn install(&self, tools: &Path) -> Result<()> {
        match &self.source {
            Source::Crate { package, locked, flags } => {
                let mut cargo = Command::new("cargo");
                // Debug builds of these tools are quick enough, and build in a third of the time.
                cargo.args(["install", "--quiet", "--debug", "--force", "--root"]).arg(tools);
                cargo.args(*flags).arg(format!("{package}@{}", self.version));
                cargo.env("CARGO_TARGET_DIR", tools.join("target"));
                if *locked {
                    cargo.arg("--locked");
                }
                run_quietly(&mut cargo)
            }
            Source::Python { package } => {
                let python = tools.join("python");
                if !python.join("bin/pip").exists() {
                    run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&python))
                        .context("a Python environment could not be made: install Debian's python3-venv")?;
                }
                run_quietly(
                    Command::new(python.join("bin/pip"))
                        .args(["install", "--quiet", "--disable-pip-version-check"])
                        .arg(format!("{package}=={}", self.version)),
                )
            }
        }
    }
}

/// The first file of that name in the folders of PATH.
pub(crate) fn on_path(command: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(command)).find(|file| file.is_file())
}
