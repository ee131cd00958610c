//! The command line: see `docs/interfaces.md`.

use std::{
    env,
    io::{ErrorKind, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use domain::{
    Area, BurstId, Bursts, GranuleName, Looks, Pair, Polarization,
    catalogue::CMR,
    coverage::ViewBox,
    launch::parse_polarization,
    network::{Rule, RuleError},
    timestamp::parse_day,
};
use processor::{
    engine::Choice,
    interferogram,
    pairs::{self, PairsError, transport::Http},
    places::{self, Question},
    preview, stack,
};
use time::Date;

/// Makes interferograms of Sentinel-1 bursts inside a GitHub Actions job, and previews of them; says where bursts lie
/// and what there is of them.
#[derive(Parser)]
#[command(name = "processor", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Chooses the pairs of a burst, or of neighbouring ones, and writes them as a workflow's matrix.
    Pairs {
        /// Full burst identifier, such as 174_372326_IW3, or several with spaces between: the first one's dates are
        /// paired, in all of them.
        #[arg(long)]
        burst: Bursts,
        /// VV or HH.
        #[arg(long, default_value = "VV", value_parser = parse_polarization)]
        polarization: Polarization,
        /// Looks, which are part of the names where there are several bursts.
        #[arg(long, default_value = "20x4")]
        looks: Looks,
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
    /// Lists the bursts that cover a place, an area or a box; computed, nothing is asked for.
    Bursts {
        /// LON,LAT in degrees: the bursts that cover the place, the most central one first.
        #[arg(long, value_parser = places::parse_place, allow_hyphen_values = true, group = "where")]
        at: Option<Place>,
        /// W,S,E,N in degrees: the bursts in a box, which may cross the antimeridian.
        #[arg(long, value_parser = places::parse_box, allow_hyphen_values = true, group = "where")]
        bbox: Option<ViewBox>,
        /// A polygon as WKT or GeoJSON, or a file with one: the bursts that cover it, those with most of it first.
        #[arg(long, value_parser = area, group = "where")]
        area: Option<Area>,
        /// text, csv or geojson.
        #[arg(long, default_value = "text")]
        format: places::Format,
    },
    /// Prints where a burst lies; computed, nothing is asked for.
    Footprint {
        /// Full burst identifier, such as 174_372326_IW3.
        burst: BurstId,
        /// text, csv or geojson.
        #[arg(long, default_value = "text")]
        format: places::Format,
    },
    /// Prints the acquisitions of a burst with their baselines.
    Stack {
        /// Full burst identifier, such as 174_372326_IW3.
        burst: BurstId,
        /// VV, HH, VH or HV; without one the co-polarization with most acquisitions.
        #[arg(long, value_parser = any_polarization)]
        pol: Option<Polarization>,
        /// First day, YYYY-MM-DD.
        #[arg(long, default_value = "", value_parser = day, hide_default_value = true)]
        start: Day,
        /// Last day, YYYY-MM-DD.
        #[arg(long, default_value = "", value_parser = day, hide_default_value = true)]
        end: Day,
        /// The day that baselines are measured to; without one the first with an orbit state.
        #[arg(long, default_value = "", value_parser = day, hide_default_value = true)]
        reference: Day,
        /// A saved answer in place of asking: a page of CMR, ASF's geojson or jsonlite2, or a list of records. Several
        /// are read as the pages of one search.
        #[arg(long)]
        from: Vec<PathBuf>,
        /// text, csv or json.
        #[arg(long, default_value = "text")]
        format: stack::output::Format,
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

/// Longitude and latitude in degrees.
type Place = [f64; 2];

/// An area as it is, or a file that holds one.
fn area(text: &str) -> Result<Area, String> {
    let looks_like_one = text.contains(['(', '{']);
    let read = |path: &str| std::fs::read_to_string(path).map_err(|e| format!("{path} cannot be read: {e}"));
    let text = if looks_like_one { text.to_owned() } else { read(text)? };
    text.parse().map_err(|e: domain::area::AreaError| e.to_string())
}

fn any_polarization(text: &str) -> Result<Polarization, String> {
    Polarization::parse(text).ok_or_else(|| format!("\"{text}\" is no polarization: it is VV, HH, VH or HV"))
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
        Command::Pairs { burst, polarization, looks, start, end, rule, pairs, catalogue } => {
            let (bursts, start, end, pairs) = (burst, start.0, end.0, Some(pairs));
            let options = pairs::Options { bursts, polarization, looks, start, end, rule, pairs, catalogue };
            let chosen = pairs::choose(&options, &Http::default()).map_err(|error| match error {
                PairsError::Arguments(_) => Failure::Wrong(error.into()),
                PairsError::Search(error) => Failure::Failed(error),
            })?;
            pairs::output::write(&options, &chosen).map_err(Failure::Failed)
        }
        Command::Bursts { at, bbox, area, format } => {
            let question = match (at, bbox, area) {
                (Some(place), ..) => Question::At(place),
                (_, Some(view), _) => Question::Box(view),
                (.., Some(area)) => Question::Area(area),
                (None, None, None) => {
                    let sentence = "say where: --at LON,LAT, --bbox W,S,E,N or --area POLYGON";
                    return Err(Failure::Wrong(anyhow::anyhow!(sentence)));
                }
            };
            print(&places::write(&places::bursts(&question).map_err(Failure::Failed)?, format))
        }
        Command::Footprint { burst, format } => print(&places::write(&places::footprint(burst), format)),
        Command::Stack { burst, pol, start, end, reference, from, format, catalogue } => {
            let (polarization, start, end, reference) = (pol, start.0, end.0, reference.0);
            if let (Some(start), Some(end)) = (start, end)
                && start > end
            {
                let sentence = format!("the first day, {start}, is after the last, {end}: swap them");
                return Err(Failure::Wrong(anyhow::anyhow!(sentence)));
            }
            let options = stack::Options { burst, polarization, start, end, reference, from, catalogue };
            let table = stack::make(&options, &Http::default()).map_err(Failure::Failed)?;
            print(&stack::output::write(&table, format))
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

/// Writes a result to stdout; a reader who has seen enough, such as `head`, is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Failed(anyhow::Error::new(error).context("cannot write to stdout")))
        }
        _ => Ok(()),
    }
}
