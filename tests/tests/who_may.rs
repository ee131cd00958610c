//! Who may do what: every route of the API against every kind of visitor, in workerd.
//!
//! The rows are the Worker's own routes: one without a row fails, and so does a row without a route. What sign-in
//! itself does with replayed states and wrong verifiers stands in `sign_in.rs`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use burstboard_tests::{
    Api, Scene, Stack, Start,
    api::Answer,
    forge::{self, OTHER_KEYS},
    launch::{granules, request},
    scene::share,
    workerd::SEAL_KEYS,
};
use burstboard_worker::route::{Line, TABLE};
use domain::run::State;
use reqwest::{Method, header::HeaderMap};
use serde_json::json;

/// The status for each visitor; two where a public repository and a private one differ. All bodies are such that those
/// who may are told what is wrong with their request (404, 409, 422), so that nothing changes.
///
/// * `outsider` is signed in and has no part in the repository; `reader` is listed as a launcher all the same.
/// * `unlisted` has write permission and is not listed as a launcher.
/// * `run-link` and `batch-link` are strangers who opened a share link.
const EXPECTED: &str = "
route                                       stranger outsider reader   unlisted writer   owner    run-link batch-link
GET  /api/v1/health                         200      200      200      200      200      200      200      200
GET  /api/v1/config                         200      200      200      200      200      200      200      200
GET  /api/v1/sign-in                        303      303      303      303      303      303      303      303
GET  /api/v1/sign-in/callback               303      303      303      303      303      303      303      303
POST /api/v1/launches                       401      403      403      403      422      422      401      401
GET  /api/v1/launching                      401      403      403      403      403      200      401      401
POST /api/v1/launching                      401      403      403      403      403      422      401      401
GET  /api/v1/links                          401      403      403      200      200      200      401      401
POST /api/v1/links                          401      403      403      422      422      422      401      401
POST /api/v1/links/{id}/revoke              401      403      403      404      404      404      401      401
POST /api/v1/share                          200      200      200      200      200      200      200      200
GET  /api/v1/runs                           200|401  200|403  200      200      200      200      200|401  200|401
GET  /api/v1/runs/{run}                     200|401  200|403  200      200      200      200      200      200
POST /api/v1/runs/{run}/cancel              401      403      403      403      409      409      401      401
POST /api/v1/runs/{run}/rerun-failed        401      403      403      403      409      409      401      401
GET  /api/v1/runs/{run}/jobs/{job}/log      401      200|403  200      200      200      200      401      401
POST /api/v1/runs/{run}/jobs/{job}/rerun    401      403      403      403      404      404      401      401
GET  /api/v1/batches/{batch}                200|401  200|403  200      200      200      200      200|401  200
GET  /api/v1/artifacts/{id}/download        302|401  302|403  302      302      302      302      302      302
GET  /api/v1/previews/{id}                  200|401  200|403  200      200      200      200      200      200
GET  /api/v1/cards/{run}                     200|401  200|403  200      200      200      200      200      200
POST /api/v1/sign-out                       204      204      204      204      204      204      204      204
";

/// Names and values.
type Headers = &'static [(&'static str, &'static str)];

/// Requests that no page of this origin sends, and what becomes of a change that comes so; looking is no different.
const ELSEWHERE: [(&str, Headers, u16); 7] = [
    ("another origin", &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], 403),
    ("another origin in an old browser", &[("origin", "https://evil.example")], 403),
    (
        "another port of this computer",
        &[("origin", "http://127.0.0.1:1"), ("sec-fetch-site", "same-site")],
        403,
    ),
    ("no place at all", &[("origin", "null"), ("sec-fetch-site", "cross-site")], 403),
    ("no Origin", &[], 403),
    ("the own Origin from another site", &[("origin", OWN), ("sec-fetch-site", "cross-site")], 403),
    ("a form", &[("origin", OWN), ("content-type", "application/x-www-form-urlencoded")], 415),
];
/// Stands for the Worker's own origin.
const OWN: &str = "OWN";

#[tokio::test]
async fn on_a_public_repository() -> Result<()> {
    walk_through(false).await
}

#[tokio::test]
async fn on_a_private_repository() -> Result<()> {
    walk_through(true).await
}

#[test]
fn the_table_has_every_route_and_no_other() {
    let routes: BTreeSet<String> = TABLE.iter().map(name).collect();
    let rows: BTreeSet<String> = rows().into_iter().map(|(route, _)| route).collect();
    assert_eq!(rows, routes);
}

async fn walk_through(private: bool) -> Result<()> {
    let stack = Stack::with(&Start {
        sandbox: if private { &["--private", "--rate-limit", "100000"] } else { &["--rate-limit", "100000"] },
        settings: &[("REQUESTS_PER_MINUTE", "100000"), ("LAUNCHERS", "local,writer,reader")],
        ..Start::default()
    })
    .await?;
    stack.sandbox.tell("people", &json!({"login": "maintainer", "role": "write"})).await?;
    let cast = Cast::gather(&stack).await?;
    let expected = |visitor: &str, line: &Line| expected(visitor, line, private);

    for (visitor, api) in &cast.people {
        for line in in_order() {
            let answer = cast.scene.ask(api, line).await?;
            let wanted = expected(visitor, line)?;
            assert_eq!(answer.status, wanted, "{visitor}: {} {}", name(line), text(&answer));
            explained(&answer, private && wanted >= 401, &stack.sandbox.ready.repository)
                .with_context(|| format!("{visitor}: {}", name(line)))?;
        }
    }
    let owner = cast.stranger.sign_in("local").await?;
    for (way, headers, refusal) in ELSEWHERE {
        for line in &TABLE {
            let answer = from_elsewhere(&cast, &owner, line, headers).await?;
            let wanted = if line.method == "POST" { refusal } else { expected("owner", line)? };
            assert_eq!(answer.status, wanted, "from {way}: {} {}", name(line), text(&answer));
            assert!(no_foreign_page_may_read(&answer.headers), "from {way}: {:?}", answer.headers);
        }
    }
    for (visitor, api) in &cast.nobodies {
        for line in in_order() {
            let answer = cast.scene.ask(api, line).await?;
            let wanted = expected("stranger", line)?;
            assert_eq!(answer.status, wanted, "{visitor}: {} {}", name(line), text(&answer));
        }
    }
    nothing_has_changed(&cast, &owner).await
}

/// Everybody, and what there is to see.
struct Cast {
    scene: Scene,
    stranger: Api,
    /// By their names in the table.
    people: Vec<(&'static str, Api)>,
    /// Visitors with something that is worth nothing: they are strangers.
    nobodies: Vec<(&'static str, Api)>,
}

impl Cast {
    async fn gather(stack: &Stack) -> Result<Self> {
        let stranger = stack.stranger()?;
        let writer = stranger.sign_in("writer").await?;
        let scene = Scene::play(stack, &writer, 2, "k3v9x2ab").await?;
        let other = writer.launch(&request(&granules(stack, 2).await?, "0ther1")).await?;
        let (_, to_batch) = share(&writer, &format!("batch:{}", scene.batch)).await?;
        let (_, to_other) = share(&writer, &format!("run:{other}")).await?;
        let holding = |token: &str| stranger.with_cookies(&forge::share_cookie(token));
        let people = vec![
            ("stranger", stranger.clone()),
            ("outsider", stranger.sign_in("stranger").await?),
            ("reader", stranger.sign_in("reader").await?),
            ("unlisted", stranger.sign_in("maintainer").await?),
            ("writer", writer.clone()),
            ("owner", stranger.sign_in("local").await?),
            ("run-link", open(&stranger, &scene.link).await?),
            ("batch-link", open(&stranger, &to_batch).await?),
        ];

        let scope = format!("run:{}", scene.run);
        let (valid, _) = share(&writer, &scope).await?;
        let (revoked, to_revoked) = share(&writer, &scope).await?;
        let in_time = open(&stranger, &to_revoked).await?;
        assert_eq!(writer.post(&format!("/api/v1/links/{revoked}/revoke")).await?.status, 202);
        let ended = stranger.sign_in("local").await?;
        assert_eq!(ended.post("/api/v1/sign-out").await?.status, 204);
        let over = forge::link(SEAL_KEYS, &valid, &scope, -1)?;
        let forged = forge::link(OTHER_KEYS, &valid, &scope, 600)?;
        for token in [&to_revoked, &over, &forged] {
            let refused = stranger.post_json("/api/v1/share", &json!({"token": token})).await?;
            assert_eq!((refused.status, kind(&refused)), (403, "link-over".to_owned()), "{}", text(&refused));
            assert_eq!(refused.cookie("__Host-share"), None);
        }
        let session = |with, seconds| forge::session(with, "local", seconds);
        let nobodies = vec![
            ("a revoked link", in_time),
            ("a link that is over", holding(&over)),
            ("a forged link", holding(&forged)),
            (
                "a link in place of a session",
                stranger.with_cookies(&format!("__Host-session={}", scene.link)),
            ),
            ("a session that was ended", ended),
            ("a session that is over", stranger.with_cookies(&session(SEAL_KEYS, -1)?)),
            ("a forged session", stranger.with_cookies(&session(OTHER_KEYS, 600)?)),
            ("a name in place of a session", stranger.with_cookies("__Host-session=local")),
        ];
        // What is forged here is worth nothing for one reason only.
        let good = stranger.with_cookies(&session(SEAL_KEYS, 600)?);
        assert_eq!(good.get("/api/v1/launching").await?.status, 200);
        let good = holding(&forge::link(SEAL_KEYS, &valid, &scope, 600)?);
        assert_eq!(good.get(&format!("/api/v1/runs/{}", scene.run)).await?.status, 200);
        // A link to one run opens nothing of another.
        let elsewhere = holding(&to_other);
        assert_eq!(elsewhere.get(&format!("/api/v1/runs/{other}")).await?.status, 200);
        let nobodies = nobodies.into_iter().chain([("a link to another run", elsewhere)]).collect();
        Ok(Self { scene, stranger, people, nobodies })
    }
}

async fn open(stranger: &Api, token: &str) -> Result<Api> {
    let opened = stranger.post_json("/api/v1/share", &json!({"token": token})).await?;
    ensure!(opened.status == 200, "the link opens nothing: {}", text(&opened));
    Ok(stranger.with_cookies(&opened.cookie("__Host-share").context("no cookie")?))
}

/// Signing out comes last: it makes a visitor a stranger.
fn in_order() -> impl Iterator<Item = &'static Line> {
    let out = |line: &&Line| line.path == "/api/v1/sign-out";
    TABLE.iter().filter(move |line| !out(line)).chain(TABLE.iter().filter(out))
}

fn name(line: &Line) -> String {
    format!("{} {}", line.method, line.path)
}

fn rows() -> Vec<(String, Vec<&'static str>)> {
    let lines = EXPECTED.lines().filter(|line| !line.is_empty()).skip(1);
    let row = |line: &'static str| {
        let mut words = line.split_whitespace();
        let route: Vec<&str> = words.by_ref().take(2).collect();
        (route.join(" "), words.collect())
    };
    lines.map(row).collect()
}

fn expected(visitor: &str, line: &Line, private: bool) -> Result<u16> {
    let mut visitors = EXPECTED.lines().nth(1).unwrap_or_default().split_whitespace().skip(1);
    let column = visitors.position(|known| known == visitor).with_context(|| format!("no {visitor}"))?;
    let row = rows().into_iter().find(|(route, _)| *route == name(line));
    let (_, cells) = row.with_context(|| format!("no row for {}", name(line)))?;
    let cell = cells.get(column).context("a row is too short")?;
    let (public, other) = cell.split_once('|').unwrap_or((cell, cell));
    Ok(if private { other } else { public }.parse()?)
}

/// A refusal says of which kind it is and what to do, and of a private repository not even its name.
fn explained(answer: &Answer, secretly: bool, repository: &str) -> Result<()> {
    let kinds = [
        (401, "sign-in-needed"),
        (403, "not-allowed"),
        (404, "not-found"),
        (409, "conflict"),
        (422, "invalid-input"),
    ];
    if let Some((_, wanted)) = kinds.iter().find(|(status, _)| *status == answer.status) {
        ensure!(kind(answer) == *wanted, "{}", text(answer));
        let detail = answer.json()?["detail"].as_str().map_or(0, str::len);
        ensure!(detail > 20, "no sentence: {}", text(answer));
    }
    let hidden = secretly && matches!(answer.status, 401 | 403);
    ensure!(!hidden || !text(answer).contains(repository), "it names the repository: {}", text(answer));
    Ok(())
}

fn kind(answer: &Answer) -> String {
    let problem = answer.json().unwrap_or_default();
    problem["type"].as_str().unwrap_or_default().to_owned()
}

fn text(answer: &Answer) -> String {
    format!("{} {:.400}", answer.status, String::from_utf8_lossy(&answer.body))
}

async fn from_elsewhere(cast: &Cast, api: &Api, line: &Line, headers: &[(&str, &str)]) -> Result<Answer> {
    let mut request = api.request(Method::from_bytes(line.method.as_bytes())?, &cast.scene.path(line));
    if line.method == "POST" {
        request = request.body(cast.scene.body(line).to_string());
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
    }
    for (name, value) in headers {
        request = request.header(*name, if *value == OWN { api.address() } else { value });
    }
    api.send(request).await
}

fn no_foreign_page_may_read(headers: &HeaderMap) -> bool {
    headers.keys().all(|name| !name.as_str().starts_with("access-control-"))
}

/// The run, its links and launching are as they were, and a preflight is not agreed to.
async fn nothing_has_changed(cast: &Cast, owner: &Api) -> Result<()> {
    let view = owner.run(cast.scene.run).await?;
    assert_eq!((view.run.state, view.run.attempt), (State::Done, 1));
    let runs = owner.get("/api/v1/runs").await?.json()?;
    assert_eq!(runs["runs"].as_array().map(Vec::len), Some(2), "{runs}");
    let launching = owner.get("/api/v1/launching").await?.json()?;
    assert_eq!((&launching["open"], &launching["jobs_today"]), (&json!(true), &json!(3)), "{launching}");
    let links = owner.get("/api/v1/links").await?.json()?;
    assert_eq!(links["links"].as_array().map(Vec::len), Some(4), "{links}");
    for line in &TABLE {
        let preflight = owner
            .request(Method::OPTIONS, &cast.scene.path(line))
            .header("origin", "https://evil.example")
            .header("access-control-request-method", line.method);
        let answer = owner.send(preflight).await?;
        assert_eq!(answer.status, 405, "{}", name(line));
        assert!(no_foreign_page_may_read(&answer.headers));
    }
    Ok(())
}
