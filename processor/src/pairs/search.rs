//! Asks the catalogue for all acquisitions of a burst, page by page, and is patient with a busy one.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result, bail};
use domain::{
    Acquisition, BurstId, Polarization,
    catalogue::{
        CataloguePage, MAX_PAGE_SIZE,
        patience::{ATTEMPTS, may_improve, wait_after},
        query_url,
    },
};

use super::transport::{Answer, Transport};

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

/// All acquisitions of the burst, of one polarization or of all.
///
/// # Errors
/// When the catalogue does not answer, or not with data.
pub fn stack(
    transport: &dyn Transport,
    catalogue: &str,
    burst: BurstId,
    polarization: Option<Polarization>,
) -> Result<Found> {
    let url = query_url(catalogue, burst, polarization, MAX_PAGE_SIZE);
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
    found.notes.extend(shortage(announced, received));
    Ok(found)
}

/// A word on an answer that is shorter than it said it would be.
pub fn shortage(announced: Option<u64>, received: u64) -> Option<String> {
    announced.filter(|announced| received < *announced).map(|announced| {
        format!(
            "The catalogue announced {announced} acquisitions but sent {received}: pairs may be missing, run it again"
        )
    })
}

/// One page; asks again where an answer may be better a little later.
fn patient(transport: &dyn Transport, url: &str, mark: Option<&str>) -> Result<Answer> {
    let mut last = String::new();
    for attempt in 0..ATTEMPTS {
        let (why, status, asked) = match transport.get(url, mark) {
            Ok(answer) if answer.status == 200 => return Ok(answer),
            Ok(answer) if !may_improve(Some(answer.status)) => return refused(&answer),
            Ok(answer) => (format!("HTTP {}", answer.status), Some(answer.status), answer.retry_after),
            Err(why) => (why, None, None),
        };
        last = why;
        if let Some(seconds) = wait_after(attempt, status, asked) {
            transport.wait(Duration::from_secs(u64::from(seconds)));
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
