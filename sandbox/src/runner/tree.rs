//! What a run checks out: a snapshot of the working tree, taken at the dispatch.
//!
//! GitHub checks out a commit; here people want to try what they have just changed. Files that git ignores stay out.
//! Runs share a snapshot for as long as nothing changes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};

/// The repository on this computer.
#[derive(Clone, Debug)]
pub struct Checkout {
    folder: PathBuf,
    /// The sandbox's own data, which may lie inside the repository.
    data: PathBuf,
}

/// A snapshot.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Its name below the folder of snapshots.
    pub name: String,
    /// The commit that the working tree is based on.
    pub sha: String,
}

/// The branch that exists on every clone, checked out or not.
pub(super) const DEFAULT_BRANCH: &str = "main";

/// Stands for the commit where git does not know one.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

impl Checkout {
    /// The repository in `folder`; what lies in `data` is never part of it.
    pub fn new(folder: PathBuf, data: PathBuf) -> Self {
        Self { folder, data }
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The branch that `reference` of a dispatch means, if there is one: the default one or the one checked out.
    /// Both are the working tree as it stands.
    pub fn branch(&self, reference: &str) -> Option<String> {
        let name = reference.strip_prefix("refs/heads/").unwrap_or(reference);
        let current = || self.git(&["symbolic-ref", "--short", "HEAD"]);
        (name == DEFAULT_BRANCH || current().as_deref() == Some(name)).then(|| name.to_owned())
    }

    /// The commit.
    pub fn sha(&self) -> String {
        self.git(&["rev-parse", "HEAD"]).unwrap_or_else(|| NO_COMMIT.to_owned())
    }

    fn git(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git").arg("-C").arg(&self.folder).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !text.is_empty()).then_some(text)
    }

    /// Takes a snapshot below `snapshots`, or finds the one that is there.
    pub fn snapshot(&self, snapshots: &Path) -> io::Result<Snapshot> {
        let files = self.files()?;
        let sha = self.sha();
        let mut hash = Sha256::new();
        hash.update(&sha);
        for file in &files {
            let about = fs::symlink_metadata(self.folder.join(file))?;
            let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            hash.update(format!("{}\0{}\0{}\n", file.display(), about.len(), changed.as_nanos()));
        }
        let name: String = hex::encode(hash.finalize()).chars().take(24).collect();
        let target = snapshots.join(&name);
        if !target.exists() {
            let half = snapshots.join(format!("{name}.{}", rand::random::<u32>()));
            self.copy(&files, &half)?;
            write_git(&half, &sha)?;
            // Two dispatches at once make the same snapshot: whoever comes second throws theirs away.
            if fs::rename(&half, &target).is_err() && target.exists() {
                fs::remove_dir_all(&half)?;
            }
        }
        Ok(Snapshot { name, sha })
    }

    /// All files that git would see, relative, in a fixed order.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let data = self.data.clone();
        let ours = move |entry: &ignore::DirEntry| {
            (entry.depth() != 1 || entry.file_name() != ".git") && entry.path() != data
        };
        let walk = ignore::WalkBuilder::new(&self.folder)
            .hidden(false)
            .filter_entry(ours)
            .require_git(false)
            .build();
        let mut files = Vec::new();
        for entry in walk {
            let entry = entry.map_err(io::Error::other)?;
            if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                files.extend(entry.path().strip_prefix(&self.folder).map(Path::to_owned));
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    fn copy(&self, files: &[PathBuf], target: &Path) -> io::Result<()> {
        for file in files {
            let (from, to) = (self.folder.join(file), target.join(file));
            fs::create_dir_all(to.parent().unwrap_or(target))?;
            if from.is_symlink() {
                std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
            } else if from.is_file() {
                fs::copy(&from, &to)?;
            }
        }
        Ok(())
    }
}

/// `act` asks git for branch and commit; these files are all it reads, and copying them to each job costs nothing.
fn write_git(tree: &Path, sha: &str) -> io::Result<()> {
    let git = tree.join(".git");
    fs::create_dir_all(git.join("objects"))?;
    fs::create_dir_all(git.join("refs/heads"))?;
    fs::write(git.join("HEAD"), format!("ref: refs/heads/{DEFAULT_BRANCH}\n"))?;
    fs::write(git.join("refs/heads").join(DEFAULT_BRANCH), format!("{sha}\n"))?;
    fs::write(git.join("config"), "[core]\n\trepositoryformatversion = 0\n")
}
