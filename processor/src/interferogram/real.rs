//! The real engine as a job sees it: started up to three times where a download failed.

use std::{env, fs, io::Write as _, os::unix::fs::MetadataExt as _, path::Path, thread, time::Duration};

use anyhow::{Context as _, Result};
use domain::{engine, preview::manifest::EngineInfo};

use super::{Work, is_product};
use crate::{
    engine::{
        Choice, Request,
        classify::{Failure, classify},
        command::{self, CommandLine, PROFILE},
        run::{Ended, Run},
    },
    job,
};

/// How often the engine is started where a failure may pass.
const ATTEMPTS: u32 = 3;
/// Seconds to wait before the second attempt; the third waits four times as long.
const WAIT: &str = "BURSTBOARD_RETRY_SECONDS";
/// Minutes that one attempt may take. The workflow ends a job after 90 without a word: be earlier, and say why.
const LIMIT: &str = "INSAR_TIMEOUT_MINUTES";
const LIMIT_MINUTES: f64 = 80.0;
/// The engine's credentials.
const CREDENTIALS: [&str; 2] = ["EARTHDATA_USERNAME", "EARTHDATA_PASSWORD"];

pub(super) fn run(request: &Request, out: &Path, choice: Choice) -> Result<Work> {
    let engine = EngineInfo {
        name: engine::NAME.to_owned(),
        version: engine::VERSION.to_owned(),
        simulated: false,
        flaws: vec![],
    };
    let mut work = Work { engine, result: Err(missing_credentials()), attempts: 0, peak_memory: None };
    if !has_credentials(choice) {
        note(out, "Earthdata credentials are missing: the engine was not started.");
        return Ok(work);
    }
    let wait = number(WAIT, 30.0);
    for attempt in 1..=ATTEMPTS {
        work.attempts = attempt;
        note(out, &format!("Attempt {attempt} of {ATTEMPTS} with {} {}", engine::NAME, engine::VERSION));
        let (result, peak) = once(request, out, choice)?;
        work.peak_memory = work.peak_memory.max(peak);
        let passing = result.as_ref().is_err_and(|failure| failure.passing);
        work.result = result;
        if !passing || attempt == ATTEMPTS {
            break;
        }
        let seconds = wait * f64::from(4u32.pow(attempt - 1));
        note(out, &format!("This may pass: trying again in {seconds} s"));
        thread::sleep(Duration::from_secs_f64(seconds));
    }
    Ok(work)
}

/// One attempt in a fresh folder, so that a broken download is never taken for a good one.
fn once(request: &Request, out: &Path, choice: Choice) -> Result<(Result<String, Failure>, Option<u64>)> {
    let work = out.join("engine-work");
    let id = command::id_file(&work);
    remove(&work)?;
    let _ = fs::remove_file(&id);
    fs::create_dir_all(&work).with_context(|| format!("cannot make the folder {}", work.display()))?;
    let name = format!("burstboard-{}", std::process::id());
    let (line, container) = match choice {
        Choice::Container => {
            fs::write(work.join(".profile"), PROFILE).context("cannot write the container's profile")?;
            let owner = fs::metadata(&work).context("cannot read the work folder")?;
            let user = format!("{}:{}", owner.uid(), owner.gid());
            (command::container(request, &work, &name, &user), Some((name, id.clone())))
        }
        Choice::Local | Choice::Simulated => (command::local(request, &work), None),
    };
    let ended = start(&line, out, container);
    let result = match ended {
        Ok(ended) => {
            let peak = ended.peak_memory;
            (judge(&ended, &work, out)?, peak)
        }
        Err(error) => (Err(not_started(&error, &line)), None),
    };
    remove(&work)?;
    let _ = fs::remove_file(&id);
    Ok(result)
}

fn start(line: &CommandLine, out: &Path, container: Option<(String, std::path::PathBuf)>) -> Result<Ended> {
    let hidden: Vec<String> = CREDENTIALS.iter().filter_map(|name| env::var(name).ok()).collect();
    let limit = Duration::from_secs_f64(number(LIMIT, LIMIT_MINUTES) * 60.0);
    Run { line, log: &out.join(job::LOG), limit, container, hidden: &hidden }.to_end()
}

/// What came of an attempt; a product is moved out of the work folder.
fn judge(ended: &Ended, work: &Path, out: &Path) -> Result<Result<String, Failure>> {
    if ended.overdue {
        let minutes = number(LIMIT, LIMIT_MINUTES);
        return Ok(Err(Failure {
            reason: format!("The engine took longer than {minutes} minutes and was ended."),
            hint: Some(format!("Choose more looks, or set {LIMIT} to a larger number.")),
            passing: false,
        }));
    }
    if ended.code != Some(0) {
        return Ok(Err(classify(&ended.tail, ended.code)));
    }
    let entries = fs::read_dir(work).context("cannot read the engine's folder")?;
    let product = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find(|name| is_product(name));
    let Some(product) = product else {
        return Ok(Err(Failure {
            reason: "The engine ended without an error, but left no product.".to_owned(),
            hint: Some("Read the log.".to_owned()),
            passing: false,
        }));
    };
    let target = out.join(&product);
    remove(&target)?;
    fs::rename(work.join(&product), &target).context("cannot move the product to its place")?;
    Ok(Ok(product))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// A line of ours in the engine's log. A log that cannot be written is found out by the engine's own run.
fn note(out: &Path, line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{line}");
    let log = fs::OpenOptions::new().create(true).append(true).open(out.join(job::LOG));
    let _ = log.and_then(|mut log| writeln!(log, "{line}"));
}

/// Whether the engine can log in: the container by the environment only, an installed one by `.netrc` as well.
fn has_credentials(choice: Choice) -> bool {
    let named = CREDENTIALS.iter().all(|name| env::var(name).is_ok_and(|value| !value.trim().is_empty()));
    let netrc = || env::home_dir().is_some_and(|home| home.join(".netrc").exists());
    named || (choice == Choice::Local && netrc())
}

fn missing_credentials() -> Failure {
    Failure {
        reason: "There is no Earthdata login to download the acquisitions with.".to_owned(),
        hint: Some(
            "Set EARTHDATA_USERNAME and EARTHDATA_PASSWORD as secrets of the repository (a free account of \
             urs.earthdata.nasa.gov)."
                .to_owned(),
        ),
        passing: false,
    }
}

fn not_started(error: &anyhow::Error, line: &CommandLine) -> Failure {
    Failure {
        reason: format!("The engine could not be started: {error:#}."),
        hint: Some(match line.program.as_str() {
            "docker" => "Install Docker, or set INSAR_ENGINE=local with hyp3-isce2 installed.".to_owned(),
            program => format!("Put a {program} with hyp3-isce2 {} on the PATH.", engine::VERSION),
        }),
        passing: false,
    }
}

/// A number from the environment that is not below zero, or what it is otherwise.
fn number(name: &str, otherwise: f64) -> f64 {
    let given = env::var(name).ok().and_then(|text| text.trim().parse::<f64>().ok());
    given.filter(|n| n.is_finite() && *n >= 0.0).unwrap_or(otherwise).min(1e6)
}
