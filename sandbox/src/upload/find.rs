//! Which files a list of patterns means, and which folder they are relative to inside the artifact.
//!
//! Patterns are read in order; a later one decides over an earlier one, so an exclude must follow what it narrows. A
//! pattern that fits a folder means everything in it.

use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

/// Files with the folder that their names inside the artifact begin at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) root: PathBuf,
}

struct Pattern {
    excludes: bool,
    /// The part before the first wildcard: where the search begins.
    base: PathBuf,
    matcher: GlobMatcher,
}

/// Finds the files that `patterns` mean, relative ones from `workspace` on.
pub(super) fn files(patterns: &str, workspace: &Path, hidden: bool) -> anyhow::Result<Found> {
    let patterns = patterns
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| Pattern::read(line, workspace))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let bases: Vec<&Path> = patterns.iter().filter(|p| !p.excludes).map(|p| p.base.as_path()).collect();
    let mut files = Vec::new();
    for base in &bases {
        let walk = WalkDir::new(base).follow_links(true).sort_by_file_name().into_iter();
        let visible = walk.filter_entry(|entry| hidden || entry.depth() == 0 || !is_hidden(entry.path()));
        for entry in visible.flatten().filter(|entry| entry.file_type().is_file()) {
            let left_out = !hidden && is_hidden(entry.path());
            if left_out || files.iter().any(|file| file == entry.path()) {
                continue;
            }
            let wanted = patterns
                .iter()
                .fold(false, |wanted, p| if p.fits(entry.path()) { !p.excludes } else { wanted });
            if wanted {
                files.push(entry.into_path());
            }
        }
    }
    let root = match (bases.as_slice(), files.as_slice()) {
        ([only], [file]) if *only == file => file.parent().unwrap_or(workspace).to_owned(),
        _ => common(&bases).unwrap_or_else(|| workspace.to_owned()),
    };
    Ok(Found { files, root })
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

impl Pattern {
    fn read(line: &str, workspace: &Path) -> anyhow::Result<Self> {
        let (excludes, text) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let full = plain(&workspace.join(text));
        let has_wildcard = |part: &str| part.contains(['*', '?', '[']);
        let base =
            full.components().take_while(|c| !has_wildcard(&c.as_os_str().to_string_lossy())).collect();
        let matcher = GlobBuilder::new(&full.to_string_lossy())
            .literal_separator(true)
            .build()
            .with_context(|| format!("the pattern {line} cannot be read"))?
            .compile_matcher();
        Ok(Self { excludes, base, matcher })
    }

    /// Whether it fits the file or a folder above it.
    fn fits(&self, file: &Path) -> bool {
        file.ancestors()
            .take_while(|path| path.starts_with(&self.base))
            .any(|path| self.matcher.is_match(path))
    }
}

/// Without `.` and `..`, so that text can be compared.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// The deepest folder above all of them.
fn common(paths: &[&Path]) -> Option<PathBuf> {
    let (first, rest) = paths.split_first()?;
    first.ancestors().find(|above| rest.iter().all(|path| path.starts_with(above))).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(patterns: &str, hidden: bool) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "product/S1_a_INT/x.tif",
            "product/S1_a_INT/sub/y.tif",
            "product/S1_a_INT.zip",
            "product/other.txt",
            "product/S1_a_INT/.hidden",
            "b/z.txt",
        ] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, file).unwrap();
        }
        let found = files(patterns, folder.path(), hidden).unwrap();
        found.files.iter().map(|file| file.strip_prefix(&found.root).unwrap().display().to_string()).collect()
    }

    #[test]
    fn the_products_patterns_take_the_folder_and_leave_the_zip() {
        let patterns = "product/S1_*INT*\n!product/S1_*.zip";
        assert_eq!(names(patterns, false), ["S1_a_INT/sub/y.tif", "S1_a_INT/x.tif"]);
        assert_eq!(names(patterns, true).len(), 3);
        assert_eq!(
            names("!product/S1_*.zip\nproduct/S1_*INT*", false).len(),
            3,
            "an exclude before has no effect"
        );
    }

    #[test]
    fn names_begin_where_the_patterns_part() {
        assert_eq!(names("product/other.txt", false), ["other.txt"]);
        assert_eq!(names("product/other.txt\nb", false), ["product/other.txt", "b/z.txt"]);
        assert_eq!(names("./product/**/*.tif", false), ["S1_a_INT/sub/y.tif", "S1_a_INT/x.tif"]);
        assert!(names("nothing/here*", false).is_empty());
    }
}
