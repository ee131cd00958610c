//! The end of a job's log.

use bytes::Bytes;
use domain::{api::Log, problem::Problem};
use futures_util::StreamExt;
use http::{StatusCode, header};
use url::Url;

use super::{download, own_job};
use crate::{
    errors::{self, Thing},
    github::{GitHub, GitHubError},
    ports::{Blobs, ByteStream, Fetched},
    settings::Settings,
};

/// How much of a log is shown.
const SHOWN: usize = 65_536;
/// How much is read at most from a store that cannot give the end alone.
const READ_AT_MOST: usize = 20_000_000;

/// The last 64 kB of a job's log as plain lines.
pub async fn log(
    settings: &Settings,
    github: &impl GitHub,
    blobs: &impl Blobs,
    run: u64,
    job: u64,
) -> Result<Log, Problem> {
    let known = own_job(settings, github, run, job).await?;
    let location = github.log_location(job).await.map_err(|error| match error {
        GitHubError::NotFound | GitHubError::Gone if known.status == "completed" => errors::not_found(
            format!("GitHub has no log of the job {job}: it did not start, or its log was deleted"),
        ),
        GitHubError::NotFound => {
            let detail = format!("the log of the job {job} comes when the job has ended: look again then");
            Problem { retry_after: Some(10), ..errors::not_found(detail) }
        }
        other => errors::from_github(other, Thing::Job(job), &settings.repository),
    })?;
    let tail = tail(blobs, &download::checked(settings, &location)?).await?;
    Ok(Log { text: plain_lines(&tail.bytes, tail.cut), cut: tail.cut })
}

/// The end of something.
struct Tail {
    bytes: Vec<u8>,
    cut: bool,
}

/// Azure's stores do not document `bytes=-n`. So the first piece is asked for, whose `Content-Range` tells the whole
/// length, and then the last piece, if that is another one.
async fn tail(blobs: &impl Blobs, address: &Url) -> Result<Tail, Problem> {
    let first = fetch(blobs, address, &format!("bytes=0-{}", SHOWN - 1)).await?;
    if first.status == StatusCode::RANGE_NOT_SATISFIABLE {
        return Ok(Tail { bytes: Vec::new(), cut: false });
    }
    let total = whole_length(&first);
    match total.filter(|total| first.status == StatusCode::PARTIAL_CONTENT && *total > SHOWN) {
        Some(total) => {
            drop(first);
            let last = fetch(blobs, address, &format!("bytes={}-{}", total - SHOWN, total - 1)).await?;
            let end = read_end(last.body).await?;
            Ok(Tail { cut: true, ..end })
        }
        None => read_end(first.body).await,
    }
}

async fn fetch(blobs: &impl Blobs, address: &Url, range: &str) -> Result<Fetched, Problem> {
    let fetched = blobs.fetch(address, Some(range)).await.map_err(|_| no_bytes())?;
    let good = [StatusCode::OK, StatusCode::PARTIAL_CONTENT, StatusCode::RANGE_NOT_SATISFIABLE];
    if good.contains(&fetched.status) { Ok(fetched) } else { Err(no_bytes()) }
}

fn whole_length(fetched: &Fetched) -> Option<usize> {
    fetched.headers.get(header::CONTENT_RANGE)?.to_str().ok()?.rsplit_once('/')?.1.trim().parse().ok()
}

/// Reads to the end and keeps what is shown.
async fn read_end(mut stream: ByteStream) -> Result<Tail, Problem> {
    let mut kept: Vec<u8> = Vec::new();
    let mut seen = 0;
    while let Some(piece) = stream.next().await {
        let piece: Bytes = piece.map_err(|_| no_bytes())?;
        seen += piece.len();
        kept.extend_from_slice(&piece);
        // Cut now and then rather than at each piece, so that a long log is not moved over and over.
        if kept.len() > 4 * SHOWN {
            kept.drain(..kept.len() - SHOWN);
        }
        if seen > READ_AT_MOST {
            break;
        }
    }
    kept.drain(..kept.len().saturating_sub(SHOWN));
    Ok(Tail { cut: seen > kept.len(), bytes: kept })
}

fn no_bytes() -> Problem {
    Problem {
        retry_after: Some(5),
        ..errors::strange_answer("GitHub's store did not give the log: try again")
    }
}

/// Lines without GitHub's time stamps and without colour codes; the first of a cut log is a fragment and is left out.
fn plain_lines(bytes: &[u8], cut: bool) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let whole = if cut { text.split_once('\n').map_or("", |(_, rest)| rest) } else { text };
    let mut plain = String::with_capacity(whole.len());
    for line in whole.lines() {
        plain.push_str(&without_colours(without_time(line)));
        plain.push('\n');
    }
    plain
}

/// Without `2026-11-23T20:11:23.1234567Z ` in front.
fn without_time(line: &str) -> &str {
    let Some((stamp, rest)) = line.split_once(' ') else {
        return if is_time(line) { "" } else { line };
    };
    if is_time(stamp) { rest } else { line }
}

fn is_time(word: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'.',
        _ => byte.is_ascii_digit(),
    };
    let Some(digits) = word.strip_suffix('Z') else { return false };
    digits.len() >= 19 && digits.bytes().enumerate().all(shape)
}

/// Without terminal control sequences such as `ESC [36;1m`.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' && chars.peek() == Some(&'[') {
            chars.next();
            while chars.next().is_some_and(|c| !('@'..='~').contains(&c)) {}
        } else if !c.is_control() || c == '\t' {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_their_stamps_and_colours_only() {
        let raw = "\u{feff}2026-11-23T20:11:23.1234567Z ##[group]Run\r\n2026-11-23T20:11:23.1234567Z \u{1b}[36;1mgo\u{1b}[0m 2018-06-04\n\
                   2026-11-23T20:11:24.0000000Z\nno stamp here\n2026-11-23 only a day";
        assert_eq!(
            plain_lines(raw.as_bytes(), false),
            "##[group]Run\ngo 2018-06-04\n\nno stamp here\n2026-11-23 only a day\n"
        );
    }

    #[test]
    fn the_fragment_in_front_of_a_cut_log_is_left_out() {
        assert_eq!(plain_lines(b"agment\n2026-11-23T20:11:23.1234567Z whole\n", true), "whole\n");
        assert_eq!(plain_lines(b"one endless line", true), "");
        assert_eq!(plain_lines(&[0xff, b'\n'], false), "\u{fffd}\n");
    }
}
