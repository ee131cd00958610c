//! The identity of a Sentinel-1 IW burst: where on Earth it lies, whatever the date.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Seconds of one nominal orbit: 175 orbits fill 12 days (ESA Level-1 detailed algorithm definition, eq. 9-89).
pub const ORBIT_SECONDS: f64 = 12.0 * 86_400.0 / 175.0;
/// Seconds from one burst position to the next of IW mode (same source, eq. 9-91).
pub const BURST_SECONDS: f64 = 2.758_273;
/// Seconds from the ascending node to the first burst position of IW mode (same source).
pub const PREAMBLE_SECONDS: f64 = 2.299_849;
/// The highest relative burst number of IW mode.
pub const LAST_NUMBER: u32 = 375_887;
/// The highest relative orbit.
pub const LAST_TRACK: u8 = 175;

/// One of the three subswaths of the IW mode, near range to far range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subswath {
    /// Nearest to the track.
    #[serde(rename = "IW1")]
    Iw1,
    /// The middle.
    #[serde(rename = "IW2")]
    Iw2,
    /// Farthest from the track.
    #[serde(rename = "IW3")]
    Iw3,
}

impl Subswath {
    /// All three, near range first.
    pub const ALL: [Self; 3] = [Self::Iw1, Self::Iw2, Self::Iw3];

    /// `IW1`, `IW2` or `IW3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iw1 => "IW1",
            Self::Iw2 => "IW2",
            Self::Iw3 => "IW3",
        }
    }

    /// 1, 2 or 3.
    pub const fn number(self) -> u8 {
        match self {
            Self::Iw1 => 1,
            Self::Iw2 => 2,
            Self::Iw3 => 3,
        }
    }

    /// Reads `IW2` in either case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Subswath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A burst's full identifier: relative orbit (track), relative burst number, subswath.
///
/// Written `064_136231_IW2`; read in either case, with any mark between its parts, with OPERA's `t` in front
/// (`T064-136231-IW2`), and without the track (`136231_IW2`, `S1_136231_IW2`), which the number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BurstId {
    track: u8,
    number: u32,
    subswath: Subswath,
}

/// Why a text is not a burst.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BurstIdError {
    /// Not of the form track, number, subswath.
    #[error("\"{0}\" is not a burst: write track, burst number and subswath, such as 174_372326_IW3")]
    Form(String),
    /// A number alone.
    #[error("burst number {0} stands for three bursts, one in each subswath: add it, such as {0}_IW2")]
    NoSubswath(u32),
    /// The track does not exist.
    #[error("track {0} does not exist: Sentinel-1 has the tracks 1 to 175")]
    Track(u32),
    /// The number does not exist.
    #[error("burst number {0} does not exist: IW bursts are numbered 1 to 375887")]
    Number(u32),
    /// The number lies on another track.
    #[error("burst number {number} is not on track {track}: that track has the numbers {first} to {last}")]
    OffTrack {
        /// The number that was asked for.
        number: u32,
        /// The track that was asked for.
        track: u8,
        /// The track's first number.
        first: u32,
        /// The track's last number.
        last: u32,
    },
}

/// The first and last relative burst number whose position starts on `track`.
///
/// A burst position belongs to the orbit in which its grid time falls, so a number at the seam may be written with
/// either track by different processors: callers that check membership allow one position more at both ends.
pub fn numbers_of_track(track: u8) -> (u32, u32) {
    let start = f64::from(track.saturating_sub(1)) * ORBIT_SECONDS;
    let end = f64::from(track) * ORBIT_SECONDS;
    let at = |seconds: f64| 1.0 + ((seconds - PREAMBLE_SECONDS) / BURST_SECONDS).floor();
    let first = (at(start) + 1.0).max(1.0) as u32;
    let last = (at(end) as u32).min(LAST_NUMBER);
    (first, last)
}

impl BurstId {
    /// A burst, if it exists.
    pub fn new(track: u8, number: u32, subswath: Subswath) -> Result<Self, BurstIdError> {
        if !(1..=LAST_TRACK).contains(&track) {
            return Err(BurstIdError::Track(u32::from(track)));
        }
        if !(1..=LAST_NUMBER).contains(&number) {
            return Err(BurstIdError::Number(number));
        }
        let (first, last) = numbers_of_track(track);
        // One position of tolerance: sensing time and grid time differ by up to a second at the node.
        if !(first.saturating_sub(1)..=last + 1).contains(&number) {
            return Err(BurstIdError::OffTrack { number, track, first, last });
        }
        Ok(Self { track, number, subswath })
    }

    /// The burst of a relative burst number: numbers run on from track to track, so the number tells the track.
    pub fn of_number(number: u32, subswath: Subswath) -> Result<Self, BurstIdError> {
        let track = (1..=LAST_TRACK)
            .find(|track| number <= numbers_of_track(*track).1)
            .ok_or(BurstIdError::Number(number))?;
        Self::new(track, number, subswath)
    }

    /// Relative orbit, 1 to 175.
    pub const fn track(self) -> u8 {
        self.track
    }

    /// Relative burst number, 1 to 375,887, the same for the three subswaths at one position along the track.
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Subswath.
    pub const fn subswath(self) -> Subswath {
        self.subswath
    }
}

impl BurstId {
    /// The burst that a longer name speaks of, such as the name of an acquisition, of a product, or of OPERA's
    /// `OPERA_L2_CSLC-S1_T064-136231-IW2_…`; `None` where it speaks of none.
    pub fn within(text: &str) -> Option<Result<Self, BurstIdError>> {
        let parts: Vec<&str> = parts(text).collect();
        find(&parts).map(|found| found.burst)
    }
}

/// Letters and digits between whatever else.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.trim().split(|c: char| !c.is_ascii_alphanumeric())
}

/// A burst among the parts of a name.
struct Spelling {
    burst: Result<BurstId, BurstIdError>,
    /// How many parts stand before it, and how many belong to it.
    before: usize,
    length: usize,
}

/// The first number before a subswath, with its track where one stands in front.
fn find(parts: &[&str]) -> Option<Spelling> {
    let at = |i: usize| parts.get(i).copied().unwrap_or_default();
    (1..parts.len()).find_map(|i| {
        let subswath = Subswath::parse(at(i))?;
        let number = digits(at(i - 1), 6)?;
        let track = i.checked_sub(2).and_then(|i| digits(at(i).trim_start_matches(['t', 'T']), 3));
        let burst = match track {
            Some(track) => u8::try_from(track)
                .map_err(|_| BurstIdError::Track(track))
                .and_then(|track| BurstId::new(track, number, subswath)),
            None => BurstId::of_number(number, subswath),
        };
        let length = if track.is_some() { 3 } else { 2 };
        Some(Spelling { burst, before: i + 1 - length, length })
    })
}

/// A whole number of at most so many digits.
fn digits(text: &str, most: usize) -> Option<u32> {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

impl FromStr for BurstId {
    type Err = BurstIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || BurstIdError::Form(text.chars().take(60).collect());
        let parts: Vec<&str> = parts(text).collect();
        if let [only] = parts.as_slice() {
            return Err(digits(only, 6).map_or_else(form, BurstIdError::NoSubswath));
        }
        let found = find(&parts).ok_or_else(form)?;
        let before = parts.get(..found.before).unwrap_or_default();
        let named = before.is_empty() || matches!(before, [s1] if s1.eq_ignore_ascii_case("S1"));
        if named && found.before + found.length == parts.len() { found.burst } else { Err(form()) }
    }
}

impl fmt::Display for BurstId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}_{:06}_{}", self.track, self.number, self.subswath)
    }
}

impl TryFrom<String> for BurstId {
    type Error = BurstIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BurstId> for String {
    fn from(id: BurstId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_the_common_spellings() {
        let expected = BurstId::new(64, 136_231, Subswath::Iw2).unwrap();
        for text in [
            "064_136231_IW2",
            "t064_136231_iw2",
            "T064-136231-IW2",
            " 64_136231_IW2 ",
            "064 136231 IW2",
            "064/136231/iw2",
            "136231_IW2",
            "136231-iw2",
            "S1_136231_IW2",
            "s1_064_136231_iw2",
        ] {
            assert_eq!(text.parse::<BurstId>().unwrap(), expected, "{text}");
            assert_eq!(BurstId::within(text).unwrap().unwrap(), expected, "{text}");
        }
        assert_eq!(expected.to_string(), "064_136231_IW2");
    }

    #[test]
    fn longer_names_speak_of_a_burst() {
        let expected = BurstId::new(64, 136_231, Subswath::Iw2).unwrap();
        for text in [
            "S1_136231_IW2_20200604T022312_VV_7C85-BURST",
            "S1_136231_IW2_20200604_20200616_VV_INT80_663F",
            "S1_064_136231_IW2-BURSTMAP",
            "OPERA_L2_CSLC-S1_T064-136231-IW2_20200604T022312Z_20240504T000000Z_S1A_VV_v1.1",
        ] {
            assert_eq!(BurstId::within(text).unwrap().unwrap(), expected, "{text}");
            assert!(text.parse::<BurstId>().is_err(), "{text}");
        }
        assert_eq!(BurstId::within("OPERA_L2"), None);
        let wrong = BurstId::within("S1_999999_IW2_20200604").unwrap().unwrap_err();
        assert_eq!(wrong, BurstIdError::Number(999_999));
    }

    #[test]
    fn refuses_bursts_that_do_not_exist_and_says_which_do() {
        for (text, part) in [
            ("hello", "such as 174_372326_IW3"),
            ("174_372326", "such as"),
            ("372326", "add it, such as 372326_IW2"),
            ("3723260", "such as 174_372326_IW3"),
            ("174__372326_IW3", "such as"),
            ("174_372326_IW3_more", "such as"),
            ("176_372326_IW1", "1 to 175"),
            ("900_372326_IW1", "1 to 175"),
            ("174_999999_IW1", "1 to 375887"),
            ("001_372326_IW1", "not on track 1"),
            ("174_372326_IW4", "such as"),
            ("+74_372326_IW1", "such as"),
        ] {
            let error = text.parse::<BurstId>().unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn the_number_tells_the_track() {
        for text in ["064_136231_IW2", "174_372326_IW3", "115_245676_IW2", "146_313154_IW2", "121_258661_IW2"]
        {
            let id: BurstId = text.parse().unwrap();
            assert_eq!(BurstId::of_number(id.number(), id.subswath()).unwrap(), id);
        }
    }

    #[test]
    fn tracks_share_out_all_numbers() {
        // The published list of numbers by track: 1 has 1 to 2148, 2 has 2149 to 4296.
        assert_eq!(numbers_of_track(1), (1, 2148));
        assert_eq!(numbers_of_track(2).0, 2149);
        for track in 1..LAST_TRACK {
            assert_eq!(numbers_of_track(track).1 + 1, numbers_of_track(track + 1).0, "track {track}");
        }
        assert_eq!(numbers_of_track(LAST_TRACK).1, LAST_NUMBER);
    }

    proptest! {
        #[test]
        fn text_and_back(track in 1u8..=175, offset in 0u32..2140, sub in 0usize..3) {
            let id = BurstId::new(track, numbers_of_track(track).0 + offset, Subswath::ALL[sub]).unwrap();
            prop_assert_eq!(id.to_string().parse::<BurstId>().unwrap(), id);
        }

        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = text.parse::<BurstId>();
            let _ = BurstId::within(&text);
        }
    }
}
