//! `sandbox serve`: the ports, the socket, and who may come in.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::net::{TcpListener, UnixListener};
use tower::ServiceExt;

use crate::{
    accounts::{
        Accounts,
        client::{CLIENT_ID, Client},
        integration::{APP_ID, INSTALLATION_ID, Integration},
        people::PEOPLE,
    },
    blobs::{self, Signer},
    catalogue,
    faults::{self, Faults, Verdict},
    github::{App, door::Door, headers::Rate},
    login, own,
    runner::{self, Checkout, Engine, Settings},
    seen::Seen,
    store::Store,
};

/// The command line.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// The repository whose workflows are run.
    #[arg(long)]
    pub repository_dir: PathBuf,
    /// Folder for runs, logs and artifacts. It is kept from one start to the next.
    #[arg(long)]
    pub data: PathBuf,
    /// The program `act`.
    #[arg(long, default_value = "act")]
    pub act: PathBuf,
    /// The program `processor`, whose folder comes first in the PATH of jobs.
    #[arg(long)]
    pub processor: Option<PathBuf>,
    /// Name of the repository; its owner is `local`.
    #[arg(long, default_value = "burstboard")]
    pub name: String,
    /// Port of the API; any free one without.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the blob store; any free one without.
    #[arg(long, default_value_t = 0)]
    pub blob_port: u16,
    /// Jobs that run at the same time.
    #[arg(long, default_value_t = 2)]
    pub concurrent_jobs: usize,
    /// Makes the repository private from the start.
    #[arg(long)]
    pub private: bool,
    /// Installs an app in the repository, with a key that is kept in the data folder.
    #[arg(long)]
    pub app: bool,
    /// Where people who sign in are sent back to. On this computer, any port is good.
    #[arg(long, default_value = "http://127.0.0.1/api/v1/sign-in/callback")]
    pub callback: url::Url,
    /// Requests to the API in an hour, as GitHub limits them.
    #[arg(long, default_value_t = 5000)]
    pub rate_limit: u64,
    /// Where the Unix socket for `gh` is made; `gh.sock` in the data folder without.
    #[arg(long)]
    pub socket: Option<PathBuf>,
}

/// What a request may lead to.
#[derive(Clone)]
struct House {
    app: Arc<App>,
    door: Door,
    own: Router,
    login: Router,
    catalogue: Router,
    blob_host: Arc<str>,
}

/// Serves until SIGTERM or SIGINT, then ends all that was started.
pub async fn serve(options: Options) -> anyhow::Result<()> {
    let repository = canonical(&options.repository_dir, "the repository")?;
    std::fs::create_dir_all(&options.data)
        .with_context(|| format!("the folder {} cannot be made", options.data.display()))?;
    let data = canonical(&options.data, "the data folder")?;
    let _lock = lock(&data)?;
    let api =
        TcpListener::bind(("127.0.0.1", options.port)).await.context("the API's port cannot be opened")?;
    let blobs = TcpListener::bind(("127.0.0.1", options.blob_port))
        .await
        .context("the blob store's port cannot be opened")?;
    let api_host = format!("localhost:{}", api.local_addr()?.port());
    let blob_host = format!("localhost:{}", blobs.local_addr()?.port());
    let catalogue_url = format!("http://{api_host}{}", catalogue::PATH);
    let socket = match options.socket {
        Some(path) => path,
        None => socket_place(&data)?,
    };
    let listener = socket_at(&socket)?;

    let store = Arc::new(Store::open(&data)?);
    let integration = options.app.then(|| Integration::open(&data)).transpose()?;
    let settings = Settings {
        act: program(&options.act)?,
        processor: options.processor.as_deref().map(program).transpose()?,
        program: std::env::current_exe().context("this program's own path is not known")?,
        passed: runner::PASSED.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect(),
        concurrent_jobs: options.concurrent_jobs,
        repository: format!("{}/{}", crate::OWNER, options.name),
        api: format!("http://{api_host}"),
        catalogue: catalogue_url.clone(),
        data: data.clone(),
    };
    let engine = Engine::start(settings, Arc::clone(&store), Checkout::new(repository, data)).await?;
    let app = Arc::new(App {
        engine: Arc::clone(&engine),
        store,
        accounts: Accounts::new(Client::new(options.callback), integration, options.private),
        signer: Signer::new(format!("http://{blob_host}")),
        faults: Faults::default(),
        repository: options.name,
        api_host: api_host.clone(),
        rate: Rate::new(options.rate_limit),
        seen: Seen::default(),
    });
    let house = House {
        door: Door::new(Arc::clone(&app)),
        own: own::routes(Arc::clone(&app)),
        login: login::routes(Arc::clone(&app)),
        catalogue: catalogue::routes(),
        blob_host: blob_host.clone().into(),
        app: Arc::clone(&app),
    };
    let people =
        PEOPLE.iter().map(|person| json!({"login": person.login, "role": app.accounts.roles.of(person)}));
    let mut ready = json!({
        "api": format!("http://{api_host}"), "blobs": format!("http://{blob_host}"), "catalogue": catalogue_url,
        "socket": socket, "repository": app.full_name(), "token": app.accounts.token,
        "web": format!("http://{api_host}"), "client_id": CLIENT_ID, "client_secret": app.accounts.client.secret,
        "people": people.collect::<Vec<_>>(),
    });
    if let Some(integration) = &app.accounts.integration {
        ready["app"] =
            json!({"id": APP_ID, "installation": INSTALLATION_ID, "private_key": integration.private_key});
    }
    let mut servers = tokio::task::JoinSet::new();
    let router = Router::new().fallback(answer).with_state(house);
    // Open connections are not waited for: a client that keeps one open must not keep the sandbox alive.
    servers.spawn(axum::serve(api, router.clone()).into_future());
    servers.spawn(axum::serve(blobs, router.clone()).into_future());
    servers.spawn(axum::serve(listener, router).into_future());
    say(&ready)?;
    tokio::select! {
        () = interrupted() => {}
        Some(broken) = servers.join_next() => { broken.context("a server broke off")??; }
    }
    eprintln!("sandbox: ending what was started");
    engine.stop().await;
    servers.abort_all();
    std::fs::remove_file(&socket).ok();
    Ok(())
}

/// The one line that says where everything is.
fn say(ready: &serde_json::Value) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{ready}")?;
    Ok(out.flush()?)
}

async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// Sends a request where its host says. Other hosts are refused: a web page that points its own name at this computer
/// must not reach the sandbox.
async fn answer(State(house): State<House>, request: Request) -> Response {
    let host =
        request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned();
    let port_of = |host: &str| host.rsplit_once(':').map(|(_, port)| port.to_owned());
    let same_port = |known: &str| port_of(&host) == port_of(known);
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let local = matches!(name, "localhost" | "127.0.0.1");
    let github = matches!(name, "api.github.localhost" | "github.localhost");
    if local && same_port(&house.blob_host) {
        return blobs::serve(&house.app, request).await;
    }
    // Through the socket `gh` names GitHub's hosts without a port.
    if !(local && same_port(&house.app.api_host)
        || github && (!host.contains(':') || same_port(&house.app.api_host)))
    {
        let sentence = "The sandbox answers only under localhost, 127.0.0.1, api.github.localhost and github.localhost.\n";
        return (StatusCode::MISDIRECTED_REQUEST, sentence).into_response();
    }
    let path = request.uri().path();
    if path.starts_with("/sandbox/") {
        let Ok(response) = house.own.oneshot(request).await;
        return response;
    }
    if path.starts_with("/catalogue/") {
        let Ok(response) = house.catalogue.oneshot(request).await;
        return response;
    }
    house.app.seen.api(request.method(), path);
    if path.starts_with("/login/") {
        let verdict = house.app.faults.judge(request.method().as_str(), path).await;
        if let Verdict::Answer(response) = verdict {
            return response;
        }
        let Ok(response) = house.login.oneshot(request).await;
        return if verdict == Verdict::LoseAnswer { faults::lost() } else { response };
    }
    house.door.answer(&host, request).await
}

fn canonical(path: &Path, what: &str) -> anyhow::Result<PathBuf> {
    path.canonicalize().with_context(|| format!("{what} {} cannot be opened", path.display()))
}

/// A program given by path becomes absolute; one given by name stays a matter of the PATH.
fn program(path: &Path) -> anyhow::Result<PathBuf> {
    if path.components().count() == 1 { Ok(path.to_owned()) } else { canonical(path, "the program") }
}

/// Two sandboxes on one data folder would end each other's jobs.
fn lock(data: &Path) -> anyhow::Result<std::fs::File> {
    let path = data.join("lock");
    let file = std::fs::File::options().create(true).truncate(false).write(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => {
            anyhow::bail!("another sandbox uses {}: end it, or choose another --data", data.display())
        }
        Err(std::fs::TryLockError::Error(e)) => {
            Err(e).with_context(|| format!("{} cannot be locked", path.display()))
        }
    }
}

/// In the data folder, or below the folder for temporary files where that path is longer than a socket's may be.
fn socket_place(data: &Path) -> anyhow::Result<PathBuf> {
    use std::os::unix::{ffi::OsStrExt, fs::DirBuilderExt};
    const LONGEST: usize = 100;
    let path = data.join("gh.sock");
    if path.as_os_str().len() <= LONGEST {
        return Ok(path);
    }
    let name = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(data.as_os_str().as_bytes()));
    let folder = std::env::temp_dir().join(format!("burstboard-{}", name.get(..12).unwrap_or_default()));
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e).context("no folder for the socket"),
        _ => Ok(folder.join("gh.sock")),
    }
}

/// The socket is this user's alone.
fn socket_at(path: &Path) -> anyhow::Result<UnixListener> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::remove_file(path).ok();
    let listener = UnixListener::bind(path).with_context(|| {
        format!(
            "the socket {} cannot be made (its path may be too long: choose a shorter one with --socket)",
            path.display()
        )
    })?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}
