//! Which satellite took an acquisition.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Sentinel-1 satellite; catalogues may name ones that this version has not heard of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Platform {
    /// Sentinel-1A, 2014 to 2026.
    S1A,
    /// Sentinel-1B, 2016 to 2021.
    S1B,
    /// Sentinel-1C, from 2025.
    S1C,
    /// Sentinel-1D, from 2026.
    S1D,
    /// Something else, as the catalogue wrote it.
    Other(String),
}

impl Platform {
    /// Short name for lanes and tables: `S1A`.
    pub fn short(&self) -> &str {
        match self {
            Self::S1A => "S1A",
            Self::S1B => "S1B",
            Self::S1C => "S1C",
            Self::S1D => "S1D",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for Platform {
    fn from(text: String) -> Self {
        let upper = text.trim().to_ascii_uppercase();
        match upper.as_str() {
            "SENTINEL-1A" | "S1A" => Self::S1A,
            "SENTINEL-1B" | "S1B" => Self::S1B,
            "SENTINEL-1C" | "S1C" => Self::S1C,
            "SENTINEL-1D" | "S1D" => Self::S1D,
            _ => Self::Other(text.chars().take(40).collect()),
        }
    }
}

impl From<&str> for Platform {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Platform> for String {
    fn from(platform: Platform) -> Self {
        platform.to_string()
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(name) => f.write_str(name),
            known => write!(f, "SENTINEL-1{}", &known.short()[2..]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings_and_keeps_strangers() {
        assert_eq!(Platform::from("Sentinel-1A"), Platform::S1A);
        assert_eq!(Platform::from("SENTINEL-1D").to_string(), "SENTINEL-1D");
        assert_eq!(Platform::from("SENTINEL-1E").short(), "SENTINEL-1E");
    }
}
