//! Writes the land files: `burstboard-land WORLD_ATLAS [OUT]`, as a hook of Trunk into the folder that it stages in.
//!
//! `OUT/110m/world.land` is the whole Earth, coarse; `OUT/50m/C-R.land` and `OUT/10m/C-R.land` are cells.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use burstboard_land::{CELL, clip, encode, topology};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let staged = || std::env::var_os("TRUNK_STAGING_DIR").map(|dir| PathBuf::from(dir).join("land"));
    let (Some(source), Some(out)) = (arguments.next(), arguments.next().or_else(staged)) else {
        anyhow::bail!("usage: burstboard-land WORLD_ATLAS OUT");
    };
    for scale in ["110m", "50m", "10m"] {
        let path = source.join(format!("land-{scale}.json"));
        let json = fs::read_to_string(&path)
            .with_context(|| format!("{} is missing: run `npm ci` first", path.display()))?;
        let rings = topology::rings(&json).with_context(|| path.display().to_string())?;
        fs::create_dir_all(out.join(scale))?;
        if scale == "110m" {
            fs::write(out.join(scale).join("world.land"), encode(&rings))?;
            continue;
        }
        for column in 0..(360.0 / CELL) as u32 {
            for row in 0..(180.0 / CELL) as u32 {
                let file = out.join(scale).join(format!("{column}-{row}.land"));
                fs::write(file, encode(&clip::cell(&rings, column, row)))?;
            }
        }
    }
    Ok(())
}
