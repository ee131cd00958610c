//! The one door to every chore: `cargo xtask up`, `cargo xtask test`, …
//!
//! Progress and hints go to stderr; stdout belongs to what other programs read.
#![expect(clippy::disallowed_methods, reason = "a native program: the clock is there")]
#![expect(clippy::print_stdout, reason = "stdout is this program's answer")]

mod bench;
mod build;
mod fuzz;
mod inputs;
mod process;
mod setup;
mod test;
mod tools;
mod ui;
mod up;
mod versions;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Set-up, build, start and test of Burstboard.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything on this computer and stay in the foreground
    Up(up::Options),
    /// Run all tests and end with a count
    Test(test::Options),
    /// Measure the budgets
    Bench(bench::Options),
    /// Give inputs guided by coverage to everything that reads bytes
    Fuzz(fuzz::Options),
    /// Install what is missing into this folder
    Setup,
    /// Build everything that `up` starts
    Build,
    /// Make screenshots of every view in light, dark and phone width
    Shots {
        /// Where they go
        #[arg(long, default_value = "shots")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Up(options) => up::up(&options),
        Command::Test(options) => test::test(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Fuzz(options) => fuzz::fuzz(&setup::root()?, &options),
        Command::Setup => setup::setup().map(drop),
        Command::Build => build::build(&setup::setup()?).map(drop),
        Command::Shots { out } => test::shots(&out),
    }
}
