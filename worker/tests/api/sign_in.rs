//! Signing in, as a browser goes through it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use burstboard_worker::{github::GitHubError, session::Pending};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    accounts::USER_TOKEN,
    world::{ORIGIN, Read, World, local},
};

/// A browser that was sent to GitHub.
struct Away {
    cookie: String,
    at: Url,
}

impl Away {
    fn asked(&self, name: &str) -> String {
        self.at
            .query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, v)| v.into_owned())
            .unwrap_or_default()
    }
}

async fn begin(world: &World, back: &str) -> Away {
    let answer = world.look(&format!("/api/v1/sign-in?return={back}")).await;
    assert_eq!((answer.status, answer.header("referrer-policy")), (303, "no-referrer"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    Away { cookie, at: Url::parse(answer.header("location")).unwrap() }
}

async fn back(world: &World, cookie: &str, query: &str) -> Read {
    world.ask("GET", &format!("/api/v1/sign-in/callback?{query}"), &[("cookie", cookie)], "").await
}

/// The cookie of the session that an answer gave, if it gave one.
fn session(answer: &Read) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let mut sessions = cookies.filter(|cookie| cookie.starts_with("__Host-session="));
    sessions.next().map(|cookie| cookie.split(';').next().unwrap().to_owned())
}

fn github_has(world: &World, code: &str, login: &str) {
    *world.accounts.code.borrow_mut() = Some(code.to_owned());
    *world.accounts.login.borrow_mut() = login.to_owned();
}

#[tokio::test]
async fn a_visitor_comes_back_signed_in_to_where_they_were() {
    let world = local();
    let away = begin(&world, "/run/19000000001%3Fpair=a_b").await;
    assert_eq!((away.at.path(), away.asked("client_id").as_str()), ("/login/oauth/authorize", "Iv1.1"));
    assert_eq!(away.asked("redirect_uri"), format!("{ORIGIN}/api/v1/sign-in/callback"));
    assert_eq!((away.asked("code_challenge_method").as_str(), away.asked("scope").as_str()), ("S256", ""));
    github_has(&world, "c0de", "writer");
    let answer = back(&world, &away.cookie, &format!("code=c0de&state={}", away.asked("state"))).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/run/19000000001?pair=a_b"));
    let verifier = world.accounts.verifiers.borrow()[0].clone();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    assert_eq!(away.asked("code_challenge"), challenge);
    assert_eq!(*world.accounts.revoked.borrow(), [USER_TOKEN], "it has served");
    let cookie = session(&answer).unwrap();
    assert_eq!(world.send_with(&cookie, "/api/v1/launches", &crate::launch::request()).await.status, 201);
}

#[tokio::test]
async fn what_github_did_not_say_in_answer_to_this_browser_is_no_sign_in() {
    let world = local();
    let away = begin(&world, "/").await;
    let other = begin(&world, "/").await;
    let good = format!("code=c0de&state={}", away.asked("state"));
    for (what, cookie, query) in [
        ("no cookie", "", good.as_str()),
        ("another browser's cookie", &other.cookie, &good),
        ("a forged cookie", "__Host-sign-in=k1.AAAA", &good),
        ("no state", &away.cookie, "code=c0de"),
        ("another state", &away.cookie, "code=c0de&state=x"),
    ] {
        github_has(&world, "c0de", "writer");
        let answer = back(&world, cookie, query).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/?sign-in=stale"), "{what}");
        assert_eq!(session(&answer), None, "{what}");
    }
    assert!(world.accounts.verifiers.borrow().is_empty(), "GitHub was asked");
}

#[tokio::test]
async fn an_answer_counts_once_and_not_for_ever() {
    let world = local();
    let away = begin(&world, "/").await;
    let query = format!("code=c0de&state={}", away.asked("state"));
    github_has(&world, "c0de", "writer");
    assert!(session(&back(&world, &away.cookie, &query).await).is_some());
    github_has(&world, "c0de", "writer");
    let replayed = back(&world, &away.cookie, &query).await;
    assert_eq!((replayed.header("location"), session(&replayed)), ("/?sign-in=stale", None));
    let late = begin(&world, "/").await;
    world.clock.pass(Pending::SECONDS as u64);
    let answer = back(&world, &late.cookie, &format!("code=c0de&state={}", late.asked("state"))).await;
    assert_eq!((answer.header("location"), session(&answer)), ("/?sign-in=stale", None));
}

#[tokio::test]
async fn each_way_it_can_end_is_told_to_the_page() {
    for (query, fault, word) in [
        ("error=access_denied&error_description=x", None, "denied"),
        ("error=redirect_uri_mismatch", None, "misconfigured"),
        ("code=wrong", None, "refused"),
        ("code=c0de", Some(GitHubError::Unauthorized), "misconfigured"),
        ("code=c0de", Some(GitHubError::NoAnswer), "unavailable"),
        ("code=c0de", Some(GitHubError::RateLimited { retry_after: 9 }), "unavailable"),
        ("x=y", None, "stale"),
    ] {
        let world = local();
        let away = begin(&world, "/%3Fv=1").await;
        github_has(&world, "c0de", "writer");
        world.accounts.fault.set(fault);
        let answer = back(&world, &away.cookie, &format!("{query}&state={}", away.asked("state"))).await;
        assert_eq!(answer.header("location"), format!("/?v=1&sign-in={word}"), "{query} {fault:?}");
        assert_eq!(session(&answer), None);
        let cookies = format!("{:?}", answer.headers);
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1, "{cookies}");
    }
}

#[tokio::test]
async fn without_the_records_nobody_signs_in_or_out() {
    let world = local();
    let away = begin(&world, "/").await;
    github_has(&world, "c0de", "writer");
    world.records.away.set(true);
    let answer = back(&world, &away.cookie, &format!("code=c0de&state={}", away.asked("state"))).await;
    assert_eq!((answer.header("location"), session(&answer)), ("/?sign-in=unavailable", None));
    let out = world.send("/api/v1/sign-out", &json!({})).await;
    assert_eq!(
        (out.status, out.header("set-cookie")),
        (503, ""),
        "a session that cannot be ended is not said to be"
    );
}

#[tokio::test]
async fn a_way_back_to_elsewhere_leads_to_the_first_page() {
    let world = local();
    for elsewhere in ["https://evil.example", "//evil.example", "/%5Cevil.example", "/api/v1/config"] {
        let away = begin(&world, elsewhere).await;
        github_has(&world, "c0de", "writer");
        let answer = back(&world, &away.cookie, &format!("code=c0de&state={}", away.asked("state"))).await;
        assert_eq!(answer.header("location"), "/", "{elsewhere}");
    }
}
