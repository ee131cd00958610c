//! Cookies: read from requests, written into answers.
//!
//! All are `__Host-` cookies: sent to this origin alone, over https alone (browsers count this computer as safe), and
//! beyond the reach of scripts. `SameSite=Lax` and not `Strict`, since people come back from GitHub's page by a link.

use http::{HeaderMap, HeaderValue, header};

/// Somebody who has signed in.
pub const SESSION: &str = "__Host-session";
/// Somebody who is at GitHub's sign-in page.
pub const SIGN_IN: &str = "__Host-sign-in";
/// The share links that were opened in this browser.
pub const SHARE: &str = "__Host-share";

/// The value of the first cookie of that name.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Keeps a value for some seconds; values of this crate's own making need no quoting.
pub fn keep(headers: &mut HeaderMap, name: &str, value: &str, seconds: i64) {
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", seconds.max(0));
    if let Ok(mut cookie) = HeaderValue::from_str(&text) {
        cookie.set_sensitive(true);
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// Takes a cookie away.
pub fn forget(headers: &mut HeaderMap, name: &str) {
    keep(headers, name, "", 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("x__Host-session=no; a=b=c;__Host-share=1"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-session=yes; __Host-session=later"));
        assert_eq!(read(&headers, SESSION), Some("yes"));
        assert_eq!(read(&headers, "a"), Some("b=c"));
        assert_eq!(read(&headers, SHARE), Some("1"));
        assert_eq!(read(&headers, SIGN_IN), None);
    }

    #[test]
    fn what_is_kept_is_kept_from_scripts_and_other_sites() {
        let mut headers = HeaderMap::new();
        keep(&mut headers, SESSION, "x", 60);
        forget(&mut headers, SIGN_IN);
        let told: Vec<_> = headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(told[0], "__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
        assert!(told[1].starts_with("__Host-sign-in=;") && told[1].ends_with("Max-Age=0"));
    }
}
