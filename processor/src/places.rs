//! `processor bursts` and `processor footprint`: where bursts lie, from their identifiers alone.

use std::fmt::Write as _;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use domain::{
    Area, BurstId, Footprint,
    area::Cover,
    coverage::{ViewBox, covering, in_view},
};
use serde_json::{Value, json};

/// The most bursts that a box may have: a seventh of all there are.
const MOST: usize = 150_000;

/// How places are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Text,
    /// One line each, for spreadsheets and scripts; the outline as WKT.
    Csv,
    /// A collection of features, for maps.
    Geojson,
}

/// What was asked about.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Longitude and latitude in degrees.
    At([f64; 2]),
    /// A box.
    Box(ViewBox),
    /// A polygon.
    Area(Area),
}

/// Reads `LON,LAT`.
///
/// # Errors
/// With a sentence that says what to change.
pub fn parse_place(text: &str) -> Result<[f64; 2], String> {
    let [longitude, latitude] =
        numbers(text).ok_or("write longitude and latitude in degrees, such as -135.75,57.05")?;
    match (longitude.abs() <= 360.0, latitude.abs() <= 90.0) {
        (true, true) => Ok([longitude, latitude]),
        (true, false) => Err(format!(
            "latitude {latitude} does not exist: write longitude first, then latitude from -90 to 90"
        )),
        (false, _) => Err(format!("longitude {longitude} does not exist: write it from -180 to 180")),
    }
}

/// Reads `W,S,E,N`.
///
/// # Errors
/// With a sentence that says what to change.
pub fn parse_box(text: &str) -> Result<ViewBox, String> {
    let [west, south, east, north] =
        numbers(text).ok_or("write west, south, east and north in degrees, such as -136,57,-135.5,57.2")?;
    if [west, east].iter().any(|x| x.abs() > 360.0) {
        return Err("the box's longitudes do not exist: write them from -180 to 180".to_owned());
    }
    ViewBox::new(west, south, east, north).map_err(|e| e.to_string())
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let all: Option<Vec<f64>> = text.split(',').map(domain::decimal::parse).collect();
    all?.try_into().ok()
}

/// The bursts that a question is about: at a place the one that has it nearest to its middle first, of an area the one
/// that covers most of it first, in a box by identifier.
///
/// # Errors
/// Where there are too many, or none.
pub fn bursts(question: &Question) -> Result<Vec<Cover>> {
    let whole = |footprint| Cover { footprint, share: 1.0 };
    let found: Vec<Cover> = match question {
        Question::At(place) => covering(*place).into_iter().map(whole).collect(),
        Question::Area(area) => area.covers()?,
        Question::Box(view) => {
            let mut found: Vec<Footprint> = in_view(*view).take(MOST + 1).collect();
            ensure!(found.len() <= MOST, "the box has more than {MOST} bursts: make it smaller");
            found.sort_by_key(|footprint| footprint.burst);
            found.into_iter().map(whole).collect()
        }
    };
    ensure!(
        !found.is_empty(),
        "no Sentinel-1 IW burst lies there: the orbit ends near 87 degrees north and 79 south"
    );
    Ok(found)
}

/// The place of one burst.
pub fn footprint(burst: BurstId) -> Vec<Cover> {
    vec![Cover { footprint: Footprint::of(burst), share: 1.0 }]
}

/// Writes bursts; shares only where they tell something.
pub fn write(covers: &[Cover], format: Format) -> String {
    match format {
        Format::Text => text(covers),
        Format::Csv => csv(covers),
        Format::Geojson => geojson(covers),
    }
}

fn text(covers: &[Cover]) -> String {
    let shares = covers.iter().any(|c| c.share < 1.0);
    let mut out = String::from("burst           track  pass        centre (lon, lat)");
    out.push_str(if shares { "      share\n" } else { "\n" });
    for Cover { footprint: f, share } in covers {
        let [x, y] = f.centre;
        let share = if shares { format!("  {:>6.1} %", share * 100.0) } else { String::new() };
        let _ = writeln!(
            out,
            "{}  {:>5}  {:<10}  {x:>9.4}, {y:>8.4}{share}",
            f.burst,
            f.burst.track(),
            f.pass.word()
        );
    }
    out
}

fn csv(covers: &[Cover]) -> String {
    let mut out = String::from("burst,track,number,subswath,pass,longitude,latitude,share,outline\n");
    for Cover { footprint: f, share } in covers {
        let corners: Vec<String> = f.outline.iter().map(|[x, y]| format!("{x:.6} {y:.6}")).collect();
        let (burst, [x, y]) = (f.burst, f.centre);
        let _ = writeln!(
            out,
            "{burst},{},{},{},{},{x:.6},{y:.6},{share:.4},\"POLYGON(({}))\"",
            burst.track(),
            burst.number(),
            burst.subswath(),
            f.pass.word(),
            corners.join(",")
        );
    }
    out
}

/// RFC 7946; an outline on the antimeridian goes on beyond 180 degrees, as the map tools of the field draw it.
fn geojson(covers: &[Cover]) -> String {
    let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let features: Vec<Value> = covers
        .iter()
        .map(|Cover { footprint: f, share }| {
            let ring: Vec<[f64; 2]> = f.outline.iter().map(|p| p.map(round)).collect();
            json!({
                "type": "Feature",
                "id": f.burst,
                "geometry": { "type": "Polygon", "coordinates": [ring] },
                "properties": {
                    "burst": f.burst, "track": f.burst.track(), "number": f.burst.number(),
                    "subswath": f.burst.subswath(), "pass": f.pass, "share": share,
                    "centre": f.centre.map(round),
                },
            })
        })
        .collect();
    format!("{}\n", json!({ "type": "FeatureCollection", "features": features }))
}
