//! What the build and the tests need on this machine, found or installed. Running it twice does nothing the second time.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{
    inputs::when_changed,
    process::{run_loudly, run_quietly},
    tools::on_path,
    ui::{Outcome, Steps},
    versions,
};

/// Where everything is.
pub(crate) struct Kit {
    pub(crate) root: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) worker_build: PathBuf,
    pub(crate) trunk: PathBuf,
    pub(crate) act: PathBuf,
}

impl Kit {
    /// A program that npm brought.
    pub(crate) fn npm(&self, path: &str) -> PathBuf {
        self.root.join("node_modules").join(path)
    }

    /// The npm package of a program that is built for each platform: `scope/linux-64` and the like.
    pub(crate) fn npm_native(&self, scope: &str, prefix: &str, arm: &str, x64: &str, bin: &str) -> PathBuf {
        let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
        let processor = if cfg!(target_arch = "aarch64") { arm } else { x64 };
        self.npm(&format!("{scope}/{prefix}{system}-{processor}/bin/{bin}"))
    }

    /// `workerd`, the runtime of Cloudflare Workers.
    pub(crate) fn workerd(&self) -> PathBuf {
        self.npm_native("@cloudflare", "workerd-", "arm64", "64", "workerd")
    }

    /// `esbuild` itself, not npm's wrapper of it.
    pub(crate) fn esbuild(&self) -> PathBuf {
        self.npm_native("@esbuild", "", "arm64", "x64", "esbuild")
    }

    /// `wasm-opt`; a script that Node runs.
    pub(crate) fn wasm_opt(&self) -> PathBuf {
        self.npm(".bin/wasm-opt")
    }

    /// PATH with the project's own tools in front.
    pub(crate) fn path(&self) -> Result<std::ffi::OsString> {
        let own = [self.root.join(".tools/bin"), self.root.join("node_modules/.bin")];
        let rest = std::env::var_os("PATH").unwrap_or_default();
        Ok(std::env::join_paths(own.into_iter().chain(std::env::split_paths(&rest)))?)
    }
}

/// The project's folder.
pub(crate) fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).context("xtask has no folder above it")
}

/// Finds or installs everything.
pub(crate) fn setup() -> Result<Kit> {
    let root = root()?;
    let tools = root.join(".tools");
    fs::create_dir_all(&tools)?;
    let mut steps = Steps::new(7);
    steps.step("Rust's wasm target", || wasm_target().map(|o| ((), o)))?;
    steps.step("npm packages", || npm_packages(&root).map(|o| ((), o)))?;
    let wasm_bindgen = steps.step("wasm-bindgen", || versions::WASM_BINDGEN.ensure(&tools))?;
    let worker_build = steps.step("worker-build", || versions::WORKER_BUILD.ensure(&tools))?;
    let trunk = steps.step("trunk", || versions::TRUNK.ensure(&tools))?;
    let act = steps.step("act", || versions::ACT.ensure(&tools))?;
    steps.step("crates", || crates(&root).map(|o| ((), o)))?;
    Ok(Kit { root, wasm_bindgen, worker_build, trunk, act })
}

/// The tests need two programs that only a package manager brings.
pub(crate) fn check_test_programs() -> Result<()> {
    for (command, package) in [("chromium", "chromium"), ("gh", "gh")] {
        ensure!(
            on_path(command).is_some(),
            "the tests need {command}, which is not on the PATH: run `sudo apt-get install {package}`"
        );
    }
    Ok(())
}

/// `zizmor` for the tests of the workflows.
pub(crate) fn zizmor(root: &Path) -> Result<PathBuf> {
    versions::ZIZMOR.ensure(&root.join(".tools")).map(|(path, _)| path)
}

fn wasm_target() -> Result<Outcome> {
    let target = "wasm32-unknown-unknown";
    let answer = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output()?;
    if Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir() {
        return Ok(Outcome::Fresh);
    }
    run_quietly(Command::new("rustup").args(["target", "add", target]))?;
    Ok(Outcome::Done)
}

fn npm_packages(root: &Path) -> Result<Outcome> {
    ensure!(on_path("npm").is_some(), "npm is not on the PATH: install Node 20 or newer");
    when_changed(
        &root.join("node_modules/.burstboard-stamp"),
        &root.join("node_modules"),
        &[root.join("package.json"), root.join("package-lock.json")],
        "",
        || {
            run_quietly(
                Command::new("npm")
                    .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                    .current_dir(root),
            )
        },
    )
}

/// Trunk builds without the network, so everything that the lock file names has to be here.
fn crates(root: &Path) -> Result<Outcome> {
    when_changed(
        &root.join(".tools/crates-stamp"),
        &root.join("Cargo.lock"),
        &[root.join("Cargo.lock")],
        "",
        || run_loudly(Command::new("cargo").args(["fetch", "--locked", "--quiet"]).current_dir(root)),
    )
}
