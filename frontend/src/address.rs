//! Which of the page's places an address names.

use domain::launch::BatchId;

/// A place of the page. All have the same frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Map and stack; what was chosen stands in the query.
    Board,
    /// A run, by GitHub's id.
    Run(u64),
    /// A batch, by the identifier that the page made.
    Batch(BatchId),
    /// An address that names nothing.
    Nowhere,
}

impl Place {
    /// Reads a path.
    pub(crate) fn parse(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Board,
            (Some("run"), Some(id), None) => id.parse().map_or(Self::Nowhere, Self::Run),
            (Some("batch"), Some(id), None) => id.parse().map_or(Self::Nowhere, Self::Batch),
            _ => Self::Nowhere,
        }
    }

    /// The path.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Board | Self::Nowhere => "/".to_owned(),
            Self::Run(id) => format!("/run/{id}"),
            Self::Batch(id) => format!("/batch/{id}"),
        }
    }
}

/// The query that names the pair in focus, or nothing.
pub(crate) fn pair_query(pair: Option<&str>) -> String {
    pair.filter(|name| is_plain(name)).map_or_else(String::new, |name| format!("?pair={name}"))
}

/// The pair that a query names.
pub(crate) fn pair_of(query: &str) -> Option<String> {
    let parts = query.strip_prefix('?')?.split('&');
    parts.filter_map(|part| part.strip_prefix("pair=")).find(|name| is_plain(name)).map(str::to_owned)
}

/// What a sign-in or a share link put into a query for this one visit, and the query without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The token of a share link.
    pub(crate) share: Option<String>,
    /// How a sign-in ended, where it did not end well.
    pub(crate) sign_in: Option<String>,
    /// What is left: nothing, or a query with its question mark.
    pub(crate) rest: String,
}

impl Arrival {
    /// Reads a query.
    pub(crate) fn of(query: &str) -> Self {
        let mut arrival = Self::default();
        let mut rest = Vec::new();
        for part in query.trim_start_matches('?').split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=') {
                Some(("share", token)) => arrival.share = Some(token.to_owned()),
                Some(("sign-in", word)) => arrival.sign_in = Some(word.to_owned()),
                _ => rest.push(part),
            }
        }
        if !rest.is_empty() {
            arrival.rest = format!("?{}", rest.join("&"));
        }
        arrival
    }
}

/// Names of jobs that need no escaping in an address; others are not named there.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_in_focus_stands_in_the_query() {
        assert_eq!(pair_query(Some("20180604_20180616")), "?pair=20180604_20180616");
        assert_eq!(pair_of("?v=1&pair=20180604_20180616").as_deref(), Some("20180604_20180616"));
        assert_eq!(pair_query(Some("a&b=<c>")), "");
        assert_eq!(pair_of("?pair=%3Cb%3E"), None);
        assert_eq!(pair_of(""), None);
    }

    #[test]
    fn what_counts_for_one_visit_leaves_the_query() {
        let arrival = Arrival::of("?share=k1.abc.def&pair=a_b&sign-in=denied");
        assert_eq!(arrival.share.as_deref(), Some("k1.abc.def"));
        assert_eq!((arrival.sign_in.as_deref(), arrival.rest.as_str()), (Some("denied"), "?pair=a_b"));
        assert_eq!(Arrival::of("?v=1&burst=x").rest, "?v=1&burst=x");
        assert_eq!(Arrival::of(""), Arrival::default());
    }

    #[test]
    fn paths_name_places_and_nothing_else_does() {
        assert_eq!(Place::parse("/"), Place::Board);
        assert_eq!(Place::parse("/run/17"), Place::Run(17));
        assert_eq!(Place::parse("/run/17/"), Place::Run(17));
        assert_eq!(Place::parse("/batch/k3v9x2ab").path(), "/batch/k3v9x2ab");
        for path in ["/run/", "/run/x", "/run/1/2", "/batch/..", "/index", "/run/-1"] {
            assert_eq!(Place::parse(path), Place::Nowhere, "{path}");
        }
    }
}
