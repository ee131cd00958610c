//! Logs: a folder a job, a file a step.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

use super::{Store, StoreError};
use crate::clock;

impl Store {
    fn log_folder(&self, log: i64) -> PathBuf {
        self.folder.join("logs").join(log.to_string())
    }

    /// Appends `text`, line by line with time stamps, to the log of step `number`.
    pub fn append_log(&self, log: i64, number: usize, text: &str) -> Result<(), StoreError> {
        let folder = self.log_folder(log);
        fs::create_dir_all(&folder)?;
        let mut file =
            OpenOptions::new().create(true).append(true).open(folder.join(format!("{number:03}.txt")))?;
        let stamp = clock::log_stamp();
        let lines: String = text.lines().map(|line| format!("{stamp} {line}\n")).collect();
        file.write_all(lines.as_bytes())?;
        Ok(())
    }

    /// The log of each step that wrote something, by its number.
    pub fn step_logs(&self, log: i64) -> Result<Vec<(usize, String)>, StoreError> {
        let folder = self.log_folder(log);
        let mut logs = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(number) = name.strip_suffix(".txt").and_then(|n| n.parse().ok()) {
                logs.push((number, String::from_utf8_lossy(&fs::read(entry.path())?).into_owned()));
            }
        }
        logs.sort_unstable_by_key(|(number, _)| *number);
        Ok(logs)
    }

    /// The whole log of a job.
    pub fn log(&self, log: i64) -> Result<String, StoreError> {
        Ok(self.step_logs(log)?.into_iter().map(|(_, text)| text).collect())
    }

    /// Deletes a job's log.
    pub fn delete_log(&self, log: i64) -> Result<(), StoreError> {
        match fs::remove_dir_all(self.log_folder(log)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(()),
        }
    }
}
