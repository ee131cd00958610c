//! Real programs for tests: the sandbox as GitHub, workerd with the built Worker, and a client for its API.
//!
//! `cargo xtask test` builds them and says by environment variables where they are.

#![expect(clippy::disallowed_methods, reason = "native program: the clock is there")]

pub mod api;
pub mod forge;
pub mod gh;
pub mod launch;
pub mod left;
pub mod sandbox;
pub mod scene;
pub mod service;
pub mod workerd;

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

pub use api::Api;
pub use gh::Gh;
pub use sandbox::Sandbox;
pub use scene::Scene;
pub use workerd::Workerd;

/// The path that an environment variable of `cargo xtask test` names.
pub fn built(variable: &str) -> Result<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set: run these tests with `cargo xtask test`"))
}

/// The repository's root.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Asks again and again until it is so. The limit only ends a test that hangs.
pub async fn until(what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so()? {
        ensure!(Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Everything that the page needs: GitHub and the catalogue, and the Worker in front of them.
///
/// Each test has its own, with its own data and ports; dropping it ends all that it started.
pub struct Stack {
    /// The Worker. It ends first, so that nobody starts a run that nobody will end.
    pub workerd: Workerd,
    /// GitHub and the catalogue.
    pub sandbox: Sandbox,
    /// Where the sandbox keeps its runs; gone with the stack.
    pub data: TempDir,
}

impl Stack {
    /// Starts both; ready when it returns.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// As [`Stack::start`], with these variables in the sandbox's environment.
    pub async fn start_with(environment: &[(&str, &str)]) -> Result<Self> {
        Self::with(&Start { environment, ..Start::default() }).await
    }

    /// Starts both in another way.
    pub async fn with(start: &Start<'_>) -> Result<Self> {
        let data = TempDir::new()?;
        let sandbox = Sandbox::start(data.path(), start.environment, start.sandbox)?;
        let workerd = Workerd::start(&sandbox, data.path(), start.settings).await?;
        Ok(Self { workerd, sandbox, data })
    }

    /// Ends the Worker and starts it again, at another address: it has forgotten all but its records.
    pub async fn restart_worker(&mut self, settings: &[(&str, &str)]) -> Result<()> {
        self.workerd.service.stop();
        self.workerd = Workerd::start(&self.sandbox, self.data.path(), settings).await?;
        Ok(())
    }

    /// A stranger at the API, who refuses any answer with a secret in it.
    pub fn stranger(&self) -> Result<Api> {
        let ready = &self.sandbox.ready;
        Api::new(&self.workerd.address, &[&ready.token, &ready.client_secret])
    }

    /// Somebody with write permission, signed in through GitHub's page.
    pub async fn api(&self) -> Result<Api> {
        self.stranger()?.sign_in("writer").await
    }
}

/// How a stack is started.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'a> {
    /// Variables in the sandbox's environment.
    pub environment: &'a [(&'a str, &'a str)],
    /// Further arguments of the sandbox.
    pub sandbox: &'a [&'a str],
    /// Settings of the Worker that differ from what the sandbox says of itself.
    pub settings: &'a [(&'a str, &'a str)],
}
