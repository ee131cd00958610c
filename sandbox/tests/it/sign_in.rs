//! Signing in: the page, the code, the tokens, and everything that must not work.

use std::collections::HashMap;

use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::{Answer, Sandbox};

const PAGE: &str = "http://127.0.0.1:8799/api/v1/sign-in/callback";
// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The address of the page, with changes: a field without a value is left out.
fn address(sandbox: &Sandbox, changes: &[(&str, Option<&str>)]) -> String {
    let id = sandbox.says("client_id");
    let mut fields = vec![
        ("client_id", Some(id.as_str())),
        ("redirect_uri", Some(PAGE)),
        ("state", Some("a state & more")),
        ("code_challenge", Some(CHALLENGE)),
        ("code_challenge_method", Some("S256")),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes);
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let address = format!("{}/login/oauth/authorize", sandbox.says("web"));
    Url::parse_with_params(&address, fields).unwrap().into()
}

fn nonce(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"nonce\" value=\"").unwrap_or_else(|| panic!("{page}"));
    rest.split('"').next().unwrap()
}

/// Where an answer sends to, and the fields of that address.
fn sent_to(answer: &Answer) -> (String, HashMap<String, String>) {
    assert_eq!(answer.status, 302, "{}", answer.text());
    let mut place: Url = answer.header("location").parse().unwrap();
    let fields = place.query_pairs().into_owned().collect();
    place.set_query(None);
    (place.into(), fields)
}

/// Presses a button of the page.
async fn press(sandbox: &Sandbox, changes: &[(&str, Option<&str>)], button: (&str, &str)) -> Answer {
    let page = sandbox.fetch(&address(sandbox, changes), &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    sandbox.form("/login/oauth/authorize", &[("nonce", nonce(&page)), button], &[]).await
}

async fn code(sandbox: &Sandbox, login: &str) -> String {
    let (place, mut fields) = sent_to(&press(sandbox, &[], ("login", login)).await);
    assert_eq!((place.as_str(), fields["state"].as_str()), (PAGE, "a state & more"));
    fields.remove("code").unwrap()
}

/// Exchanges a code, with changes as in [`address`].
async fn exchange(sandbox: &Sandbox, code: &str, changes: &[(&str, Option<&str>)]) -> Value {
    let (id, secret) = (sandbox.says("client_id"), sandbox.says("client_secret"));
    let mut fields = vec![
        ("client_id", Some(id.as_str())),
        ("client_secret", Some(secret.as_str())),
        ("code", Some(code)),
        ("redirect_uri", Some(PAGE)),
        ("code_verifier", Some(VERIFIER)),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes);
    let fields: Vec<(&str, &str)> =
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let answer = sandbox.form("/login/oauth/access_token", &fields, &[("accept", "application/json")]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{}", answer.text());
    answer.json()
}

/// Signs in as one of the demo people and gives the token.
pub(crate) async fn sign_in(sandbox: &Sandbox, login: &str) -> String {
    let code = code(sandbox, login).await;
    exchange(sandbox, &code, &[]).await["access_token"].as_str().unwrap().to_owned()
}

/// Checks or revokes a token, as the app.
async fn tokens(sandbox: &Sandbox, method: Method, secret: &str, token: &str) -> Answer {
    let id = sandbox.says("client_id");
    let client = reqwest::Client::new().get("http://x").basic_auth(&id, Some(secret)).build().unwrap();
    let basic = client.headers()["authorization"].to_str().unwrap().to_owned();
    let body = Some(json!({"access_token": token}));
    sandbox.call_with(method, &format!("/applications/{id}/token"), body, &[("authorization", &basic)]).await
}

#[tokio::test]
async fn the_page_says_what_it_is_offers_everyone_and_lets_nothing_in() {
    let sandbox = Sandbox::start_without_act(&[]);
    let page = sandbox.fetch(&address(&sandbox, &[("login", Some("reader"))]), &[]).await;
    let text = page.text();
    assert!(text.contains("sandbox on this computer, not GitHub") && text.contains("http://127.0.0.1:8799"));
    for person in sandbox.ready["people"].as_array().unwrap() {
        let button = format!("name=\"login\" value={}", person["login"]);
        assert!(text.contains(&button), "{button}");
    }
    assert!(text.contains("value=\"reader\" autofocus") && text.contains("name=\"cancel\""));
    assert!(!text.contains("<script") && !text.contains("src=") && !text.contains("href="));
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'sha256-",
        "form-action 'self' http://127.0.0.1:8799;",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!((page.header("x-frame-options"), page.header("cache-control")), ("DENY", "no-store"));
}

#[tokio::test]
async fn who_signs_in_gets_a_token_of_their_own_which_the_app_can_check_and_end() {
    let sandbox = Sandbox::start_without_act(&[]);
    let secret = sandbox.says("client_secret");
    let given = exchange(&sandbox, &code(&sandbox, "writer").await, &[]).await;
    assert_eq!(
        (&given["token_type"], &given["scope"], &given["expires_in"]),
        (&json!("bearer"), &json!(""), &json!(28800))
    );
    let token = given["access_token"].as_str().unwrap();
    assert!(token.starts_with("ghu_") && given["refresh_token"].as_str().unwrap().starts_with("ghr_"));
    let user = sandbox.get_as(Some(token), "/user").await.json();
    assert_eq!((&user["login"], &user["id"]), (&json!("writer"), &json!(5_100_000_003_i64)));

    let checked = tokens(&sandbox, Method::POST, &secret, token).await;
    assert_eq!((checked.status, checked.json()["user"]["login"].as_str()), (200, Some("writer")));
    assert_eq!(tokens(&sandbox, Method::POST, "wrong", token).await.status, 401);
    assert_eq!(tokens(&sandbox, Method::POST, &secret, "ghu_unknown").await.status, 404);
    let anyone = json!({"access_token": token});
    let path = format!("/applications/{}/token", sandbox.says("client_id"));
    assert_eq!(sandbox.call_as(token, Method::DELETE, &path, Some(anyone)).await.status, 404);

    assert_eq!(tokens(&sandbox, Method::DELETE, &secret, token).await.status, 204);
    assert_eq!(tokens(&sandbox, Method::DELETE, &secret, token).await.status, 404);
    for path in ["/user", "/actions/runs"] {
        let gone = sandbox.get_as(Some(token), path).await;
        assert_eq!((gone.status, gone.message().as_str()), (401, "Bad credentials"));
    }

    let next = [("grant_type", Some("refresh_token")), ("refresh_token", given["refresh_token"].as_str())];
    let second = exchange(&sandbox, "", &next).await;
    let second = second["access_token"].as_str().unwrap();
    assert_eq!(sandbox.get_as(Some(second), "/user").await.json()["login"], "writer");
    assert_eq!(exchange(&sandbox, "", &next).await["error"], "bad_refresh_token");
    assert_eq!(sandbox.control("token", json!({"token": second, "expires_in": 0})).await, 204);
    assert_eq!(sandbox.get_as(Some(second), "/user").await.status, 401);
}

#[tokio::test]
async fn who_does_not_want_to_is_sent_back_and_so_is_a_request_that_is_wrong() {
    let sandbox = Sandbox::start_without_act(&[]);
    let (place, fields) = sent_to(&press(&sandbox, &[], ("cancel", "cancel")).await);
    assert_eq!((place.as_str(), fields["error"].as_str()), (PAGE, "access_denied"));
    assert_eq!(fields["state"], "a state & more");
    assert!(fields["error_description"].contains("denied") && fields["error_uri"].contains("#access-denied"));

    for elsewhere in
        ["http://evil.example/api/v1/sign-in/callback", "http://127.0.0.1:8799/elsewhere", "nonsense"]
    {
        let answer = sandbox.fetch(&address(&sandbox, &[("redirect_uri", Some(elsewhere))]), &[]).await;
        let (place, fields) = sent_to(&answer);
        assert_eq!(place, "http://127.0.0.1/api/v1/sign-in/callback");
        assert_eq!(fields["error"], "redirect_uri_mismatch");
    }
    for (method, challenge) in [
        (Some("plain"), Some(CHALLENGE)),
        (None, Some(CHALLENGE)),
        (Some("S256"), None),
        (Some("S256"), Some("short")),
    ] {
        let changes = [("code_challenge_method", method), ("code_challenge", challenge)];
        let (place, fields) = sent_to(&sandbox.fetch(&address(&sandbox, &changes), &[]).await);
        assert_eq!((place.as_str(), fields["error"].as_str()), (PAGE, "invalid_request"), "{changes:?}");
    }
    for client in [None, Some("Iv1.other")] {
        assert_eq!(sandbox.fetch(&address(&sandbox, &[("client_id", client)]), &[]).await.status, 404);
    }
}

#[tokio::test]
async fn a_form_works_once_and_only_from_its_own_page() {
    let sandbox = Sandbox::start_without_act(&[]);
    let page = sandbox.fetch(&address(&sandbox, &[]), &[]).await.text();
    let fields = [("nonce", nonce(&page)), ("login", "local")];
    let path = "/login/oauth/authorize";
    for origin in ["http://127.0.0.1:8799", "null"] {
        assert_eq!(sandbox.form(path, &fields, &[("origin", origin)]).await.status, 403, "{origin}");
    }
    assert_eq!(sandbox.form(path, &[("nonce", "made up"), ("login", "local")], &[]).await.status, 422);
    assert_eq!(sandbox.form(path, &[("login", "local")], &[]).await.status, 422);
    assert_eq!(sandbox.form(path, &fields, &[("origin", &sandbox.says("web"))]).await.status, 302);
    assert_eq!(sandbox.form(path, &fields, &[]).await.status, 422);
    assert_eq!(press(&sandbox, &[], ("login", "octocat")).await.status, 422);
}

#[tokio::test]
async fn errors_of_the_exchange_are_answers_with_status_200() {
    let sandbox = Sandbox::start_without_act(&[]);
    for (changes, expected) in [
        (&[("client_secret", Some("wrong"))][..], "incorrect_client_credentials"),
        (&[("client_id", None)], "incorrect_client_credentials"),
        (&[("redirect_uri", Some("http://127.0.0.1:1/api/v1/sign-in/callback"))], "redirect_uri_mismatch"),
        (&[("code_verifier", None)], "bad_verification_code"),
        (&[("code_verifier", Some("eBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))], "bad_verification_code"),
        (&[("code", Some("0123456789abcdef0123"))], "bad_verification_code"),
        (&[("code", None)], "bad_verification_code"),
        (&[("grant_type", Some("password"))], "unsupported_grant_type"),
    ] {
        let answer = exchange(&sandbox, &code(&sandbox, "local").await, changes).await;
        assert_eq!(answer["error"], expected, "{changes:?}");
        assert!(answer["error_description"].is_string() && answer["error_uri"].is_string());
        assert!(answer.get("access_token").is_none());
    }
    let once = code(&sandbox, "local").await;
    assert!(exchange(&sandbox, &once, &[]).await["access_token"].is_string());
    assert_eq!(exchange(&sandbox, &once, &[]).await["error"], "bad_verification_code");
    let tried = code(&sandbox, "local").await;
    exchange(&sandbox, &tried, &[("code_verifier", None)]).await;
    assert_eq!(exchange(&sandbox, &tried, &[]).await["error"], "bad_verification_code");

    // Without `Accept` the answer is a form, and a request may be JSON.
    let plain = sandbox.form("/login/oauth/access_token", &[("client_id", "x")], &[]).await;
    assert!(plain.text().starts_with("error=incorrect_client_credentials&"), "{}", plain.text());
    let body = json!({"client_id": sandbox.says("client_id"), "client_secret": sandbox.says("client_secret"),
        "code": code(&sandbox, "reader").await, "code_verifier": VERIFIER});
    let address = format!("{}/login/oauth/access_token", sandbox.says("web"));
    let answer = sandbox.client().post(address).json(&body).send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("access_token=ghu_") && answer.contains("&token_type=bearer"), "{answer}");
}

#[tokio::test]
async fn faults_reach_signing_in_as_well() {
    let sandbox = Sandbox::start_without_act(&[]);
    let page = address(&sandbox, &[]);
    sandbox.fault(json!({"path": "/login/oauth/authorize", "harm": {"status": 502}})).await;
    assert_eq!(sandbox.fetch(&page, &[]).await.status, 502);
    assert_eq!(sandbox.fetch(&page, &[]).await.status, 200);
    sandbox.fault(json!({"method": "POST", "path": "access_token", "harm": "lose_answer"})).await;
    let address = format!("{}/login/oauth/access_token", sandbox.says("web"));
    let lost = match sandbox.client().post(address).form(&[("client_id", "x")]).send().await {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(lost);
}
