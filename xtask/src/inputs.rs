//! Whether something has to be built again: a hash over what it is made of.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use crate::ui::Outcome;

/// Runs `build` unless `stamp` says that it was run with these very inputs and `product` is there.
pub(crate) fn when_changed(
    stamp: &Path,
    product: &Path,
    inputs: &[PathBuf],
    extra: &str,
    build: impl FnOnce() -> Result<()>,
) -> Result<Outcome> {
    let hash = hash(inputs, extra)?;
    if product.exists() && fs::read_to_string(stamp).is_ok_and(|old| old == hash) {
        return Ok(Outcome::Fresh);
    }
    build()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, hash).with_context(|| format!("{} could not be written", stamp.display()))?;
    Ok(Outcome::Done)
}

fn hash(inputs: &[PathBuf], extra: &str) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(extra.as_bytes());
    for input in inputs {
        for entry in WalkDir::new(input).sort_by_file_name() {
            let entry = entry.with_context(|| format!("{} could not be read", input.display()))?;
            if entry.file_type().is_file() {
                hasher.update(entry.path().as_os_str().as_encoded_bytes());
                hasher.update(&fs::read(entry.path())?);
            }
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_once_and_again_only_after_a_change() {
        let folder = std::env::temp_dir().join(format!("burstboard-inputs-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (source, product, stamp) = (folder.join("source"), folder.join("product"), folder.join("stamp"));
        fs::write(&source, "one").unwrap();
        let run = || {
            when_changed(&stamp, &product, std::slice::from_ref(&source), "v1", || {
                Ok(fs::write(&product, "made")?)
            })
        };
        assert!(run().unwrap() == Outcome::Done);
        assert!(run().unwrap() == Outcome::Fresh);
        fs::write(&source, "two").unwrap();
        assert!(run().unwrap() == Outcome::Done);
        fs::remove_file(&product).unwrap();
        assert!(run().unwrap() == Outcome::Done);
        fs::remove_dir_all(&folder).unwrap();
    }
}
