//! Prints Cloudflare's `_headers` for a built page: `cargo run -p burstboard-worker --example headers -- dist`.
#![expect(clippy::print_stdout, reason = "stdout is this program's answer")]

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use burstboard_worker::page::headers_file;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "dist".into()));
    let mut paths = Vec::new();
    files(&folder, "", &mut paths)?;
    paths.sort();
    print!("{}", headers_file(&paths));
    Ok(())
}

fn files(folder: &Path, front: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{front}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            files(&entry.path(), &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
