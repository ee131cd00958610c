//! The part of CMR's query language that burst searches use.

use domain::Timestamp;

use super::{record::Record, umm::attributes};

/// Most items a page may have.
const LARGEST_PAGE: usize = 2000;

/// ASF's collection of bursts.
const COLLECTION: (&str, &str) = ("C2709161906-ASF", "SENTINEL-1_BURSTS");

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Items a page.
    pub page_size: usize,
    page_num: usize,
    attributes: Vec<(String, String)>,
    temporal: Vec<(Option<Timestamp>, Option<Timestamp>)>,
    granules: Vec<String>,
    platforms: Vec<String>,
    other_collection: bool,
    newest_first: bool,
}

/// The search cannot be read: CMR's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(String);

impl Query {
    /// Reads a query string.
    pub fn read(text: &str) -> Result<Self, QueryError> {
        let mut query = Self {
            page_size: 10,
            page_num: 1,
            attributes: Vec::new(),
            temporal: Vec::new(),
            granules: Vec::new(),
            platforms: Vec::new(),
            other_collection: false,
            newest_first: false,
        };
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let name = name.trim_end_matches("[]").replace('-', "_");
            query.take(&name, value.trim())?;
        }
        Ok(query)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        let fail = |message: String| Err(QueryError(message));
        match name {
            "page_size" => match value.parse() {
                Ok(size) if size <= LARGEST_PAGE => self.page_size = size,
                _ => return fail(format!("page_size must be a number between 0 and {LARGEST_PAGE}")),
            },
            "page_num" => match value.parse() {
                Ok(number) if number >= 1 => self.page_num = number,
                _ => return fail("page_num must be a number greater than or equal to 1".to_owned()),
            },
            "sort_key" => match value.trim_start_matches('+') {
                "start_date" => self.newest_first = false,
                "-start_date" => self.newest_first = true,
                other => {
                    return fail(format!(
                        "The sort key [{other}] is not a valid field for sorting granules."
                    ));
                }
            },
            "attribute" => self.attributes.push(attribute(value)?),
            "temporal" => self.temporal.push(temporal(value)?),
            "granule_ur" | "readable_granule_name" | "native_id" | "producer_granule_id" => {
                self.granules.push(value.to_owned());
            }
            "platform" | "platform_short_name" => self.platforms.push(value.to_owned()),
            "collection_concept_id" | "echo_collection_id" | "concept_id" => {
                self.other_collection |= value != COLLECTION.0;
            }
            "short_name" => self.other_collection |= value != COLLECTION.1,
            "provider" | "provider_id" => self.other_collection |= value != "ASF",
            _ if name.starts_with("options[") || name == "pretty" || name == "token" => {}
            other => return fail(format!("Parameter [{other}] was not recognized.")),
        }
        Ok(())
    }

    /// Where the page begins.
    pub fn offset(&self) -> usize {
        (self.page_num - 1).saturating_mul(self.page_size)
    }

    /// What fits, in the order asked for.
    pub fn search<'a>(&self, records: &'a [Record]) -> Vec<&'a Record> {
        let mut found: Vec<&Record> = records.iter().filter(|record| self.fits(record)).collect();
        if self.newest_first {
            found.reverse();
        }
        found
    }

    fn fits(&self, record: &Record) -> bool {
        if self.other_collection {
            return false;
        }
        let attributes = attributes(record);
        let has = |(name, value): &(String, String)| {
            attributes.iter().any(|(n, v)| n == name && v.eq_ignore_ascii_case(value))
        };
        let (begin, end) = (record.begin().parse::<Timestamp>().ok(), record.end().parse::<Timestamp>().ok());
        // CMR asks whether the two spans of time touch.
        let during = |(from, to): &(Option<Timestamp>, Option<Timestamp>)| {
            from.is_none_or(|from| end.is_some_and(|end| end >= from))
                && to.is_none_or(|to| begin.is_some_and(|begin| begin <= to))
        };
        let any = |list: &[String], own: &str| {
            list.is_empty() || list.iter().any(|one| one.eq_ignore_ascii_case(own))
        };
        self.attributes.iter().all(has)
            && (self.temporal.is_empty() || self.temporal.iter().any(during))
            && any(&self.granules, &record.granule())
            && any(&self.platforms, &record.row.platform())
    }
}

/// `string,BURST_ID_FULL,174_372326_IW3`
fn attribute(value: &str) -> Result<(String, String), QueryError> {
    match value.splitn(3, ',').collect::<Vec<_>>().as_slice() {
        ["string" | "int" | "float" | "datetime", name, wanted] => {
            Ok(((*name).to_owned(), (*wanted).to_owned()))
        }
        _ => Err(QueryError(format!("[{value}] is an invalid additional attribute: write type,name,value."))),
    }
}

/// `2018-06-01T00:00:00Z,2018-09-01T00:00:00Z`, either side may be missing.
fn temporal(value: &str) -> Result<(Option<Timestamp>, Option<Timestamp>), QueryError> {
    let fail =
        |text: &str| QueryError(format!("temporal datetime is invalid: [{text}] is not a valid datetime"));
    let side = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| {
                domain::timestamp::parse_day(text)
                    .and_then(|day| format!("{}T00:00:00Z", domain::timestamp::day_text(day)).parse().ok())
            })
            .map(Some)
            .ok_or_else(|| fail(text)),
    };
    let mut sides = value.splitn(3, ',');
    Ok((side(sides.next().unwrap_or_default())?, side(sides.next().unwrap_or_default())?))
}

#[cfg(test)]
mod tests {
    use super::{super::records, *};

    fn names(query: &str) -> Vec<String> {
        Query::read(query).unwrap().search(records()).into_iter().map(Record::granule).collect()
    }

    const BURST_QUERY: &str = "collection_concept_id=C2709161906-ASF&attribute[]=string,BURST_ID_FULL,174_372326_IW3&attribute%5B%5D=string,POLARIZATION,VV";

    #[test]
    fn finds_a_bursts_summer() {
        assert_eq!(names(BURST_QUERY).len(), 166);
        let summer = names(&format!("{BURST_QUERY}&temporal=2018-06-01T00:00:00Z,2018-09-01T00:00:00Z"));
        assert_eq!(summer.len(), 8, "{summer:?}");
        assert!(summer.iter().all(|name| name.contains("_2018")), "{summer:?}");
        let mut back = names(&format!("{BURST_QUERY}&temporal=2018-06-01,2018-09-01&sort_key[]=-start_date"));
        back.reverse();
        assert_eq!(back, summer);
    }

    #[test]
    fn other_bursts_polarizations_and_collections_have_nothing() {
        for query in [
            "attribute[]=string,BURST_ID_FULL,064_136231_IW2",
            "attribute[]=string,POLARIZATION,HH",
            "collection_concept_id=C1-ASF",
            "readable_granule_name[]=S1_1",
        ] {
            assert!(names(query).is_empty(), "{query}");
        }
        assert_eq!(names("granule_ur=S1_372326_IW3_20141017T151617_VV_3B42-BURST").len(), 1);
    }

    #[test]
    fn says_what_it_does_not_understand() {
        for (query, words) in [
            ("polygon=1,2", "Parameter [polygon] was not recognized."),
            ("page_size=2001", "between 0 and 2000"),
            ("temporal=soon,", "not a valid datetime"),
            ("attribute=x", "type,name,value"),
            ("sort_key=size", "not a valid field"),
        ] {
            let error = Query::read(query).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
    }
}
