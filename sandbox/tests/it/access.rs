//! Who may do what: roles, visibility, and who did it.

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::json;

use crate::{sign_in::sign_in, support::Sandbox};

const DISPATCH: &str = "/actions/workflows/single-job.yml/dispatches";
const NOT_FOUND: &str = "Not Found";
const ADMIN: &str = "Must have admin rights to Repository.";

#[tokio::test]
async fn what_one_may_do_follows_the_role() {
    let sandbox = Sandbox::start_without_act(&[]);
    let run = sandbox.dispatch("single-job.yml", json!({})).await;
    sandbox.ended(run).await;
    for (login, role, may) in [
        ("local", "admin", true),
        ("maintainer", "maintain", true),
        ("writer", "write", true),
        ("reader", "read", false),
        ("stranger", "read", false),
    ] {
        let token = sign_in(&sandbox, login).await;
        let repository = sandbox.get_as(Some(&token), "").await.json();
        assert_eq!(repository["permissions"]["push"], may, "{login}");
        assert_eq!(sandbox.get_as(Some(&token), "/actions/runs").await.status, 200);
        assert_eq!(sandbox.get_as(Some(&token), &format!("/actions/runs/{run}/logs")).await.status, 302);
        for (method, path, good) in [
            (Method::POST, DISPATCH.to_owned(), 204),
            (Method::PUT, "/actions/workflows/single-job.yml/disable".to_owned(), 204),
            (Method::PUT, "/actions/workflows/single-job.yml/enable".to_owned(), 204),
            (Method::POST, format!("/actions/runs/{run}/cancel"), 409),
            (Method::DELETE, format!("/actions/artifacts/{run}"), 404),
        ] {
            let body = (path == DISPATCH).then(|| json!({"ref": "main"}));
            let answer = sandbox.call_as(&token, method, &path, body).await;
            assert_eq!(answer.status, if may { good } else { 403 }, "{login} {path}: {}", answer.text());
            if !may {
                assert_eq!(answer.message(), ADMIN);
            }
        }
        let permission = sandbox.get(&format!("/collaborators/{login}/permission")).await.json();
        let word = match role {
            "maintain" => "write",
            other => other,
        };
        assert_eq!((&permission["permission"], &permission["role_name"]), (&json!(word), &json!(role)));
        let asked = sandbox.get_as(Some(&token), "/collaborators/writer/permission").await;
        assert_eq!(asked.status, if may { 200 } else { 403 }, "{login}");
        let collaborator = sandbox.get(&format!("/collaborators/{login}")).await.status;
        assert_eq!(collaborator, if login == "stranger" { 404 } else { 204 });
    }
    for path in ["/collaborators/octocat", "/collaborators/octocat/permission"] {
        assert_eq!(sandbox.get(path).await.status, 404);
    }
    assert_eq!(sandbox.get_as(None, "/collaborators/local/permission").await.status, 401);
    assert_eq!(sandbox.get_as(None, &format!("/actions/runs/{run}/logs")).await.status, 401);
    assert_eq!(sandbox.get_as(None, "").await.json().get("permissions"), None);
}

#[tokio::test]
async fn a_run_names_who_started_it_and_who_ran_it_again() {
    let Some(sandbox) = Sandbox::start() else { return };
    let (writer, maintainer) = (sign_in(&sandbox, "writer").await, sign_in(&sandbox, "maintainer").await);
    let body = json!({"ref": "main", "return_run_details": true});
    let started = sandbox.call_as(&writer, Method::POST, DISPATCH, Some(body)).await.json();
    let run = started["workflow_run_id"].as_i64().unwrap();
    let ended = sandbox.ended(run).await;
    assert_eq!(
        (&ended["actor"]["login"], &ended["triggering_actor"]["login"]),
        (&json!("writer"), &json!("writer"))
    );
    let again = format!("/actions/runs/{run}/rerun");
    assert_eq!(sandbox.call_as(&maintainer, Method::POST, &again, None).await.status, 201);
    let ended = sandbox.ended(run).await;
    assert_eq!(
        (&ended["actor"]["login"], &ended["triggering_actor"]["login"], &ended["run_attempt"]),
        (&json!("writer"), &json!("maintainer"), &json!(2))
    );
    assert_eq!(sandbox.get("/actions/runs?actor=writer").await.json()["total_count"], 1);
    assert_eq!(sandbox.get("/actions/runs?actor=local").await.json()["total_count"], 0);
}

#[tokio::test]
async fn a_private_repository_is_not_there_for_those_who_have_no_part_in_it() {
    let sandbox = Sandbox::start_without_act(&["--private"]);
    let run = sandbox.dispatch("single-job.yml", json!({})).await;
    let (reader, stranger) = (sign_in(&sandbox, "reader").await, sign_in(&sandbox, "stranger").await);
    let paths = [
        String::new(),
        "/actions/runs".to_owned(),
        format!("/actions/runs/{run}"),
        format!("/actions/runs/{run}/logs"),
        "/actions/runs/1".to_owned(),
        "/collaborators/local/permission".to_owned(),
        "/contents/.github/workflows/single-job.yml".to_owned(),
        "/repositories/5200000001/actions/runs".to_owned(),
        format!("/local/burstboard/actions/runs/{run}"),
    ];
    for path in &paths {
        for token in [None, Some(stranger.as_str())] {
            let answer = sandbox.get_as(token, path).await;
            assert_eq!((answer.status, answer.message().as_str()), (404, NOT_FOUND), "{path}");
        }
    }
    for token in [stranger.as_str(), reader.as_str()] {
        let answer = sandbox.call_as(token, Method::POST, DISPATCH, Some(json!({"ref": "main"}))).await;
        let expected = if token == reader { (403, ADMIN) } else { (404, NOT_FOUND) };
        assert_eq!((answer.status, answer.message().as_str()), expected);
    }
    let repository = sandbox.get_as(Some(&reader), "").await.json();
    assert_eq!((&repository["private"], &repository["visibility"]), (&json!(true), &json!("private")));
    assert_eq!(sandbox.get_as(Some(&reader), "/actions/runs").await.json()["total_count"], 1);
    let permission = sandbox.get("/collaborators/stranger/permission").await.json();
    assert_eq!((&permission["permission"], &permission["role_name"]), (&json!("none"), &json!("none")));

    assert_eq!(sandbox.control("people", json!({"login": "stranger", "role": "triage"})).await, 204);
    assert_eq!(sandbox.get_as(Some(&stranger), "/actions/runs").await.status, 200);
    let permission = sandbox.get("/collaborators/stranger/permission").await.json();
    assert_eq!((&permission["permission"], &permission["role_name"]), (&json!("read"), &json!("triage")));
    assert_eq!(sandbox.control("people", json!({"login": "stranger", "role": "none"})).await, 204);
    assert_eq!(sandbox.control("repository", json!({"private": false})).await, 204);
    assert_eq!(sandbox.get_as(None, "/actions/runs").await.status, 200);
}

#[tokio::test]
async fn the_controls_need_the_start_token_and_know_what_they_can_set() {
    let sandbox = Sandbox::start_without_act(&[]);
    let owner = sign_in(&sandbox, "local").await;
    for what in ["repository", "people", "token"] {
        let body = match what {
            "repository" => json!({"private": true}),
            "people" => json!({"login": "writer", "role": "admin"}),
            _ => json!({"expires_in": 1}),
        };
        let address = format!("{}/sandbox/{what}", sandbox.says("api"));
        let answer = sandbox.client().post(address).bearer_auth(&owner).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{what}");
    }
    assert_eq!(sandbox.control("people", json!({"login": "octocat", "role": "read"})).await, 404);
    assert_eq!(sandbox.control("people", json!({"login": "local", "role": "read"})).await, 422);
    assert_eq!(sandbox.control("people", json!({"login": "reader", "role": "king"})).await, 422);
    assert_eq!(sandbox.control("token", json!({"token": "ghu_unknown", "expires_in": 1})).await, 404);

    let end =
        |answer: crate::support::Answer| answer.header("github-authentication-token-expiration").to_owned();
    let before = end(sandbox.get("/user").await);
    assert!(before.ends_with(" UTC") && before.as_str() > "2026-01-01", "{before}");
    assert_eq!(sandbox.control("token", json!({"expires_in": -86_400})).await, 204);
    let after = end(sandbox.get("/user").await);
    assert!(after < before && after.len() == "2026-12-01 08:30:00 UTC".len(), "{after}");
    assert_eq!(end(sandbox.get_as(Some(&owner), "/user").await), "");
}

#[tokio::test]
async fn a_credential_that_goes_astray_is_counted() {
    let sandbox = Sandbox::start_without_act(&[]);
    let address = format!("{}/actions-results/artifact/1", sandbox.says("blobs"));
    sandbox.fetch(&address, &[]).await;
    sandbox.fetch(&address, &[("authorization", "Bearer x")]).await;
    sandbox.fetch(&format!("{address}?token=x"), &[("cookie", "a=b")]).await;
    sandbox.fetch(&address, &[("x-github-api-version", "2022-11-28")]).await;
    sandbox.get("/actions/runs/1").await;
    let report = format!("{}/sandbox/seen", sandbox.says("api"));
    assert_eq!(sandbox.fetch(&report, &[]).await.status, 401);
    let token = format!("Bearer {}", sandbox.says("token"));
    let seen = sandbox.fetch(&report, &[("authorization", &token)]).await.json();
    let counts = json!({"requests": 4, "authorization": 1, "cookie": 1, "api_version": 1, "token_in_query": 1, "any": 3});
    assert_eq!(seen["blobs"], counts);
    assert_eq!(seen["api"]["GET /repos/local/burstboard/actions/runs/{id}"], 1);
}

#[tokio::test]
async fn workflow_files_can_be_read_and_nothing_else() {
    let sandbox = Sandbox::start_without_act(&[]);
    let path = "/contents/.github/workflows/single-job.yml";
    let file = sandbox.get_as(None, path).await.json();
    let coded: String = file["content"].as_str().unwrap().lines().collect();
    let text = String::from_utf8(STANDARD.decode(coded).unwrap()).unwrap();
    assert!(text.contains("workflow_dispatch"), "{text}");
    assert_eq!((&file["encoding"], file["size"].as_u64()), (&json!("base64"), Some(text.len() as u64)));
    assert_eq!(sandbox.get(&format!("{path}?ref=refs/heads/main")).await.status, 200);
    sandbox.write("secret.yml", "a: b");
    for other in [
        "/contents/secret.yml",
        "/contents/.github/workflows/..%2F..%2Fsecret.yml",
        "/contents/.github/workflows/none.yml",
        "/contents/.github/workflows/single-job.yml?ref=nowhere",
    ] {
        assert_eq!(sandbox.get(other).await.status, 404, "{other}");
    }
}
