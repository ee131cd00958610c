//! The pages of signing in: no script, nothing from elsewhere.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    accounts::people::{self, PEOPLE, Person},
    github::App,
};

const STYLE: &str = "
:root { color-scheme: light dark; --ground: #f6f7f9; --panel: #fff; --text: #1c2129; --quiet: #59626f;
  --line: #d5d9e0; --accent: #2a5caa; --note: #fdf3d8; --note-text: #5c4300; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171c; --panel: #1c2027; --text: #e6e9ee; --quiet: #a2abb8;
  --line: #363d48; --accent: #84b0f5; --note: #3a3016; --note-text: #f3dfa9; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 16px; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 20px; background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.3; }
p { margin: 0 0 12px; }
code { overflow-wrap: anywhere; }
.note { padding: 8px 12px; border-radius: 6px; background: var(--note); color: var(--note-text); }
.quiet { margin: 16px 0 0; color: var(--quiet); font-size: 14px; }
form { display: grid; gap: 8px; }
button { min-height: 44px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: none;
  color: inherit; font: inherit; line-height: 1.35; text-align: left; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button b { color: var(--accent); }
button span { display: block; color: var(--quiet); font-size: 14px; }
";

/// Who one can be. The form works once, by its nonce.
pub(super) fn choose(app: &App, redirect: &Url, nonce: &str, suggested: Option<&Person>) -> Response {
    let origin = redirect.origin().ascii_serialization();
    let visibility = if app.accounts.is_private() { "private" } else { "public" };
    let body = html! {
        h1 { "Sign in to Burstboard" }
        p.note { strong { "This is Burstboard's sandbox on this computer, not GitHub." } " Its people are demo accounts without passwords." }
        p { code { (origin) } " asks who you are. The repository " code { (app.full_name()) } " is " (visibility) "." }
        form method="post" action="/login/oauth/authorize" {
            input type="hidden" name="nonce" value=(nonce);
            @for person in &PEOPLE {
                button type="submit" name="login" value=(person.login) autofocus[suggested == Some(person)] {
                    b { (person.login) } " · " (person.name)
                    span { (people::sentence(app.accounts.roles.of(person))) }
                }
            }
            button type="submit" name="cancel" value="cancel" { "Cancel" }
        }
        p.quiet { "On GitHub you would see its own page here, once." }
    };
    answer(StatusCode::OK, &format!("'self' {origin}"), &body)
}

/// A page that says one thing.
pub(super) fn sentence(status: StatusCode, sentence: &str) -> Response {
    let body = html! {
        h1 { (sentence) }
        p.quiet { "This is Burstboard's sandbox on this computer, not GitHub." }
    };
    answer(status, "'none'", &body)
}

/// `forms` is where forms may go, redirects included.
fn answer(status: StatusCode, forms: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Sign in · Burstboard's sandbox" }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    let style = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Stricter would hide the form's origin from the sandbox itself.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, page.into_string()).into_response()
}
