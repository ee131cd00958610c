//! The stack as a table for people, as CSV and as JSON.

use std::fmt::Write as _;

use clap::ValueEnum;
use domain::{Platform, timestamp::day_text};
use serde_json::json;

use super::{Row, Table};

/// How the stack is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    Text,
    /// One line each; what is unknown is empty.
    Csv,
    /// One object; what is unknown is null.
    Json,
}

/// Writes the stack.
pub fn write(table: &Table, format: Format) -> String {
    match format {
        Format::Text => text(table),
        Format::Csv => csv(table),
        Format::Json => json(table),
    }
}

fn platform(row: &Row) -> Option<&str> {
    row.acquisition.platform.as_ref().map(Platform::short)
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| v.to_string())
}

fn text(table: &Table) -> String {
    let mut out = format!("{} in {}", table.burst, table.polarization);
    if let Some(reference) = &table.reference {
        let _ = write!(out, ", baselines to {}", day_text(reference.granule.date()));
    }
    out.push_str("\ndate        platform   orbit   days    B_perp     size  IPF     granule\n");
    for row in &table.rows {
        let a = &row.acquisition;
        let _ = writeln!(
            out,
            "{}  {:<8}  {:>6}  {:>5}  {:>8}  {:>7}  {:<6}  {}{}",
            day_text(a.granule.date()),
            platform(row).unwrap_or("-"),
            or_dash(a.orbit),
            or_dash(row.days),
            row.perpendicular.map_or_else(|| "unknown".to_owned(), |m| format!("{m:.0} m")),
            a.bytes.map_or_else(|| "-".to_owned(), |b| format!("{:.0} MB", b as f64 / 1e6)),
            a.ipf.as_deref().unwrap_or("-"),
            a.granule,
            row.refused.as_ref().map_or_else(String::new, |why| format!("  ({why})")),
        );
    }
    let days = table.rows.len();
    let _ = writeln!(out, "{days} acquisitions, {} gaps of more than 12 days", table.gaps.len());
    for gap in &table.gaps {
        let _ = writeln!(
            out,
            "gap {} to {}: {} days, {} passes flown",
            day_text(gap.from),
            day_text(gap.to),
            gap.days(),
            gap.flown
        );
    }
    for note in &table.notes {
        let _ = writeln!(out, "{note}");
    }
    out
}

fn csv(table: &Table) -> String {
    let mut out = String::from(
        "granule,date,start,platform,orbit,days,perpendicular_baseline_m,bytes,ipf,engine_refuses\n",
    );
    for row in &table.rows {
        let a = &row.acquisition;
        let cells = [
            a.granule.to_string(),
            day_text(a.granule.date()),
            a.start.to_string(),
            platform(row).unwrap_or_default().to_owned(),
            a.orbit.map(|n| n.to_string()).unwrap_or_default(),
            row.days.map(|n| n.to_string()).unwrap_or_default(),
            row.perpendicular.map(|m| format!("{m:.1}")).unwrap_or_default(),
            a.bytes.map(|n| n.to_string()).unwrap_or_default(),
            a.ipf.clone().unwrap_or_default(),
            row.refused.clone().unwrap_or_default(),
        ];
        out.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        out.push('\n');
    }
    out
}

/// A cell; platforms and versions are written by others and may hold anything.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn json(table: &Table) -> String {
    let acquisitions: Vec<_> = table
        .rows
        .iter()
        .map(|row| {
            let a = &row.acquisition;
            json!({
                "granule": a.granule, "start": a.start, "platform": a.platform, "orbit": a.orbit, "bytes": a.bytes,
                "ipf": a.ipf, "days": row.days, "engineRefuses": row.refused,
                "perpendicularBaselineMetres": row.perpendicular.map(|m| (m * 10.0).round() / 10.0),
            })
        })
        .collect();
    let gaps: Vec<_> = table
        .gaps
        .iter()
        .map(|gap| {
            json!({ "from": day_text(gap.from), "to": day_text(gap.to), "days": gap.days(), "passesFlown": gap.flown })
        })
        .collect();
    let all = json!({
        "burst": table.burst, "polarization": table.polarization,
        "reference": table.reference.as_ref().map(|r| &r.granule),
        "acquisitions": acquisitions, "gaps": gaps, "notes": table.notes,
    });
    format!("{all:#}\n")
}
