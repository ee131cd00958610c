//! What a person sets for all pairs of a launch.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Range by azimuth looks; they fix the pixel size of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Looks {
    /// 20 × 4 looks, 80 m pixels: the default.
    #[default]
    L20x4,
    /// 10 × 2 looks, 40 m pixels.
    L10x2,
    /// 5 × 1 looks, 20 m pixels.
    L5x1,
}

/// The text is none of the three settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("looks \"{0}\" are not on offer: choose 20x4, 10x2 or 5x1")]
pub struct LooksError(String);

impl Looks {
    /// All three, coarse first.
    pub const ALL: [Self; 3] = [Self::L20x4, Self::L10x2, Self::L5x1];

    /// `20x4`, `10x2` or `5x1`, as the engine's command line and the workflows write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::L20x4 => "20x4",
            Self::L10x2 => "10x2",
            Self::L5x1 => "5x1",
        }
    }

    /// Pixel spacing of the product in metres.
    pub const fn pixel_metres(self) -> u32 {
        match self {
            Self::L20x4 => 80,
            Self::L10x2 => 40,
            Self::L5x1 => 20,
        }
    }
}

impl FromStr for Looks {
    type Err = LooksError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|l| l.as_str() == text)
            .ok_or_else(|| LooksError(text.chars().take(20).collect()))
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Looks {
    type Error = LooksError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Looks> for String {
    fn from(looks: Looks) -> Self {
        looks.to_string()
    }
}
