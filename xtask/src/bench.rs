//! `cargo xtask bench`: the budgets, measured. Figures of one machine; compare ratios, not seconds.

use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::{
    build::build,
    process::{run_loudly, run_quietly},
    setup::{Kit, setup},
    ui::note,
};

/// Which rows.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these: first-load, coverage, preview, path
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

type Row = fn(&Kit) -> Result<Command>;

const ROWS: [(&str, Row); 4] =
    [("first-load", first_load), ("coverage", coverage), ("preview", preview), ("path", path)];

/// Builds and measures.
pub(crate) fn bench(options: &Options) -> Result<()> {
    for only in &options.only {
        ensure!(ROWS.iter().any(|(name, _)| name == only), "there is no row {only}");
    }
    let kit = setup()?;
    build(&kit)?;
    for (name, row) in ROWS {
        if options.only.is_empty() || options.only.iter().any(|only| only == name) {
            note(&format!("\n== {name}"));
            run_loudly(row(&kit)?.current_dir(&kit.root))?;
        }
    }
    Ok(())
}

/// What a browser fetches first.
fn first_load(_: &Kit) -> Result<Command> {
    Ok(node("tests/bench/first-load.mjs"))
}

/// From a place to its bursts, and the bursts of a view.
fn coverage(_: &Kit) -> Result<Command> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--locked", "--release", "--package", "burstboard-domain"]);
    command.args(["--example", "coverage_times"]);
    Ok(command)
}

/// A preview beside rasterio, numpy and Pillow making the same, in an environment of their own.
fn preview(kit: &Kit) -> Result<Command> {
    let oracle = kit.root.join("target/oracle");
    let python = oracle.join("bin/python");
    if !python.exists() {
        run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&oracle))?;
        run_quietly(
            Command::new(&python).args(["-m", "pip", "install", "--quiet", "rasterio", "numpy", "pillow"]),
        )?;
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--release", "--package", "burstboard-processor"]);
    run_loudly(cargo.current_dir(&kit.root))?;
    let mut command = Command::new(python);
    command.arg("processor/bench/preview.py");
    Ok(command)
}

/// Start, and pairs from launch to preview.
fn path(_: &Kit) -> Result<Command> {
    Ok(node("tests/bench/path.mjs"))
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(script);
    command
}
