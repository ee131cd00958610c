//! Reads a product once, in bands of rows on all cores, into quick-look sums and statistics.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use domain::{
    BurstId, Footprint,
    geodesy::longitude_near,
    preview::{
        Grid,
        grid::{LONGEST_SIDE, to_metres},
        manifest::{ProductInfo, Statistics},
    },
};
use rayon::prelude::*;

use super::{
    product::Product,
    quicklook::{Layers, Pixel, Sums},
    statistics::{Gathered, Sample},
    warp::{self, Warp},
};
use crate::raster::{
    Placement,
    projection::Projection,
    source::{Source, SourceError},
};

/// Rows of a band at least: one row of tiles, as the engine writes them.
const BAND: u32 = 256;
/// Suffixes of the files: wrapped and unwrapped phase, coherence, amplitude, connected components.
const FILES: [&str; 5] = ["wrapped_phase.tif", "unw_phase.tif", "corr.tif", "amp.tif", "conncomp.tif"];
/// The first three are what a preview is made of; the engine does not always write the others.
const EXPECTED: usize = 3;

/// What reading gave.
pub(super) struct Measured {
    pub(super) product: ProductInfo,
    pub(super) grid: Grid,
    pub(super) layers: Layers,
    pub(super) statistics: Statistics,
    pub(super) gathered: Gathered,
    /// What could not be read, in sentences.
    pub(super) missing: Vec<String>,
}

/// The files that can be read and lie on one raster.
struct Files {
    placement: Placement,
    /// By place in [`FILES`].
    paths: [Option<PathBuf>; FILES.len()],
    band: u32,
    missing: Vec<String>,
}

/// Reads the product.
///
/// # Errors
/// When none of its layers can be read or its place cannot be understood.
pub(super) fn measure(product: &Product, bursts: &[BurstId]) -> Result<Measured> {
    let files = open(product)?;
    let placement = files.placement;
    let projection = Projection::new(placement.epsg)?;
    let (bounds, pixel) = warp::extent(&placement, &projection)?;
    let grid = grid(bounds, pixel, &placement, bursts)?;
    let warp = Warp::new(&placement, &projection, &grid)?;
    let corners = corners(&placement, &projection)?;
    let kilometres = kilometres(&placement, corners);
    let bands = (0..placement.height).step_by(files.band as usize).collect::<Vec<_>>();
    let parts: Vec<Result<(Sums, Gathered), SourceError>> =
        bands.into_par_iter().map(|top| band(&files, &warp, &grid, kilometres, top)).collect();
    let mut sums = Sums::new(grid.width(), grid.height());
    let mut gathered = Gathered::default();
    for part in parts {
        let (more, counted) = part?;
        sums = sums.merged(&more);
        gathered = gathered.merged(&counted);
    }
    let span = [f64::from(placement.width) * kilometres[0], f64::from(placement.height) * kilometres[1]];
    let statistics = gathered.statistics(span);
    if statistics.covered_pixels == 0 {
        bail!("none of its pixels holds data");
    }
    let product = ProductInfo {
        name: product.name.clone(),
        epsg: placement.epsg,
        width: placement.width,
        height: placement.height,
        pixel_metres: (kilometres[0] * 1e6).round() / 1e3,
        corners,
    };
    Ok(Measured { product, grid, layers: sums.layers(), statistics, gathered, missing: files.missing })
}

/// The quick-look's grid. Its level follows from the bursts and the pixel spacing and not from the product's extent, which
/// differs by some pixels from pair to pair: two pairs of a burst must never come out on two levels.
fn grid(bounds: [f64; 4], pixel: f64, placement: &Placement, bursts: &[BurstId]) -> Result<Grid> {
    let by_burst = level(placement, bursts).and_then(|level| Grid::covering(level, bounds).ok());
    match by_burst {
        Some(grid) => Ok(grid),
        // A product that is much larger than its burst, or one whose bursts are unknown.
        None => Ok(Grid::fitting(bounds, pixel, LONGEST_SIDE)?),
    }
}

/// The level on which the bursts' footprints fit with a margin.
fn level(placement: &Placement, bursts: &[BurstId]) -> Option<u8> {
    let footprints: Vec<Footprint> = bursts.iter().map(|burst| Footprint::of(*burst)).collect();
    let middle = footprints.first()?.centre;
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for [longitude, latitude] in footprints.iter().flat_map(|f| f.outline) {
        let [x, y] = to_metres([longitude_near(longitude, middle[0]), latitude]);
        bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
    }
    let [west, south, east, north] = bounds;
    let margin = 0.02 * (east - west).max(north - south);
    let wide = [west - margin, south - margin, east + margin, north + margin];
    let metres = if placement.epsg == 4326 { placement.pixel[1] * 111_195.0 } else { placement.pixel[1] };
    let finest = metres / middle[1].to_radians().cos();
    Grid::fitting(wide, finest, LONGEST_SIDE).ok().map(|grid| grid.level())
}

/// Opens every file once to see which can be used together.
fn open(product: &Product) -> Result<Files> {
    let mut files: Option<Files> = None;
    let mut missing = Vec::new();
    for (index, suffix) in FILES.iter().enumerate() {
        let Some(path) = product.file(suffix) else {
            if index < EXPECTED {
                missing.push(format!("{}_{suffix} is not there.", product.name));
            }
            continue;
        };
        let source = match Source::open(&path) {
            Ok(source) => source,
            Err(error) => {
                missing.push(format!("{error}."));
                continue;
            }
        };
        let rows = source.chunk_rows();
        let files = files.get_or_insert_with(|| Files {
            placement: *source.placement(),
            paths: Default::default(),
            band: BAND,
            missing: vec![],
        });
        if files.placement != *source.placement() {
            missing.push(format!(
                "{}_{suffix} lies on another raster than the others and was left out.",
                product.name
            ));
            continue;
        }
        // A band holds whole tiles, so that none is unpacked twice.
        files.band = files.band.max(rows.min(files.placement.height)).next_multiple_of(rows.clamp(1, BAND));
        if let Some(place) = files.paths.get_mut(index) {
            *place = Some(path);
        }
    }
    let mut files =
        files.with_context(|| format!("none of its layers can be read. {}", missing.join(" ")))?;
    if files.paths.iter().take(EXPECTED + 1).all(Option::is_none) {
        bail!("it has neither phase nor coherence nor amplitude");
    }
    files.missing = missing;
    Ok(files)
}

/// Reads one band of all layers.
fn band(
    files: &Files,
    warp: &Warp,
    grid: &Grid,
    kilometres: [f64; 2],
    top: u32,
) -> Result<(Sums, Gathered), SourceError> {
    let placement = &files.placement;
    let rows = top..(top + files.band).min(placement.height);
    let width = placement.width as usize;
    let mut layers: [Vec<f32>; FILES.len()] = Default::default();
    for (layer, path) in layers.iter_mut().zip(&files.paths) {
        if let Some(path) = path {
            Source::open(path)?.rows(rows.clone(), layer)?;
        }
    }
    // No data in the components means that a pixel belongs to none.
    let labelled = !layers[4].is_empty();
    let [wrapped, unwrapped, coherence, amplitude, components] = &layers;
    let value = |layer: &[f32], at: usize| layer.get(at).copied().unwrap_or(f32::NAN);
    let mut sums = Sums::new(grid.width(), grid.height());
    let mut gathered = Gathered::default();
    let mut places = Vec::with_capacity(width);
    let (mut line, mut above): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
    let middle = [f64::from(placement.width) / 2.0, f64::from(placement.height) / 2.0];
    for (index, row) in rows.enumerate() {
        warp.row(row, &mut places, placement.width);
        let north = (middle[1] - f64::from(row) - 0.5) * kilometres[1];
        line.clear();
        for (column, place) in places.iter().enumerate() {
            let at = index * width + column;
            let pixel = Pixel {
                wrapped: value(wrapped, at),
                unwrapped: value(unwrapped, at),
                coherence: value(coherence, at),
                amplitude: value(amplitude, at),
            };
            let label = value(components, at);
            let component = if labelled && label.is_nan() { 0.0 } else { label };
            let sample = Sample {
                pixel,
                component,
                place: [(column as f64 + 0.5 - middle[0]) * kilometres[0], north],
            };
            gathered.add(&sample, line.last(), above.get(column));
            sums.add(*place, warp.scale as f32, &pixel);
            line.push(sample);
        }
        std::mem::swap(&mut line, &mut above);
    }
    Ok((sums, gathered))
}

/// Longitude and latitude of the raster's corners: upper left, upper right, lower right, lower left.
fn corners(placement: &Placement, projection: &Projection) -> Result<[[f64; 2]; 4]> {
    let (width, height) = (f64::from(placement.width), f64::from(placement.height));
    let corner = |column: f64, row: f64| projection.inverse(placement.at(column, row));
    Ok([corner(0.0, 0.0)?, corner(width, 0.0)?, corner(width, height)?, corner(0.0, height)?])
}

/// Width and height of a pixel in kilometres; degrees are turned to kilometres at the raster's middle.
fn kilometres(placement: &Placement, corners: [[f64; 2]; 4]) -> [f64; 2] {
    let [width, height] = placement.pixel;
    if placement.epsg != 4326 {
        return [width / 1000.0, height / 1000.0];
    }
    // A degree of latitude is 111.2 km on the mean sphere.
    let latitude = (corners[0][1] + corners[2][1]) / 2.0;
    [width * 111.195 * latitude.to_radians().cos(), height * 111.195]
}
