//! Two acquisitions of one burst that make an interferogram.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::Date;

use crate::{
    BurstId, Bursts, GranuleName, Looks,
    granule::Polarization,
    timestamp::{compact_day_text, parse_day},
};

/// A pair: the reference is older than the secondary, both show the same burst in the same co-polarization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "[GranuleName; 2]", into = "[GranuleName; 2]")]
pub struct Pair {
    reference: GranuleName,
    secondary: GranuleName,
}

/// Why two acquisitions do not make a pair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// Both are the same acquisition.
    #[error("reference and secondary are the same acquisition, {0}: choose two dates")]
    Same(GranuleName),
    /// The secondary is older.
    #[error("the secondary {secondary} is older than the reference {reference}: swap them")]
    Order {
        /// As given.
        reference: GranuleName,
        /// As given.
        secondary: GranuleName,
    },
    /// Two bursts.
    #[error("{reference} and {secondary} show different bursts: a pair needs the same burst twice")]
    Burst {
        /// As given.
        reference: GranuleName,
        /// As given.
        secondary: GranuleName,
    },
    /// Two polarizations.
    #[error("{reference} and {secondary} have different polarizations: choose both VV or both HH")]
    Polarization {
        /// As given.
        reference: GranuleName,
        /// As given.
        secondary: GranuleName,
    },
    /// A polarization that is not processed.
    #[error("{0} is cross-polarized ({1}): interferograms are made of VV or HH")]
    CrossPolarized(GranuleName, Polarization),
    /// Both on one day, which pair names cannot tell apart.
    #[error("{0} and {1} were taken on the same day: a pair is named by its two days")]
    SameDay(GranuleName, GranuleName),
}

impl Pair {
    /// Checks and keeps two acquisitions as a pair.
    pub fn new(reference: GranuleName, secondary: GranuleName) -> Result<Self, PairError> {
        if reference == secondary {
            return Err(PairError::Same(reference));
        }
        if reference.number() != secondary.number() || reference.subswath() != secondary.subswath() {
            return Err(PairError::Burst { reference, secondary });
        }
        if reference.polarization() != secondary.polarization() {
            return Err(PairError::Polarization { reference, secondary });
        }
        if !reference.polarization().is_copolar() {
            let polarization = reference.polarization();
            return Err(PairError::CrossPolarized(reference, polarization));
        }
        if secondary.time() < reference.time() {
            return Err(PairError::Order { reference, secondary });
        }
        if secondary.date() == reference.date() {
            return Err(PairError::SameDay(reference, secondary));
        }
        Ok(Self { reference, secondary })
    }

    /// The older acquisition.
    pub const fn reference(&self) -> &GranuleName {
        &self.reference
    }

    /// The younger acquisition.
    pub const fn secondary(&self) -> &GranuleName {
        &self.secondary
    }

    /// Days from reference to secondary, by UTC date.
    pub fn days(&self) -> i64 {
        (self.secondary.date() - self.reference.date()).whole_days()
    }

    /// The polarization of both.
    pub const fn polarization(&self) -> Polarization {
        self.reference.polarization()
    }

    /// Its two days, which tell the pairs of one burst apart.
    pub fn name(&self) -> PairName {
        PairName { reference: self.reference.date(), secondary: self.secondary.date() }
    }
}

impl TryFrom<[GranuleName; 2]> for Pair {
    type Error = PairError;

    fn try_from([reference, secondary]: [GranuleName; 2]) -> Result<Self, Self::Error> {
        Self::new(reference, secondary)
    }
}

impl From<Pair> for [GranuleName; 2] {
    fn from(pair: Pair) -> Self {
        [pair.reference, pair.secondary]
    }
}

/// The two days of a pair, `20180604_20180616`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairName {
    /// The older day.
    pub reference: Date,
    /// The younger day.
    pub secondary: Date,
}

/// The text is not two days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not the name of a pair, such as 20180604_20180616")]
pub struct PairNameError(String);

impl FromStr for PairName {
    type Err = PairNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = |t: &str| if t.len() == 8 { parse_day(t) } else { None };
        text.split_once('_')
            .and_then(|(a, b)| Some(Self { reference: day(a)?, secondary: day(b)? }))
            .filter(|name| name.reference < name.secondary)
            .ok_or_else(|| PairNameError(text.chars().take(60).collect()))
    }
}

impl fmt::Display for PairName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", compact_day_text(self.reference), compact_day_text(self.secondary))
    }
}

/// How a pair's job and its artifacts are called: by its two days in a batch of one burst, which is what the demo did,
/// else by all that tells it from the others of the batch, `174_372326_IW3_20180604_20180616_VV_20x4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobName {
    /// In a batch of one burst.
    Days(PairName),
    /// In a batch of several bursts.
    Full(BurstId, PairName, Polarization, Looks),
}

impl JobName {
    /// The name of a pair in a batch; the burst is that of the batch's bursts which the pair shows.
    pub fn of(pair: &Pair, bursts: &Bursts, looks: Looks) -> Self {
        let burst = bursts.shown_by(pair.reference()).filter(|_| !bursts.is_one());
        burst.map_or(Self::Days(pair.name()), |burst| {
            Self::Full(burst, pair.name(), pair.polarization(), looks)
        })
    }

    /// The two days.
    pub const fn pair(self) -> PairName {
        match self {
            Self::Days(pair) | Self::Full(_, pair, ..) => pair,
        }
    }

    /// The burst, where the name says it.
    pub const fn burst(self) -> Option<BurstId> {
        match self {
            Self::Days(_) => None,
            Self::Full(burst, ..) => Some(burst),
        }
    }
}

impl FromStr for JobName {
    type Err = PairNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let full = || {
            let parts: Vec<&str> = text.split('_').collect();
            let [track, number, subswath, reference, secondary, polarization, looks] = parts.as_slice()
            else {
                return None;
            };
            let full = Self::Full(
                format!("{track}_{number}_{subswath}").parse().ok()?,
                format!("{reference}_{secondary}").parse().ok()?,
                Polarization::parse(polarization)?,
                looks.parse().ok()?,
            );
            // Artifacts are found by this very text.
            Some(full).filter(|name| name.to_string() == text)
        };
        text.parse().map(Self::Days).or_else(|error| full().ok_or(error))
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(pair) => pair.fmt(f),
            Self::Full(burst, pair, polarization, looks) => {
                write!(f, "{burst}_{pair}_{polarization}_{looks}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granule(number: u32, day: &str, polarization: &str) -> GranuleName {
        format!("S1_{number}_IW3_{day}T151600_{polarization}_ABCD-BURST").parse().unwrap()
    }

    #[test]
    fn a_pair_is_named_by_its_days() {
        let pair = Pair::new(granule(372_326, "20180604", "VV"), granule(372_326, "20180616", "VV")).unwrap();
        assert_eq!(pair.name().to_string(), "20180604_20180616");
        assert_eq!(pair.days(), 12);
        assert_eq!(pair.name().to_string().parse::<PairName>().unwrap(), pair.name());
    }

    #[test]
    fn a_batch_of_several_bursts_has_longer_names() {
        let pair = Pair::new(granule(372_326, "20180604", "VV"), granule(372_326, "20180616", "VV")).unwrap();
        let name = |bursts: &str| JobName::of(&pair, &bursts.parse().unwrap(), Looks::L20x4);
        assert_eq!(name("174_372326_IW3").to_string(), "20180604_20180616");
        let full = name("174_372327_IW3 174_372326_IW3");
        assert_eq!(full.to_string(), "174_372326_IW3_20180604_20180616_VV_20x4");
        assert_eq!((full.pair(), full.burst().unwrap().number()), (pair.name(), 372_326));
        for name in [full, name("174_372326_IW3")] {
            assert_eq!(name.to_string().parse::<JobName>().unwrap(), name);
        }
        for other in
            ["174_372326_IW3_20180616_20180604_VV_20x4", "1_2_IW3_20180604_20180616_VV_20x4", "Summer", ""]
        {
            assert!(other.parse::<JobName>().is_err(), "{other}");
        }
    }

    #[test]
    fn what_is_no_pair_is_refused_with_what_to_change() {
        let a = || granule(372_326, "20180604", "VV");
        for (secondary, part) in [
            (a(), "choose two dates"),
            (granule(372_326, "20180501", "VV"), "swap them"),
            (granule(372_327, "20180616", "VV"), "same burst twice"),
            (granule(372_326, "20180616", "HH"), "both VV or both HH"),
        ] {
            let error = Pair::new(a(), secondary).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let error =
            Pair::new(granule(372_326, "20180604", "VH"), granule(372_326, "20180616", "VH")).unwrap_err();
        assert!(error.to_string().contains("VV or HH"), "{error}");
    }
}
