//! Who may change what, and what keeps launches within bounds.

use burstboard_worker::github::GitHubError;
use domain::access::Role;
use insta::assert_json_snapshot;
use serde_json::json;

use crate::{
    accounts::{INSTALLATION_TOKEN, USER_TOKEN},
    launch::request,
    world::{TOKEN, World, local},
};

const LAUNCHES: &str = "/api/v1/launches";

async fn status(world: &World, login: &str) -> u16 {
    world.send_as(login, LAUNCHES, &request()).await.status
}

#[tokio::test]
async fn each_kind_of_visitor_is_told_why_not() {
    let world = local();
    let run = world.github.add_run("batch-job.yml", "174_372326_IW3 [k3v9x2ab/1]", "in_progress", None);
    let mut told = Vec::new();
    for (path, body) in [
        (LAUNCHES.to_owned(), request()),
        (format!("/api/v1/runs/{run}/cancel"), json!({})),
        (format!("/api/v1/runs/{run}/rerun-failed"), json!({})),
    ] {
        for (who, cookie) in [
            ("stranger", String::new()),
            ("reader", world.session("reader", None)),
            ("no collaborator", world.session("somebody", None)),
            ("unlisted", world.session("unlisted", None)),
        ] {
            let answer = world.send_with(&cookie, &path, &body).await;
            assert_eq!(answer.status, if who == "stranger" { 401 } else { 403 }, "{who} {path}");
            told.push(json!({"who": who, "path": path.rsplit('/').next(), "answer": answer.json()}));
        }
    }
    assert_json_snapshot!("why_not", told);
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
    for login in ["writer", "maintainer", "local"] {
        assert_eq!(status(&world, login).await, 201, "{login}");
    }
}

#[tokio::test]
async fn the_page_learns_who_is_signed_in_and_what_they_may() {
    let world = local();
    for login in ["writer", "reader", "maintainer"] {
        let config = world.see(login, "/api/v1/config").await.json();
        let told = json!({"account": config["account"], "launch": config["may_launch"], "sharing": config["sharing"]});
        assert_json_snapshot!(format!("config_{login}"), told);
    }
}

#[tokio::test]
async fn githubs_word_is_asked_again_after_a_minute() {
    let world = local();
    assert_eq!(status(&world, "writer").await, 201);
    world.github.roles.borrow_mut().insert("writer".into(), Role::Read);
    world.clock.pass(30);
    assert_eq!((status(&world, "writer").await, world.github.roles_asked.get()), (201, 1));
    world.clock.pass(30);
    assert_eq!((status(&world, "writer").await, world.github.roles_asked.get()), (403, 2));
}

#[tokio::test]
async fn without_githubs_word_or_the_records_nobody_changes_anything() {
    let world = local();
    world.github.fault.set(Some(GitHubError::Unavailable { status: 502, retry_after: None }));
    assert_eq!(status(&world, "writer").await, 502);
    world.github.fault.set(None);
    world.records.away.set(true);
    let answer = world.send(LAUNCHES, &request()).await;
    assert_eq!(answer.status, 503);
    assert_json_snapshot!("no_records", answer.json());
    assert_eq!(*world.github.changes.borrow(), Vec::<String>::new());
}

#[tokio::test]
async fn a_session_that_is_forged_over_or_ended_is_no_session() {
    let world = local();
    let good = world.session("writer", None);
    let forged = good.replace("k1.", "k2.");
    assert_eq!(world.send_with(&forged, LAUNCHES, &request()).await.status, 401);
    assert_eq!(world.send_with(&good[..good.len() - 1], LAUNCHES, &request()).await.status, 401);
    let out = world.send_with(&good, "/api/v1/sign-out", &json!({})).await;
    assert_eq!(out.status, 204);
    assert!(
        out.header("set-cookie").starts_with("__Host-session=; ")
            && out.header("set-cookie").contains("Max-Age=0")
    );
    assert_eq!(world.send_with(&good, LAUNCHES, &request()).await.status, 401, "a copy of the cookie");
    let other = local();
    let session = other.session("writer", None);
    other.clock.pass(3_600);
    assert_eq!(other.send_with(&session, LAUNCHES, &request()).await.status, 401);
}

#[tokio::test]
async fn a_day_has_so_many_jobs() {
    let mut world = local();
    world.settings.insert("JOBS_PER_DAY", "3".into());
    assert_eq!(status(&world, "writer").await, 201);
    let mut second = request();
    second["batch"] = json!("s3c0nd");
    let answer = world.send(LAUNCHES, &second).await;
    assert_eq!(answer.status, 403);
    assert_json_snapshot!("over_the_day", answer.json());
    assert_eq!(status(&world, "writer").await, 201, "the first one again is the same one");
}

#[tokio::test]
async fn what_github_refuses_does_not_count_and_what_is_uncertain_does() {
    let mut world = local();
    world.settings.insert("JOBS_PER_DAY", "2".into());
    world.github.refuses_dispatch.set(true);
    assert_eq!(status(&world, "writer").await, 502);
    world.github.refuses_dispatch.set(false);
    world.github.loses_dispatch.set(true);
    assert_eq!(status(&world, "writer").await, 502);
    let mut other = request();
    other["batch"] = json!("0ther1");
    assert_eq!(world.send(LAUNCHES, &other).await.status, 403);
}

#[tokio::test]
async fn maintainers_close_launching_and_see_who_did_what() {
    let world = local();
    assert_eq!(status(&world, "writer").await, 201);
    for login in ["writer", "reader"] {
        let refused = world.send_as(login, "/api/v1/launching", &json!({"open": false})).await;
        assert_eq!(refused.status, 403, "{login}");
        assert_eq!(world.see(login, "/api/v1/launching").await.status, 403, "{login}");
    }
    let closed = world.send_as("maintainer", "/api/v1/launching", &json!({"open": false})).await;
    assert_json_snapshot!("launching_closed", closed.json());
    let mut second = request();
    second["batch"] = json!("s3c0nd");
    let refused = world.send(LAUNCHES, &second).await;
    assert_eq!(refused.status, 403);
    assert_json_snapshot!("closed_for_now", refused.json());
    world.send_as("maintainer", "/api/v1/launching", &json!({"open": true})).await;
    assert_eq!(world.send(LAUNCHES, &second).await.status, 201);
    assert_eq!(world.send_as("local", "/api/v1/launching", &json!({"open": 1})).await.status, 422);
}

#[tokio::test]
async fn a_run_names_the_one_who_launched_it() {
    let world = local();
    let launched = world.send(LAUNCHES, &request()).await.json();
    let run = launched["runs"][0]["run"].as_u64().unwrap();
    assert_eq!(world.look("/api/v1/runs").await.json()["runs"][0]["actor"], "writer");
    assert_eq!(world.look(&format!("/api/v1/runs/{run}")).await.json()["actor"], "writer");
    assert_eq!(world.look("/api/v1/batches/k3v9x2ab").await.json()["runs"][0]["actor"], "writer");
}

#[tokio::test]
async fn a_visitor_who_asks_too_often_waits_and_others_do_not() {
    let mut world = local();
    world.settings.insert("PAGE_ORIGIN", "https://b.example".into());
    world.settings.insert("REQUESTS_PER_MINUTE", "60".into());
    let ask = async |from: &str| {
        world.ask("GET", "https://b.example/api/v1/runs", &[("cf-connecting-ip", from)], "").await
    };
    for _ in 0..60 {
        assert_eq!(ask("192.0.2.1").await.status, 200);
    }
    let answer = ask("192.0.2.1").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    assert_json_snapshot!("too_many_requests", answer.json());
    assert_eq!(ask("192.0.2.2").await.status, 200);
    world.clock.pass(1);
    assert_eq!(ask("192.0.2.1").await.status, 200);
}

/// A deployment with a GitHub App.
fn with_app() -> World {
    let mut world = local();
    for name in ["GITHUB_TOKEN", "LAUNCHERS"] {
        world.settings.remove(name);
    }
    let der = "MAAA".repeat(80);
    let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{der}\n-----END RSA PRIVATE KEY-----");
    world.settings.insert("GITHUB_APP_ID", "123".into());
    world.settings.insert("GITHUB_APP_PRIVATE_KEY", pem);
    world
}

#[tokio::test]
async fn an_app_looks_with_its_own_token_and_changes_with_the_visitors() {
    let world = with_app();
    assert_eq!(world.look("/api/v1/runs").await.status, 200);
    assert_eq!(world.look("/api/v1/runs").await.status, 200);
    assert_eq!(world.accounts.assertions.borrow().len(), 1, "the token is kept");
    assert!(world.github.tokens.borrow().iter().all(|token| token == INSTALLATION_TOKEN));
    world.github.tokens.borrow_mut().clear();
    let cookie = world.session("unlisted", Some(USER_TOKEN));
    assert_eq!(world.send_with(&cookie, LAUNCHES, &request()).await.status, 201);
    assert_eq!(world.github.tokens.borrow().last().map(String::as_str), Some(USER_TOKEN));
    assert!(!world.github.tokens.borrow().iter().any(|token| token == TOKEN));
    let out = world.send_with(&cookie, "/api/v1/sign-out", &json!({})).await;
    assert_eq!(
        (out.status, world.accounts.revoked.borrow().as_slice()),
        (204, [USER_TOKEN.to_owned()].as_slice())
    );
}

#[tokio::test]
async fn an_apps_visitor_without_a_token_of_their_own_signs_in_again() {
    let world = with_app();
    let answer = world.send(LAUNCHES, &request()).await;
    assert_eq!(answer.status, 401);
    assert_json_snapshot!("sign_in_again", answer.json());
    world.clock.pass(3_600);
    world.accounts.fault.set(Some(GitHubError::Unauthorized));
    let answer = world.look("/api/v1/runs").await;
    assert_eq!(answer.status, 502);
    assert_json_snapshot!("app_refused", answer.json());
}
