//! `cargo xtask fuzz`: inputs guided by coverage for everything that reads foreign bytes, and how many were run.
//!
//! libFuzzer with LLVM's own instrumentation, both of which the stable compiler has; the address sanitizer, which it has
//! not, would find little in code without `unsafe`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use crate::{process::run_loudly, ui::note};

/// What LLVM adds to the code: counters at every edge, and the operands of comparisons.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// How long.
#[derive(Args)]
pub(crate) struct Options {
    /// Seconds for each reader
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only these readers
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// Builds, runs every reader, and prints the counts. What was found out is kept in `target/fuzz` for the next time.
pub(crate) fn fuzz(root: &Path, options: &Options) -> Result<()> {
    let folder = root.join("target/fuzz");
    let seeds = folder.join("seeds");
    let mut example = Command::new("cargo");
    example.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "burstboard-processor",
        "--example",
        "fuzz",
        "--",
    ]);
    run_loudly(example.arg("--seeds").arg(&seeds).current_dir(root))?;
    let program = build(root, &folder)?;
    let mut names: Vec<String> = fs::read_dir(&seeds)?
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    for only in &options.only {
        ensure!(names.contains(only), "there is no reader {only}: choose from {}", names.join(", "));
    }
    names.retain(|name| options.only.is_empty() || options.only.contains(name));
    let mut total = 0;
    for name in names {
        let count = run(&program, &folder, &name, options.seconds)?;
        println!("{name}: {count} inputs, nothing found");
        total += count;
    }
    println!("{total} inputs");
    Ok(())
}

fn build(root: &Path, folder: &Path) -> Result<PathBuf> {
    // With the platform named, build scripts and macros, which run while building, stay as they are.
    let version = Command::new("rustc").arg("-vV").output().context("rustc could not be started")?.stdout;
    let version = String::from_utf8_lossy(&version).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--release", "--locked", "--target", host]);
    cargo.env("RUSTFLAGS", INSTRUMENTATION).env("CARGO_TARGET_DIR", folder.join("build"));
    run_loudly(cargo.current_dir(root.join("processor/fuzz")))?;
    Ok(folder.join("build").join(host).join("release/fuzz"))
}

/// Runs one reader and gives the count of inputs.
fn run(program: &Path, folder: &Path, name: &str, seconds: u32) -> Result<u64> {
    let corpus = folder.join("corpus").join(name);
    fs::create_dir_all(&corpus)?;
    note(&format!("{name}, {seconds} s"));
    let output = Command::new(program)
        .arg(format!("-max_total_time={seconds}"))
        .args([
            "-timeout=20",
            "-rss_limit_mb=2048",
            "-max_len=65536",
            "-len_control=0",
            "-print_final_stats=1",
        ])
        .args([&corpus, &folder.join("seeds").join(name)])
        .env("TARGET", name)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .context("the fuzzer could not be started")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let tail: Vec<&str> = text.lines().rev().take(60).collect();
    let tail = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
    ensure!(
        output.status.success(),
        "{name}: something was found; the input is in {}\n{tail}",
        folder.display()
    );
    let count = text.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    count.and_then(|count| count.trim().parse().ok()).context("the fuzzer did not say how many inputs it ran")
}
