//! The page's files, by the binding `ASSETS`.

use worker::{Env, Fetcher};

use super::fetch::fetched;
use crate::ports::{Assets, Fetched, NoAnswer};

/// The files, if the deployment has any.
pub(super) struct BoundAssets(Option<Fetcher>);

impl BoundAssets {
    /// From the environment.
    pub(super) fn new(env: &Env) -> Self {
        Self(env.assets("ASSETS").ok())
    }
}

impl Assets for BoundAssets {
    async fn fetch(&self, path: &str) -> Result<Fetched, NoAnswer> {
        let fetcher = self.0.as_ref().ok_or(NoAnswer)?;
        // A binding looks at the path only; the host is there because an address needs one.
        let response = fetcher.fetch(format!("http://page{path}"), None).await.map_err(|_| NoAnswer)?;
        Ok(fetched(response))
    }
}
