//! The page's files.

use crate::world::{World, local};

const HTML: &str =
    "<!doctype html><script type=\"module\">start()</script><link rel=\"stylesheet\" href=\"/a.css\">";

fn built() -> World {
    let mut world = local();
    world.disk.0.extend([
        ("/index.html", HTML),
        ("/burstboard-0123456789abcdef.js", "plain"),
        ("/burstboard-0123456789abcdef.js.br", "brotli"),
        ("/burstboard-0123456789abcdef_bg.wasm", "wasm"),
        ("/leaflet.css", "css"),
    ]);
    world
}

#[tokio::test]
async fn the_pages_addresses_answer_with_the_page_and_its_policy() {
    let world = built();
    for path in ["/", "/batch/k3v9x2ab", "/index.html", "/?burst=1"] {
        let answer = world.look(path).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, HTML), "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
    let answer = world.look("/").await;
    insta::assert_snapshot!("policy", answer.header("content-security-policy").replace("; ", ";\n"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin");
}

#[tokio::test]
async fn files_have_their_types_and_hashed_ones_are_kept() {
    let world = built();
    for (path, media_type, kept) in [
        ("/burstboard-0123456789abcdef.js", "text/javascript; charset=utf-8", true),
        ("/burstboard-0123456789abcdef_bg.wasm", "application/wasm", true),
        ("/leaflet.css", "text/css; charset=utf-8", false),
    ] {
        let answer = world.look(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{path}");
        assert_eq!(answer.header("cache-control").contains("immutable"), kept, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn compressed_files_go_to_those_who_take_them() {
    let world = built();
    let path = "/burstboard-0123456789abcdef.js";
    let packed = world.ask("GET", path, &[("accept-encoding", "gzip, br")], "").await;
    assert_eq!((packed.text().as_str(), packed.header("content-encoding")), ("brotli", "br"));
    assert_eq!(packed.header("content-type"), "text/javascript; charset=utf-8");
    let plain = world.ask("GET", path, &[("accept-encoding", "gzip")], "").await;
    assert_eq!((plain.text().as_str(), plain.header("content-encoding")), ("plain", ""));
    assert_eq!(plain.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let world = built();
    let since = [("if-modified-since", "Mon, 23 Nov 2026 20:00:00 GMT")];
    let answer = world.ask("GET", "/leaflet.css", &since, "").await;
    assert_eq!((answer.status, answer.body.unwrap().len()), (304, 0));
}

#[tokio::test]
async fn nothing_else_is_served() {
    let world = built();
    for path in [
        "/missing.js",
        "/run/x",
        "/assets",
        "/.env",
        "/%2e%2e/secret.js",
        "/burstboard-0123456789abcdef.js.br",
    ] {
        let answer = world.look(path).await;
        assert_eq!((answer.status, answer.header("cache-control")), (404, "no-store"), "{path}");
    }
    assert_eq!(local().look("/").await.status, 404, "no page was built");
}
