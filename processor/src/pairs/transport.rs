//! How the catalogue is reached: a blocking client behind a trait, so that paging and patience are tested without a
//! network.

use std::{io::Read as _, thread, time::Duration};

use domain::catalogue::MAX_PAGE_BYTES;

/// An answer, whatever its status.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// CMR's mark of where the next page begins.
    pub search_after: Option<String>,
    /// How many records the search has altogether.
    pub hits: Option<u64>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
    /// Body.
    pub body: Vec<u8>,
}

/// What can fetch a page and wait.
pub trait Transport {
    /// Fetches an address; `Err` holds why no answer came.
    ///
    /// # Errors
    /// When there is no answer at all.
    fn get(&self, url: &str, search_after: Option<&str>) -> Result<Answer, String>;

    /// Waits.
    fn wait(&self, time: Duration);
}

/// The network.
pub struct Http {
    agent: ureq::Agent,
}

impl Default for Http {
    fn default() -> Self {
        let agent = ureq::Agent::config_builder()
            // Statuses are judged by the caller, who knows which may pass.
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(20)))
            // CMR itself gives up after 180 seconds.
            .timeout_global(Some(Duration::from_secs(200)))
            .user_agent(concat!("burstboard-processor/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self { agent }
    }
}

impl Transport for Http {
    fn get(&self, url: &str, search_after: Option<&str>) -> Result<Answer, String> {
        let mut request = self.agent.get(url).header("Client-Id", "burstboard");
        if let Some(mark) = search_after {
            request = request.header("CMR-Search-After", mark);
        }
        let response = request.call().map_err(|e| e.to_string())?;
        let header =
            |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let mut answer = Answer {
            status: response.status().as_u16(),
            search_after: header("CMR-Search-After"),
            hits: header("CMR-Hits").and_then(|t| t.trim().parse().ok()),
            retry_after: header("Retry-After").and_then(|t| t.trim().parse().ok()),
            body: Vec::new(),
        };
        // One byte more than may come, so that the parser sees that it is too long.
        let limit = MAX_PAGE_BYTES as u64 + 1;
        response
            .into_body()
            .into_reader()
            .take(limit)
            .read_to_end(&mut answer.body)
            .map_err(|e| e.to_string())?;
        Ok(answer)
    }

    fn wait(&self, time: Duration) {
        thread::sleep(time);
    }
}
