//! Cloudflare's runtime with the built Worker and the built page.

use std::{
    io::{BufRead, BufReader},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{built, root, sandbox::Sandbox, service::Service};

/// A running Worker.
pub struct Workerd {
    /// The program.
    pub service: Service,
    /// `http://127.0.0.1:PORT`.
    pub address: String,
}

/// What workerd says on its control pipe.
#[derive(Deserialize)]
struct Event {
    event: String,
    #[serde(default)]
    port: u16,
}

impl Workerd {
    /// Starts the Worker against a sandbox, on a free port, and waits until it listens.
    pub async fn start(sandbox: &Sandbox) -> Result<Self> {
        let ready = &sandbox.ready;
        Self::with(&[
            ("GITHUB_API_URL", &ready.api),
            ("GITHUB_REPOSITORY", &ready.repository),
            ("GITHUB_TOKEN", &ready.token),
            ("BLOB_ORIGINS", &ready.blobs),
            ("CATALOGUE_URL", &ready.catalogue),
            ("SIMULATED", "true"),
        ])
        .await
    }

    /// Starts the Worker with these settings and no others.
    pub async fn with(settings: &[(&str, &str)]) -> Result<Self> {
        let build = built("WORKER_BUILD_DIR")?;
        ensure!(
            build.canonicalize().ok() == root().join("worker/build").canonicalize().ok()
                && build.join("index.js").exists(),
            "worker/workerd.capnp takes the Worker from worker/build: build it there with `cargo xtask test`"
        );
        let mut command = Command::new(built("WORKERD_BIN")?);
        command
            .arg("serve")
            .arg(root().join("worker/workerd.capnp"))
            // Port 0 takes a free one; the control pipe tells which.
            .args(["--socket-addr=http=127.0.0.1:0", "--control-fd=1"])
            .arg(format!("--directory-path=page={}", built("PAGE_DIR")?.display()))
            .env_clear()
            .envs(settings.iter().copied());
        let mut service = Service::start("workerd", &mut command)?;
        let mut lines = BufReader::new(service.stdout()?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let event: Event = serde_json::from_str(&line).with_context(|| format!("workerd says {line:?}"))?;
        ensure!(event.event == "listen", "workerd does not listen but says {line:?}");
        // The Worker's own lines come after it; a full pipe would stop it.
        std::thread::spawn(move || lines.lines().map_while(Result::ok).for_each(|line| eprintln!("{line}")));
        Ok(Self { service, address: format!("http://127.0.0.1:{}", event.port) })
    }
}
