//! Fewer bursts on the map: those of some tracks, of one direction of flight, of one subswath.

use crate::{Footprint, Pass, Subswath};

/// Which bursts are wanted; what is not set takes all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Relative orbits; none for all.
    pub tracks: Vec<u8>,
    /// Direction of flight.
    pub pass: Option<Pass>,
    /// Subswath.
    pub subswath: Option<Subswath>,
}

impl Filter {
    /// Whether a burst is wanted.
    pub fn takes(&self, footprint: &Footprint) -> bool {
        let burst = footprint.burst;
        (self.tracks.is_empty() || self.tracks.contains(&burst.track()))
            && self.pass.is_none_or(|pass| pass == footprint.pass)
            && self.subswath.is_none_or(|subswath| subswath == burst.subswath())
    }

    /// Whether all bursts are wanted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Reads tracks as people write them: `174`, `50 174`, `50, T174`; empty for all.
    ///
    /// # Errors
    /// With a sentence that says what to change.
    pub fn read_tracks(text: &str) -> Result<Vec<u8>, String> {
        text.split([',', ';', ' '])
            .filter(|word| !word.is_empty())
            .map(|word| {
                let digits = word.trim_start_matches(['t', 'T']);
                digits
                    .parse()
                    .ok()
                    .filter(|track| (1..=crate::burst::LAST_TRACK).contains(track))
                    .ok_or_else(|| format!("\"{word}\" is no track: they are numbered 1 to 175"))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_takes_what_fits_all_of_it() {
        let all = crate::coverage::covering([-135.75, 57.05]);
        let count = |filter: &Filter| all.iter().filter(|f| filter.takes(f)).count();
        assert_eq!(count(&Filter::default()), all.len());
        let descending = Filter { pass: Some(Pass::Descending), ..Filter::default() };
        let third = Filter { subswath: Some(Subswath::Iw3), ..descending.clone() };
        let one = Filter { tracks: vec![174, 50], ..third.clone() };
        assert!(count(&descending) < all.len() && count(&third) <= count(&descending));
        assert!(all.iter().filter(|f| one.takes(f)).all(|f| [50, 174].contains(&f.burst.track())));
        assert!(all.iter().any(|f| one.takes(f) && f.burst.to_string() == "174_372326_IW3"));
    }

    #[test]
    fn tracks_are_read_as_people_write_them() {
        assert_eq!(Filter::read_tracks("50, T174"), Ok(vec![50, 174]));
        assert_eq!(Filter::read_tracks(" 174;50 "), Ok(vec![174, 50]));
        assert_eq!(Filter::read_tracks(""), Ok(vec![]));
        for text in ["176", "0", "east", "-1"] {
            assert!(Filter::read_tracks(text).unwrap_err().contains("1 to 175"), "{text}");
        }
    }
}
