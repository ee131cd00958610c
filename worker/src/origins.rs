//! Which addresses GitHub's redirects may lead to.
//!
//! The Worker follows a redirect by hand, once, and only to one of these origins; otherwise a forged answer could
//! make it fetch, or send a visitor to, any place at all.

use std::net::IpAddr;

use url::{Host, Url};

/// An origin, or all subdomains of one: `https://*.blob.core.windows.net`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    host: String,
    port: Option<u16>,
    subdomains: bool,
}

impl OriginPattern {
    /// Reads `scheme://host[:port]`, with `*.` in front of the host for any subdomain; plain http only on this computer.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let subdomains = text.contains("://*.");
        let url = Url::parse(&text.replacen("://*.", "://", 1)).ok()?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && no_user(&url);
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url) && !subdomains);
        let host = url.host_str()?.to_owned();
        (bare && secure).then(|| Self {
            scheme: url.scheme().to_owned(),
            host,
            port: url.port_or_known_default(),
            subdomains,
        })
    }

    fn covers(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host_fits = if self.subdomains {
            host.strip_suffix(self.host.as_str()).is_some_and(|front| front.len() > 1 && front.ends_with('.'))
        } else {
            host == self.host
        };
        host_fits && url.scheme() == self.scheme && url.port_or_known_default() == self.port
    }
}

/// A list of allowed origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins(Vec<OriginPattern>);

impl Origins {
    /// These and no others.
    pub const fn new(patterns: Vec<OriginPattern>) -> Self {
        Self(patterns)
    }

    /// The address, if it is one that a redirect may point to.
    pub fn check(&self, location: &str) -> Option<Url> {
        let url = Url::parse(location).ok()?;
        (no_user(&url) && self.0.iter().any(|pattern| pattern.covers(&url))).then_some(url)
    }
}

/// Whether an address is on this computer: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// `https://good.example@evil.example/` reads like one host and goes to the other.
fn no_user(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(text: &str) -> Origins {
        Origins::new(text.split(',').map(|t| OriginPattern::parse(t).unwrap()).collect())
    }

    #[test]
    fn only_the_named_hosts_are_followed() {
        let origins = origins("https://*.blob.core.windows.net,http://localhost:4002");
        for good in [
            "https://productionresultssa3.blob.core.windows.net/actions-results/x.zip?sig=1",
            "https://productionresultssa3.blob.core.windows.net:443/x",
            "http://localhost:4002/blob/1?se=2",
        ] {
            assert!(origins.check(good).is_some(), "{good}");
        }
        for bad in [
            "http://productionresultssa3.blob.core.windows.net/x",
            "https://blob.core.windows.net/x",
            "https://blob.core.windows.net.evil.example/x",
            "https://evilblob.core.windows.net/x",
            "https://a.blob.core.windows.net@evil.example/x",
            "https://me@a.blob.core.windows.net/x",
            "https://a.blob.core.windows.net:8443/x",
            "http://localhost:4003/x",
            "http://127.0.0.1:4002/x",
            "/relative",
            "javascript:alert(1)",
        ] {
            assert!(origins.check(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_pattern_is_an_origin_and_nothing_more() {
        for bad in ["https://x.example/path", "http://x.example", "x.example", "https://u@x.example", "*", ""]
        {
            assert_eq!(OriginPattern::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn this_computer_has_few_names() {
        for (address, local) in [
            ("http://localhost:1", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080", true),
            ("http://localhost.evil.example", false),
            ("http://127.0.0.1.evil.example", false),
            ("http://10.0.0.1", false),
            ("https://api.github.com", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(address).unwrap()), local, "{address}");
        }
    }
}
