//! A run's logs as one zip, laid out as GitHub does: the whole log of each job at the top, its steps in a folder.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use crate::store::{Store, StoreError};

/// The zip of the logs of one attempt.
pub fn zip(store: &Store, run: i64, attempt: i64) -> Result<Vec<u8>, StoreError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for (at, job) in store.jobs(run, Some(attempt))?.iter().enumerate() {
        let steps = store.step_logs(job.log)?;
        let name = file_name(&job.name);
        let whole: String = steps.iter().map(|(_, text)| text.as_str()).collect();
        let mut entry = |path: String, text: &str| -> Result<(), StoreError> {
            zip.start_file(path, options).map_err(std::io::Error::other)?;
            Ok(zip.write_all(text.as_bytes())?)
        };
        entry(format!("{at}_{name}.txt"), &whole)?;
        for (number, text) in &steps {
            let step =
                job.steps.iter().find(|step| step.number == *number).map_or("", |step| step.name.as_str());
            entry(format!("{name}/{number}_{}.txt", file_name(step)), text)?;
        }
    }
    Ok(zip.finish().map_err(std::io::Error::other)?.into_inner())
}

/// Characters that file names must not have are left out, so `a / b` becomes `a  b`.
fn file_name(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '/' | '\\' | ':' | '"' | '<' | '>' | '|' | '*' | '?') && !c.is_control())
        .take(90)
        .collect()
}
