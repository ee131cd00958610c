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

#[cfg(test)]
mod tests {
    use super::*;

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
