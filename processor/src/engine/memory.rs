//! How much memory the engine and its children take, as Linux tells it. Elsewhere it stays unknown.

use std::{fs, path::PathBuf};

/// Where to look.
#[derive(Clone, Debug)]
pub enum Watched {
    /// All processes of this process group.
    Group(u32),
    /// A docker container whose id will stand in this file.
    Container(PathBuf),
    /// This program itself.
    Own,
}

impl Watched {
    /// Bytes held now, or the most that the kernel has seen where it keeps count.
    pub fn bytes(&self) -> Option<u64> {
        match self {
            Self::Group(group) => group_bytes(*group),
            Self::Container(id) => container_bytes(fs::read_to_string(id).ok()?.trim()),
            Self::Own => status_bytes(&fs::read_to_string("/proc/self/status").ok()?, "VmHWM:"),
        }
    }
}

/// Sum over the processes of a group.
fn group_bytes(group: u32) -> Option<u64> {
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let mut sum = 0;
    for folder in processes {
        // Processes come and go: what cannot be read any more is over.
        let Ok(stat) = fs::read_to_string(folder.join("stat")) else { continue };
        if process_group(&stat) != Some(group) {
            continue;
        }
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        sum += status_bytes(&status, "VmRSS:").unwrap_or(0);
    }
    (sum > 0).then_some(sum)
}

/// The fifth field of `/proc/PID/stat`; the second may hold blanks and brackets, so count from its end.
fn process_group(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(2)?.parse().ok()
}

/// A line of `/proc/PID/status`, which counts in kB.
fn status_bytes(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// The container's own count (cgroup v2), under both ways in which docker places it.
fn container_bytes(id: &str) -> Option<u64> {
    if id.len() != 64 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let folders =
        [format!("/sys/fs/cgroup/system.slice/docker-{id}.scope"), format!("/sys/fs/cgroup/docker/{id}")];
    let read = |folder: &String, file: &str| -> Option<u64> {
        fs::read_to_string(format!("{folder}/{file}")).ok()?.trim().parse().ok()
    };
    folders.iter().find_map(|folder| read(folder, "memory.peak").or_else(|| read(folder, "memory.current")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_tables_are_read() {
        assert_eq!(process_group("42 (a b) c) S 1 77 77 0 -1"), Some(77));
        assert_eq!(status_bytes("Name:\tx\nVmRSS:\t  2048 kB\n", "VmRSS:"), Some(2_097_152));
        assert_eq!(status_bytes("Name:\tx\n", "VmRSS:"), None);
        assert_eq!(container_bytes("../../etc"), None);
    }

    #[test]
    fn this_program_takes_memory() {
        if cfg!(target_os = "linux") {
            assert!(Watched::Own.bytes().unwrap() > 1_000_000);
        }
    }
}
