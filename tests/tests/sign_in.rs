//! Signing in by way of GitHub's page, in workerd: what a browser brings back counts once, together with its cookie.

use anyhow::{Context, Result};
use burstboard_tests::{
    Api, Stack, Workerd,
    api::Answer,
    forge::{self, OTHER_KEYS},
    workerd::SEAL_KEYS,
};
use reqwest::Url;
use serde_json::json;

/// Somebody came back: to a place of the page with a word on why not, without a session, and without the cookie that
/// served for the way.
fn turned_away(way: &str, answer: &Answer, word: &str) {
    assert_eq!(answer.status, 303, "{way}");
    let to = answer.header("location");
    assert!(to.starts_with('/') && to.ends_with(&format!("sign-in={word}")), "{way}: {to}");
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(
        cookies.len() == 1 && answer.header("set-cookie").starts_with("__Host-sign-in=;"),
        "{way}: {cookies:?}"
    );
}

/// A way through GitHub's page: the path back, and the cookie that belongs to it.
async fn way(api: &Api, login: Option<&str>) -> Result<(String, String)> {
    let (page, cookie) = api.set_out("/run/1?pair=a_b").await?;
    Ok((api.choose(&page, login).await?, cookie))
}

async fn come_back(api: &Api, path: &str, cookie: &str) -> Result<Answer> {
    api.with_cookies(cookie).get(path).await
}

#[tokio::test]
async fn who_signs_in_comes_back_to_where_they_were() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.stranger()?;
    let (page, cookie) = api.set_out("/run/1?pair=a_b").await?;
    let pending = forge::open_pending(&cookie)?;
    assert!(!page.contains(&pending.verifier), "the verifier stays here");
    let asked = Url::parse(&page)?;
    let names: Vec<_> = asked.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(
        names,
        ["client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method"],
        "no scope"
    );

    let back = come_back(&api, &api.choose(&page, Some("writer")).await?, &cookie).await?;
    assert_eq!((back.status, back.header("location")), (303, "/run/1?pair=a_b"));
    assert_eq!((back.header("referrer-policy"), back.header("cache-control")), ("no-referrer", "no-store"));
    let session = back.cookie("__Host-session").context("no session")?;
    let kept = back.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let kept = kept.filter(|cookie| cookie.starts_with("__Host-session=")).collect::<Vec<_>>();
    assert!(kept[0].ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=28800"), "{kept:?}");
    assert_eq!(
        forge::open_session(&session)?.token,
        None,
        "with a token of its own the Worker keeps nobody else's"
    );
    let config = api.with_cookies(&session).get("/api/v1/config").await?.json()?;
    assert_eq!(config["account"], json!({"login": "writer", "role": "write", "administers": false}));

    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/api/v1/sign-out",
        "/x\r\nset-cookie: a=b",
    ] {
        let (page, cookie) = api.set_out(elsewhere).await?;
        let back = come_back(&api, &api.choose(&page, Some("writer")).await?, &cookie).await?;
        assert_eq!(back.header("location"), "/", "{elsewhere}");
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_back_counts_once_and_with_its_own_cookie_only() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.stranger()?;
    let (back, cookie) = way(&api, Some("local")).await?;
    assert!(come_back(&api, &back, &cookie).await?.cookie("__Host-session").is_some());
    turned_away("a replayed state", &come_back(&api, &back, &cookie).await?, "stale");

    // Each of these has a good code, which nobody has used.
    let (back, cookie) = way(&api, Some("local")).await?;
    let pending = forge::open_pending(&cookie)?;
    let (_, others) = api.set_out("/").await?;
    turned_away("no cookie", &come_back(&api, &back, "").await?, "stale");
    turned_away("another sign-in's cookie", &come_back(&api, &back, &others).await?, "stale");
    let forged = forge::pending(OTHER_KEYS, pending.clone(), 600)?;
    turned_away("a forged cookie", &come_back(&api, &back, &forged).await?, "stale");
    let late = forge::pending(SEAL_KEYS, pending.clone(), -1)?;
    turned_away("too late", &come_back(&api, &back, &late).await?, "stale");
    let session = cookie.replacen("__Host-sign-in", "__Host-session", 1);
    let as_session = api.with_cookies(&session).get("/api/v1/links").await?;
    assert_eq!(as_session.status, 401, "the cookie for the way is no session");
    // And with its own cookie it was good, up to the verifier that GitHub is told.
    let mut wrong = pending;
    wrong.verifier = "A".repeat(43);
    let wrong = forge::pending(SEAL_KEYS, wrong, 600)?;
    turned_away("a wrong verifier", &come_back(&api, &back, &wrong).await?, "refused");
    turned_away("the state of a wrong verifier", &come_back(&api, &back, &cookie).await?, "stale");

    // Two sign-ins whose codes were swapped, as somebody would who stole a code: GitHub sees another verifier.
    let (mine, cookie) = api.set_out("/").await?;
    let (theirs, _) = api.set_out("/").await?;
    let state = Url::parse(&mine)?
        .query_pairs()
        .find(|(name, _)| name == "state")
        .context("no state")?
        .1
        .into_owned();
    let mut mixed = Url::parse(&theirs)?;
    let pairs: Vec<_> =
        mixed.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| if name == "state" { (name, state.clone()) } else { (name, value) });
    mixed.query_pairs_mut().clear().extend_pairs(pairs.collect::<Vec<_>>());
    let back = api.choose(mixed.as_str(), Some("local")).await?;
    turned_away("another verifier", &come_back(&api, &back, &cookie).await?, "refused");

    let (back, cookie) = way(&api, Some("local")).await?;
    let no_code = back.replace("code=", "cod=");
    turned_away("no code", &come_back(&api, &no_code, &cookie).await?, "stale");
    let (back, cookie) = way(&api, None).await?;
    turned_away("somebody who did not want to", &come_back(&api, &back, &cookie).await?, "denied");
    Ok(())
}

#[tokio::test]
async fn when_github_does_not_play_along_the_page_is_told() -> Result<()> {
    let stack = Stack::start().await?;
    let api = stack.stranger()?;
    for (place, harm) in [
        ("/login/oauth/access_token", json!({"status": 502})),
        ("/login/oauth/access_token", json!("lose_answer")),
        ("/user", json!({"status": 503})),
        ("/user", json!({"secondary_rate_limit": 30})),
    ] {
        let (back, cookie) = way(&api, Some("writer")).await?;
        stack.sandbox.tell("faults", &json!({"path": place, "harm": harm})).await?;
        turned_away(place, &come_back(&api, &back, &cookie).await?, "unavailable");
    }
    // That the visitor's token could not be revoked is no reason to turn anybody away.
    let (back, cookie) = way(&api, Some("writer")).await?;
    stack.sandbox.tell("faults", &json!({"path": "/applications/", "harm": {"status": 500}})).await?;
    assert!(come_back(&api, &back, &cookie).await?.cookie("__Host-session").is_some());

    let data = tempfile::TempDir::new()?;
    let wrong = [("GITHUB_CLIENT_SECRET", "n0t-the-secret")];
    let workerd = Workerd::start(&stack.sandbox, data.path(), &wrong).await?;
    let api = Api::new(&workerd.address, &["n0t-the-secret"])?;
    let (back, cookie) = way(&api, Some("writer")).await?;
    turned_away("a wrong client secret", &come_back(&api, &back, &cookie).await?, "misconfigured");
    Ok(())
}
