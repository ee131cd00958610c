//! `cargo xtask test`: every layer of tests, one count at the end.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::{
    build::{Built, build},
    setup::{self, Kit, setup},
    ui::note,
};

/// Which tests.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these layers: lint, unit, workflows, system, browser
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// What a layer counted.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

type Layer = fn(&Kit, &Built) -> Result<Count>;

const LAYERS: [(&str, Layer); 5] =
    [("lint", lint), ("unit", unit), ("workflows", workflows), ("system", system), ("browser", browser)];

/// Sets up, builds, runs all layers, and ends with a count; a failing layer does not stop the next ones.
pub(crate) fn test(options: &Options) -> Result<()> {
    for only in &options.only {
        let names: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
        ensure!(names.contains(&only.as_str()), "there is no layer {only}: choose from {}", names.join(", "));
    }
    setup::check_test_programs()?;
    let kit = setup()?;
    let built = build(&kit)?;
    if !kit.root.join("../shared/data").is_dir() {
        note("../shared/data is not there: tests against recorded data are left out and say so");
    }
    let mut total = Count::default();
    for (name, layer) in LAYERS {
        if !options.only.is_empty() && !options.only.iter().any(|only| only == name) {
            continue;
        }
        note(&format!("\n== {name}"));
        let start = Instant::now();
        let count = layer(&kit, &built).with_context(|| format!("the layer {name} could not be run"))?;
        note(&format!(
            "== {name}: {} passed, {} failed, {} skipped in {:.0} s",
            count.passed,
            count.failed,
            count.skipped,
            start.elapsed().as_secs_f64()
        ));
        total += count;
    }
    println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
    ensure!(total.failed == 0, "{} tests failed", total.failed);
    ensure!(total.passed > 0, "no test was run");
    Ok(())
}

/// Format and lints, native and for wasm.
fn lint(kit: &Kit, _: &Built) -> Result<Count> {
    let wasm = |package: &'static str, folder: &'static str| {
        let mut command =
            cargo(kit, &["clippy", "--locked", "--quiet", "--target", "wasm32-unknown-unknown"]);
        command.args(["--package", package, "--", "-D", "warnings"]);
        command.env("CARGO_TARGET_DIR", kit.root.join("target").join(folder));
        command
    };
    let mut native = cargo(kit, &["clippy", "--locked", "--quiet", "--workspace", "--all-targets"]);
    native.args(["--exclude", "burstboard-frontend", "--", "-D", "warnings"]);
    let checks = [
        ("rustfmt", cargo(kit, &["fmt", "--all", "--check"])),
        ("clippy, native", native),
        ("clippy, the page", wasm("burstboard-frontend", "page")),
        ("clippy, the Worker", wasm("burstboard-worker", "worker-lint")),
    ];
    let mut count = Count::default();
    for (name, mut command) in checks {
        let good = command.stdin(Stdio::null()).stdout(std::io::stderr()).status()?.success();
        note(&format!("{} {name}", if good { "ok    " } else { "FAILED" }));
        if good { count.passed += 1 } else { count.failed += 1 }
    }
    Ok(count)
}

/// Everything that runs natively without the built product.
fn unit(kit: &Kit, _: &Built) -> Result<Count> {
    let mut command = cargo(kit, &["test", "--locked", "--quiet", "--no-fail-fast", "--workspace"]);
    command.args(["--exclude", "burstboard-tests"]);
    cargo_test(&mut command)
}

/// The workflow files, by an auditor that is not ours.
fn workflows(kit: &Kit, _: &Built) -> Result<Count> {
    let zizmor = setup::zizmor(&kit.root)?;
    let good = Command::new(zizmor)
        .args(["--offline", "--quiet", ".github"])
        .current_dir(&kit.root)
        .stdout(std::io::stderr())
        .status()?
        .success();
    Ok(Count { passed: u32::from(good), failed: u32::from(!good), skipped: 0 })
}

/// The real Worker in workerd against the real sandbox, and `gh` against it.
fn system(kit: &Kit, built: &Built) -> Result<Count> {
    let mut command =
        cargo(kit, &["test", "--locked", "--quiet", "--no-fail-fast", "--package", "burstboard-tests"]);
    for (name, value) in binaries(kit, built) {
        command.env(name, value);
    }
    cargo_test(&mut command)
}

fn binaries(kit: &Kit, built: &Built) -> [(&'static str, PathBuf); 6] {
    [
        ("SANDBOX_BIN", built.sandbox.clone()),
        ("PROCESSOR_BIN", built.processor.clone()),
        ("ACT_BIN", kit.act.clone()),
        ("WORKERD_BIN", kit.workerd()),
        ("WORKER_BUILD_DIR", built.worker.clone()),
        ("PAGE_DIR", built.page.clone()),
    ]
}

/// The page in Chromium, from the click on the map to the preview.
fn browser(kit: &Kit, _: &Built) -> Result<Count> {
    let mut command = Command::new("node");
    command.args(["--test", "--test-reporter=tap", "tests/browser/"]).current_dir(&kit.root);
    let mut count = Count::default();
    let status = each_line(&mut command, |line| {
        let number = |prefix: &str| line.strip_prefix(prefix).and_then(|n| n.trim().parse().ok());
        if let Some(n) = number("# pass ") {
            count.passed = n;
        } else if let Some(n) = number("# fail ") {
            count.failed = n;
        } else if let Some(n) = number("# skipped ") {
            count.skipped = n;
        }
    })?;
    ensure!(status || count.failed > 0, "node failed before it counted any test");
    Ok(count)
}

fn cargo(kit: &Kit, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(&kit.root);
    command
}

/// Runs `cargo test` and adds up its result lines.
fn cargo_test(command: &mut Command) -> Result<Count> {
    let mut count = Count::default();
    let good = each_line(command, |line| {
        let Some(result) = line.trim().strip_prefix("test result: ") else { return };
        let number = |word: &str| -> u32 {
            result
                .split([';', '.'])
                .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
                .unwrap_or(0)
        };
        count += Count { passed: number("passed"), failed: number("failed"), skipped: number("ignored") };
    })?;
    if !good && count.failed == 0 {
        // It did not compile, or a test program died: no result line, but no success either.
        count.failed = 1;
    }
    Ok(count)
}

/// Runs a program, passes its stdout on to stderr and to `look`, and says whether it ended well.
fn each_line(command: &mut Command, mut look: impl FnMut(&str)) -> Result<bool> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let Some(stdout) = child.stdout.take() else { bail!("no stdout") };
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        note(&line);
        look(&line);
    }
    Ok(child.wait()?.success())
}

/// Screenshots of every view, made by the same script that the browser tests use.
pub(crate) fn shots(out: &Path) -> Result<()> {
    setup::check_test_programs()?;
    let kit = setup()?;
    build(&kit)?;
    let out = std::path::absolute(out)?;
    std::fs::create_dir_all(&out)?;
    crate::process::run_loudly(
        Command::new("node").arg("tests/browser/shots.mjs").arg(&out).current_dir(&kit.root),
    )
}
