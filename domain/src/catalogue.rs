//! ASF's burst catalogue: what to ask, and what it answers.
//!
//! It lives in NASA's Common Metadata Repository (CMR), whose answers alone have the orbit states that baselines need.
//! ASF's own search service is the second way. Whatever shape an answer has, it is read by the same door.
//!
//! The answer's fields drift from year to year. What a record does not say stays unknown, a record that cannot be
//! used is left out and named, and only an answer that is no answer is an error.

mod asf;
pub mod patience;
mod record;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::Value;

use crate::{Acquisition, BurstId, granule::Polarization};

/// Address of CMR's granule search in its UMM JSON form.
pub const CMR: &str = "https://cmr.earthdata.nasa.gov/search/granules.umm_json";
/// The collection of Sentinel-1 bursts at CMR.
pub const COLLECTION: &str = "C2709161906-ASF";
/// The most records that CMR puts on one page.
pub const MAX_PAGE_SIZE: u32 = 2_000;
/// The longest answer that is read: a full page takes about 14 MB.
pub const MAX_PAGE_BYTES: usize = 64_000_000;

/// The address that asks `base` for the acquisitions of a burst, oldest first; of all polarizations if none is given.
///
/// A page holds `page_size` records, at most [`MAX_PAGE_SIZE`]; the next one is asked for with the header
/// `CMR-Search-After` of the answer.
pub fn query_url(base: &str, burst: BurstId, polarization: Option<Polarization>, page_size: u32) -> String {
    let mark = if base.contains('?') { '&' } else { '?' };
    let size = page_size.clamp(1, MAX_PAGE_SIZE);
    // Brackets are percent-encoded, because not every server takes them as they are.
    let wanted =
        polarization.map_or_else(String::new, |p| format!("&attribute%5B%5D=string,POLARIZATION,{p}"));
    format!(
        "{base}{mark}collection_concept_id={COLLECTION}&attribute%5B%5D=string,BURST_ID_FULL,{burst}{wanted}\
         &page_size={size}&sort_key%5B%5D=start_date"
    )
}

/// Address of ASF's search service.
pub const ASF: &str = "https://api.daac.asf.alaska.edu/services/search/param";
/// The most records that ASF's search service sends; it has no pages.
pub const MOST_FROM_ASF: usize = 1_500;

/// The address of the search service beside a catalogue: ASF's for CMR, else its neighbour on the same server, as the
/// sandbox has it; `None` where the catalogue's address says nothing about one.
pub fn second_way(base: &str) -> Option<String> {
    let base = base.split('?').next().unwrap_or(base);
    if base == CMR {
        return Some(ASF.to_owned());
    }
    base.strip_suffix("/search/granules.umm_json").map(|root| format!("{root}/services/search/param"))
}

/// The address that asks ASF's search service for the acquisitions of a burst; all come at once.
pub fn asf_query_url(base: &str, burst: BurstId) -> String {
    format!("{base}?dataset=SLC-BURST&fullBurstID={burst}&maxResults={MOST_FROM_ASF}&output=geojson")
}

/// One page of the catalogue's answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CataloguePage {
    /// How many records the search has on all pages, if the catalogue said so.
    pub hits: Option<u64>,
    /// The records that could be read, in the catalogue's order.
    pub acquisitions: Vec<Acquisition>,
    /// The others.
    pub left_out: Vec<LeftOut>,
}

/// A record that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The catalogue's name for it, or `?`.
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Why an answer is no page of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Nothing came.
    #[error("the catalogue's answer is empty: try again in a minute")]
    Empty,
    /// A web page came.
    #[error(
        "the catalogue answered with a web page instead of data, as it does while it is being mended: try again later"
    )]
    WebPage,
    /// The end is missing.
    #[error("the catalogue's answer breaks off after {0} bytes: try again")]
    Truncated(usize),
    /// More came than a page can have.
    #[error(
        "the catalogue's answer has {0} bytes, which is more than a page can have: check the catalogue's address"
    )]
    TooLong(usize),
    /// The search was refused; with the catalogue's own words.
    #[error("the catalogue refused the search: {0}")]
    Refused(String),
    /// Something else came.
    #[error("the catalogue's answer is not a list of granules ({0}): check the catalogue's address")]
    Form(String),
}

impl CataloguePage {
    /// Reads the body of an answer or a file that was saved from one: a page of CMR in its UMM JSON form, ASF's
    /// `geojson` and `jsonlite2`, or a list of records that have both.
    ///
    /// Only CMR's records have orbit states; of the others no baseline can be computed.
    ///
    /// # Errors
    /// Where it is none of them; a record that cannot be used is left out and named.
    pub fn parse(body: &[u8]) -> Result<Self, CatalogueError> {
        let start = body.trim_ascii_start();
        if start.is_empty() {
            return Err(CatalogueError::Empty);
        }
        if body.len() > MAX_PAGE_BYTES {
            return Err(CatalogueError::TooLong(body.len()));
        }
        let answer = match start.first() {
            Some(b'<') => return Err(CatalogueError::WebPage),
            Some(b'[') => Answer { items: Some(read_json(body)?), ..Answer::default() },
            _ => read_json::<Answer>(body)?,
        };
        if let Some(errors) = answer.errors.as_ref().or(answer.error.as_ref()) {
            return Err(CatalogueError::Refused(first_words(errors)));
        }
        let items = match answer.items {
            Some(items) => items,
            None if answer.umm.is_some() || answer.properties.is_some() => vec![read_json(body)?],
            None => return Err(CatalogueError::Form("it has no \"items\"".to_owned())),
        };
        let mut page = Self { hits: answer.hits.as_ref().and_then(record::whole_number), ..Self::default() };
        for item in items {
            match item.0 {
                Ok(acquisition) => page.acquisitions.push(acquisition),
                Err(left_out) => page.left_out.push(left_out),
            }
        }
        Ok(page)
    }
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, CatalogueError> {
    serde_json::from_slice(body).map_err(|error| match error.is_eof() {
        true => CatalogueError::Truncated(body.len()),
        false => CatalogueError::Form(error.to_string()),
    })
}

#[derive(Default, Deserialize)]
struct Answer {
    hits: Option<Value>,
    /// CMR's, ASF's geojson, ASF's jsonlite2.
    #[serde(alias = "features", alias = "results")]
    items: Option<Vec<Item>>,
    errors: Option<Value>,
    /// ASF's.
    error: Option<Value>,
    /// Of a single record.
    umm: Option<IgnoredAny>,
    properties: Option<IgnoredAny>,
}

/// A record, read as soon as it was parsed, so that only one is in memory in its long form.
struct Item(Result<Acquisition, LeftOut>);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(|value| Self(record::read(&value)))
    }
}

/// The first error sentence of CMR's list or ASF's report, on one line and no longer than a sentence.
fn first_words(errors: &Value) -> String {
    let first = errors.get(0).or_else(|| errors.get("report")).unwrap_or(errors);
    let text = first.as_str().map_or_else(|| first.to_string(), str::to_owned);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

#[cfg(test)]
mod tests;
