//! What the page asks first.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::world::{deployed, local};

#[tokio::test]
async fn the_page_learns_where_it_is() {
    let mut world = local();
    world.settings.insert("TILES_URL", "https://tiles.example/{z}/{x}/{y}.png".to_owned());
    world.settings.insert("TILES_ATTRIBUTION", "© somebody".to_owned());
    assert_json_snapshot!("config_local", world.look("/api/v1/config").await.json());
    assert_json_snapshot!("config_deployed", deployed().look("/api/v1/config").await.json());
}

#[tokio::test]
async fn while_settings_are_missing_all_is_closed_and_the_owner_reads_which() {
    let mut world = local();
    let answer = world.look("/api/v1/health").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})));
    world.settings.remove("GITHUB_TOKEN");
    world.settings.insert("GITHUB_API_URL", "http://github.example".to_owned());
    let answer = world.look("/api/v1/health").await;
    assert_eq!((answer.status, answer.json()), (503, json!({"ok": false})));
    assert_json_snapshot!("told_to_the_owner", *world.told.borrow());
    for path in
        ["config", "runs", "runs/1", "batches/k3v9x2ab", "previews/1", "artifacts/1/download", "sign-in"]
    {
        assert_eq!(world.look(&format!("/api/v1/{path}")).await.status, 503, "{path}");
    }
    let answer = world.send("/api/v1/launches", &crate::launch::request()).await;
    assert_eq!(answer.status, 503);
    assert_json_snapshot!("not_configured", answer.json());
}

#[tokio::test]
async fn health_tells_those_who_look_after_it_what_is_wrong() {
    let mut world = local();
    world.github.credential_until = Some("2026-11-30T00:00:00Z".parse().unwrap());
    world.github.disabled.insert("single-job.yml", "disabled_inactivity");
    world.github.texts.insert("batch-job.yml", "on: {workflow_dispatch: {inputs: {burstId: {}}}}");
    let answer = world.see("maintainer", "/api/v1/health").await;
    assert_eq!(answer.status, 503);
    assert_json_snapshot!("health_of_a_bad_day", answer.json());
    for login in ["writer", "reader", "nobody"] {
        let answer = world.see(login, "/api/v1/health").await;
        assert_eq!((answer.status, answer.json()), (200, json!({"ok": true})), "{login}");
    }
    world.records.away.set(true);
    let answer = world.see("maintainer", "/api/v1/health").await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({"ok": true})),
        "nobody is known without the records"
    );
}
