//! A Worker whose settings are not complete is closed, and its owner reads in the log what is missing.

use anyhow::Result;
use burstboard_tests::{Api, Workerd, until, workerd::SEAL_KEYS};
use serde_json::json;
use tempfile::TempDir;

#[tokio::test]
async fn without_settings_nothing_works_but_the_page() -> Result<()> {
    let data = TempDir::new()?;
    let workerd = Workerd::run(&[("GITHUB_REPOSITORY", "local/burstboard")], data.path())?;
    let api = Api::new(&workerd.address, &["GITHUB_TOKEN"])?;
    let health = api.get("/api/v1/health").await?;
    assert_eq!((health.status, health.json()?), (503, json!({"ok": false})));
    for path in ["/api/v1/config", "/api/v1/runs", "/api/v1/previews/1", "/api/v1/sign-in"] {
        assert_eq!(api.get(path).await?.status, 503, "{path}");
    }
    assert_eq!(api.post_json("/api/v1/launches", &json!({})).await?.status, 503);
    assert_eq!(api.get("/").await?.status, 200);
    for name in ["GITHUB_TOKEN", "LAUNCHERS", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "SEAL_KEYS"] {
        let told = || Ok(workerd.log().iter().any(|line| line.contains(&format!("{name} is not set"))));
        until(&format!("the owner to be told of {name}"), told).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_github_that_does_not_answer_is_said_in_a_sentence() -> Result<()> {
    let data = TempDir::new()?;
    let settings = [
        ("GITHUB_REPOSITORY", "local/burstboard"),
        ("GITHUB_TOKEN", "never-shown"),
        ("LAUNCHERS", "local"),
        ("GITHUB_CLIENT_ID", "x"),
        ("GITHUB_CLIENT_SECRET", "never-shown"),
        ("SEAL_KEYS", SEAL_KEYS),
        // The discard port: nobody listens there.
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
    ];
    let workerd = Workerd::run(&settings, data.path())?;
    let api = Api::new(&workerd.address, &["never-shown"])?;
    let answer = api.get("/api/v1/runs").await?;
    assert_eq!((answer.status, answer.json()?["type"].as_str()), (502, Some("github-unavailable")));
    Ok(())
}
