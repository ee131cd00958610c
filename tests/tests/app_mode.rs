//! The Worker as a GitHub App: it looks with a token of the App, and changes things with the visitor's own, so that
//! GitHub itself decides and names who did it.

use anyhow::{Context, Result};
use burstboard_tests::{
    Api, Sandbox, Stack, Start, Workerd,
    api::Answer,
    forge,
    launch::{granules, request},
};
use reqwest::{Client, Method};
use serde_json::json;
use tempfile::TempDir;

async fn with_app() -> Result<Stack> {
    Stack::with(&Start { sandbox: &["--app"], ..Start::default() }).await
}

fn kind(answer: &Answer) -> Result<(u16, String)> {
    Ok((answer.status, answer.json()?["type"].as_str().unwrap_or_default().to_owned()))
}

/// The visitor's own token, which only the Worker can read.
fn token_of(api: &Api) -> Result<String> {
    let session = forge::open_session(api.cookies())?;
    let token = session.token.context("the session has no token")?;
    assert!(!api.cookies().contains(token.expose()));
    Ok(token.expose().to_owned())
}

/// What GitHub says to whoever shows a token.
async fn user(stack: &Stack, token: &str) -> Result<u16> {
    let request = Client::new().get(format!("{}/user", stack.sandbox.ready.api)).bearer_auth(token);
    Ok(request.header("user-agent", "burstboard-tests").send().await?.status().as_u16())
}

#[tokio::test]
async fn everyone_looks_with_the_apps_token_and_acts_with_their_own() -> Result<()> {
    let stack = with_app().await?;
    let stranger = stack.stranger()?;
    assert_eq!(
        stranger.get("/api/v1/runs").await?.json()?,
        json!({"runs": []}),
        "the App's assertion was good"
    );
    let seen = stack.sandbox.seen().await?;
    let tokens = "POST /app/installations/{id}/access_tokens";
    assert_eq!(seen["api"][tokens], 1, "{seen}");

    let granules = granules(&stack, 3).await?;
    let reader = stranger.sign_in("reader").await?;
    let refused = reader.post_json("/api/v1/launches", &request(&granules[..2], "reader1")).await?;
    assert_eq!(kind(&refused)?, (403, "not-allowed".to_owned()));

    let writer = stranger.sign_in("writer").await?;
    let run = writer.launch(&request(&granules[..2], "writer1")).await?;
    let run = stack.sandbox.github(Method::GET, &format!("actions/runs/{run}")).await?;
    assert_eq!(
        (&run["actor"]["login"], &run["triggering_actor"]["login"]),
        (&json!("writer"), &json!("writer"))
    );

    // The Worker may believe for a minute what is no longer so. GitHub does not.
    stack.sandbox.tell("people", &json!({"login": "writer", "role": "read"})).await?;
    let refused = writer.post_json("/api/v1/launches", &request(&granules[1..], "writer2")).await?;
    assert_eq!(kind(&refused)?, (403, "github-forbids".to_owned()), "{}", refused.json()?);
    let runs = stack.sandbox.github(Method::GET, "actions/runs").await?;
    assert_eq!(runs["total_count"], 1, "nothing else was started");
    let seen = stack.sandbox.seen().await?;
    assert_eq!(seen["api"][tokens], 1, "one token of the App serves all: {seen}");
    Ok(())
}

#[tokio::test]
async fn signing_out_ends_the_visitors_token_at_github() -> Result<()> {
    let stack = with_app().await?;
    let writer = stack.api().await?;
    let token = token_of(&writer)?;
    assert_eq!(user(&stack, &token).await?, 200);
    assert_eq!(writer.post("/api/v1/sign-out").await?.status, 204);
    assert_eq!(user(&stack, &token).await?, 401);
    let again = writer.post_json("/api/v1/launches", &json!({})).await?;
    assert_eq!(kind(&again)?, (401, "sign-in-needed".to_owned()), "a copy of the cookie is worth nothing");
    Ok(())
}

#[tokio::test]
async fn a_token_that_has_ended_at_github_asks_for_a_new_sign_in() -> Result<()> {
    let stack = with_app().await?;
    let launch = request(&granules(&stack, 2).await?, "writer1");
    let writer = stack.api().await?;
    let ended = json!({"token": token_of(&writer)?, "expires_in": 0});
    stack.sandbox.tell("token", &ended).await?;
    for (path, body) in [("/api/v1/launches", &launch), ("/api/v1/runs/1/cancel", &json!({}))] {
        let refused = writer.post_json(path, body).await?;
        assert_eq!(kind(&refused)?, (401, "sign-in-needed".to_owned()), "{path}");
        let detail = refused.json()?["detail"].to_string();
        assert!(detail.contains("sign in again"), "{detail}");
    }
    assert_eq!(
        writer.get("/api/v1/runs").await?.json()?,
        json!({"runs": []}),
        "looking goes on, and nothing began"
    );
    let state = stack.stranger()?.sign_in("local").await?.get("/api/v1/launching").await?.json()?;
    assert_eq!(state["jobs_today"], 0, "what GitHub refused does not count: {state}");
    writer.sign_in("writer").await?.launch(&launch).await?;
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_not_the_apps_is_said_in_a_sentence() -> Result<()> {
    let stack = with_app().await?;
    let elsewhere = TempDir::new()?;
    let other = Sandbox::start(elsewhere.path(), &[], &["--app"])?;
    let key = other.ready.app.as_ref().context("no app")?.private_key.clone();
    for settings in [[("GITHUB_APP_PRIVATE_KEY", key.as_str())], [("GITHUB_APP_ID", "1")]] {
        let data = TempDir::new()?;
        let workerd = Workerd::start(&stack.sandbox, data.path(), &settings).await?;
        let api = Api::new(&workerd.address, &[key.trim()])?;
        for path in ["/api/v1/runs", "/api/v1/config"] {
            let refused = api.get(path).await?;
            assert_eq!(kind(&refused)?, (502, "github-credential".to_owned()), "{path}");
            let detail = refused.json()?["detail"].to_string();
            assert!(detail.contains("GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY"), "{detail}");
        }
    }
    Ok(())
}
