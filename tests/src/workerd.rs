//! Cloudflare's runtime with the built Worker and the built page.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
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
    log: Arc<Mutex<Vec<String>>>,
}

/// What workerd says on its control pipe.
#[derive(Deserialize)]
struct Event {
    event: String,
    #[serde(default)]
    port: u16,
}

/// A key of cookies and links that is good for tests only.
pub const SEAL_KEYS: &str = "k1:dGVzdHMgb25seSwgbm8gc2VjcmV0IGF0IGFsbCwgMzI=";

impl Workerd {
    /// Starts the Worker against a sandbox, on a free port, and waits until it listens: as the sandbox's App where it
    /// has one, else with its token. `other` settings come in place of what the sandbox says of itself.
    pub async fn start(sandbox: &Sandbox, data: &Path, other: &[(&str, &str)]) -> Result<Self> {
        let ready = &sandbox.ready;
        let mut settings = BTreeMap::from([
            ("GITHUB_API_URL", ready.api.as_str()),
            ("GITHUB_WEB_URL", &ready.web),
            ("GITHUB_REPOSITORY", &ready.repository),
            ("GITHUB_TOKEN", &ready.token),
            ("GITHUB_CLIENT_ID", &ready.client_id),
            ("GITHUB_CLIENT_SECRET", &ready.client_secret),
            ("LAUNCHERS", "local,maintainer,writer,reader"),
            ("SEAL_KEYS", SEAL_KEYS),
            ("BLOB_ORIGINS", &ready.blobs),
            ("CATALOGUE_URL", &ready.catalogue),
            ("SIMULATED", "true"),
        ]);
        let app = ready.app.as_ref().map(|app| (app.id.to_string(), app.private_key.as_str()));
        if let Some((id, key)) = &app {
            settings.retain(|name, _| !["GITHUB_TOKEN", "LAUNCHERS"].contains(name));
            settings.extend([("GITHUB_APP_ID", id.as_str()), ("GITHUB_APP_PRIVATE_KEY", key)]);
        }
        settings.extend(other.iter().copied());
        Self::run(&settings.into_iter().collect::<Vec<_>>(), data)
    }

    /// Starts the Worker with these settings and no others; what it remembers stays in `data`.
    pub fn run(settings: &[(&str, &str)], data: &Path) -> Result<Self> {
        let build = built("WORKER_BUILD_DIR")?;
        ensure!(
            build.canonicalize().ok() == root().join("worker/build").canonicalize().ok()
                && build.join("index.js").exists(),
            "worker/workerd.capnp takes the Worker from worker/build: build it there with `cargo xtask test`"
        );
        let storage = data.join("worker");
        std::fs::create_dir_all(&storage)?;
        let mut command = Command::new(built("WORKERD_BIN")?);
        command
            .arg("serve")
            .arg(root().join("worker/workerd.capnp"))
            // Port 0 takes a free one; the control pipe tells which.
            .args(["--socket-addr=http=127.0.0.1:0", "--control-fd=1"])
            .arg(format!("--directory-path=page={}", built("PAGE_DIR")?.display()))
            .arg(format!("--directory-path=storage={}", storage.display()))
            .env_clear()
            .envs(settings.iter().copied())
            .stderr(Stdio::piped());
        let mut service = Service::start("workerd", &mut command)?;
        let mut lines = BufReader::new(service.stdout()?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let event: Event = serde_json::from_str(&line).with_context(|| format!("workerd says {line:?}"))?;
        ensure!(event.event == "listen", "workerd does not listen but says {line:?}");
        // The Worker's own lines come after it; a full pipe would stop it.
        let log = Arc::new(Mutex::new(Vec::new()));
        keep_lines(lines, &log);
        keep_lines(BufReader::new(service.stderr()?), &log);
        Ok(Self { service, address: format!("http://127.0.0.1:{}", event.port), log })
    }

    /// What the owner reads in the log so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn keep_lines(lines: impl BufRead + Send + 'static, log: &Arc<Mutex<Vec<String>>>) {
    let log = Arc::clone(log);
    std::thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            eprintln!("{line}");
            log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
}
