//! What keeps a deployment within bounds, in workerd: the day's limit, the kill switch, each visitor's allowance, the
//! own address; and that all of it outlives a restart.

use anyhow::{Context, Result};
use burstboard_tests::{
    Scene, Stack, Start,
    api::Answer,
    launch::{granules, request},
    scene::share,
};
use reqwest::Method;
use serde_json::{Value, json};

fn kind(answer: &Answer) -> Result<(u16, String)> {
    Ok((answer.status, answer.json()?["type"].as_str().unwrap_or_default().to_owned()))
}

fn sentences(health: &Value, list: &str) -> String {
    health[list].to_string()
}

#[tokio::test]
async fn a_day_has_only_so_many_jobs() -> Result<()> {
    let settings = [("JOBS_PER_DAY", "3")];
    let stack = Stack::with(&Start { settings: &settings, ..Start::default() }).await?;
    let (writer, granules) = (stack.api().await?, granules(&stack, 4).await?);
    let two = request(&granules[..3], "tw0pairs");
    let run = writer.launch(&two).await?;
    assert_eq!(writer.launch(&two).await?, run, "the same launch counts once");
    let over = writer.post_json("/api/v1/launches", &request(&granules[1..], "two0ver")).await?;
    assert_eq!(kind(&over)?, (403, "over-the-day".to_owned()));
    assert!(
        over.json()?["detail"].to_string().contains("at most 3 jobs a day and 1 are left"),
        "{}",
        over.json()?
    );
    writer.launch(&request(&granules[..2], "0nepair")).await?;
    let over = writer.post_json("/api/v1/launches", &request(&granules[..2], "0neover")).await?;
    assert_eq!(kind(&over)?, (403, "over-the-day".to_owned()));
    let runs = stack.sandbox.github(Method::GET, "actions/runs").await?;
    assert_eq!(runs["total_count"], 2, "GitHub was not asked for more");
    Ok(())
}

#[tokio::test]
async fn what_was_decided_outlives_a_restart() -> Result<()> {
    let private = Start { sandbox: &["--private"], ..Start::default() };
    let mut stack = Stack::with(&private).await?;
    let (writer, stranger) = (stack.api().await?, stack.stranger()?);
    let owner = stranger.sign_in("local").await?;
    let scene = Scene::play(&stack, &writer, 1, "k3v9x2ab").await?;
    let open = |token: String| {
        let stranger = stranger.clone();
        async move {
            let opened = stranger.post_json("/api/v1/share", &json!({"token": token})).await?;
            opened.cookie("__Host-share").context("no cookie")
        }
    };
    let (revoked, token) = share(&writer, &format!("run:{}", scene.run)).await?;
    let (valid, revoked_cookie) = (open(scene.link.clone()).await?, open(token).await?);
    assert_eq!(owner.post(&format!("/api/v1/links/{revoked}/revoke")).await?.status, 202);
    let ended = stranger.sign_in("local").await?;
    assert_eq!(ended.post("/api/v1/sign-out").await?.status, 204);
    let closed = owner.post_json("/api/v1/launching", &json!({"open": false})).await?;
    assert_eq!((closed.status, &closed.json()?["open"]), (200, &json!(false)));
    let again = request(&granules(&stack, 2).await?, "afterwards");
    let refused = writer.post_json("/api/v1/launches", &again).await?;
    assert_eq!(kind(&refused)?, (403, "launching-closed".to_owned()));

    stack.restart_worker(&[]).await?;
    let now = stack.stranger()?;
    let path = format!("/api/v1/runs/{}", scene.run);
    assert_eq!(now.with_cookies(&valid).get(&path).await?.status, 200);
    assert_eq!(
        now.with_cookies(&revoked_cookie).get(&path).await?.status,
        401,
        "a revoked link stays revoked"
    );
    assert_eq!(
        now.with_cookies(ended.cookies()).get(&path).await?.status,
        401,
        "an ended session stays ended"
    );
    let (writer, owner) = (now.with_cookies(writer.cookies()), now.with_cookies(owner.cookies()));
    let view = writer.run(scene.run).await?;
    assert_eq!(view.run.actor.as_deref(), Some("writer"), "who launched is remembered");
    let refused = writer.post_json("/api/v1/launches", &again).await?;
    assert_eq!(kind(&refused)?, (403, "launching-closed".to_owned()), "closed stays closed");
    let state = owner.get("/api/v1/launching").await?.json()?;
    assert_eq!(state["jobs_today"], 1, "{state}");
    let acts: Vec<String> = state["activity"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|act| format!("{} {}", act["login"], act["what"]))
        .collect();
    assert_eq!(acts, ["\"local\" \"closed launching\"", "\"writer\" \"launched 1 pair\""]);
    assert_eq!(owner.post_json("/api/v1/launching", &json!({"open": true})).await?.status, 200);
    writer.launch(&again).await?;
    Ok(())
}

#[tokio::test]
async fn who_asks_too_often_is_told_to_wait() -> Result<()> {
    let settings = [("REQUESTS_PER_MINUTE", "12")];
    let stack = Stack::with(&Start { settings: &settings, ..Start::default() }).await?;
    let stranger = stack.stranger()?;
    let mut refused = None;
    for _ in 0..30 {
        let answer = stranger.get("/api/v1/config").await?;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.context("nobody was told to wait")?;
    assert_eq!(kind(&refused)?, (429, "too-many-requests".to_owned()));
    let seconds: u32 = refused.header("retry-after").parse().context("no Retry-After")?;
    assert!((1..=60).contains(&seconds), "{seconds}");
    // A guess costs more, so there is no allowance left for one; the page itself is not counted.
    assert_eq!(stranger.post_json("/api/v1/share", &json!({"token": "x"})).await?.status, 429);
    assert_eq!(stranger.get("/run/1").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn the_api_answers_under_its_own_name_only() -> Result<()> {
    let stack = Stack::start().await?;
    let writer = stack.api().await?;
    let port = writer.address().rsplit_once(':').context("no port")?.1;
    for (host, status) in [
        (format!("localhost:{port}"), 200),
        (format!("rebound.example:{port}"), 403),
        (format!("127.0.0.1.rebound.example:{port}"), 403),
    ] {
        let answer = writer.send(writer.request(Method::GET, "/api/v1/runs").header("host", &host)).await?;
        assert_eq!(answer.status, status, "{host}");
    }
    // A page at that name calls itself by it, and is refused a change as well.
    let rebound = format!("rebound.example:{port}");
    let change = writer
        .request(Method::POST, "/api/v1/launches")
        .header("host", &rebound)
        .header("origin", format!("http://{rebound}"))
        .json(&json!({}));
    assert_eq!(writer.send(change).await?.status, 403);
    Ok(())
}

#[tokio::test]
async fn the_owner_is_told_what_is_wrong_and_a_stranger_only_that_it_is_up() -> Result<()> {
    let stack = Stack::start().await?;
    let stranger = stack.stranger()?;
    let owner = stranger.sign_in("local").await?;
    let health = owner.get("/api/v1/health").await?;
    assert_eq!((health.status, health.json()?), (200, json!({"ok": true})));

    stack.sandbox.github(Method::PUT, "actions/workflows/batch-job.yml/disable").await?;
    stack.sandbox.tell("token", &json!({"expires_in": 86_400})).await?;
    let health = owner.get("/api/v1/health").await?;
    let told = health.json()?;
    assert_eq!((health.status, &told["ok"]), (503, &json!(false)));
    let missing = sentences(&told, "missing");
    assert!(
        missing.contains("batch-job.yml is disabled") && missing.contains("gh workflow enable"),
        "{told}"
    );
    assert!(sentences(&told, "warnings").contains("renew GITHUB_TOKEN"), "{told}");
    for (who, api) in [("a stranger", &stranger), ("a writer", &stranger.sign_in("writer").await?)] {
        let health = api.get("/api/v1/health").await?;
        assert_eq!((health.status, health.json()?), (200, json!({"ok": true})), "{who}");
    }
    stack.sandbox.github(Method::PUT, "actions/workflows/batch-job.yml/enable").await?;
    assert_eq!(owner.get("/api/v1/health").await?.status, 200);
    Ok(())
}
