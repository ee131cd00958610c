//! Asks the catalogue for all acquisitions of a burst, page by page, and is patient with a busy one.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result, bail};
use domain::{
    Acquisition,
    catalogue::{CataloguePage, MAX_PAGE_SIZE, query_url},
};

use super::{
    Options,
    transport::{Answer, Transport},
};

/// How often a page is asked for before giving up.
const ATTEMPTS: u32 = 5;
/// Seconds before the second attempt; each further one waits twice as long.
const WAIT: u64 = 2;
/// The longest wait that an answer may ask for, in seconds.
const LONGEST_WAIT: u64 = 120;
/// The most pages that are read: no burst has 20,000 acquisitions.
const MOST_PAGES: usize = 10;

/// What the catalogue has.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Acquisitions as they came.
    pub acquisitions: Vec<Acquisition>,
    /// What was left out or is missing, in sentences.
    pub notes: Vec<String>,
}

/// All acquisitions of the burst.
///
/// # Errors
/// When the catalogue does not answer, or not with data.
pub fn stack(transport: &dyn Transport, options: &Options) -> Result<Found> {
    let url = query_url(&options.catalogue, options.burst, Some(options.polarization), MAX_PAGE_SIZE);
    let mut found = Found::default();
    let mut announced = None;
    let mut received = 0;
    let mut mark: Option<String> = None;
    let mut seen = BTreeSet::new();
    for _ in 0..MOST_PAGES {
        let answer = patient(transport, &url, mark.as_deref())?;
        let page = CataloguePage::parse(&answer.body)?;
        announced = announced.or(page.hits).or(answer.hits);
        let count = page.acquisitions.len() + page.left_out.len();
        received += count as u64;
        found.acquisitions.extend(page.acquisitions);
        found.notes.extend(page.left_out.iter().map(|l| format!("Left out {}: {}", l.name, l.reason)));
        // A mark that comes again would lead round in a circle.
        mark = answer.search_after.filter(|mark| count > 0 && seen.insert(mark.clone()));
        if mark.is_none() {
            break;
        }
    }
    if let Some(announced) = announced.filter(|announced| received < *announced) {
        found.notes.push(format!(
            "The catalogue announced {announced} acquisitions but sent {received}: pairs may be missing, run it again"
        ));
    }
    Ok(found)
}

/// One page; asks again where an answer may be better a little later.
fn patient(transport: &dyn Transport, url: &str, mark: Option<&str>) -> Result<Answer> {
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        let (why, asked) = match transport.get(url, mark) {
            Ok(answer) if answer.status == 200 => return Ok(answer),
            Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                (format!("HTTP {}", answer.status), answer.retry_after)
            }
            Ok(answer) => return refused(&answer),
            Err(why) => (why, None),
        };
        last = why;
        if attempt + 1 < ATTEMPTS {
            let seconds = asked.unwrap_or(WAIT << attempt).min(LONGEST_WAIT);
            transport.wait(Duration::from_secs(seconds));
        }
    }
    bail!("the catalogue did not answer in {ATTEMPTS} attempts ({last}): try again later")
}

/// An answer that will stay as it is.
fn refused(answer: &Answer) -> Result<Answer> {
    // CMR explains itself in JSON; the parser finds its words.
    CataloguePage::parse(&answer.body).with_context(|| format!("HTTP {}", answer.status))?;
    bail!("the catalogue answered with HTTP {}: check its address", answer.status)
}
