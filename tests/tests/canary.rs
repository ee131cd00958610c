//! No secret leaves the Worker: not in an answer, a header, a page or a line of the log, whatever goes wrong upstream.
//!
//! The sandbox plants them: its token, the client's secret, people's tokens, the App's key and its tokens, signed
//! addresses of blobs, and GitHub's own words, which are not for visitors either. Every route is asked again and again
//! while each part of GitHub has each fault. The one way out is the `Location` of a download.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use burstboard_tests::{
    Sandbox, Scene, Stack, Start, forge,
    launch::{granules, request},
    workerd::SEAL_KEYS,
};
use burstboard_worker::{
    route::{Line, TABLE},
    session::Session,
};
use reqwest::{RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Shapes of secrets that no test ever holds in its hand, and words that are GitHub's.
const SHAPES: [&str; 13] = [
    "ghs_",
    "ghu_",
    "ghr_",
    "gho_",
    "ghp_",
    "github_pat_",
    // A JSON web token, as the App's assertion is one.
    "eyJhbGciOi",
    "PRIVATE KEY",
    // Signed addresses.
    "sig=",
    "/actions-results/",
    "Server Error",
    "rate limit exceeded for user",
    "x-github-",
];

/// Parts of GitHub, by their paths at the sandbox. Whatever the Worker keeps for a minute comes first, while it keeps
/// nothing.
const PLACES: [&str; 16] = [
    "",
    "/access_tokens",
    "/installation",
    "/collaborators/",
    "/actions/runs",
    "/jobs",
    "/logs",
    "/artifacts",
    "/zip",
    "/contents/",
    "/actions/workflows",
    "/dispatches",
    "/actions-results/",
    "/login/oauth/access_token",
    "/user",
    "/applications/",
];

/// Those of them that others than the owner meet.
const FOR_ALL: [&str; 5] = ["", "/collaborators/", "/artifacts", "/zip", "/actions-results/"];

fn harms() -> [Value; 11] {
    [
        json!({"slow": 5}),
        json!({"status": 500}),
        json!({"status": 502}),
        json!({"status": 503}),
        json!({"status": 401}),
        json!({"status": 403}),
        json!({"status": 404}),
        json!("rate_limit"),
        json!({"secondary_rate_limit": 60}),
        json!("lose_answer"),
        json!("truncate"),
    ]
}

#[tokio::test]
async fn no_secret_leaves_a_worker_with_a_token() -> Result<()> {
    search(&[], &[]).await
}

#[tokio::test]
async fn no_secret_leaves_a_worker_with_an_app() -> Result<()> {
    search(&["--app"], &[]).await
}

#[tokio::test]
async fn a_worker_that_tells_a_secret_is_found_out() -> Result<()> {
    let tiles = [("TILES_URL", "https://tiles.example/{z}/{x}/{y}.png"), ("TILES_ATTRIBUTION", SEAL_KEYS)];
    let found = search(&[], &tiles).await.err().context("nothing was found")?;
    let said = format!("{found:#}");
    assert!(said.contains("/api/v1/config: a body has"), "{said}");
    Ok(())
}

#[test]
fn no_place_of_an_answer_is_left_out() {
    let canaries = Canaries { secrets: BTreeSet::from(["n0t-for-you".to_owned()]) };
    let location = "http://localhost:1/actions-results/a.zip?sig=0f";
    let heard = |name: &'static str, value: &str, body: &str| Heard {
        status: StatusCode::FOUND,
        headers: HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]),
        body: body.as_bytes().to_vec(),
        whole: true,
    };
    let download = TABLE.iter().find(|line| line.path.ends_with("/download"));
    let other = TABLE.iter().find(|line| line.path.ends_with("/runs"));
    for (line, leak, quiet) in [
        (other, heard("x-a", "1", "nothing"), true),
        (other, heard("x-a", "1", "it is n0t-for-you"), false),
        (other, heard("set-cookie", "a=n0t-for-you; Path=/", ""), false),
        (other, heard("set-cookie", "a=k1.xghs_x; Path=/", ""), true),
        (other, heard("x-a", "n0t-for-you", ""), false),
        (other, heard("location", location, ""), false),
        (download, heard("location", location, ""), true),
        (download, heard("location", "/n0t-for-you", ""), false),
        (download, heard("x-a", location, ""), false),
        (download, heard("location", location, location), false),
    ] {
        assert_eq!(canaries.listen(line, &leak).is_ok(), quiet, "{leak:?}");
    }
    assert!(canaries.look("a line", "fetch http://x/?sig=1 failed").is_err());
}

/// What must not be found.
struct Canaries {
    secrets: BTreeSet<String>,
}

impl Canaries {
    fn of(sandbox: &Sandbox) -> Result<Self> {
        let ready = &sandbox.ready;
        let (_, seal) = SEAL_KEYS.split_once(':').context("no key")?;
        let mut secrets = BTreeSet::from([ready.token.clone(), ready.client_secret.clone(), seal.to_owned()]);
        if let Some(app) = &ready.app {
            secrets
                .extend(app.private_key.lines().filter(|line| !line.starts_with("---")).map(str::to_owned));
        }
        Ok(Self { secrets })
    }

    fn look(&self, place: &str, text: &str) -> Result<()> {
        let found =
            self.secrets.iter().map(String::as_str).chain(SHAPES).find(|secret| text.contains(secret));
        found.map_or(Ok(()), |secret| bail!("{place} has {secret:?} in it: {text:.2000}"))
    }

    /// Whether a header has letters by chance, which now and then have the shape of a secret: what is sealed, and what
    /// GitHub is asked to bring back.
    fn is_random(name: &str, text: &str) -> bool {
        name == "set-cookie" || (name == "location" && text.contains("/login/oauth/authorize?"))
    }

    /// Looks through an answer; only a download's address may be a signed one, and nothing else.
    fn listen(&self, line: Option<&Line>, heard: &Heard) -> Result<()> {
        for (name, value) in &heard.headers {
            let text = String::from_utf8_lossy(value.as_bytes());
            if !Self::is_random(name.as_str(), &text) && !is_download(line, heard.status, name.as_str()) {
                self.look("a header", &format!("{name}: {text}"))?;
            }
            let found = self.secrets.iter().find(|secret| text.contains(*secret));
            ensure!(found.is_none(), "the header {name} has a secret in it: {text}");
        }
        self.look("a body", &String::from_utf8_lossy(&heard.body))
    }
}

/// Whether a header is the one place for a signed address.
fn is_download(line: Option<&Line>, status: StatusCode, name: &str) -> bool {
    let download = line.is_some_and(|line| line.path == "/api/v1/artifacts/{id}/download");
    download && status == StatusCode::FOUND && name == "location"
}

/// All of an answer that came, whole or not.
#[derive(Debug)]
struct Heard {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    whole: bool,
}

async fn hear(request: RequestBuilder) -> Result<Heard> {
    let mut response = request.send().await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let (mut body, mut whole) = (Vec::new(), false);
    while let Ok(piece) = response.chunk().await {
        match piece {
            Some(piece) => body.extend_from_slice(&piece),
            None => {
                whole = true;
                break;
            }
        }
    }
    Ok(Heard { status, headers, body, whole })
}

/// Goes through everything, with every fault.
async fn search(arguments: &[&str], settings: &[(&str, &str)]) -> Result<()> {
    let settings = [settings, &[("REQUESTS_PER_MINUTE", "1000000")]].concat();
    let arguments = [arguments, &["--private", "--rate-limit", "1000000"]].concat();
    let mut stack =
        Stack::with(&Start { sandbox: &arguments, settings: &settings, ..Start::default() }).await?;
    let writer = stack.api().await?;
    let scene = Scene::play(&stack, &writer, 1, "k3v9x2ab").await?;
    let mut search = Search { canaries: Canaries::of(&stack.sandbox)?, scene, statuses: BTreeSet::new() };
    search.pages(&stack).await?;
    for harm in harms() {
        stack.workerd.service.stop();
        search.log(&stack)?;
        // What the Worker kept for a minute is gone.
        stack.restart_worker(&settings).await?;
        for place in PLACES {
            search.with(&stack, place, &harm).await.with_context(|| format!("{place:?} has {harm}"))?;
        }
    }
    search.launches(&stack).await?;
    stack.workerd.service.stop();
    search.log(&stack)?;
    // The faults were felt: each of these statuses comes from one of them, or from none.
    let expected = [200, 302, 303, 401, 403, 404, 409, 422, 502, 503];
    assert!(expected.iter().all(|status| search.statuses.contains(status)), "{:?}", search.statuses);
    assert!(!search.statuses.contains(&500), "{:?}", search.statuses);

    let blobs = stack.sandbox.seen().await?["blobs"].clone();
    assert!(blobs["requests"].as_u64() > Some(100), "{blobs}");
    assert_eq!(blobs["any"], 0, "a store saw a credential: {blobs}");
    for file in files(&stack.data.path().join("worker"))? {
        let bytes = fs::read(&file)?;
        search.canaries.look(&file.display().to_string(), &String::from_utf8_lossy(&bytes))?;
    }
    Ok(())
}

struct Search {
    canaries: Canaries,
    scene: Scene,
    /// All that were seen.
    statuses: BTreeSet<u16>,
}

impl Search {
    async fn ask(&mut self, line: Option<&Line>, request: RequestBuilder) -> Result<Heard> {
        let heard = hear(request).await?;
        for cookie in heard.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            self.learn(cookie.split(';').next().unwrap_or_default());
        }
        self.canaries.listen(line, &heard)?;
        self.statuses.insert(heard.status.as_u16());
        Ok(heard)
    }

    /// Asks for every route while a part of GitHub is at fault: as somebody who may everything, and with a link.
    async fn with(&mut self, stack: &Stack, place: &str, harm: &Value) -> Result<()> {
        let stranger = stack.stranger()?;
        // A name that the Worker has not asked about within the last minute.
        let unknown = format!("nobody-{}", place.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
        let visitors = [
            stranger.sign_in("local").await?,
            stranger.with_cookies(&forge::share_cookie(&self.scene.link)),
            stranger.with_cookies(&forge::session(SEAL_KEYS, &unknown, 600)?),
        ];
        self.learn(visitors[0].cookies());
        let (page, cookie) = stranger.set_out("/").await?;
        self.canaries.secrets.insert(forge::open_pending(&cookie)?.verifier);
        let back = stranger.choose(&page, Some("writer")).await?;
        let code = back.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).context("no code")?;
        self.canaries.secrets.insert(code.to_owned());

        stack.sandbox.tell("faults", &json!({"path": place, "times": 1_000_000, "harm": harm})).await?;
        let out = |line: &&Line| line.path == "/api/v1/sign-out";
        for api in &visitors {
            // Others are turned away from every change before GitHub is asked, and from most of the rest.
            let asked = |line: &&Line| {
                let is_owner = api.cookies() == visitors[0].cookies();
                is_owner || line.method == "GET" && FOR_ALL.contains(&place)
            };
            for line in TABLE.iter().filter(|line| !out(line)).chain(TABLE.iter().filter(out)).filter(asked) {
                let request = self.scene.request(api, line);
                let heard = self.ask(Some(line), request).await.with_context(|| line.path)?;
                // A preview that breaks off is all that a visitor may get less of than was promised.
                ensure!(heard.whole || line.path.contains("/previews/"), "{} breaks off", line.path);
            }
        }
        let heard =
            self.ask(None, stranger.with_cookies(&cookie).request(reqwest::Method::GET, &back)).await?;
        ensure!(heard.status == StatusCode::SEE_OTHER, "no way back: {heard:?}");
        stack.sandbox.heal().await
    }

    /// A visitor's own token, where a cookie seals one, is a secret as well.
    fn learn(&mut self, cookie: &str) {
        if let Ok(Session { token: Some(token), .. }) = forge::open_session(cookie) {
            self.canaries.secrets.insert(token.expose().to_owned());
        }
    }

    /// The page and its files. A program may have the shapes of secrets in it, but not the secrets.
    async fn pages(&mut self, stack: &Stack) -> Result<()> {
        let stranger = stack.stranger()?;
        for file in files(&burstboard_tests::built("PAGE_DIR")?)? {
            let path = file.strip_prefix(burstboard_tests::built("PAGE_DIR")?)?.display().to_string();
            let heard = hear(stranger.request(reqwest::Method::GET, &format!("/{path}"))).await?;
            let text = format!("{:?} {}", heard.headers, String::from_utf8_lossy(&heard.body));
            let found = self.canaries.secrets.iter().find(|secret| text.contains(*secret));
            ensure!(found.is_none(), "{path} has a secret in it");
        }
        for path in ["/", "/run/1", "/batch/k3v9x2ab", "/nothing.js", "/api/v1/nothing"] {
            self.ask(None, stranger.request(reqwest::Method::GET, path)).await?;
        }
        Ok(())
    }

    /// Launches that would start something, all faults at once: those whose fate is not known take a while.
    async fn launches(&mut self, stack: &Stack) -> Result<()> {
        let writer = stack.api().await?;
        self.learn(writer.cookies());
        let granules = granules(stack, 2).await?;
        let mut launches = JoinSet::new();
        for (n, harm) in harms().iter().enumerate() {
            stack.sandbox.tell("faults", &json!({"path": "/dispatches", "harm": harm})).await?;
            let launch = writer.own_post("/api/v1/launches").json(&request(&granules, &format!("fau1t{n}")));
            launches.spawn(hear(launch));
        }
        let mut answers = BTreeSet::new();
        while let Some(heard) = launches.join_next().await {
            let heard = heard??;
            self.canaries.listen(None, &heard)?;
            answers.insert(heard.status.as_u16());
        }
        ensure!(answers.contains(&201) && answers.contains(&502), "the faults were not met: {answers:?}");
        stack.sandbox.heal().await
    }

    /// What the Worker has written into its log so far.
    fn log(&self, stack: &Stack) -> Result<()> {
        for line in stack.workerd.log() {
            self.canaries.look("the log", &line)?;
        }
        Ok(())
    }
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let list = if path.is_dir() { &mut open } else { &mut files };
            list.push(path);
        }
    }
    Ok(files)
}
