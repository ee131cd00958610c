//! What the page sends to launch pairs of Mount Edgecumbe's burst.

use anyhow::{Result, ensure};
use domain::{
    Polarization,
    catalogue::{self, CataloguePage},
};
use serde_json::{Value, json};

use crate::Stack;

/// All acquisitions of Mount Edgecumbe's burst, from the sandbox's own catalogue.
pub async fn edgecumbe(stack: &Stack) -> Result<domain::Stack> {
    let burst = "174_372326_IW3".parse()?;
    let url = catalogue::query_url(&stack.sandbox.ready.catalogue, burst, Some(Polarization::Vv), 2_000);
    let page = CataloguePage::parse(&reqwest::get(url).await?.bytes().await?)?;
    Ok(domain::Stack::new(burst, Polarization::Vv, page.acquisitions))
}

/// The first so many real acquisitions of the summer of 2018, from the sandbox's own catalogue.
pub async fn granules(stack: &Stack, count: usize) -> Result<Vec<String>> {
    let all = edgecumbe(stack).await?;
    let names = all.acquisitions().iter().map(|acquisition| acquisition.granule.to_string());
    let summer = |name: &String| ["_201806", "_201807", "_201808"].iter().any(|month| name.contains(month));
    let names: Vec<String> = names.filter(summer).take(count).collect();
    ensure!(names.len() == count, "the catalogue has {} acquisitions of the summer of 2018", names.len());
    Ok(names)
}

/// A launch of the pairs of neighbours among acquisitions.
pub fn request(granules: &[String], batch: &str) -> Value {
    let pairs: Vec<&[String]> = granules.windows(2).collect();
    json!({"burst": "174_372326_IW3", "polarization": "VV", "name": "Edgecumbe", "pairs": pairs, "batch": batch})
}
