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
    /// Only these: first-load, coverage, networks, drawing, map, preview, screen, path
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

type Row = fn(&Kit) -> Result<()>;

const ROWS: [(&str, Row); 8] = [
    ("first-load", first_load),
    ("coverage", coverage),
    ("networks", networks),
    ("drawing", drawing),
    ("map", map),
    ("preview", preview),
    ("screen", screen),
    ("path", path),
];

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
            row(&kit)?;
        }
    }
    Ok(())
}

/// What a browser fetches first.
fn first_load(kit: &Kit) -> Result<()> {
    node(kit, "tests/bench/first-load.mjs")
}

/// From a place to its bursts, and the bursts of a view.
fn coverage(kit: &Kit) -> Result<()> {
    example(kit, "coverage_times")
}

/// Rules and health of 500 acquisitions.
fn networks(kit: &Kit) -> Result<()> {
    example(kit, "network_times")
}

/// The same in Chromium, and what 5,000 pairs cost to draw.
fn drawing(kit: &Kit) -> Result<()> {
    node(kit, "tests/bench/network.mjs")
}

/// What an example of the domain prints.
fn example(kit: &Kit, name: &str) -> Result<()> {
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--locked", "--release", "--package", "burstboard-domain"]);
    run_loudly(command.args(["--example", name]).current_dir(&kit.root))
}

/// The same in Chromium, with the page's own wasm; panning, and a timeline of 500 acquisitions.
fn map(kit: &Kit) -> Result<()> {
    node(kit, "tests/bench/map.mjs")
}

/// A preview beside rasterio, numpy and Pillow making the same, in an environment of their own.
fn preview(kit: &Kit) -> Result<()> {
    let oracle = kit.root.join("target/oracle");
    let python = oracle.join("bin/python");
    if !python.exists() {
        run_quietly(Command::new("python3").args(["-m", "venv"]).arg(&oracle))?;
        run_quietly(Command::new(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "rasterio",
            "numpy",
            "pillow",
            "asf_search",
        ]))?;
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--release", "--package", "burstboard-processor"]);
    run_loudly(cargo.current_dir(&kit.root))?;
    run_loudly(Command::new(python).arg("processor/bench/preview.py").current_dir(&kit.root))
}

/// A preview from its last byte to the screen.
fn screen(kit: &Kit) -> Result<()> {
    node(kit, "tests/bench/screen.mjs")
}

/// Start, and pairs from launch to preview.
fn path(kit: &Kit) -> Result<()> {
    node(kit, "tests/bench/path.mjs")
}

fn node(kit: &Kit, script: &str) -> Result<()> {
    run_loudly(Command::new("node").arg(script).current_dir(&kit.root))
}
