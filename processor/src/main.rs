//! The command line: see `docs/interfaces.md`.

use std::{env, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use domain::{
    BurstId, GranuleName, Looks, Pair, Polarization,
    catalogue::CMR,
    launch::parse_polarization,
    network::{Rule, RuleError},
    timestamp::parse_day,
};
use processor::{
    engine::Choice,
    interferogram,
    pairs::{self, PairsError, transport::Http},
    preview,
};
use time::Date;

/// Makes interferograms of Sentinel-1 bursts inside a GitHub Actions job, and previews of them.
#[derive(Parser)]
#[command(name = "processor", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Chooses the pairs of a burst and writes them as a workflow's matrix.
    Pairs {
        /// Full burst identifier, such as 174_372326_IW3.
        #[arg(long)]
        burst: BurstId,
        /// VV or HH.
        #[arg(long, default_value = "VV", value_parser = parse_polarization)]
        polarization: Polarization,
        /// First day, YYYY-MM-DD; empty for the first there is.
        #[arg(long, default_value = "", value_parser = day, hide_default_value = true)]
        start: Day,
        /// Last day, YYYY-MM-DD; empty for the last there is.
        #[arg(long, default_value = "", value_parser = day, hide_default_value = true)]
        end: Day,
        /// Which dates are paired, as in the page's links: n3.d48.b200.j for three nearest dates within 48 days and 200 m,
        /// parts joined. Empty pairs each date with the next one.
        #[arg(long, default_value = "", value_parser = rule, hide_default_value = true)]
        rule: Rule,
        /// A JSON list of [reference, secondary]; nothing is searched for then. Empty for none.
        #[arg(long, default_value = "", hide_default_value = true)]
        pairs: String,
        /// Address of the catalogue.
        #[arg(long, env = "CATALOGUE_URL", default_value = CMR)]
        catalogue: String,
    },
    /// Runs the InSAR engine for one pair.
    Interferogram {
        /// The older acquisition, such as S1_136231_IW2_20200604T022312_VV_7C85-BURST.
        #[arg(long)]
        reference: GranuleName,
        /// The younger acquisition.
        #[arg(long)]
        secondary: GranuleName,
        /// Range by azimuth looks: 20x4, 10x2 or 5x1.
        #[arg(long, default_value = "20x4")]
        looks: Looks,
        /// Whether to mask water before unwrapping: true or false.
        #[arg(long, default_value = "false", action = clap::ArgAction::Set)]
        water_mask: bool,
        /// Folder for the product.
        #[arg(long)]
        out: PathBuf,
    },
    /// Makes the preview bundle of what `interferogram` left in a folder.
    Preview {
        /// The folder that `interferogram` wrote to, or a product's own folder.
        folder: PathBuf,
        /// Name of the pair, and of the bundle; without one the pair's two dates, such as 20180604_20180616.
        #[arg(long)]
        name: Option<String>,
        /// Folder for NAME.preview.zip and NAME.stac.json.
        #[arg(long)]
        out: PathBuf,
    },
}

/// A day that may be left empty: workflows hand over inputs that nobody filled in.
#[derive(Clone, Copy)]
struct Day(Option<Date>);

fn day(text: &str) -> Result<Day, String> {
    match text.trim() {
        "" => Ok(Day(None)),
        text => parse_day(text).map(|d| Day(Some(d))).ok_or_else(|| "write a day as YYYY-MM-DD".to_owned()),
    }
}

/// A rule that may be left empty, like a day.
fn rule(text: &str) -> Result<Rule, RuleError> {
    match text.trim() {
        "" => Ok(Rule::default()),
        text => text.parse(),
    }
}

/// What a command ends with: an exit code of the contract.
enum Failure {
    /// It ran and failed: 1.
    Failed(anyhow::Error),
    /// It was asked for something that cannot be: 2.
    Wrong(anyhow::Error),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    match run(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (code, error) = match failure {
                Failure::Failed(error) => (1, error),
                Failure::Wrong(error) => (2, error),
            };
            say(&format!("{error:#}"));
            ExitCode::from(code)
        }
    }
}

/// Help goes where people look for it; for wrong arguments the last line says once more what is wrong, without hints on
/// how to get help below it.
fn refuse(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    say(first.strip_prefix("error: ").unwrap_or(first));
    ExitCode::from(2)
}

/// The last line on stderr says why. On GitHub it also becomes an annotation of the run.
fn say(why: &str) {
    let line = why.replace(['\r', '\n'], " ");
    if env::var("GITHUB_ACTIONS").is_ok_and(|v| v == "true") {
        eprintln!("::error::{line}");
    }
    eprintln!("processor: {line}");
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Pairs { burst, polarization, start, end, rule, pairs, catalogue } => {
            let (start, end) = (start.0, end.0);
            let options =
                pairs::Options { burst, polarization, start, end, rule, pairs: Some(pairs), catalogue };
            let chosen = pairs::choose(&options, &Http::default()).map_err(|error| match error {
                PairsError::Arguments(_) => Failure::Wrong(error.into()),
                PairsError::Search(error) => Failure::Failed(error),
            })?;
            pairs::output::write(&options, &chosen).map_err(Failure::Failed)
        }
        Command::Interferogram { reference, secondary, looks, water_mask, out } => {
            let choice =
                Choice::from_environment(|name| env::var(name).ok()).map_err(|e| Failure::Wrong(e.into()))?;
            let pair = match Pair::new(reference.clone(), secondary.clone()) {
                Ok(pair) => pair,
                Err(error) => {
                    // Written down as well, so that the preview can say it.
                    let record =
                        interferogram::refused(reference, secondary, looks, water_mask, &error.to_string());
                    let _ = std::fs::create_dir_all(&out).map(|()| record.write(&out));
                    return Err(Failure::Wrong(error.into()));
                }
            };
            let options = interferogram::Options { pair, looks, water_mask, out };
            interferogram::run(&options, choice).map_err(Failure::Failed)
        }
        Command::Preview { folder, name, out } => {
            let made = preview::make(&folder, name.as_deref(), &out).map_err(Failure::Failed)?;
            eprintln!("{}", made.bundle.display());
            Ok(())
        }
    }
}
