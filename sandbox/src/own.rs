//! The sandbox's own routes, which GitHub does not have: uploads from jobs here, and what `controls` offers.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::put,
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use crate::{
    artifact_name, clock, controls,
    github::App,
    runner::Uploader,
    store::{ArtifactFilter, NewArtifact, StoreError},
};

/// What comes with an upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Upload {
    /// Name of the artifact.
    pub name: String,
    /// Name of the file that a browser saves.
    pub file: String,
    /// Media type.
    pub media: String,
    /// Days until it expires.
    pub days: i64,
    /// The artifact of this name is deleted before.
    pub replaces: Option<String>,
}

/// The answer to an upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Uploaded {
    /// The new artifact.
    pub id: i64,
    /// Its SHA-256.
    pub digest: String,
}

/// The routes, below `/sandbox`.
pub fn routes(app: Arc<App>) -> Router {
    Router::new().route("/sandbox/artifacts", put(upload)).merge(controls::routes()).with_state(app)
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

pub(crate) fn no(status: StatusCode, sentence: impl Into<String>) -> Response {
    (status, Json(json!({"message": sentence.into()}))).into_response()
}

async fn upload(
    State(app): State<Arc<App>>,
    Query(upload): Query<Upload>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(uploader) = bearer(&headers).and_then(|token| app.engine.uploader(token)) else {
        return no(StatusCode::UNAUTHORIZED, "Only a job that is running can upload artifacts.");
    };
    for name in [&upload.name, &upload.file] {
        if let Err(e) = artifact_name::check(name) {
            return no(StatusCode::BAD_REQUEST, e.to_string());
        }
    }
    match take(&app, uploader, upload, body).await {
        Ok(Some(uploaded)) => (StatusCode::CREATED, Json(uploaded)).into_response(),
        Ok(None) => no(StatusCode::CONFLICT, "an artifact with this name already exists on the workflow run"),
        Err(e) => {
            eprintln!("sandbox: {e}");
            no(StatusCode::INTERNAL_SERVER_ERROR, "The sandbox could not keep the artifact.")
        }
    }
}

/// Stores the blob, then lists the artifact: nobody sees a half one.
async fn take(
    app: &App,
    uploader: Uploader,
    upload: Upload,
    body: Body,
) -> Result<Option<Uploaded>, StoreError> {
    let blob = hex::encode(rand::random::<[u8; 16]>());
    let path = app.store.blob_path(&blob);
    let (digest, bytes) = match receive(&path, body).await {
        Ok(received) => received,
        Err(e) => {
            tokio::fs::remove_file(&path).await.ok();
            return Err(e);
        }
    };
    if let Some(name) = upload.replaces {
        let filter = ArtifactFilter { run: Some(uploader.run), name: Some(name), ascending: false };
        for old in app.store.artifacts(&filter, 0, i64::MAX)?.1 {
            app.store.delete_artifact(old.id)?;
        }
    }
    let added = app.store.add_artifact(&NewArtifact {
        run: uploader.run,
        job: uploader.job,
        name: upload.name,
        file: upload.file,
        media: upload.media,
        bytes,
        digest: digest.clone(),
        blob,
        expires: clock::now() + upload.days.clamp(1, 90) * 86_400_000,
    })?;
    if added.is_none() {
        tokio::fs::remove_file(&path).await?;
    }
    Ok(added.map(|artifact| Uploaded { id: artifact.id, digest }))
}

/// Writes the body to `path`; gives its SHA-256 and its size.
async fn receive(path: &std::path::Path, body: Body) -> Result<(String, i64), StoreError> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut stream = body.into_data_stream();
    let (mut hash, mut bytes) = (Sha256::new(), 0i64);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(std::io::Error::other)?;
        hash.update(&piece);
        bytes += i64::try_from(piece.len()).unwrap_or(0);
        file.write_all(&piece).await?;
    }
    file.flush().await?;
    Ok((hex::encode(hash.finalize()), bytes))
}
