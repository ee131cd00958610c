//! Hands the pairs on: as a matrix to the workflow, as a table to people.

use std::{env, fs::OpenOptions, io::Write as _};

use anyhow::{Context as _, Result};
use domain::{JobName, Pair, timestamp::day_text};
use serde_json::json;

use super::{Chosen, Options};

/// The matrix of a workflow: `{"include":[{"name","reference","secondary"},…]}`.
pub fn matrix(pairs: &[(JobName, Pair)]) -> String {
    let legs: Vec<_> = pairs
        .iter()
        .map(|(name, pair)| {
            json!({
                "name": name.to_string(),
                "reference": pair.reference(),
                "secondary": pair.secondary(),
            })
        })
        .collect();
    json!({ "include": legs }).to_string()
}

/// A table for the terminal, and as Markdown for the run's summary.
pub fn table(pairs: &[(JobName, Pair)], markdown: bool) -> String {
    // As wide as the longest name.
    let width = pairs.iter().map(|(name, _)| name.to_string().len()).max().unwrap_or_default();
    let rows = pairs.iter().map(|(name, pair)| {
        let days = [pair.reference(), pair.secondary()].map(|g| day_text(g.date()));
        if markdown {
            format!("\n| {name} | {} | {} | {} |", days[0], days[1], pair.days())
        } else {
            format!("\n{:<width$}  {}  {}  {:>4}", name.to_string(), days[0], days[1], pair.days())
        }
    });
    let head = if markdown {
        "| pair | reference | secondary | days |\n|---|---|---|---:|".to_owned()
    } else {
        format!("{:<width$}  reference   secondary   days", "pair")
    };
    std::iter::once(head).chain(rows).collect::<String>() + "\n"
}

/// Writes everything to where a job expects it.
///
/// # Errors
/// When GitHub's files cannot be written.
pub fn write(options: &Options, chosen: &Chosen) -> Result<()> {
    let mut out = std::io::stdout().lock();
    write!(out, "{}", table(&chosen.pairs, false)).context("cannot write to stdout")?;
    for note in &chosen.notes {
        // An annotation on GitHub, a readable line elsewhere.
        let mark = if note.starts_with("The catalogue announced") { "::warning::" } else { "" };
        writeln!(out, "{mark}{note}").context("cannot write to stdout")?;
    }
    append("GITHUB_OUTPUT", &format!("matrix={}\ncount={}\n", matrix(&chosen.pairs), chosen.pairs.len()))?;
    let notes: String = chosen.notes.iter().map(|note| format!("- {note}\n")).collect();
    let title = format!("### {} pairs of {}\n\n", chosen.pairs.len(), options.bursts);
    append("GITHUB_STEP_SUMMARY", &format!("{title}{}\n{notes}", table(&chosen.pairs, true)))
}

/// Appends to the file that a variable names; nothing where it is not set, as outside of Actions.
fn append(variable: &str, text: &str) -> Result<()> {
    let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write the file that {variable} names"))
}
