//! Neighbouring bursts that are taken together: one network, one batch.

use std::{fmt, str::FromStr};

use crate::{
    BurstId, GranuleName,
    burst::{BurstIdError, LAST_NUMBER},
};

/// The most bursts that are taken together: as many as ASF's own service takes for one product of several bursts
/// (HyP3, `INSAR_ISCE_MULTI_BURST`).
pub const MOST_TOGETHER: usize = 15;
/// How many burst positions along the track the others may lie from the first: 41 seconds of one pass, so that every
/// acquisition of the one has its counterpart in the others.
pub const REACH: u32 = 15;

/// A burst, or several neighbours of which the first one's dates make the network.
///
/// Written as full identifiers with a space between, the first one in front and the others in order; read with
/// commas as well.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bursts {
    first: BurstId,
    others: Vec<BurstId>,
}

/// Why bursts cannot be taken together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BurstsError {
    /// One of them is none.
    #[error(transparent)]
    Burst(#[from] BurstIdError),
    /// One of them twice.
    #[error("burst {0} is there twice: take one out")]
    Twice(BurstId),
    /// Too many.
    #[error("{0} bursts are too many: at most {MOST_TOGETHER} are taken together")]
    TooMany(usize),
    /// Not neighbours.
    #[error(
        "burst {other} lies too far from {first}: bursts that are taken together are of one pass, at most {REACH} apart"
    )]
    Far {
        /// The first burst.
        first: BurstId,
        /// The one that is too far from it.
        other: BurstId,
    },
}

impl Bursts {
    /// These and another one.
    pub fn with(mut self, other: BurstId) -> Result<Self, BurstsError> {
        let apart = self.first.number().abs_diff(other.number());
        // Numbers begin anew after the last track.
        if apart.min(LAST_NUMBER - apart) > REACH {
            return Err(BurstsError::Far { first: self.first, other });
        }
        match self.others.binary_search(&other) {
            Err(_) if self.count() == MOST_TOGETHER => Err(BurstsError::TooMany(MOST_TOGETHER + 1)),
            Err(place) if other != self.first => {
                self.others.insert(place, other);
                Ok(self)
            }
            _ => Err(BurstsError::Twice(other)),
        }
    }

    /// These without one of the others.
    #[must_use]
    pub fn without(mut self, other: BurstId) -> Self {
        self.others.retain(|burst| *burst != other);
        self
    }

    /// The burst whose dates make the network.
    pub const fn first(&self) -> BurstId {
        self.first
    }

    /// The bursts that are taken with it, in order.
    pub fn others(&self) -> &[BurstId] {
        &self.others
    }

    /// All of them, the first one in front.
    pub fn all(&self) -> impl Iterator<Item = BurstId> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    /// How many there are, one at least.
    pub fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// Whether there is one only, so that two days name a pair.
    pub fn is_one(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether a burst is one of them.
    pub fn holds(&self, burst: BurstId) -> bool {
        self.all().any(|one| one == burst)
    }

    /// The one that an acquisition shows.
    pub fn shown_by(&self, granule: &GranuleName) -> Option<BurstId> {
        self.all().find(|burst| granule.shows(*burst))
    }

    /// The bursts that a run's title begins with.
    pub fn of_title(title: &str) -> Option<Self> {
        let mut words = title.split_whitespace().map_while(|word| word.parse::<BurstId>().ok());
        let first = Self::from(words.next()?);
        words.try_fold(first, Self::with).ok()
    }
}

impl From<BurstId> for Bursts {
    fn from(first: BurstId) -> Self {
        Self { first, others: Vec::new() }
    }
}

impl FromStr for Bursts {
    type Err = BurstsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One burst may be spelled with spaces.
        let one = match text.parse::<BurstId>() {
            Ok(burst) => return Ok(burst.into()),
            Err(error) => error,
        };
        let mut parts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty());
        let first = match (parts.next(), parts.clone().next()) {
            (Some(first), Some(_)) => match first.parse::<BurstId>() {
                Ok(first) => first,
                // Words that begin with no burst are meant as one text.
                Err(BurstIdError::Form(_)) => return Err(one.into()),
                Err(error) => return Err(error.into()),
            },
            _ => return Err(one.into()),
        };
        parts.try_fold(Self::from(first), |bursts, part| bursts.with(part.parse()?))
    }
}

impl fmt::Display for Bursts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        self.others.iter().try_for_each(|burst| write!(f, " {burst}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn several_bursts_are_read_and_written() {
        let bursts: Bursts = "174_372326_IW3, 174_372327_IW3 372325_iw3".parse().unwrap();
        assert_eq!(bursts.to_string(), "174_372326_IW3 174_372325_IW3 174_372327_IW3");
        assert_eq!((bursts.count(), bursts.is_one()), (3, false));
        assert_eq!(bursts.to_string().parse::<Bursts>().unwrap(), bursts);
        for one in ["174_372326_IW3", "174 372326 IW3", "T174-372326-IW3"] {
            assert_eq!(one.parse::<Bursts>().unwrap().to_string(), "174_372326_IW3");
        }
    }

    #[test]
    fn what_cannot_be_taken_together_is_refused() {
        let many: Vec<String> = (0..16).map(|n| format!("{}_IW3", 372_326 + n % 8)).collect();
        let many =
            many.iter().enumerate().map(|(i, t)| if i < 8 { t.clone() } else { t.replace("IW3", "IW2") });
        for (text, part) in [
            ("174_372326_IW3 174_372326_IW3".to_owned(), "twice"),
            ("174_372326_IW3 174_372327_IW3 174_372327_IW3".to_owned(), "twice"),
            ("174_372326_IW3 174_372342_IW3".to_owned(), "too far"),
            ("174_372326_IW3 nonsense".to_owned(), "\"nonsense\" is not a burst"),
            ("nonsense".to_owned(), "\"nonsense\" is not a burst"),
            ("Mount Edgecumbe".to_owned(), "\"Mount Edgecumbe\" is not a burst"),
            ("174_1_IW3 174_2_IW3".to_owned(), "not on track 174"),
            (String::new(), "is not a burst"),
            (many.collect::<Vec<_>>().join(" "), "at most 15"),
        ] {
            let error = text.parse::<Bursts>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn numbers_begin_anew_after_the_last_track() {
        let bursts: Bursts = "001_000001_IW1 175_375887_IW1".parse().unwrap();
        assert_eq!(bursts.count(), 2);
    }

    #[test]
    fn a_title_tells_its_bursts() {
        let of = |title| Bursts::of_title(title).map(|b| b.to_string());
        assert_eq!(of("174_372326_IW3 Summer 2018").as_deref(), Some("174_372326_IW3"));
        assert_eq!(
            of("174_372326_IW3 174_372327_IW3 Summer").as_deref(),
            Some("174_372326_IW3 174_372327_IW3")
        );
        assert_eq!(of("Summer 174_372326_IW3"), None);
        assert_eq!(of(""), None);
    }

    proptest! {
        #[test]
        fn text_and_back(number in 1u32..=LAST_NUMBER, steps in proptest::collection::vec(-15i64..=15, 0..6)) {
            let at = |number: u32| BurstId::of_number(number, crate::Subswath::Iw2).unwrap();
            let others: std::collections::BTreeSet<u32> = steps
                .iter()
                .map(|step| (i64::from(number) - 1 + step).rem_euclid(i64::from(LAST_NUMBER)) as u32 + 1)
                .filter(|other| *other != number)
                .collect();
            let bursts = others.into_iter().map(at).try_fold(Bursts::from(at(number)), Bursts::with).unwrap();
            prop_assert_eq!(bursts.to_string().parse::<Bursts>().unwrap(), bursts);
        }

        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = text.parse::<Bursts>();
            let _ = Bursts::of_title(&text);
        }
    }
}
