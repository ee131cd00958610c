//! Finds a product's files in a folder and reads what their names and the parameter file say.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use domain::{BurstId, GranuleName, Polarization, preview::manifest::PairInfo};

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
    /// The product in `folder`: the folder itself when it has a product's name, else the one folder in it that has.
    /// `named` is preferred where there are several.
    pub(super) fn find(folder: &Path, named: Option<&str>) -> Result<Option<Self>> {
        let own = folder.file_name().map(|n| n.to_string_lossy().into_owned()).filter(|n| is_product(n));
        if let Some(name) = own {
            return Ok(Some(Self::open(folder.to_owned(), name)));
        }
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
        let mut names: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .filter(|name| is_product(name))
            .collect();
        names.sort();
        let chosen = named.filter(|n| names.iter().any(|name| name == n)).map(str::to_owned);
        Ok(chosen.or_else(|| names.pop()).map(|name| Self::open(folder.join(&name), name)))
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

    /// Pixel spacing in metres as the name says: `…_INT80_…`.
    fn spacing(&self) -> Option<u32> {
        let (_, rest) = self.name.split_once("_INT")?;
        rest.split('_').next()?.parse().ok()
    }
}

/// What was processed, from the job's own record where there is one, else from the product.
pub(super) fn pair_info(name: &str, job: Option<&Job>, product: Option<&Product>) -> PairInfo {
    let granules = |key: &str| -> Vec<GranuleName> {
        let text = product.and_then(|p| p.parameter(key)).unwrap_or_default();
        text.split([',', ' ']).filter_map(|t| t.trim().parse().ok()).collect()
    };
    let reference = job.map_or_else(|| granules("Reference Granule"), |j| vec![j.reference.clone()]);
    let secondary = job.map_or_else(|| granules("Secondary Granule"), |j| vec![j.secondary.clone()]);
    let looks = job.map(|j| j.looks).or_else(|| {
        let spacing = product?.spacing()?;
        domain::Looks::ALL.into_iter().find(|l| l.pixel_metres() == spacing)
    });
    let water_mask = job.map(|j| j.water_mask).or_else(|| {
        let text = product?.parameter("Water mask")?.to_ascii_lowercase();
        Some(matches!(text.as_str(), "yes" | "true"))
    });
    let days = reference.first().zip(secondary.first()).map(|(r, s)| (s.date() - r.date()).whole_days());
    let mut bursts: Vec<BurstId> = reference.iter().filter_map(|g| g.burst().ok()).collect();
    bursts.dedup();
    let polarization: Option<Polarization> = reference.first().map(GranuleName::polarization);
    let engine_baseline = product
        .and_then(|p| p.parameter("Baseline"))
        .and_then(|t| t.parse().ok())
        .filter(|b: &f64| b.is_finite());
    PairInfo {
        name: name.to_owned(),
        reference,
        secondary,
        bursts,
        polarization,
        looks,
        water_mask,
        days,
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
