//! Builds what `up` starts and the tests drive.

use std::{path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    inputs::when_changed,
    process::run_loudly,
    setup::Kit,
    ui::{Outcome, Steps},
};

/// What was built.
pub(crate) struct Built {
    pub(crate) processor: PathBuf,
    pub(crate) sandbox: PathBuf,
    pub(crate) worker: PathBuf,
    pub(crate) page: PathBuf,
}

/// Builds the native programs, the Worker and the page; what has not changed is left alone.
pub(crate) fn build(kit: &Kit) -> Result<Built> {
    let mut steps = Steps::new(3);
    let built = Built {
        processor: kit.root.join("target/debug/processor"),
        sandbox: kit.root.join("target/debug/sandbox"),
        worker: kit.root.join("worker/build"),
        page: kit.root.join("dist"),
    };
    steps.step("processor and sandbox", || native(kit, &built).map(|o| ((), o)))?;
    steps.step("worker", || worker(kit, &built).map(|o| ((), o)))?;
    steps.step("page", || page(kit, &built).map(|o| ((), o)))?;
    Ok(built)
}

fn stamp(kit: &Kit, name: &str) -> PathBuf {
    kit.root.join("target").join(format!("{name}-stamp"))
}

fn sources(kit: &Kit, own: &[&str]) -> Vec<PathBuf> {
    let shared = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "domain/Cargo.toml", "domain/src"];
    shared.iter().chain(own).map(|path| kit.root.join(path)).collect()
}

fn native(kit: &Kit, built: &Built) -> Result<Outcome> {
    let inputs =
        sources(kit, &["processor/Cargo.toml", "processor/src", "sandbox/Cargo.toml", "sandbox/src"]);
    let build = || {
        run_loudly(
            Command::new("cargo")
                .args(["build", "--locked", "--quiet"])
                .args(["--package", "burstboard-processor", "--package", "burstboard-sandbox"])
                .current_dir(&kit.root),
        )
    };
    let outcome = when_changed(&stamp(kit, "native"), &built.sandbox, &inputs, "", build)?;
    if !built.processor.exists() {
        build()?;
    }
    Ok(outcome)
}

/// worker-build alone builds the Worker's wasm: it sets a variable that changes macro output without cargo noticing,
/// so the folder is its own too.
fn worker(kit: &Kit, built: &Built) -> Result<Outcome> {
    let inputs = sources(kit, &["worker/Cargo.toml", "worker/src"]);
    when_changed(&stamp(kit, "worker"), &built.worker.join("index.js"), &inputs, "", || {
        run_loudly(
            Command::new(&kit.worker_build)
                .args(["--release", "--no-opt"])
                .current_dir(kit.root.join("worker"))
                .env("CARGO_TARGET_DIR", kit.root.join("target/worker"))
                .env("WASM_BINDGEN_BIN", &kit.wasm_bindgen)
                .env("WASM_OPT_BIN", kit.wasm_opt())
                .env("ESBUILD_BIN", kit.esbuild())
                .env("PATH", kit.path()?),
        )
    })
}

fn page(kit: &Kit, built: &Built) -> Result<Outcome> {
    let inputs =
        sources(kit, &[".cargo/config.toml", "frontend", "index.html", "Trunk.toml", "package-lock.json"]);
    when_changed(&stamp(kit, "page"), &built.page.join("index.html"), &inputs, "", || {
        run_loudly(
            Command::new(&kit.trunk)
                .args(["build", "--release", "--offline", "--log", "warn"])
                .current_dir(&kit.root)
                .env("CARGO_TARGET_DIR", kit.root.join("target/page"))
                .env("PATH", kit.path()?)
                // Some terminals set this to a value that trunk refuses.
                .env_remove("NO_COLOR"),
        )
    })
}
