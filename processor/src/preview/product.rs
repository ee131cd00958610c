//! Finds a product's files in a folder and reads what their names and the parameter file say.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use domain::{BurstId, GranuleName, preview::manifest::PairInfo, timestamp::compact_day_text};

use super::{files::SUFFIXES, name::ProductName};
use crate::{interferogram::is_product, job::Job};

/// A product folder and what is known of it.
#[derive(Debug)]
pub(super) struct Product {
    /// Its folder.
    folder: PathBuf,
    /// Its name, which all its files begin with.
    pub(super) name: String,
    /// `Key: value` lines of the parameter file.
    parameters: BTreeMap<String, String>,
}

/// The parameter file is read up to this many bytes.
const LARGEST_PARAMETERS: usize = 64 * 1024;

impl Product {
    /// The product in `folder`, which is a product's own folder or holds one that is. Where there are several, the one
    /// that is `named`, or has the pair's name in its own, is preferred.
    pub(super) fn find(folder: &Path, named: Option<&str>, pair: Option<&str>) -> Result<Option<Self>> {
        // "." has a name too.
        let folder = fs::canonicalize(folder)
            .with_context(|| format!("cannot read the folder {}", folder.display()))?;
        let own = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (mut folders, mut prefixes) = (Vec::new(), Vec::new());
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() {
                folders.extend(Some(name).filter(|name| is_product(name)));
            } else {
                prefixes.extend(prefix(&name));
            }
        }
        let choose = |mut names: Vec<String>| {
            names.sort();
            let wanted =
                |name: &&String| named == Some(name.as_str()) || pair.is_some_and(|p| name.contains(p));
            names.iter().find(wanted).or(names.last()).cloned()
        };
        // A folder that was renamed, or into which an artifact was unpacked, still holds files with the product's name.
        if is_product(&own) || !prefixes.is_empty() {
            let name =
                if prefixes.is_empty() || prefixes.contains(&own) { Some(own) } else { choose(prefixes) };
            return Ok(name.map(|name| Self::open(folder, name)));
        }
        Ok(choose(folders).map(|name| Self::open(folder.join(&name), name)))
    }

    fn open(folder: PathBuf, name: String) -> Self {
        let bytes = fs::read(folder.join(format!("{name}.txt"))).unwrap_or_default();
        let text =
            String::from_utf8_lossy(bytes.get(..LARGEST_PARAMETERS.min(bytes.len())).unwrap_or_default());
        let line = |line: &str| line.split_once(':').map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()));
        let parameters = text.lines().filter_map(line).collect();
        Self { folder, name, parameters }
    }

    /// The path of a file by its suffix, if it is there.
    pub(super) fn file(&self, suffix: &str) -> Option<PathBuf> {
        let path = self.folder.join(format!("{}_{suffix}", self.name));
        path.is_file().then_some(path)
    }

    /// A line of the parameter file.
    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters.get(key).map(String::as_str)
    }

    /// Whether its own files say that it is modelled.
    pub(super) fn says_simulated(&self) -> bool {
        self.parameter("Simulated") == Some("yes")
    }
}

/// What stands before the suffix of a layer's file.
fn prefix(file: &str) -> Option<String> {
    let name = SUFFIXES.iter().find_map(|suffix| file.strip_suffix(suffix)?.strip_suffix('_'))?;
    (!name.is_empty() && name.len() < 150 && !name.contains(char::is_control)).then(|| name.to_owned())
}

/// The pair's name where nobody gave one: its two dates by the job or the product's name, else the product's name.
pub(super) fn default_name(job: Option<&Job>, product: Option<&Product>) -> Option<String> {
    let by_job = job.map(|j| [j.reference.date(), j.secondary.date()].map(compact_day_text).join("_"));
    by_job
        .or_else(|| ProductName::parse(&product?.name).map(|name| name.pair()))
        .or_else(|| Some(product?.name.clone()))
}

/// What was processed, from the job's own record where there is one, else from the product.
pub(super) fn pair_info(name: &str, job: Option<&Job>, product: Option<&Product>) -> PairInfo {
    let granules = |key: &str| -> Vec<GranuleName> {
        let text = product.and_then(|p| p.parameter(key)).unwrap_or_default();
        text.split([',', ' ']).filter_map(|t| t.trim().parse().ok()).collect()
    };
    let reference = job.map_or_else(|| granules("Reference Granule"), |j| vec![j.reference.clone()]);
    let secondary = job.map_or_else(|| granules("Secondary Granule"), |j| vec![j.secondary.clone()]);
    let named = product.and_then(|p| ProductName::parse(&p.name));
    let water_mask = job.map(|j| j.water_mask).or_else(|| {
        let text = product?.parameter("Water mask")?.to_ascii_lowercase();
        Some(matches!(text.as_str(), "yes" | "true"))
    });
    let dates = reference.first().zip(secondary.first()).map(|(r, s)| [r.date(), s.date()]);
    let dates = dates.or_else(|| named.as_ref().map(|n| n.dates));
    let mut bursts: Vec<BurstId> = reference.iter().filter_map(|g| g.burst().ok()).collect();
    if let Some(named) = named.as_ref().filter(|_| bursts.is_empty()) {
        bursts.clone_from(&named.bursts);
    }
    bursts.dedup();
    let polarization = reference.first().map(GranuleName::polarization);
    let engine_baseline = product
        .and_then(|p| p.parameter("Baseline"))
        .and_then(|t| t.parse().ok())
        .filter(|b: &f64| b.is_finite());
    PairInfo {
        name: name.to_owned(),
        reference,
        secondary,
        bursts,
        polarization: polarization.or_else(|| named.as_ref()?.polarization),
        looks: job.map(|j| j.looks).or_else(|| named.as_ref()?.looks),
        water_mask,
        days: dates.map(|[r, s]| (s - r).whole_days()),
        engine_baseline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_parameter_file_is_read() {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/insar/hyp3_isce2_real_663F");
        let name = "S1_136232_IW2_20200604_20200616_VV_INT80_663F";
        if !folder.join(format!("{name}.txt")).exists() {
            return println!("left out: no recorded product beside the repository");
        }
        let product = Product::open(folder, name.to_owned());
        assert!(!product.says_simulated());
        let info = pair_info("20200604_20200616", None, Some(&product));
        assert_eq!(info.reference[0].to_string(), "S1_136232_IW2_20200604T022315_VV_7C85-BURST");
        assert_eq!(info.bursts[0].to_string(), "064_136232_IW2");
        assert_eq!((info.days, info.water_mask), (Some(12), Some(false)));
        assert_eq!(info.looks, Some(domain::Looks::L20x4));
        assert!((info.engine_baseline.unwrap() + 66.107).abs() < 1e-3);
    }

    #[test]
    fn names_of_both_lines_of_the_engine_are_products() {
        for name in [
            "S1_136232_IW2_20200604_20200616_VV_INT80_663F",
            "S1_064_000000s1n00-136231s2n01-000000s3n00_IW_20200604_20200616_VV_INT80_77F1",
        ] {
            assert!(is_product(name), "{name}");
        }
        for name in ["S1_136231_IW2_20200604T022312_VV_7C85-BURST", "S1_/../_INT", "engine-work"] {
            assert!(!is_product(name), "{name}");
        }
    }
}
