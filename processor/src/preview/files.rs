//! The files of a product that a preview is made of: those that can be read and lie on one raster.

use std::ops::Range;

use anyhow::{Context as _, Result, bail};

use super::product::Product;
use crate::raster::{Placement, source::Source};

/// How many layers there are.
pub(super) const LAYERS: usize = 5;
/// Suffixes of the files: wrapped and unwrapped phase, coherence, amplitude, connected components.
pub(super) const SUFFIXES: [&str; LAYERS] =
    ["wrapped_phase.tif", "unw_phase.tif", "corr.tif", "amp.tif", "conncomp.tif"];
/// The first three are what a preview is made of; the engine does not always write the others.
const EXPECTED: usize = 3;
/// Pixels of a block, where tiles allow it: 0.5 MB a layer, which stays in a processor's cache.
const BLOCK: u32 = 1 << 17;

/// The files that can be read and lie on one raster.
pub(super) struct Files {
    pub(super) placement: Placement,
    /// By place in [`SUFFIXES`].
    pub(super) layers: [Option<Source>; LAYERS],
    /// What is not there or cannot be read, in sentences.
    pub(super) missing: Vec<String>,
}

impl Files {
    /// Opens what there is.
    ///
    /// # Errors
    /// When nothing can be read that a picture could be made of.
    pub(super) fn open(product: &Product) -> Result<Self> {
        let mut missing = Vec::new();
        let mut layers: [Option<Source>; LAYERS] = Default::default();
        let mut placement: Option<Placement> = None;
        for (index, (suffix, layer)) in SUFFIXES.iter().zip(&mut layers).enumerate() {
            let Some(path) = product.file(suffix) else {
                if index < EXPECTED {
                    missing.push(format!("{}_{suffix} is not there.", product.name));
                }
                continue;
            };
            match Source::open(&path) {
                Err(error) => missing.push(format!("{error}.")),
                Ok(source) if *placement.get_or_insert(*source.placement()) == *source.placement() => {
                    *layer = Some(source);
                }
                Ok(_) => missing.push(format!(
                    "{}_{suffix} lies on another raster than the others and was left out.",
                    product.name
                )),
            }
        }
        let placement =
            placement.with_context(|| format!("none of its layers can be read. {}", missing.join(" ")))?;
        if layers.iter().take(EXPECTED + 1).all(Option::is_none) {
            bail!("it has neither phase nor coherence nor amplitude. {}", missing.join(" "));
        }
        Ok(Self { placement, layers, missing })
    }

    /// Whether there are connected components.
    pub(super) fn has_components(&self) -> bool {
        self.layers.last().is_some_and(Option::is_some)
    }

    /// Columns and rows of blocks that together are the raster. A block holds whole tiles, so that none is unpacked
    /// twice, unless layers are tiled in different ways.
    pub(super) fn blocks(&self) -> Vec<(Range<u32>, Range<u32>)> {
        let Placement { width, height, .. } = self.placement;
        let chunks = || self.layers.iter().flatten().map(Source::chunk);
        let [wide, high] = chunks().fold([1, 1], |[w, h], [a, b]| [w.max(a), h.max(b)]);
        let (wide, high) = (wide.min(width), high.min(height));
        // More columns of tiles first, more rows of tiles where the raster is no wider.
        let columns = (BLOCK / wide.saturating_mul(high)).max(1).saturating_mul(wide).min(width);
        let rows = (BLOCK / columns.saturating_mul(high)).max(1).saturating_mul(high).min(height);
        let cut = |size: u32, step: u32| {
            (0..size)
                .step_by(step.max(1) as usize)
                .map(move |start| start..start.saturating_add(step).min(size))
        };
        cut(height, rows)
            .flat_map(|rows| cut(width, columns).map(move |columns| (columns, rows.clone())))
            .collect()
    }
}
