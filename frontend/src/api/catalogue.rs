//! The catalogue, page by page: patient with a busy one, wary of a broken one, and with a second way where there is one.

use domain::{
    Acquisition, BurstId,
    catalogue::{
        CatalogueError, CataloguePage, LeftOut, MAX_PAGE_BYTES, asf_query_url, patience::wait_after,
        query_url, second_way,
    },
};
use gloo_net::http::{Request, Response};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader};

use super::{Fault, capital};

const CATALOGUE: &str = "The catalogue";
/// Records on a page: few enough to show progress, many enough for most stacks in two or three requests.
const PAGE: u32 = 200;
/// More pages than the longest stack can have; an end to a catalogue that gives none.
const MOST_PAGES: usize = 60;
/// Milliseconds after which a page counts as lost.
const PATIENCE: u32 = 60_000;

/// What the catalogue has of a burst, in all polarizations.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Harvest {
    /// What could be read.
    pub(crate) acquisitions: Vec<Acquisition>,
    /// The rest.
    pub(crate) left_out: Vec<LeftOut>,
    /// How many records the catalogue said it has, where that is more than it sent.
    pub(crate) announced: Option<u64>,
    /// Whether it came from ASF's search service, which gives no orbit states.
    pub(crate) second_way: bool,
}

impl Harvest {
    /// How many records came.
    pub(crate) fn received(&self) -> usize {
        self.acquisitions.len() + self.left_out.len()
    }

    fn take(&mut self, page: CataloguePage) {
        self.acquisitions.extend(page.acquisitions);
        self.left_out.extend(page.left_out);
    }
}

/// How the search goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// So many records of so many.
    Got(usize, Option<u64>),
    /// The catalogue is busy and is asked again in so many seconds.
    Waiting(u32),
    /// The catalogue gave nothing usable, ASF's search service is asked.
    SecondWay,
}

/// Asks for all acquisitions of a burst, until `signal` says stop.
pub(crate) async fn acquisitions(
    base: &str,
    burst: BurstId,
    signal: &AbortSignal,
    news: &dyn Fn(News),
) -> Result<Harvest, Fault> {
    let fault = match pages(base, burst, signal, news).await {
        Ok(harvest) => return Ok(harvest),
        Err(fault) if signal.aborted() => return Err(fault),
        Err(fault) => fault,
    };
    let Some(second) = second_way(base) else { return Err(fault) };
    news(News::SecondWay);
    // Where neither answers, the first one's reason is the one to act on.
    let (page, _) = once(&asf_query_url(&second, burst), None, signal).await.map_err(|_| fault)?;
    let mut harvest = Harvest { second_way: true, ..Harvest::default() };
    harvest.take(page);
    Ok(harvest)
}

async fn pages(
    base: &str,
    burst: BurstId,
    signal: &AbortSignal,
    news: &dyn Fn(News),
) -> Result<Harvest, Fault> {
    let url = query_url(base, burst, None, PAGE);
    let mut harvest = Harvest::default();
    let mut announced = None;
    let mut marks: Vec<String> = Vec::new();
    for _ in 0..MOST_PAGES {
        let (page, mark) = patient(&url, marks.last().map(String::as_str), signal, news).await?;
        announced = announced.max(page.hits);
        let before = harvest.received();
        harvest.take(page);
        let received = harvest.received();
        news(News::Got(received, announced));
        // A mark that comes again would lead round in a circle.
        match mark.filter(|mark| received > before && !marks.contains(mark)) {
            Some(mark) if announced.is_none_or(|all| (received as u64) < all) => marks.push(mark),
            _ => break,
        }
    }
    harvest.announced = announced.filter(|all| *all > harvest.received() as u64);
    Ok(harvest)
}

/// Why a page did not come.
struct Miss {
    fault: Fault,
    /// Whether it may come a little later.
    again: bool,
    retry_after: Option<u32>,
}

type Page = (CataloguePage, Option<String>);

async fn patient(
    url: &str,
    mark: Option<&str>,
    signal: &AbortSignal,
    news: &dyn Fn(News),
) -> Result<Page, Fault> {
    let mut attempt = 0;
    loop {
        let miss = match once(url, mark, signal).await {
            Ok(page) => return Ok(page),
            Err(miss) => miss,
        };
        let wait = wait_after(attempt, miss.fault.status, miss.retry_after).filter(|_| miss.again);
        let Some(seconds) = wait else { return Err(miss.fault) };
        for left in (1..=seconds).rev() {
            if signal.aborted() {
                return Err(miss.fault);
            }
            news(News::Waiting(left));
            TimeoutFuture::new(1_000).await;
        }
        attempt += 1;
    }
}

/// One page, and the mark of where the next one begins.
async fn once(url: &str, mark: Option<&str>, signal: &AbortSignal) -> Result<Page, Miss> {
    let lost = |fault| Miss { fault, again: true, retry_after: None };
    let limit = AbortSignal::any(&Array::of2(signal, &AbortSignal::timeout_with_u32(PATIENCE)));
    let mut request = Request::get(url).abort_signal(Some(&limit));
    if let Some(mark) = mark {
        request = request.header("CMR-Search-After", mark);
    }
    let response = request.send().await.map_err(|e| lost(Fault::unreachable(CATALOGUE, &e)))?;
    let header = |name: &str| response.headers().get(name);
    let status = response.status();
    if !response.ok() {
        let retry_after = header("Retry-After").and_then(|text| text.trim().parse().ok());
        return Err(Miss { fault: refused(status, &response).await, again: true, retry_after });
    }
    let mark = header("CMR-Search-After");
    let body = read(&response).await.map_err(|e| lost(Fault::unreachable(CATALOGUE, &e)))?;
    let page = CataloguePage::parse(&body).map_err(|e| Miss {
        fault: Fault::new("The catalogue gave no list of acquisitions", capital(&e.to_string())),
        again: false,
        retry_after: None,
    })?;
    Ok((page, mark))
}

/// The body, and one byte more than an answer may have if there is more, so that an endless one ends here.
async fn read(response: &Response) -> Result<Vec<u8>, String> {
    let Some(stream) = response.body() else { return Ok(Vec::new()) };
    let text = |error: wasm_bindgen::JsValue| format!("{error:?}");
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(text)?;
    let mut body = Vec::new();
    while body.len() <= MAX_PAGE_BYTES {
        let step = JsFuture::from(reader.read()).await.map_err(text)?;
        let Ok(bytes) = Reflect::get(&step, &"value".into()).and_then(JsCast::dyn_into::<Uint8Array>) else {
            return Ok(body);
        };
        let from = body.len();
        body.resize(from + bytes.length() as usize, 0);
        if let Some(rest) = body.get_mut(from..) {
            bytes.copy_to(rest);
        }
    }
    drop(reader.cancel());
    Ok(body)
}

/// What a status says; the catalogue's own words where it gives some.
async fn refused(status: u16, response: &Response) -> Fault {
    let busy = matches!(status, 429 | 500..);
    let words = match read(response).await.map(|body| CataloguePage::parse(&body)) {
        Ok(Err(error @ CatalogueError::Refused(_))) if !busy => capital(&error.to_string()),
        _ => "NASA's catalogue may be busy or under repair. Try again in a minute.".to_owned(),
    };
    Fault {
        technical: Some(format!("HTTP status {status}")),
        status: Some(status),
        ..Fault::new("The catalogue did not answer the search", words)
    }
}
