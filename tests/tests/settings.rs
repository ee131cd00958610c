//! A Worker whose settings are not complete is closed, and says what is missing.

use anyhow::Result;
use burstboard_tests::{Api, Workerd};
use serde_json::json;

#[tokio::test]
async fn without_settings_nothing_works_but_the_page() -> Result<()> {
    let workerd = Workerd::with(&[("GITHUB_REPOSITORY", "local/burstboard")]).await?;
    let api = Api::new(&workerd.address, "GITHUB_TOKEN=")?;
    let health = api.get("/api/v1/health").await?;
    assert_eq!(health.status, 503);
    assert!(health.json()?["missing"][0].as_str().is_some_and(|text| text.contains("GITHUB_TOKEN")));
    for path in ["/api/v1/config", "/api/v1/runs", "/api/v1/previews/1"] {
        assert_eq!(api.get(path).await?.status, 503, "{path}");
    }
    assert_eq!(api.post_json("/api/v1/launches", &json!({})).await?.status, 503);
    assert_eq!(api.get("/").await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_github_that_does_not_answer_is_said_in_a_sentence() -> Result<()> {
    let workerd = Workerd::with(&[
        ("GITHUB_REPOSITORY", "local/burstboard"),
        ("GITHUB_TOKEN", "never-shown"),
        // The discard port: nobody listens there.
        ("GITHUB_API_URL", "http://127.0.0.1:9"),
    ])
    .await?;
    let api = Api::new(&workerd.address, "never-shown")?;
    let answer = api.get("/api/v1/runs").await?;
    assert_eq!((answer.status, answer.json()?["type"].as_str()), (502, Some("github-unavailable")));
    Ok(())
}
