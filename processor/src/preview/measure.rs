//! Reads a product once, in blocks on all cores, into quick-look sums and statistics.

use std::{
    ops::Range,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
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
    files::{Files, LAYERS},
    plane::Place,
    product::Product,
    quicklook::{Layers, Sums, wrap},
    row::Row,
    statistics::Gathered,
    warp::{self, Warp},
};
use crate::raster::{Placement, Scratch, projection::Projection, source::SourceError};

/// Blocks that are read before their sums are put together: enough for all cores, few enough to hold.
const BATCH: usize = 32;
/// Someone who waits hears of it this often.
const PATIENCE: Duration = Duration::from_secs(2);

/// What reading gave.
pub(super) struct Measured {
    pub(super) placement: Placement,
    pub(super) product: ProductInfo,
    pub(super) grid: Grid,
    pub(super) layers: Layers,
    pub(super) statistics: Statistics,
    pub(super) gathered: Gathered,
    /// What could not be read, in sentences.
    pub(super) missing: Vec<String>,
}

/// Reads the product.
///
/// # Errors
/// When none of its layers can be read or its place cannot be understood.
pub(super) fn measure(product: &Product, bursts: &[BurstId]) -> Result<Measured> {
    let files = Files::open(product)?;
    let placement = files.placement;
    let projection = Projection::new(placement.epsg)?;
    let (bounds, pixel) = warp::extent(&placement, &projection)?;
    let grid = grid(bounds, pixel, &placement, bursts)?;
    let corners = corners(&placement, &projection)?;
    let kilometres = kilometres(&placement, corners);
    let warp = Warp::new(&placement, &projection, &grid)?;
    let reader = Reader { warp, files: &files, grid, kilometres, rooms: Rooms::default() };
    let (sums, gathered, broken) = reader.all();
    let span = [f64::from(placement.width) * kilometres[0], f64::from(placement.height) * kilometres[1]];
    let statistics = gathered.statistics(span);
    let mut missing = files.missing.clone();
    for errors in broken {
        if let Some(first) = errors.first() {
            missing.push(format!("{first}; {} of its blocks were left out.", errors.len()));
        }
    }
    if statistics.covered_pixels == 0 {
        bail!("none of its pixels holds data. {}", missing.join(" "));
    }
    let product = ProductInfo {
        name: product.name.clone(),
        epsg: placement.epsg,
        width: placement.width,
        height: placement.height,
        pixel_metres: (kilometres[0] * 1e6).round() / 1e3,
        corners,
    };
    let mut layers = sums.layers();
    if layers.wrapped.iter().all(|v| v.is_nan()) && layers.unwrapped.iter().any(|v| v.is_finite()) {
        layers.wrapped = layers.unwrapped.iter().map(|phase| wrap(*phase)).collect();
        missing.push("The wrapped phase shown is the unwrapped one, wrapped again.".to_owned());
    }
    Ok(Measured { placement, product, grid, layers, statistics, gathered, missing })
}

/// What reading a block needs.
struct Reader<'a> {
    files: &'a Files,
    warp: Warp,
    grid: Grid,
    kilometres: [f64; 2],
    rooms: Rooms,
}

/// A block's sums, and for each layer why it could not be read.
type Part = (Sums, Gathered, [Option<SourceError>; LAYERS]);

impl Reader<'_> {
    /// Reads all blocks. What they give is put together in their order, so that the same product gives the same bytes.
    fn all(&self) -> (Sums, Gathered, [Vec<SourceError>; LAYERS]) {
        let mut sums = Sums::new(0..self.grid.width() as usize, 0..self.grid.height() as usize);
        let (mut gathered, mut broken) = (Gathered::default(), <[Vec<SourceError>; LAYERS]>::default());
        let blocks = self.files.blocks();
        let mut said = Instant::now();
        for (done, batch) in blocks.chunks(BATCH).enumerate() {
            let parts: Vec<Part> = batch
                .par_iter()
                .map(|(columns, rows)| {
                    self.rooms.with(|room| self.block(columns.clone(), rows.clone(), room))
                })
                .collect();
            for (more, counted, errors) in parts {
                sums.merge(&more);
                gathered = gathered.merged(&counted);
                for (list, error) in broken.iter_mut().zip(errors) {
                    list.extend(error);
                }
            }
            if said.elapsed() > PATIENCE {
                said = Instant::now();
                eprintln!("Read {} % of the product", (done + 1) * BATCH * 100 / blocks.len().max(1));
            }
        }
        (sums, gathered, broken)
    }

    fn block(&self, columns: Range<u32>, rows: Range<u32>, room: &mut Room) -> Part {
        let errors = self.load(columns.clone(), rows.clone(), room);
        let Room { layers, none, places, phasors, .. } = room;
        let size = [self.grid.width(), self.grid.height()];
        let [across, down] = self.warp.window(columns.clone(), rows.clone(), size);
        let (mut sums, mut gathered) = (Sums::new(across, down), Gathered::default());
        let placement = &self.files.placement;
        let middle = [f64::from(placement.width) / 2.0, f64::from(placement.height) / 2.0];
        let step = self.kilometres[0];
        let east = (f64::from(columns.start) + 0.5 - middle[0]) * step;
        let whole = {
            let [wrapped, unwrapped, coherence, amplitude, components] = layers;
            Row { wrapped, unwrapped, coherence, amplitude, components }
        };
        let (mut above, scale) = (None, self.warp.scale as f32);
        for (index, row) in rows.enumerate() {
            let mut line = whole.cut(index * columns.len()..(index + 1) * columns.len());
            line.fill(none);
            let north = (middle[1] - f64::from(row) - 0.5) * self.kilometres[1];
            gathered.add(&line, above.as_ref(), Place { east, step, north });
            self.warp.row(row, columns.clone(), places);
            sums.add(&line, places, scale, phasors);
            above = Some(line);
        }
        (sums, gathered, errors)
    }

    /// Reads a block's layers; those that the product lacks stay empty.
    fn load(&self, columns: Range<u32>, rows: Range<u32>, room: &mut Room) -> [Option<SourceError>; LAYERS] {
        let mut errors: [Option<SourceError>; LAYERS] = Default::default();
        for ((source, layer), error) in self.files.layers.iter().zip(&mut room.layers).zip(&mut errors) {
            if let Some(source) = source {
                *error = source.block(columns.clone(), rows.clone(), &mut room.scratch, layer).err();
            }
        }
        if let ([.., components], true) = (&mut room.layers, self.files.has_components()) {
            // No data in the components means that a pixel belongs to none.
            components.iter_mut().filter(|c| c.is_nan()).for_each(|c| *c = 0.0);
        }
        room.none.resize(columns.len(), f32::NAN);
        errors
    }
}

/// Room to work in, kept from one block to the next.
#[derive(Default)]
struct Room {
    layers: [Vec<f32>; LAYERS],
    /// A row without data, for layers that are not there.
    none: Vec<f32>,
    scratch: Scratch,
    places: Vec<[f32; 2]>,
    phasors: Vec<[f32; 2]>,
}

/// Rooms that nobody works in just now: one a core, however the blocks are handed out.
#[derive(Default)]
struct Rooms(Mutex<Vec<Room>>);

impl Rooms {
    fn with<T>(&self, work: impl FnOnce(&mut Room) -> T) -> T {
        let free = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = free().pop().unwrap_or_default();
        let result = work(&mut room);
        free().push(room);
        result
    }
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
