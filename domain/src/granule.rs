//! The name of one acquisition of one burst, as ASF's catalogue gives it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{
    burst::{BurstId, BurstIdError, LAST_NUMBER, Subswath},
    timestamp::Timestamp,
};

/// Transmit and receive polarization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Polarization {
    /// Vertical, vertical: the usual one over land.
    Vv,
    /// Horizontal, horizontal: mostly polar regions.
    Hh,
    /// Cross-polarized; catalogued, but not processed to interferograms.
    Vh,
    /// Cross-polarized; catalogued, but not processed to interferograms.
    Hv,
}

impl Polarization {
    /// `VV`, `HH`, `VH` or `HV`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vv => "VV",
            Self::Hh => "HH",
            Self::Vh => "VH",
            Self::Hv => "HV",
        }
    }

    /// Whether the engine makes interferograms of it: only VV and HH.
    pub const fn is_copolar(self) -> bool {
        matches!(self, Self::Vv | Self::Hh)
    }

    /// Reads the two letters in either case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Vv, Self::Hh, Self::Vh, Self::Hv].into_iter().find(|p| p.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Polarization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A burst granule's name, `S1_136231_IW2_20200604T022312_VV_7C85-BURST`.
///
/// It holds the burst number, the subswath, the azimuth time and the polarization, but neither track nor platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GranuleName {
    // First in the struct, so that names of one burst sort by time.
    number: u32,
    subswath: Subswath,
    time: Timestamp,
    polarization: Polarization,
    suffix: [u8; 4],
}

/// The text is not a burst granule's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a burst acquisition: names look like S1_136231_IW2_20200604T022312_VV_7C85-BURST")]
pub struct GranuleNameError(String);

impl GranuleName {
    /// Relative burst number.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Subswath.
    pub const fn subswath(&self) -> Subswath {
        self.subswath
    }

    /// Azimuth time of the first line, to the second.
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// The UTC day of the acquisition.
    pub fn date(&self) -> Date {
        self.time.date()
    }

    /// Polarization.
    pub const fn polarization(&self) -> Polarization {
        self.polarization
    }

    /// The burst with its track, which follows from the number.
    pub fn burst(&self) -> Result<BurstId, BurstIdError> {
        BurstId::of_number(self.number, self.subswath)
    }

    /// Whether this acquisition shows `burst`. The track is not part of a granule's name.
    pub const fn shows(&self, burst: BurstId) -> bool {
        self.number == burst.number() && self.subswath as u8 == burst.subswath() as u8
    }
}

impl FromStr for GranuleName {
    type Err = GranuleNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || GranuleNameError(text.chars().take(80).collect());
        let body = text.strip_prefix("S1_").and_then(|t| t.strip_suffix("-BURST")).ok_or_else(wrong)?;
        let mut parts = body.split('_');
        let (Some(number), Some(subswath), Some(time), Some(polarization), Some(suffix), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        if number.len() != 6 || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let is_hex = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
        let suffix: [u8; 4] = suffix.as_bytes().try_into().map_err(|_| wrong())?;
        if !(1..=LAST_NUMBER).contains(&number) || !suffix.into_iter().all(is_hex) {
            return Err(wrong());
        }
        Ok(Self {
            number,
            subswath: Subswath::parse(subswath).filter(|s| s.as_str() == subswath).ok_or_else(wrong)?,
            time: Timestamp::from_compact(time).map_err(|_| wrong())?,
            polarization: Polarization::parse(polarization)
                .filter(|p| p.as_str() == polarization)
                .ok_or_else(wrong)?,
            suffix,
        })
    }
}

impl fmt::Display for GranuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time: String = self.time.to_string().chars().filter(|c| !matches!(c, '-' | ':' | 'Z')).collect();
        let suffix = self.suffix.map(char::from).iter().collect::<String>();
        write!(f, "S1_{:06}_{}_{time}_{}_{suffix}-BURST", self.number, self.subswath, self.polarization)
    }
}

impl TryFrom<String> for GranuleName {
    type Error = GranuleNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GranuleName> for String {
    fn from(name: GranuleName) -> Self {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAME: &str = "S1_136231_IW2_20200604T022312_VV_7C85-BURST";

    #[test]
    fn a_name_is_read_and_written_unchanged() {
        let name: GranuleName = NAME.parse().unwrap();
        assert_eq!(name.to_string(), NAME);
        assert_eq!(name.number(), 136_231);
        assert!(name.shows("064_136231_IW2".parse().unwrap()));
        assert!(!name.shows("064_136231_IW1".parse().unwrap()));
        assert_eq!(name.time().to_string(), "2020-06-04T02:23:12Z");
    }

    #[test]
    fn what_is_not_a_name_is_refused_with_an_example() {
        let bad = [
            "",
            "S1_136231_IW2_20200604T022312_VV_7C85",
            "S1_136231_IW2_20201304T022312_VV_7C85-BURST",
            "S1_136231_IW2_20200604T022312_VV_7c85-BURST",
            "S1_136231_iw2_20200604T022312_VV_7C85-BURST",
            "S1_136231_IW2_20200604T022312_VV_7C85-BURST;rm",
            "S1_000000_IW2_20200604T022312_VV_7C85-BURST",
        ];
        for text in bad {
            let error = text.parse::<GranuleName>().unwrap_err().to_string();
            assert!(error.contains("look like S1_"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,60}") {
            let _ = text.parse::<GranuleName>();
        }

        #[test]
        fn one_changed_byte_never_panics(at in 0usize..43, byte in 32u8..127) {
            let mut bytes = NAME.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(name) = String::from_utf8(bytes.clone()).unwrap().parse::<GranuleName>() {
                prop_assert_eq!(name.to_string().into_bytes(), bytes);
            }
        }
    }
}
