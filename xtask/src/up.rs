//! `cargo xtask up`: the whole product on this computer, without an account and without a network.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args;
use serde_json::Value;

use crate::{
    build::{Built, build},
    process::Service,
    setup::{Kit, setup},
    tools::on_path,
    ui::note,
};

const DEFAULT_PORT: u16 = 8765;

/// How to start.
#[derive(Args)]
pub(crate) struct Options {
    /// The page's port on 127.0.0.1 [default: 8765, or a free one]
    #[arg(long)]
    port: Option<u16>,
    /// Do not open the page in a browser
    #[arg(long)]
    no_open: bool,
    /// Where the sandbox keeps its runs and artifacts
    #[arg(long, default_value = ".burstboard")]
    data: PathBuf,
}

/// Sets up, builds, starts everything, prints the `ready` line, and stays until it is ended.
pub(crate) fn up(options: &Options) -> Result<()> {
    let ended = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ended);
    ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst))?;

    let kit = setup()?;
    let built = build(&kit)?;
    let port = choose_port(options.port)?;
    let start = Instant::now();
    let mut sandbox = Sandbox::start(&kit, &built, &options.data)?;
    let mut workerd = start_workerd(&kit, &built, &sandbox, port, &options.data)?;
    let page = format!("http://127.0.0.1:{port}");
    wait_until_healthy(&page, &mut workerd, &ended)?;
    note(&format!("started in {:.1} s", start.elapsed().as_secs_f64()));
    hints(&sandbox, &page);
    println!("ready {page}");
    if !options.no_open {
        open_browser(&page);
    }
    while !ended.load(Ordering::SeqCst) {
        sandbox.service.check()?;
        workerd.check()?;
        std::thread::sleep(Duration::from_millis(100));
    }
    note("ending");
    // The page first, so that nobody starts a run that nobody will end.
    workerd.stop();
    sandbox.service.stop();
    Ok(())
}

fn choose_port(wanted: Option<u16>) -> Result<u16> {
    let free =
        |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|l| l.local_addr()).map(|a| a.port());
    match wanted {
        Some(port) => free(port).with_context(|| format!("port {port} is taken: name another with --port")),
        None => free(DEFAULT_PORT).or_else(|_| free(0)).context("no port is free"),
    }
}

/// The running sandbox and what it said about itself.
pub(crate) struct Sandbox {
    pub(crate) service: Service,
    ready: Value,
}

impl Sandbox {
    fn start(kit: &Kit, built: &Built, data: &Path) -> Result<Self> {
        std::fs::create_dir_all(data).with_context(|| format!("{} could not be made", data.display()))?;
        let mut service = Service::start(
            "the sandbox",
            Command::new(&built.sandbox)
                .arg("serve")
                .arg("--repository-dir")
                .arg(&kit.root)
                .arg("--data")
                .arg(std::path::absolute(data)?)
                .arg("--act")
                .arg(&kit.act)
                .arg("--processor")
                .arg(&built.processor)
                .stdout(Stdio::piped()),
        )?;
        let stdout = service.take_stdout().context("the sandbox has no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let ready = serde_json::from_str(&line).context("the sandbox did not say that it is ready")?;
        Ok(Self { service, ready })
    }

    fn says(&self, key: &str) -> &str {
        self.ready.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

fn start_workerd(kit: &Kit, built: &Built, sandbox: &Sandbox, port: u16, data: &Path) -> Result<Service> {
    let storage = std::path::absolute(data)?.join("worker");
    std::fs::create_dir_all(&storage)?;
    Service::start(
        "workerd",
        Command::new(kit.workerd())
            .arg("serve")
            .arg(kit.root.join("worker/workerd.capnp"))
            .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
            .arg(format!("--directory-path=page={}", built.page.display()))
            .arg(format!("--directory-path=storage={}", storage.display()))
            .env("GITHUB_API_URL", sandbox.says("api"))
            .env("GITHUB_WEB_URL", sandbox.says("web"))
            .env("GITHUB_CLIENT_ID", sandbox.says("client_id"))
            .env("GITHUB_CLIENT_SECRET", sandbox.says("client_secret"))
            .env("LAUNCHERS", "local,maintainer,writer,reader")
            .env("SEAL_KEYS", seal_keys(data)?)
            .env("PAGE_ORIGIN", "")
            .env("GITHUB_REPOSITORY", sandbox.says("repository"))
            .env("GITHUB_TOKEN", sandbox.says("token"))
            .env("GITHUB_REF", "main")
            .env("BLOB_ORIGINS", sandbox.says("blobs"))
            .env("CATALOGUE_URL", sandbox.says("catalogue"))
            .env("SIMULATED", "true")
            // What this computer does at the same time; the page's estimates follow it.
            .env("CONCURRENT_JOBS", "2")
            .env("TILES_URL", "")
            .env("TILES_ATTRIBUTION", "")
            .stdout(std::io::stderr()),
    )
}

/// The key of cookies and share links: made once, so that links go on working after a restart.
fn seal_keys(data: &Path) -> Result<String> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = data.join("seal-keys");
    if let Ok(known) = std::fs::read_to_string(&path) {
        return Ok(known.trim().to_owned());
    }
    let mut secret = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut secret)?;
    let keys = format!("k1:{}", STANDARD.encode(secret));
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(keys.as_bytes())?;
    Ok(keys)
}

fn wait_until_healthy(page: &str, workerd: &mut Service, ended: &AtomicBool) -> Result<()> {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(2))).build().into();
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        workerd.check()?;
        match agent.get(format!("{page}/api/v1/health")).call() {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            _ if ended.load(Ordering::SeqCst) => bail!("ended while starting"),
            Ok(answer) if Instant::now() > deadline => bail!("the Worker answers {}", answer.status()),
            Err(error) if Instant::now() > deadline => {
                return Err(error).context("the Worker does not answer");
            }
            _ => std::thread::sleep(Duration::from_millis(30)),
        }
    }
}

fn hints(sandbox: &Sandbox, page: &str) {
    let socket = sandbox.says("socket");
    note(&format!(
        "\nThe page: {page}
Runs, artifacts and products are simulated; nothing leaves this computer.
To launch, sign in and choose one of the demo accounts: local owns the repository, writer may launch, reader may not.

To work with `gh` instead, in another terminal:
  export GH_HOST=github.localhost GH_TOKEN={token} GH_REPO={repository} GH_CONFIG_DIR=$(mktemp -d)
  gh config set http_unix_socket {socket}
  gh workflow run batch-job.yml -f burstId=174_372326_IW3 -f start=2018-06-01 -f end=2018-09-01

Ctrl-C ends everything.\n",
        token = sandbox.says("token"),
        repository = sandbox.says("repository"),
    ));
}

fn open_browser(page: &str) {
    let has_display = std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if (has_display || cfg!(target_os = "macos")) && on_path(opener).is_some() {
        // Whether a browser opens is no concern of ours: the address stands above.
        let _ = Command::new(opener).arg(page).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
