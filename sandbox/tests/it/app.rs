//! The app in the repository: its assertions, its tokens, and what these may do.

use std::os::unix::fs::PermissionsExt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use rsa::{
    PrivateKey,
    pkcs1::DecodeRsaPrivateKey,
    pkcs1v15::SigningKey,
    signature::{SignatureEncoding, Signer},
};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    sign_in::sign_in,
    support::{Answer, Sandbox},
};

const DISPATCH: &str = "/actions/workflows/single-job.yml/dispatches";

fn now() -> i64 {
    sandbox::clock::now() / 1000
}

/// A signed assertion, as any client of GitHub makes it.
fn assertion(sandbox: &Sandbox, header: &Value, claims: &Value) -> String {
    let key = PrivateKey::from_pkcs1_pem(sandbox.ready["app"]["private_key"].as_str().unwrap()).unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::<Sha256>::new(key).sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

fn good(sandbox: &Sandbox) -> String {
    let claims = json!({"iss": sandbox.ready["client_id"], "iat": now() - 60, "exp": now() + 540});
    assertion(sandbox, &json!({"alg": "RS256", "typ": "JWT"}), &claims)
}

async fn ask(sandbox: &Sandbox, credential: &str, body: Option<Value>) -> Answer {
    let path = format!("/app/installations/{}/access_tokens", sandbox.ready["app"]["installation"]);
    sandbox.call_as(credential, Method::POST, &path, body).await
}

async fn token(sandbox: &Sandbox, body: Option<Value>) -> String {
    let answer = ask(sandbox, &good(sandbox), body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_app_finds_its_installation_and_gets_tokens_that_act_as_its_bot() {
    let mut sandbox = Sandbox::start_without_act(&["--app", "--private"]);
    let mode = sandbox.data.path().join("app.private-key.pem").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = sandbox.ready["app"]["private_key"].clone();
    assert!(key.as_str().unwrap().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));

    let installation =
        sandbox.call_as(&good(&sandbox), Method::GET, "/repos/local/burstboard/installation", None).await;
    assert_eq!(installation.json()["id"], sandbox.ready["app"]["installation"]);
    let answer = ask(&sandbox, &good(&sandbox), None).await.json();
    assert_eq!(answer["permissions"], json!({"actions": "write", "contents": "read", "metadata": "read"}));
    assert_eq!(answer["repositories"][0]["full_name"], "local/burstboard");
    let token = answer["token"].as_str().unwrap();
    assert!(token.starts_with("ghs_") && token.len() > 40, "{token}");

    let body = json!({"ref": "main", "return_run_details": true});
    let run =
        sandbox.call_as(token, Method::POST, DISPATCH, Some(body)).await.json()["workflow_run_id"].clone();
    let run = sandbox.get_as(Some(token), &format!("/actions/runs/{run}")).await.json();
    assert_eq!(
        (&run["actor"]["login"], &run["actor"]["type"]),
        (&json!("burstboard-sandbox[bot]"), &json!("Bot"))
    );
    assert_eq!(sandbox.get_as(Some(token), "/collaborators/writer/permission").await.status, 200);
    let user = sandbox.get_as(Some(token), "/user").await;
    assert_eq!((user.status, user.message().as_str()), (403, "Resource not accessible by integration"));
    assert_eq!(sandbox.control("token", json!({"token": token, "expires_in": 0})).await, 204);
    assert_eq!(sandbox.get_as(Some(token), "/actions/runs").await.status, 401);

    sandbox.restart("TERM");
    assert_eq!(sandbox.ready["app"]["private_key"], key);
}

#[tokio::test]
async fn a_narrowed_token_is_narrow() {
    let sandbox = Sandbox::start_without_act(&["--app"]);
    let id = sandbox.get("").await.json()["id"].clone();
    let body = json!({"repository_ids": [id], "permissions": {"actions": "read", "metadata": "read"}});
    let reading = token(&sandbox, Some(body)).await;
    assert_eq!(sandbox.control("repository", json!({"private": true})).await, 204);
    assert_eq!(sandbox.get_as(Some(&reading), "/actions/runs").await.status, 200);
    for answer in [
        sandbox.call_as(&reading, Method::POST, DISPATCH, Some(json!({"ref": "main"}))).await,
        sandbox.get_as(Some(&reading), "/contents/.github/workflows/single-job.yml").await,
    ] {
        assert_eq!(
            (answer.status, answer.message().as_str()),
            (403, "Resource not accessible by integration")
        );
    }
    let bare = token(&sandbox, Some(json!({"permissions": {"metadata": "read"}}))).await;
    assert_eq!(sandbox.get_as(Some(&bare), "/actions/runs").await.status, 403);
    assert_eq!(sandbox.get_as(Some(&bare), "/collaborators/reader/permission").await.status, 200);
    for more in [
        json!({"permissions": {"contents": "write"}}),
        json!({"permissions": {"administration": "read"}}),
        json!({"repositories": ["elsewhere"]}),
        json!({"repository_ids": [1]}),
    ] {
        assert_eq!(ask(&sandbox, &good(&sandbox), Some(more.clone())).await.status, 422, "{more}");
    }
    let named = json!({"repositories": ["burstboard"]});
    assert_eq!(ask(&sandbox, &good(&sandbox), Some(named)).await.status, 201);
}

#[tokio::test]
async fn an_assertion_has_to_be_the_apps_own_and_fresh() {
    let sandbox = Sandbox::start_without_act(&["--app"]);
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let claims = |iss: Value, iat: i64, exp: i64| json!({"iss": iss, "iat": now() + iat, "exp": now() + exp});
    let id = sandbox.ready["app"]["id"].clone();
    let signed = |claims: &Value| assertion(&sandbox, &header, claims);
    let changed = {
        let good = good(&sandbox);
        let (rest, signature) = good.rsplit_once('.').unwrap();
        let (header, _) = rest.split_once('.').unwrap();
        let claims = URL_SAFE_NO_PAD.encode(claims(id.clone(), 0, 500).to_string());
        format!("{header}.{claims}.{signature}")
    };
    let plain = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(json!({"alg": "none"}).to_string()),
        URL_SAFE_NO_PAD.encode(claims(id.clone(), 0, 500).to_string())
    );
    for (credential, status, words) in [
        (signed(&claims(id.clone(), 0, 500)), 201, ""),
        (signed(&claims(json!(id.to_string()), 0, 500)), 201, ""),
        (signed(&claims(json!("Iv1.other"), 0, 500)), 404, "Integration not found"),
        (signed(&claims(id.clone(), -600, -1)), 401, "'exp'"),
        (signed(&claims(id.clone(), 0, 700)), 401, "too far in the future"),
        (signed(&claims(id.clone(), 90, 500)), 401, "'iat'"),
        (
            assertion(&sandbox, &json!({"alg": "HS256"}), &claims(id.clone(), 0, 500)),
            401,
            "could not be decoded",
        ),
        (changed, 401, "could not be decoded"),
        (plain, 401, "could not be decoded"),
        (sandbox.says("token"), 401, "could not be decoded"),
        ("ghu_wrong".to_owned(), 401, "Bad credentials"),
    ] {
        let answer = ask(&sandbox, &credential, None).await;
        assert_eq!(answer.status, status, "{words}: {}", answer.text());
        assert!(status == 201 || answer.message().contains(words), "{}", answer.message());
    }
    let other =
        sandbox.call_as(&good(&sandbox), Method::POST, "/app/installations/1/access_tokens", None).await;
    assert_eq!(other.status, 404);
    // As itself, the app may do nothing in the repository.
    let touch = sandbox.call_as(&good(&sandbox), Method::POST, DISPATCH, Some(json!({"ref": "main"}))).await;
    assert_eq!((touch.status, touch.message().as_str()), (403, "Resource not accessible by integration"));
    let installation =
        sandbox.get_as(Some(&sign_in(&sandbox, "local").await), "/repos/local/burstboard/installation").await;
    assert_eq!(installation.status, 401);
}

#[tokio::test]
async fn without_an_app_there_are_no_assertions() {
    let sandbox = Sandbox::start_without_act(&[]);
    assert!(sandbox.ready.get("app").is_none());
    let answer =
        sandbox.get_as(Some("eyJhbGciOiJSUzI1NiJ9.e30.AA"), "/repos/local/burstboard/installation").await;
    assert_eq!((answer.status, answer.message().as_str()), (401, "Bad credentials"));
}
