//! GitHub's stores, by `fetch`.

use http::{HeaderMap, HeaderValue, Method, header};
use url::Url;

use super::fetch::fetch;
use crate::ports::{Blobs, Fetched, NoAnswer};

/// The stores.
pub(super) struct FetchBlobs;

impl Blobs for FetchBlobs {
    async fn fetch(&self, address: &Url, range: Option<&str>) -> Result<Fetched, NoAnswer> {
        let mut headers = HeaderMap::new();
        if let Some(range) = range {
            headers.insert(header::RANGE, HeaderValue::from_str(range).map_err(|_| NoAnswer)?);
        }
        fetch(&Method::GET, address.as_str(), &headers, &[]).await
    }
}
