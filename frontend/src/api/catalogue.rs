//! The catalogue, page by page.

use domain::{
    Acquisition, BurstId,
    catalogue::{CataloguePage, LeftOut, query_url},
};
use gloo_net::http::Request;
use web_sys::AbortSignal;

use super::{Fault, capital};

const CATALOGUE: &str = "The catalogue";
/// Records on a page: few enough to show progress, many enough for most stacks in two or three requests.
const PAGE: u32 = 200;
/// More pages than the longest stack can have; an end to a catalogue that gives none.
const MOST_PAGES: usize = 60;

/// What the catalogue has of a burst, in all polarizations.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Harvest {
    /// What could be read.
    pub(crate) acquisitions: Vec<Acquisition>,
    /// The rest.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Asks for all acquisitions of a burst; `progress` is told how many of how many are there.
pub(crate) async fn acquisitions(
    base: &str,
    burst: BurstId,
    signal: Option<&AbortSignal>,
    progress: impl Fn(usize, Option<u64>),
) -> Result<Harvest, Fault> {
    let url = query_url(base, burst, None, PAGE);
    let mut harvest = Harvest::default();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut request = Request::get(&url).abort_signal(signal);
        if let Some(after) = &after {
            request = request.header("CMR-Search-After", after);
        }
        let response = request.send().await.map_err(|e| Fault::unreachable(CATALOGUE, &e))?;
        if !response.ok() {
            return Err(refused(response.status()));
        }
        after = response.headers().get("CMR-Search-After");
        let body = response.binary().await.map_err(|e| Fault::unreachable(CATALOGUE, &e))?;
        let page = CataloguePage::parse(&body)
            .map_err(|e| Fault::new("The catalogue gave no list of acquisitions", capital(&e.to_string())))?;
        let read = page.acquisitions.len() + page.left_out.len();
        harvest.acquisitions.extend(page.acquisitions);
        harvest.left_out.extend(page.left_out);
        let so_far = harvest.acquisitions.len() + harvest.left_out.len();
        progress(so_far, page.hits);
        if read == 0 || after.is_none() || page.hits.is_some_and(|hits| so_far as u64 >= hits) {
            break;
        }
    }
    Ok(harvest)
}

fn refused(status: u16) -> Fault {
    Fault {
        technical: Some(format!("HTTP status {status}")),
        status: Some(status),
        ..Fault::new(
            "The catalogue did not answer the search",
            "NASA's catalogue may be busy or under repair. Try again in a minute.",
        )
    }
}
