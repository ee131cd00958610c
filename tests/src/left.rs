//! What runs leave behind on the machine: processes and work folders. There should be nothing.

use std::{fs, path::Path};

use anyhow::Result;

/// Command lines of processes that jobs of the sandbox with these data have started and that are alive.
///
/// A job's processes have its folder below `data` in their environment, whatever they are and whoever started them.
pub fn processes(data: &Path) -> Result<Vec<String>> {
    let work = format!("{}/work/", data.canonicalize()?.display());
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        // Processes end while one looks at them, and others are not ours to read.
        let read = |name: &str| fs::read(entry.path().join(name)).unwrap_or_default();
        if String::from_utf8_lossy(&read("environ")).contains(&work) {
            found.push(String::from_utf8_lossy(&read("cmdline")).replace('\0', " "));
        }
    }
    Ok(found)
}

/// Names of the work folders of jobs.
pub fn folders(data: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(data.join("work"))?;
    Ok(entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}
