//! The state of the page in its address, so that a link shows a colleague the same network.
//!
//! A query such as `v=2&burst=174_372326_IW3&pol=VV&pairs=n3.d48.b200&from=20180601&add=18v1av`:
//!
//! | key | value |
//! |---|---|
//! | `v` | version of this form; left out it counts as 1, which knew neither `lock` nor rules beyond `n` and `d`; 2 did not know `with`, and is written where there is none |
//! | `burst`, `pol`, `looks` | as everywhere |
//! | `with` | bursts that are taken together with it, `372325_IW3.372327_IW3` |
//! | `water` | `1` where water is masked |
//! | `pairs` | the rule, as [`Rule::text`] writes it; left out it is `n1` |
//! | `from`, `to` | first and last day, `YYYYMMDD` |
//! | `add`, `drop`, `lock` | pairs put in, taken out and locked by hand, six characters each |
//! | `name` | the launch's name |
//! | `area` | the area that bursts were asked for, as letters and digits: see `asked.rs` |
//! | `tracks`, `pass`, `subswath` | which bursts are wanted: `50.174`, `ascending` or `descending`, `IW3` |
//! | `at` | instead of `area` the point that was asked about, `-135.75,57.05` |
//!
//! Keys that are not known are left alone: other parts of the page and mail programs put theirs there. What is
//! known must be right; a half-read network would look like the sender's and not be it. Hence a key that only narrows
//! what is seen needs no new version: a page that does not know it shows the same network.

mod asked;
mod days;

use std::{collections::BTreeMap, sync::Arc};

use form_urlencoded::Serializer;
use time::Date;

pub use asked::{Asked, MOST_CHARS as MOST_AREA_CHARS, carries, to_metre};

use crate::{
    BurstId, Bursts, Looks, Pass, Polarization, Subswath,
    area::AreaError,
    burst::BurstIdError,
    bursts::BurstsError,
    coverage::Filter,
    launch::{LaunchName, parse_polarization},
    network::{Edits, Rule, RuleError},
    options::LooksError,
    timestamp::{compact_day_text, parse_day},
};

/// The versions that are read: each form so far is a part of the next.
const VERSIONS: [&str; 3] = ["1", "2", "3"];
/// The longest query that is read.
const MAX_CHARS: usize = 60_000;

/// What a link holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageState {
    /// The chosen burst, and those that are taken with it.
    pub bursts: Option<Bursts>,
    /// The chosen polarization.
    pub polarization: Option<Polarization>,
    /// Looks.
    pub looks: Looks,
    /// Whether water is masked.
    pub water_mask: bool,
    /// The rule that proposes pairs.
    pub rule: Rule,
    /// Changes by hand.
    pub edits: Edits,
    /// The launch's name.
    pub name: Option<LaunchName>,
    /// What was asked about on the map.
    pub asked: Option<Asked>,
    /// Which bursts are wanted.
    pub filter: Filter,
}

/// What is wrong with a link.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// Far longer than any link of ours.
    #[error("the link is {0} characters long, which none of this page is: copy it again")]
    TooLong(usize),
    /// A version that is not known here.
    #[error("the link is of version \"{0}\", which this page does not know: open it on an up-to-date page")]
    Version(String),
    /// A key twice.
    #[error("the link has \"{0}\" twice: take one out")]
    Twice(String),
    /// No burst.
    #[error("the link's burst is wrong: {0}")]
    Burst(#[from] BurstIdError),
    /// No neighbours.
    #[error("the link's \"with\" is wrong: {0}")]
    With(#[from] BurstsError),
    /// Neighbours of nothing.
    #[error("the link names bursts to take with another one, but not that one: ask for the link again")]
    WithNothing,
    /// No looks.
    #[error("the link's looks are wrong: {0}")]
    Looks(#[from] LooksError),
    /// No polarization.
    #[error("the link's polarization is wrong: {0}")]
    Polarization(String),
    /// Neither 0 nor 1.
    #[error("the link's water mask is \"{0}\": it can be 0 or 1")]
    Water(String),
    /// No rule.
    #[error("the link's rule for pairs is wrong: {0}")]
    Rule(#[from] RuleError),
    /// No day.
    #[error("the link's \"{key}\" is \"{text}\", which is not a day such as 20180601")]
    Day {
        /// `from` or `to`.
        key: &'static str,
        /// What stands there.
        text: String,
    },
    /// Ends before it begins.
    #[error("the link's dates end before they begin: swap \"from\" and \"to\"")]
    Range,
    /// Not pairs.
    #[error(
        "the link's list of pairs \"{0}\" is damaged, often because a chat program cut it: ask for the link again"
    )]
    Pairs(&'static str),
    /// No name.
    #[error("the link's name is wrong: {0}")]
    Name(String),
    /// No point.
    #[error("the link's \"at\" is \"{0}\", which is no place such as -135.75,57.05 (longitude, latitude)")]
    Point(String),
    /// Cut or changed.
    #[error("the link's area is damaged, often because a chat program cut it: ask for the link again")]
    DamagedArea,
    /// Whole, but none.
    #[error("the link's area is wrong: {0}")]
    Area(AreaError),
    /// Two questions.
    #[error("the link asks about a point and an area: take \"at\" or \"area\" out")]
    Both,
    /// No tracks.
    #[error("the link's tracks are wrong: {0}")]
    Tracks(String),
    /// Not one of a few words.
    #[error("the link's \"{key}\" is \"{text}\": it can be {words}")]
    Word {
        /// `pass` or `subswath`.
        key: &'static str,
        /// What stands there.
        text: String,
        /// What can.
        words: &'static str,
    },
}

impl PageState {
    /// The query, without a question mark.
    ///
    /// Days from 2014, the mission's first year, to 2141 can be written; pairs of other days are left out, and so is an
    /// area that a link does not [carry](carries).
    pub fn to_query(&self) -> String {
        let mut query = Serializer::new(String::new());
        let mut put = |key: &str, value: Option<String>| {
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                query.append_pair(key, &value);
            }
        };
        let others = self.bursts.as_ref().map(Bursts::others).unwrap_or_default();
        // Pages that do not know the others would show less than was sent.
        let version = if others.is_empty() { "2" } else { "3" };
        put("v", Some(version.to_owned()));
        put("burst", self.bursts.as_ref().map(|b| b.first().to_string()));
        let others: Vec<String> =
            others.iter().map(|b| format!("{:06}_{}", b.number(), b.subswath())).collect();
        put("with", Some(others.join(".")));
        put("pol", self.polarization.map(|p| p.to_string()));
        put("looks", Some(self.looks.to_string()));
        put("water", self.water_mask.then(|| "1".to_owned()));
        put("pairs", Some(self.rule.text()));
        put("from", self.rule.start.map(compact_day_text));
        put("to", self.rule.end.map(compact_day_text));
        put("add", Some(days::write(self.edits.added())));
        put("drop", Some(days::write(self.edits.dropped())));
        put("lock", Some(days::write(self.edits.locked())));
        put("name", self.name.as_ref().map(ToString::to_string));
        if let Some(Asked::Area(area)) = &self.asked {
            put("area", asked::area_text(area));
        }
        let tracks: Vec<String> = self.filter.tracks.iter().map(ToString::to_string).collect();
        put("tracks", Some(tracks.join(".")));
        put("pass", self.filter.pass.map(|pass| pass.word().to_owned()));
        put("subswath", self.filter.subswath.map(|subswath| subswath.to_string()));
        let query = query.finish();
        match self.asked {
            // Degrees and a comma need no escape, which they would be given above.
            Some(Asked::Point(point)) => format!("{query}&at={}", asked::point_text(point)),
            _ => query,
        }
    }

    /// Reads a query, with or without its question mark.
    pub fn from_query(query: &str) -> Result<Self, LinkError> {
        if query.len() > MAX_CHARS {
            return Err(LinkError::TooLong(query.len()));
        }
        let values = Values::read(query)?;
        if let Some(other) = values.text("v").filter(|version| !VERSIONS.contains(version)) {
            return Err(LinkError::Version(short(other)));
        }
        let (start, end) = (values.day("from")?, values.day("to")?);
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            return Err(LinkError::Range);
        }
        let rule = values.text("pairs").map_or(Ok(Rule::default()), str::parse)?;
        let pairs = |key| days::read(values.text(key).unwrap_or_default()).ok_or(LinkError::Pairs(key));
        Ok(Self {
            bursts: values.bursts()?,
            polarization: values
                .text("pol")
                .map(parse_polarization)
                .transpose()
                .map_err(LinkError::Polarization)?,
            looks: values.text("looks").map(str::parse).transpose()?.unwrap_or_default(),
            water_mask: match values.text("water") {
                None | Some("0") => false,
                Some("1") => true,
                Some(other) => return Err(LinkError::Water(short(other))),
            },
            rule: Rule { start, end, ..rule },
            edits: Edits::new(pairs("add")?, pairs("drop")?, pairs("lock")?),
            name: values.text("name").map(str::parse).transpose().map_err(LinkError::Name)?,
            asked: values.asked()?,
            filter: values.filter()?,
        })
    }
}

/// The known keys of a query with their values; empty values count as left out.
struct Values(BTreeMap<&'static str, String>);

const KEYS: [&str; 18] = [
    "v", "burst", "with", "pol", "looks", "water", "pairs", "from", "to", "add", "drop", "lock", "name",
    "area", "tracks", "pass", "subswath", "at",
];

impl Values {
    fn read(query: &str) -> Result<Self, LinkError> {
        let mut values = BTreeMap::new();
        for (key, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let Some(known) = KEYS.into_iter().find(|known| *known == key) else { continue };
            if !value.is_empty() && values.insert(known, value.into_owned()).is_some() {
                return Err(LinkError::Twice(known.to_owned()));
            }
        }
        Ok(Self(values))
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    fn day(&self, key: &'static str) -> Result<Option<Date>, LinkError> {
        let read = |text| parse_day(text).ok_or_else(|| LinkError::Day { key, text: short(text) });
        self.text(key).map(read).transpose()
    }

    fn bursts(&self) -> Result<Option<Bursts>, LinkError> {
        let others = self.text("with").unwrap_or_default().split('.').filter(|text| !text.is_empty());
        let Some(first) = self.text("burst") else {
            return if others.count() == 0 { Ok(None) } else { Err(LinkError::WithNothing) };
        };
        let mut bursts = Bursts::from(first.parse::<BurstId>()?);
        for other in others {
            bursts = bursts.with(other.parse().map_err(BurstsError::Burst)?)?;
        }
        Ok(Some(bursts))
    }

    fn asked(&self) -> Result<Option<Asked>, LinkError> {
        Ok(match (self.text("at"), self.text("area")) {
            (None, None) => None,
            (Some(_), Some(_)) => return Err(LinkError::Both),
            (Some(text), None) => {
                let point = asked::read_point(text).ok_or_else(|| LinkError::Point(short(text)))?;
                Some(Asked::Point(point))
            }
            (None, Some(text)) => Some(Asked::Area(Arc::new(asked::read_area(text)?))),
        })
    }

    fn filter(&self) -> Result<Filter, LinkError> {
        let tracks = self.text("tracks").unwrap_or_default().replace('.', " ");
        Ok(Filter {
            tracks: Filter::read_tracks(&tracks).map_err(LinkError::Tracks)?,
            pass: self.word("pass", Pass::parse, "ascending or descending")?,
            subswath: self.word("subswath", Subswath::parse, "IW1, IW2 or IW3")?,
        })
    }

    fn word<T>(
        &self,
        key: &'static str,
        read: impl Fn(&str) -> Option<T>,
        words: &'static str,
    ) -> Result<Option<T>, LinkError> {
        let read = |text| read(text).ok_or_else(|| LinkError::Word { key, text: short(text), words });
        self.text(key).map(read).transpose()
    }
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
