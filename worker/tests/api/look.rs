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
async fn health_names_what_is_missing_and_everything_else_is_closed() {
    let mut world = local();
    let answer = world.look("/api/v1/health").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"ok": true, "missing": []})));
    world.settings.remove("GITHUB_TOKEN");
    world.settings.insert("GITHUB_API_URL", "http://github.example".to_owned());
    let answer = world.look("/api/v1/health").await;
    assert_eq!(answer.status, 503);
    assert_json_snapshot!("health_missing", answer.json());
    for path in ["config", "runs", "runs/1", "batches/k3v9x2ab", "previews/1", "artifacts/1/download"] {
        assert_eq!(world.look(&format!("/api/v1/{path}")).await.status, 503, "{path}");
    }
    let answer = world.send("/api/v1/launches", &crate::launch::request()).await;
    assert_eq!(answer.status, 503);
    assert_json_snapshot!("not_configured", answer.json());
}
