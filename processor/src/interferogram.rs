//! `processor interferogram`: runs the engine for one pair and leaves the product, its log and `job.json` behind.

mod real;
mod simulate;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use domain::{
    GranuleName, Looks, Pair, Timestamp, engine,
    preview::manifest::{EngineInfo, Outcome},
};

use crate::{
    engine::{Choice, Request, classify::Failure},
    job::{self, Job},
};

/// What the command was given.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which two acquisitions.
    pub pair: Pair,
    /// Looks.
    pub looks: Looks,
    /// Whether to mask water.
    pub water_mask: bool,
    /// Folder for the product.
    pub out: PathBuf,
}

/// What an engine did.
struct Work {
    engine: EngineInfo,
    /// The product's folder name, or why there is none.
    result: Result<String, Failure>,
    attempts: u32,
    peak_memory: Option<u64>,
}

/// Runs the engine. Whether it works or not, `job.json` and `engine.log` stand in the folder afterwards.
///
/// # Errors
/// When the engine fails (with its reason), or the folder cannot be written.
pub fn run(options: &Options, choice: Choice) -> Result<()> {
    let out = &options.out;
    fs::create_dir_all(out).with_context(|| format!("cannot make the folder {}", out.display()))?;
    // docker wants absolute paths.
    let out = fs::canonicalize(out).with_context(|| format!("cannot find the folder {}", out.display()))?;
    clear(&out)?;
    let request =
        Request { pair: options.pair.clone(), looks: options.looks, water_mask: options.water_mask };
    let begin = Instant::now();
    let work = match choice {
        Choice::Simulated => simulate::run(&request, &out)?,
        Choice::Container | Choice::Local => real::run(&request, &out, choice)?,
    };
    let (outcome, product) = match work.result {
        Ok(product) => (Outcome::Done, Some(product)),
        Err(failure) => (Outcome::Failed { reason: failure.reason, hint: failure.hint }, None),
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|d| i64::try_from(d.as_secs()).ok());
    let job = Job {
        reference: options.pair.reference().clone(),
        secondary: options.pair.secondary().clone(),
        looks: options.looks,
        water_mask: options.water_mask,
        engine: work.engine,
        outcome,
        product,
        attempts: work.attempts,
        seconds: (begin.elapsed().as_secs_f64() * 100.0).round() / 100.0,
        peak_memory: work.peak_memory,
        finished: now.and_then(Timestamp::from_unix),
    };
    job.write(&out)?;
    match job.outcome {
        Outcome::Done => Ok(()),
        Outcome::Failed { reason, hint } => {
            Err(anyhow::anyhow!("{reason}{}", hint.map(|h| format!(" {h}")).unwrap_or_default()))
        }
    }
}

/// The record of a job whose two acquisitions make no pair: nothing ran.
pub fn refused(
    reference: GranuleName,
    secondary: GranuleName,
    looks: Looks,
    water_mask: bool,
    reason: &str,
) -> Job {
    let engine = EngineInfo {
        name: engine::NAME.to_owned(),
        version: engine::VERSION.to_owned(),
        simulated: false,
        flaws: vec![],
    };
    let outcome = Outcome::Failed { reason: format!("Nothing was processed: {reason}."), hint: None };
    Job {
        reference,
        secondary,
        looks,
        water_mask,
        engine,
        outcome,
        product: None,
        attempts: 0,
        seconds: 0.0,
        peak_memory: None,
        finished: None,
    }
}

/// Removes what an earlier attempt left in the folder, so that a re-run never hands out an old product.
fn clear(out: &Path) -> Result<()> {
    let earlier = Job::read(out).ok().flatten().and_then(|job| job.product);
    for name in [job::FILE, job::LOG] {
        let path = out.join(name);
        if path.exists() {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    // The name comes from a file: only a plain name of a product is followed.
    let plain = |name: &String| is_product(name);
    if let Some(folder) = earlier.filter(plain).map(|name| out.join(name)).filter(|path| path.is_dir()) {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Whether a folder's name is one that the engine gives to products: `S1_…_INT80_663F`.
pub(crate) fn is_product(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    plain && name.len() < 150 && name.starts_with("S1_") && name.contains("_INT")
}
