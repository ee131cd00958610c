//! The simulated engine as a job sees it: it takes its time, writes a log, and can fail when a test asks for it.

use std::{
    env,
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use domain::{engine, preview::manifest::EngineInfo};

use super::Work;
use crate::{
    engine::{
        Request,
        classify::{Failure, classify},
        memory::Watched,
    },
    job, simulated,
};

/// How long a simulated pair takes at least, in seconds, so that people and tests can watch.
const SECONDS: &str = "BURSTBOARD_SIMULATED_SECONDS";
/// Names of pairs that fail in the first attempt of a run, separated by commas.
const FAIL: &str = "BURSTBOARD_SIMULATED_FAIL";

/// What the archive's bad day looks like in the engine's log.
const BAD_DAY: &str = "\
Traceback (most recent call last):
  File \"hyp3_isce2/burst.py\", in download_bursts
requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://sentinel1-burst.asf.alaska.edu/
RuntimeError: Download failed too many times
";

pub(super) fn run(request: &Request, out: &Path) -> Result<Work> {
    let log = OpenOptions::new().create(true).append(true).open(out.join(job::LOG));
    let mut log = log.context("cannot write the engine's log")?;
    let mut say = |line: &str| {
        println_both(&mut log, line);
    };
    let begin = Instant::now();
    let name = request.pair.name().to_string();
    say(&format!("{}: {name}", simulated::LABEL));
    let engine = |flaws| EngineInfo {
        name: simulated::NAME.to_owned(),
        version: format!("{} (in place of {} {})", env!("CARGO_PKG_VERSION"), engine::NAME, engine::VERSION),
        simulated: true,
        flaws,
    };
    let work = |flaws, result| Work {
        engine: engine(flaws),
        result,
        attempts: 1,
        peak_memory: Watched::Own.bytes(),
    };
    if fails(&name) {
        linger(begin, 0.5, &mut say);
        say(BAD_DAY.trim_end());
        return Ok(work(vec![], Err(classify(BAD_DAY, Some(1)))));
    }
    let made = simulated::make(&request.pair, request.looks, request.water_mask, out, &mut say);
    match made {
        Ok(product) => {
            for flaw in &product.flaws {
                say(flaw);
            }
            linger(begin, 1.0, &mut say);
            let folder =
                product.folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(work(product.flaws, Ok(folder)))
        }
        Err(error) => {
            let sentence = format!("ValueError: {error:#}");
            say(&sentence);
            let mut failure: Failure = classify(&sentence, Some(1));
            failure.passing = false;
            Ok(work(vec![], Err(failure)))
        }
    }
}

/// Whether this pair is to fail: it is named, and this is the first attempt of the run.
fn fails(name: &str) -> bool {
    let first = env::var("GITHUB_RUN_ATTEMPT").map_or(true, |attempt| attempt.trim() == "1");
    first && env::var(FAIL).is_ok_and(|names| names.split(',').any(|n| n.trim() == name))
}

/// Stretches the work to a share of the time that the environment asks for, with a line each second.
fn linger(begin: Instant, share: f64, say: &mut impl FnMut(&str)) {
    let seconds = env::var(SECONDS).ok().and_then(|text| text.trim().parse::<f64>().ok()).unwrap_or(0.0);
    // Not a number is no time.
    let wanted = Duration::try_from_secs_f64((seconds * share).clamp(0.0, 3_600.0)).unwrap_or_default();
    while let Some(left) = wanted.checked_sub(begin.elapsed()).filter(|left| !left.is_zero()) {
        let done = 100.0 * begin.elapsed().as_secs_f64() / wanted.as_secs_f64();
        say(&format!("Taking the time that a watcher needs: {done:.0} %"));
        thread::sleep(left.min(Duration::from_secs(1)));
    }
}

/// To stdout and to the log; a log that cannot be written must not stop the work.
fn println_both(log: &mut impl std::io::Write, line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    let _ = writeln!(log, "{line}");
}
