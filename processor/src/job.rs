//! `job.json`: what `interferogram` leaves behind for `preview`, whether it worked or not.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use domain::{
    GranuleName, Looks, Timestamp,
    preview::manifest::{EngineInfo, Outcome},
};
use serde::{Deserialize, Serialize};

/// The file's name.
pub const FILE: &str = "job.json";
/// The engine's log beside it.
pub const LOG: &str = "engine.log";

/// What was asked for, what ran and how it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The older acquisition.
    pub reference: GranuleName,
    /// The younger acquisition.
    pub secondary: GranuleName,
    /// Looks.
    pub looks: Looks,
    /// Whether water was to be masked.
    pub water_mask: bool,
    /// What ran.
    pub engine: EngineInfo,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The product's folder, beside this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// How often the engine was started.
    pub attempts: u32,
    /// Seconds of all attempts.
    pub seconds: f64,
    /// The most memory that the engine and its children held, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
}

impl Job {
    /// Writes it into a folder.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(FILE);
        let json = serde_json::to_vec_pretty(self)?;
        fs::write(&path, json).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads it from a folder; `None` where there is none.
    ///
    /// # Errors
    /// When there is one that cannot be understood.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let json = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let job = serde_json::from_slice(&json)
            .with_context(|| format!("{} is not what `processor interferogram` writes", path.display()))?;
        Ok(Some(job))
    }
}
