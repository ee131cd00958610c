//! Throwing away what no run needs any more: snapshots of the working tree, and the files of expired artifacts.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::engine::Engine;
use crate::{clock, store::StoreError};

/// How long after it was asked for a run may be run again, as on GitHub; until then its snapshot stays.
pub(super) const RERUN_DAYS: i64 = 30;

/// The moment before which runs are too old to be run again.
pub(super) fn oldest_rerun() -> clock::Millis {
    clock::now() - RERUN_DAYS * 86_400_000
}

impl Engine {
    /// Removes the snapshots and the blobs that nobody can ask for any more. What cannot be removed stays and is told.
    pub(super) async fn prune(&self) {
        // A dispatch holds the snapshot that it has just made until its run is written down.
        let _nobody_dispatches = self.snapshots.write().await;
        if let Err(e) = self.prune_snapshots().and_then(|()| self.store.prune_blobs()) {
            eprintln!("sandbox: not everything that is no longer needed could be removed: {e}");
        }
    }

    fn prune_snapshots(&self) -> Result<(), StoreError> {
        let needed = self.store.trees_needed(oldest_rerun())?;
        Ok(keep_only(&self.settings.data.join("trees"), &needed)?)
    }
}

/// Removes every folder in `folder` whose name is not among `needed`, half-made ones too.
fn keep_only(folder: &Path, needed: &BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| needed.contains(name)) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_snapshots_that_a_run_needs_stay() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["needed", "old", "needed.123"] {
            fs::create_dir_all(folder.path().join(name).join("a/b")).unwrap();
        }
        keep_only(folder.path(), &BTreeSet::from(["needed".to_owned(), "never made".to_owned()])).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["needed"]);
    }
}
