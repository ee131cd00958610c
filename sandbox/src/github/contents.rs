//! Files of the repository: those of the workflows, as the working tree has them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::{App, door::Caller, error::GithubError, shapes::Shapes};
use crate::workflow::document::FOLDER;

/// GitHub gives no content of files beyond this; no workflow is.
const MOST_BYTES: usize = 1 << 20;
/// GitHub breaks its base64 into lines, which readers have to join.
const LINE: usize = 60;

/// Which state of the file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Which {
    #[serde(rename = "ref")]
    reference: Option<String>,
}

pub(crate) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(path): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<Value>, GithubError> {
    let checkout = app.engine.checkout();
    let reference = which.reference.unwrap_or_else(|| "main".to_owned());
    if checkout.branch(&reference).is_none() && reference != checkout.sha() {
        let message = format!("No commit found for the ref {reference}");
        return Err(GithubError::new(StatusCode::NOT_FOUND, message));
    }
    let name = workflow_file(&path).ok_or_else(GithubError::not_found)?;
    let place = checkout.folder().join(FOLDER).join(name);
    // A link could lead out of the repository.
    let plain = std::fs::symlink_metadata(&place).is_ok_and(|about| about.is_file());
    let bytes = Some(place).filter(|_| plain).and_then(|place| std::fs::read(place).ok());
    let bytes = bytes.filter(|bytes| bytes.len() <= MOST_BYTES).ok_or_else(GithubError::not_found)?;
    Ok(Json(file(&Shapes::new(&app, &caller), name, &reference, &bytes)))
}

/// The name of a file right below the workflows' folder.
fn workflow_file(path: &str) -> Option<&str> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?;
    let known = [".yml", ".yaml"].iter().any(|end| name.ends_with(end));
    (known && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])).then_some(name)
}

/// `content-file`
fn file(shapes: &Shapes<'_>, name: &str, reference: &str, bytes: &[u8]) -> Value {
    let sha = blob_id(bytes);
    let url = format!("{}/contents/{FOLDER}/{name}?ref={reference}", shapes.repository_url());
    let git = format!("{}/git/blobs/{sha}", shapes.repository_url());
    let html = format!("{}/blob/{reference}/{FOLDER}/{name}", shapes.html_url());
    json!({
        "type": "file", "encoding": "base64", "size": bytes.len(), "name": name, "path": format!("{FOLDER}/{name}"),
        "content": lines(&STANDARD.encode(bytes)), "sha": sha, "url": url, "git_url": git, "html_url": html,
        "download_url": null, "_links": {"self": url, "git": git, "html": html},
    })
}

/// The id that git gives to these bytes.
fn blob_id(bytes: &[u8]) -> String {
    let hash = Sha1::new().chain_update(format!("blob {}\0", bytes.len())).chain_update(bytes);
    hex::encode(hash.finalize())
}

fn lines(text: &str) -> String {
    text.as_bytes().chunks(LINE).fold(String::new(), |all, line| all + &String::from_utf8_lossy(line) + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_workflows_are_given() {
        assert_eq!(workflow_file(".github/workflows/a.yml"), Some("a.yml"));
        for no in [
            "Cargo.toml",
            ".github/workflows",
            ".github/workflows/",
            ".github/workflows/../secret.yml",
            ".github/workflows/..%2fsecret.yml/x.yml",
            ".github/workflows/.hidden.yml",
            ".github/workflows/secret.txt",
            ".github/workflowsx/a.yml",
        ] {
            assert_eq!(workflow_file(no), None, "{no}");
        }
    }

    #[test]
    fn ids_are_gits_and_base64_comes_in_lines() {
        assert_eq!(blob_id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(lines(&"a".repeat(61)), format!("{}\na\n", "a".repeat(60)));
    }
}
