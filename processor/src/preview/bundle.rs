//! Puts a preview together: what the job wrote down, what the product shows, and the pictures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use domain::{
    engine,
    launch::FORBIDDEN_IN_NAMES,
    preview::{
        Manifest,
        bundle::{self, LOG, THUMB},
        manifest::{
            DisplacementLegend, EngineInfo, LayerKind, Legend, Outcome, PairInfo, RunInfo, Statistics,
            VERSION,
        },
    },
};
use rayon::prelude::*;

use super::{
    attribution, checks,
    measure::{Measured, measure},
    picture,
    product::{Product, default_name, pair_info},
    stac, thumb,
};
use crate::{
    engine::run::tail,
    interferogram::is_product,
    job::{self, Job},
    raster::Placement,
    simulated,
};

/// How much of the engine's log a bundle holds.
const LOG_BYTES: usize = 24 * 1024;

/// The files that were made.
#[derive(Clone, Debug)]
pub struct Made {
    /// `OUT/NAME.preview.zip`.
    pub bundle: PathBuf,
    /// `OUT/NAME.stac.json`; not for a job without a product.
    pub item: Option<PathBuf>,
}

/// Makes `OUT/NAME.preview.zip` and `OUT/NAME.stac.json` from what stands in `folder`: what `interferogram` left there,
/// or a product. A job that failed has a bundle too, which says so. Without a name it is the pair's two dates, or else
/// the product's name.
///
/// # Errors
/// When there is nothing to name the bundle by, or it cannot be written. What is wrong with the product stands in the
/// bundle.
pub fn make(folder: &Path, name: Option<&str>, out: &Path) -> Result<Made> {
    let (job, unreadable) = match Job::read(folder) {
        Ok(job) => (job, None),
        Err(error) => (None, Some(format!("{error:#}."))),
    };
    let product = if folder.is_dir() {
        let named = job.as_ref().and_then(|j| j.product.as_deref()).filter(|n| is_product(n));
        Product::find(folder, named, name)?
    } else {
        None
    };
    let name = match name {
        Some(name) => name.to_owned(),
        None => default_name(job.as_ref(), product.as_ref()).with_context(|| {
            format!(
                "{} holds neither a product nor the record of a job: give a name with --name",
                folder.display()
            )
        })?,
    };
    let bad = |c: char| FORBIDDEN_IN_NAMES.contains(c) || c.is_control();
    if name.is_empty() || name.len() > 200 || name.starts_with('.') || name.contains(bad) {
        bail!("\"{name}\" cannot be the name of a file: leave out {}", FORBIDDEN_IN_NAMES.escape_debug());
    }
    let (manifest, placement, bytes) = bundle(folder, &name, job.as_ref(), product.as_ref(), unreadable)?;
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    let path = out.join(format!("{name}.preview.zip"));
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    let item = out.join(format!("{name}.stac.json"));
    match product.as_ref().and_then(|product| stac::item(&manifest, product, placement.as_ref())) {
        Some(json) => {
            let text = serde_json::to_vec_pretty(&json)?;
            fs::write(&item, text).with_context(|| format!("cannot write {}", item.display()))?;
            Ok(Made { bundle: path, item: Some(item) })
        }
        None => Ok(Made { bundle: path, item: None }),
    }
}

/// The bundle's manifest, where the product lies, and the bundle's bytes.
fn bundle(
    folder: &Path,
    name: &str,
    job: Option<&Job>,
    product: Option<&Product>,
    unreadable: Option<String>,
) -> Result<(Manifest, Option<Placement>, Vec<u8>)> {
    let pair = pair_info(name, job, product);
    let engine = engine_info(job, product);
    let mut manifest = empty(pair, engine, job);
    manifest.missing.extend(unreadable);
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    let mut placement = None;
    let failed = matches!(job.map(|j| &j.outcome), Some(Outcome::Failed { .. }));
    if failed {
        // The record of the job says why; there is nothing to look at.
    } else if let Some(product) = product {
        match measure(product, &manifest.pair.bursts) {
            Ok(measured) => {
                placement = Some(measured.placement);
                files = show(measured, &mut manifest)?;
            }
            Err(error) => manifest.outcome = unusable(&format!("{error:#}")),
        }
    } else {
        manifest.outcome = Outcome::Failed {
            reason: "There is no product: the engine did not run, or did not get far enough.".to_owned(),
            hint: Some("Read the job's log.".to_owned()),
        };
    }
    if let Some(log) = log_tail(folder) {
        files.push((LOG, log));
    }
    let bytes = bundle::write(&manifest, &files)?;
    Ok((manifest, placement, bytes))
}

/// A bundle without pictures.
fn empty(pair: PairInfo, engine: EngineInfo, job: Option<&Job>) -> Manifest {
    let run = job.map_or_else(RunInfo::default, |job| RunInfo {
        seconds: Some(job.seconds),
        peak_memory: job.peak_memory,
        finished: job.finished,
        attempts: Some(job.attempts),
    });
    let attribution = attribution::lines(&pair, &engine);
    Manifest {
        version: VERSION,
        pair,
        engine,
        outcome: job.map_or(Outcome::Done, |job| job.outcome.clone()),
        run,
        product: None,
        grid: None,
        layers: vec![],
        statistics: None,
        checks: vec![],
        missing: vec![],
        legend: Legend::default(),
        attribution,
    }
}

/// The engine by the job's record; without one, by the product's own label.
fn engine_info(job: Option<&Job>, product: Option<&Product>) -> EngineInfo {
    if let Some(job) = job {
        return job.engine.clone();
    }
    let simulated = product.is_some_and(Product::says_simulated);
    let name = if simulated { simulated::NAME } else { engine::NAME };
    EngineInfo { name: name.to_owned(), version: "unknown".to_owned(), simulated, flaws: vec![] }
}

fn unusable(reason: &str) -> Outcome {
    Outcome::Failed {
        reason: format!("The product cannot be previewed: {reason}."),
        hint: Some("Download the product and look at the files named here.".to_owned()),
    }
}

/// Fills the manifest and gives the pictures.
fn show(measured: Measured, manifest: &mut Manifest) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let Measured { product, grid, layers, statistics, gathered, missing, .. } = measured;
    let draw = |kind: LayerKind| {
        let values = match kind {
            LayerKind::Wrapped => &layers.wrapped,
            LayerKind::Unwrapped => &layers.unwrapped,
            LayerKind::Coherence => &layers.coherence,
            LayerKind::Amplitude => &layers.amplitude,
        };
        values.iter().any(|v| v.is_finite()).then(|| match kind {
            LayerKind::Wrapped => picture::wrapped(values, layers.width),
            LayerKind::Unwrapped => picture::unwrapped(values, layers.width, shown_range(&statistics)),
            LayerKind::Coherence => picture::coherence(values, layers.width),
            LayerKind::Amplitude => picture::amplitude(values, layers.width),
        })
    };
    let (encoded, thumb) = rayon::join(
        || LayerKind::ALL.par_iter().filter_map(|kind| draw(*kind)).collect::<Result<Vec<_>>>(),
        || thumb::png(&layers, manifest.engine.simulated, &manifest.attribution),
    );
    let mut files = vec![(THUMB, thumb?)];
    for (layer, png) in encoded? {
        files.push((layer.kind.file(), png));
        manifest.layers.push(layer);
    }
    manifest.outcome = Outcome::Done;
    manifest.checks = checks::checks(&statistics, &gathered, manifest.pair.water_mask.unwrap_or(false));
    manifest.legend.displacement = statistics.unwrapped.as_ref().map(DisplacementLegend::of);
    manifest.product = Some(product);
    manifest.grid = Some(grid);
    manifest.statistics = Some(statistics);
    manifest.missing.extend(missing);
    Ok(files)
}

/// The range of unwrapped phase to show at first.
fn shown_range(statistics: &Statistics) -> [f64; 2] {
    let Some(phase) = statistics.unwrapped else { return [0.0, 0.0] };
    [phase.median - phase.shown_reach(), phase.median + phase.shown_reach()]
}

/// The end of the engine's log, from the beginning of a line.
fn log_tail(folder: &Path) -> Option<Vec<u8>> {
    let text = tail(&folder.join(job::LOG)).ok()?;
    let from = text.len().saturating_sub(LOG_BYTES);
    let cut = (from..text.len()).find(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'));
    Some(text.get(cut.unwrap_or(text.len())..).unwrap_or_default().as_bytes().to_vec())
}

#[cfg(test)]
mod tests;
