//! A preview bundle's bytes, passed through as they come.

use bytes::Bytes;
use domain::{preview::bundle, problem::Problem, run::PREVIEW_SUFFIX};
use futures_util::StreamExt;
use http::{StatusCode, header};

use super::download;
use crate::{
    errors::{self, Thing},
    github::GitHub,
    ports::{Blobs, ByteStream, Fetched},
    settings::Settings,
};

/// The largest bundle that is passed on: the largest that the page would open. Real ones have well under 500 kB.
pub const MAX_BYTES: u64 = bundle::LARGEST as u64;

/// What a browser compares to know that it has these bytes: a number never comes again with other bytes.
pub fn etag(id: u64) -> String {
    format!("\"artifact-{id}\"")
}

/// The bundle.
pub async fn preview(
    settings: &Settings,
    github: &impl GitHub,
    blobs: &impl Blobs,
    id: u64,
) -> Result<ByteStream, Problem> {
    let thing = Thing::Artifact(id);
    let artifact =
        github.artifact(id).await.map_err(|e| errors::from_github(e, thing, &settings.repository))?;
    if !artifact.name.ends_with(PREVIEW_SUFFIX) {
        return Err(errors::not_found(format!("{thing} is not a preview: download it instead")));
    }
    if artifact.expired {
        return Err(errors::expired(thing));
    }
    if artifact.size_in_bytes > MAX_BYTES {
        return Err(oversized());
    }
    let address = download::location(settings, github, id).await?;
    let fetched = blobs.fetch(&address, None).await.map_err(|_| no_bytes())?;
    if fetched.status != StatusCode::OK {
        return Err(no_bytes());
    }
    if announced(&fetched).is_some_and(|bytes| bytes > MAX_BYTES) {
        return Err(oversized());
    }
    Ok(at_most(fetched.body, MAX_BYTES))
}

fn announced(fetched: &Fetched) -> Option<u64> {
    fetched.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Breaks off where more comes than was promised.
fn at_most(stream: ByteStream, limit: u64) -> ByteStream {
    let mut seen = 0_u64;
    let mut over = false;
    let mut counted = move |piece: Result<Bytes, String>| {
        let ended = over;
        let piece = piece.and_then(|bytes| {
            seen += bytes.len() as u64;
            if seen > limit {
                Err("the preview is larger than a preview may be".to_owned())
            } else {
                Ok(bytes)
            }
        });
        over = piece.is_err();
        futures_util::future::ready((!ended).then_some(piece))
    };
    stream.scan((), move |(), piece| counted(piece)).boxed_local()
}

fn oversized() -> Problem {
    let detail =
        format!("the preview is larger than {} kB, which no preview of Burstboard is", MAX_BYTES / 1_000);
    Problem::new(502, "too-large", "The preview is too large", detail)
}

fn no_bytes() -> Problem {
    Problem {
        retry_after: Some(5),
        ..errors::strange_answer("GitHub's store did not give the preview: try again")
    }
}
