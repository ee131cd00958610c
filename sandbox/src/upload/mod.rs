//! `sandbox upload-artifact`: what the stand-in for `actions/upload-artifact` does, with that action's rules.

mod find;
mod pack;

use std::{io::Write, path::PathBuf};

use anyhow::{Context, bail};
use clap::{ArgAction, ValueEnum};

use crate::own::{Upload, Uploaded};

/// What to do where no file fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IfNone {
    /// Say so.
    Warn,
    /// Fail.
    Error,
    /// Nothing.
    Ignore,
}

/// The action's inputs, each in a variable of its own.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Name of the artifact.
    #[arg(long, env = "ARTIFACT_NAME")]
    name: String,
    /// Patterns, one a line; `!` excludes.
    #[arg(long, env = "ARTIFACT_PATH")]
    path: String,
    /// What to do where no file fits.
    #[arg(long, env = "ARTIFACT_IF_NO_FILES_FOUND", value_enum, default_value = "warn")]
    if_no_files_found: IfNone,
    /// Days until it expires; 0 means the default.
    #[arg(long, env = "ARTIFACT_RETENTION_DAYS", default_value_t = 0)]
    retention_days: i64,
    /// 0 stores, 9 packs tightest.
    #[arg(long, env = "ARTIFACT_COMPRESSION_LEVEL", default_value_t = 6)]
    compression_level: u8,
    /// Whether an artifact of the same name is replaced.
    #[arg(long, env = "ARTIFACT_OVERWRITE", default_value_t = false, action = ArgAction::Set)]
    overwrite: bool,
    /// Whether files whose name begins with a dot are taken.
    #[arg(long, env = "ARTIFACT_INCLUDE_HIDDEN_FILES", default_value_t = false, action = ArgAction::Set)]
    include_hidden_files: bool,
    /// Whether the files are zipped.
    #[arg(long, env = "ARTIFACT_ARCHIVE", default_value_t = true, action = ArgAction::Set)]
    archive: bool,
    /// Where the sandbox takes uploads.
    #[arg(long, env = "BURSTBOARD_UPLOAD_URL", hide_env_values = true)]
    url: String,
    /// The job's token.
    #[arg(long, env = "BURSTBOARD_UPLOAD_TOKEN", hide_env_values = true)]
    token: String,
    /// Where relative patterns begin.
    #[arg(long, env = "GITHUB_WORKSPACE", default_value = ".")]
    workspace: PathBuf,
}

/// Days that GitHub keeps artifacts by default.
const DAYS: i64 = 90;

/// Uploads, and sets the step's outputs.
pub async fn upload(options: Options) -> anyhow::Result<()> {
    let found = find::files(&options.path, &options.workspace, options.include_hidden_files)?;
    if found.files.is_empty() {
        let sentence = format!(
            "No files were found with the provided path: {}. No artifacts will be uploaded.",
            options.path.trim()
        );
        match options.if_no_files_found {
            IfNone::Error => bail!("{sentence}"),
            IfNone::Warn => say(&format!("::warning::{sentence}"))?,
            IfNone::Ignore => say(&sentence)?,
        }
        return Ok(());
    }
    let packed = temporary(&options.workspace);
    let (name, file, media, source) = if options.archive {
        pack::zip(&found, options.compression_level, &packed)?;
        (options.name.clone(), format!("{}.zip", options.name), "application/zip".to_owned(), packed.clone())
    } else {
        let [only] = found.files.as_slice() else {
            bail!(
                "When 'archive' is set to false, only a single file can be uploaded. Found {} files to upload.",
                found.files.len()
            );
        };
        let name =
            only.file_name().map(|n| n.to_string_lossy().into_owned()).context("the file has no name")?;
        (name.clone(), name.clone(), pack::media(&name).to_owned(), only.clone())
    };
    crate::artifact_name::check(&name)?;
    let days = if options.retention_days == 0 { DAYS } else { options.retention_days };
    // As the action does: what is deleted is named by the input, what is made may be named by the file.
    let replaces = options.overwrite.then(|| options.name.clone());
    let sent = send(&options, &Upload { name: name.clone(), file, media, days, replaces }, &source).await;
    std::fs::remove_file(&packed).ok();
    let uploaded = sent?;
    say(&format!("Artifact {name} with {} file(s) uploaded, id {}.", found.files.len(), uploaded.id))?;
    set_outputs(&uploaded)
}

async fn send(options: &Options, upload: &Upload, source: &std::path::Path) -> anyhow::Result<Uploaded> {
    let file = tokio::fs::File::open(source)
        .await
        .with_context(|| format!("{} cannot be read", source.display()))?;
    let response = reqwest::Client::builder()
        .no_proxy()
        .build()?
        .put(&options.url)
        .query(upload)
        .bearer_auth(&options.token)
        .body(reqwest::Body::from(file))
        .send()
        .await
        .context("the sandbox does not take uploads")?;
    let status = response.status();
    if !status.is_success() {
        let body: serde_json::Value = response.json().await.unwrap_or_default();
        let message = body.get("message").and_then(|m| m.as_str()).unwrap_or("no reason given").to_owned();
        bail!(
            "Failed to create the artifact {}: ({}) {}: {message}",
            upload.name,
            status.as_u16(),
            status.canonical_reason().unwrap_or_default()
        );
    }
    Ok(response.json().await?)
}

fn set_outputs(uploaded: &Uploaded) -> anyhow::Result<()> {
    let Some(path) = std::env::var_os("GITHUB_OUTPUT") else { return Ok(()) };
    let mut file = std::fs::File::options().append(true).create(true).open(path)?;
    writeln!(file, "artifact-id={}\nartifact-digest={}", uploaded.id, uploaded.digest)?;
    Ok(())
}

fn temporary(workspace: &std::path::Path) -> PathBuf {
    let folder = std::env::var_os("RUNNER_TEMP").map_or_else(|| workspace.to_owned(), PathBuf::from);
    folder.join(format!("artifact-{}.zip", hex::encode(rand::random::<[u8; 8]>())))
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
