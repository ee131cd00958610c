//! Products from a physical model, with the names, types, grid and nodata of the engine's, for the sandbox and for
//! tests. They are labelled as simulated in every file, and the same two granules always give the same product.

mod acquisition;
mod components;
mod deformation;
mod documents;
mod field;
mod flaws;
mod model;
mod random;
mod scene;
mod terrain;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use domain::{BurstId, Looks, Pair, timestamp::compact_day_text};

use self::{model::Model, random::Seed, scene::Scene};
use crate::raster::geotiff::{self, Labels};

/// What the simulated engine calls itself.
pub const NAME: &str = "simulated";
/// The label that every file of a simulated product carries.
pub const LABEL: &str = "SIMULATED by Burstboard, not measured";

/// A product on disk.
#[derive(Debug)]
pub struct Product {
    /// Its folder.
    pub folder: PathBuf,
    /// What it gets wrong on purpose, in sentences.
    pub flaws: Vec<String>,
}

/// The product's name, as the engine (up to 3.x) forms it. Its last four digits are random there; here they follow
/// from the pair and its options.
pub fn product_name(pair: &Pair, looks: Looks, water_mask: bool) -> String {
    let (reference, secondary) = (pair.reference(), pair.secondary());
    let seed = Seed::of("product", &format!("{reference}/{secondary}/{looks}/{water_mask}"));
    format!(
        "S1_{:06}_{}_{}_{}_{}_INT{}_{:04X}",
        reference.number(),
        reference.subswath(),
        compact_day_text(reference.date()),
        compact_day_text(secondary.date()),
        pair.polarization(),
        looks.pixel_metres(),
        seed.bits(0) & 0xffff,
    )
}

/// What the model gets wrong on purpose in a pair, in sentences.
pub fn flaws_of(burst: BurstId, pair: &Pair) -> Vec<String> {
    flaws::sentences(burst, pair)
}

/// Makes the product of a pair in a folder of its own below `out`; `progress` hears what is being done.
///
/// # Errors
/// When the burst cannot be processed, or the files cannot be written.
pub fn make(
    pair: &Pair,
    looks: Looks,
    water_mask: bool,
    out: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Product> {
    let burst = pair.reference().burst()?;
    let scene = Scene::new(burst, looks, &pair.name().to_string())?;
    progress(&format!(
        "Burst {burst}: {} x {} pixels of {} m in EPSG:{}",
        scene.placement.width,
        scene.placement.height,
        looks.pixel_metres(),
        scene.placement.epsg
    ));
    let model = Model::new(&scene, pair, looks, water_mask);
    progress("Modelling phase, coherence and noise");
    let rasters = model.rasters();
    let name = product_name(pair, looks, water_mask);
    let folder = out.join(&name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let flaws = flaws::sentences(burst, pair);
    let labels = labels(pair, &flaws);
    let file = |suffix: &str| folder.join(format!("{name}_{suffix}"));
    progress("Writing GeoTIFFs");
    let bands = [
        ("unw_phase.tif", &rasters.unwrapped),
        ("wrapped_phase.tif", &rasters.wrapped),
        ("corr.tif", &rasters.coherence),
        ("conncomp.tif", &rasters.components),
        ("dem.tif", &rasters.height),
        ("lv_theta.tif", &rasters.look_elevation),
        ("lv_phi.tif", &rasters.look_orientation),
    ];
    for (suffix, samples) in bands {
        geotiff::write(&file(suffix), &scene.placement, samples, &labels)?;
    }
    if water_mask {
        geotiff::write(&file("water_mask.tif"), &scene.placement, &rasters.land, &labels)?;
    }
    let text = documents::parameters(&scene, pair, looks, water_mask, model.baseline());
    fs::write(folder.join(format!("{name}.txt")), text).context("cannot write the parameter file")?;
    let text = documents::readme(&name, &scene, pair, looks, &flaws);
    fs::write(file("README.md.txt"), text).context("cannot write the readme")?;
    progress(&format!("Product {name} is complete"));
    Ok(Product { folder, flaws })
}

fn labels(pair: &Pair, flaws: &[String]) -> Labels {
    let item = |name: &str, value: String| (name.to_owned(), value);
    Labels {
        description: format!("{LABEL}: {} to {}", pair.reference(), pair.secondary()),
        software: format!("Burstboard processor {} (simulated engine)", env!("CARGO_PKG_VERSION")),
        items: vec![
            item("SIMULATED", "YES".to_owned()),
            item("REFERENCE", pair.reference().to_string()),
            item("SECONDARY", pair.secondary().to_string()),
            item("FLAWS", flaws.join(" ")),
        ],
    }
}

#[cfg(test)]
mod tests;
