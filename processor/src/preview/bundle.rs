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
        manifest::{EngineInfo, LayerKind, Legend, Outcome, PairInfo, RunInfo, Statistics, VERSION},
    },
};

use super::{
    attribution, checks,
    measure::{Measured, measure},
    picture,
    product::{Product, pair_info},
    thumb,
};
use crate::{
    engine::run::tail,
    interferogram::is_product,
    job::{self, Job},
    simulated,
};

/// How much of the engine's log a bundle holds.
const LOG_BYTES: usize = 24 * 1024;

/// Makes `OUT/NAME.preview.zip` from what stands in `folder` and gives its path. A job that failed has a bundle too,
/// which says so.
///
/// # Errors
/// When the bundle cannot be written. What is wrong with the product stands in the bundle.
pub fn make(folder: &Path, name: &str, out: &Path) -> Result<PathBuf> {
    let bad = |c: char| FORBIDDEN_IN_NAMES.contains(c) || c.is_control();
    if name.is_empty() || name.len() > 200 || name.starts_with('.') || name.contains(bad) {
        bail!("\"{name}\" cannot be the name of a file: leave out {}", FORBIDDEN_IN_NAMES.escape_debug());
    }
    let bytes = bundle(folder, name)?;
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    let path = out.join(format!("{name}.preview.zip"));
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The bundle's bytes.
fn bundle(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let (job, unreadable) = match Job::read(folder) {
        Ok(job) => (job, None),
        Err(error) => (None, Some(format!("{error:#}."))),
    };
    let product = if folder.is_dir() {
        let named = job.as_ref().and_then(|j| j.product.as_deref()).filter(|n| is_product(n));
        Product::find(folder, named)?
    } else {
        None
    };
    let pair = pair_info(name, job.as_ref(), product.as_ref());
    let engine = engine_info(job.as_ref(), product.as_ref());
    let mut manifest = empty(pair, engine, job.as_ref());
    manifest.missing.extend(unreadable);
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    let failed = matches!(job.as_ref().map(|j| &j.outcome), Some(Outcome::Failed { .. }));
    if failed {
        // The record of the job says why; there is nothing to look at.
    } else if let Some(product) = &product {
        match measure(product, &manifest.pair.bursts) {
            Ok(measured) => files = show(measured, &mut manifest)?,
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
    Ok(bundle::write(&manifest, &files)?)
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
    let Measured { product, grid, layers, statistics, gathered, missing } = measured;
    let has = |values: &[f32]| values.iter().any(|v| v.is_finite());
    let mut encoded = Vec::new();
    if has(&layers.wrapped) {
        encoded.push(picture::wrapped(&layers.wrapped, layers.width)?);
    }
    if has(&layers.unwrapped) {
        encoded.push(picture::unwrapped(&layers.unwrapped, layers.width, shown_range(&statistics))?);
    }
    if has(&layers.coherence) {
        encoded.push(picture::unit(LayerKind::Coherence, &layers.coherence, layers.width)?);
    }
    if has(&layers.amplitude) {
        encoded.push(picture::unit(LayerKind::Amplitude, &layers.amplitude, layers.width)?);
    }
    let mut files = vec![(THUMB, thumb::png(&layers, manifest.engine.simulated, &manifest.attribution)?)];
    for (layer, png) in encoded {
        files.push((layer.kind.file(), png));
        manifest.layers.push(layer);
    }
    manifest.outcome = Outcome::Done;
    manifest.checks = checks::checks(&statistics, &gathered, manifest.pair.water_mask.unwrap_or(false));
    manifest.product = Some(product);
    manifest.grid = Some(grid);
    manifest.statistics = Some(statistics);
    manifest.missing.extend(missing);
    Ok(files)
}

/// The range of unwrapped phase to show at first: as far on both sides of the median as the outermost 2 % leave.
fn shown_range(statistics: &Statistics) -> [f64; 2] {
    let Some(phase) = statistics.unwrapped else { return [0.0, 0.0] };
    let reach = (phase.high - phase.median).max(phase.median - phase.low).max(0.1);
    [phase.median - reach, phase.median + reach]
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
