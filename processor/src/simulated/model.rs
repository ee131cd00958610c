//! The interferogram of a pair: phase from two dates, coherence from land, time and baseline, noise from coherence.

use std::f64::consts::{PI, TAU};

use domain::{Looks, Pair};
use rayon::prelude::*;

use super::{
    acquisition::Acquisition,
    components,
    deformation::Source,
    field::Field,
    flaws::Flaws,
    random::Seed,
    scene::Scene,
    terrain::{Ground, Terrain},
};

/// Baseline in metres at which nothing is left of coherence.
const CRITICAL_BASELINE: f64 = 5_000.0;

/// The rasters of a product, row by row, zero where there is no data.
#[derive(Default)]
pub(super) struct Rasters {
    /// Radians, congruent with `wrapped`.
    pub(super) unwrapped: Vec<f32>,
    /// Radians, −π to π.
    pub(super) wrapped: Vec<f32>,
    /// 0 to 1.
    pub(super) coherence: Vec<f32>,
    /// Labels from 1, largest first.
    pub(super) components: Vec<f32>,
    /// Metres.
    pub(super) height: Vec<f32>,
    /// Elevation of the direction to the satellite, radians.
    pub(super) look_elevation: Vec<f32>,
    /// Orientation of the direction to the satellite, radians.
    pub(super) look_orientation: Vec<f32>,
    /// 1 land, 0 water.
    pub(super) land: Vec<u8>,
}

/// What is needed for one pixel.
pub(super) struct Model<'a> {
    scene: &'a Scene,
    terrain: Terrain,
    source: Source,
    reference: Acquisition,
    secondary: Acquisition,
    days: f64,
    flaws: Flaws,
    patch: Field,
    noise: Seed,
    effective_looks: f64,
    water_mask: bool,
}

/// One pixel of all rasters.
#[derive(Clone, Copy, Default)]
struct Pixel {
    unwrapped: f32,
    wrapped: f32,
    coherence: f32,
    expected: f32,
    height: f32,
    look: [f32; 2],
    land: bool,
}

impl<'a> Model<'a> {
    pub(super) fn new(scene: &'a Scene, pair: &Pair, looks: Looks, water_mask: bool) -> Self {
        let source = Source::new(scene);
        let name = format!("{}/{}", scene.burst, pair.name());
        Self {
            terrain: Terrain::new(scene),
            reference: Acquisition::new(scene, &source, pair.reference()),
            secondary: Acquisition::new(scene, &source, pair.secondary()),
            source,
            days: pair.days() as f64,
            flaws: Flaws::of(scene.burst, pair),
            patch: Field::new(Seed::of("patch", &name), scene.extent, 640.0, 5.0, 60_000.0),
            noise: Seed::of("noise", &format!("{}/{}/{looks}", pair.reference(), pair.secondary())),
            // Neighbouring samples are not independent, and the phase filter averages some more.
            effective_looks: match looks {
                Looks::L20x4 => 36.0,
                Looks::L10x2 => 14.0,
                Looks::L5x1 => 7.0,
            },
            water_mask,
            scene,
        }
    }

    /// Metres between the orbits, perpendicular to the line of sight.
    pub(super) fn baseline(&self) -> f64 {
        self.secondary.baseline - self.reference.baseline
    }

    /// All rasters.
    pub(super) fn rasters(&self) -> Rasters {
        let width = self.scene.placement.width as usize;
        let rows: Vec<Vec<Pixel>> = self
            .scene
            .spans()
            .into_par_iter()
            .enumerate()
            .map(|(row, span)| {
                (0..width)
                    .map(
                        |column| {
                            if span.contains(&column) { self.pixel(column, row) } else { Pixel::default() }
                        },
                    )
                    .collect()
            })
            .collect();
        let pixels = || rows.iter().flatten();
        let expected: Vec<f32> = pixels().map(|p| p.expected).collect();
        Rasters {
            unwrapped: pixels().map(|p| p.unwrapped).collect(),
            wrapped: pixels().map(|p| p.wrapped).collect(),
            coherence: pixels().map(|p| p.coherence).collect(),
            components: components::label(&expected, width),
            height: pixels().map(|p| p.height).collect(),
            look_elevation: pixels().map(|p| p.look[0]).collect(),
            look_orientation: pixels().map(|p| p.look[1]).collect(),
            land: pixels().map(|p| u8::from(p.land)).collect(),
        }
    }

    fn pixel(&self, column: usize, row: usize) -> Pixel {
        let place = self.scene.placement.at(column as f64 + 0.5, row as f64 + 0.5);
        let ground = self.terrain.at(place);
        let [elevation, orientation] = self.scene.look(place);
        let [east, north, up] = self.source.shape(place);
        let level = elevation.cos();
        let rise = level * (orientation.cos() * east + orientation.sin() * north) + elevation.sin() * up;
        let truth = self.secondary.phase(place, &ground, rise) - self.reference.phase(place, &ground, rise)
            + self.misalignment(place);
        let expected = self.coherence(&ground);
        let (wrapped, coherence) = self.measure(truth, expected, column, row);
        let unwrapped = wrapped + TAU * ((truth - wrapped) / TAU).round() + self.jump(place, expected);
        let land = ground.height > 0.0;
        let masked = self.water_mask && !land;
        Pixel {
            unwrapped: if masked { 0.0 } else { unwrapped as f32 },
            wrapped: if masked { 0.0 } else { wrapped as f32 },
            coherence: coherence as f32,
            expected: if masked { 0.0 } else { expected as f32 },
            height: if land { ground.height as f32 } else { 0.0 },
            look: [elevation as f32, orientation as f32],
            land,
        }
    }

    /// Coherence without noise.
    fn coherence(&self, ground: &Ground) -> f64 {
        if ground.height <= 0.0 {
            return 0.02;
        }
        let time = (-self.days / ground.days).exp();
        let geometry = (1.0 - self.baseline().abs() / CRITICAL_BASELINE).max(0.0);
        let snow = self.reference.snow(ground.height).min(self.secondary.snow(ground.height));
        let storms = [&self.reference, &self.secondary].iter().filter(|a| a.decorrelated).count();
        let storm = 0.22f64.powi(storms as i32);
        let alignment = if self.flaws.misaligned { 0.5 } else { 1.0 };
        (ground.steady * time * geometry * snow * storm * alignment).clamp(0.03, 0.99)
    }

    /// Phase in −π to π and coherence as they are measured: the mean of `effective_looks` samples of a pair of signals
    /// of coherence `expected` is nearly a complex normal number around γ·exp(iφ).
    fn measure(&self, phase: f64, expected: f64, column: usize, row: usize) -> (f64, f64) {
        let deviation = ((1.0 - expected * expected) / (2.0 * self.effective_looks)).sqrt();
        let index = row as u64 * u64::from(self.scene.placement.width) + column as u64;
        let [re, im] = self.noise.normals(index);
        let (sin, cos) = phase.sin_cos();
        let (re, im) = (expected * cos + deviation * re, expected * sin + deviation * im);
        let wrapped = im.atan2(re);
        // Zero would read as no data.
        (if wrapped == 0.0 { 1e-6 } else { wrapped }, re.hypot(im).clamp(1e-3, 0.999))
    }

    /// The steep ramp of a badly aligned pair.
    fn misalignment(&self, place: [f64; 2]) -> f64 {
        if !self.flaws.misaligned {
            return 0.0;
        }
        let [across, along] = self.scene.radar(place);
        8.0 * PI * (across - 0.5) + 3.0 * PI * (along - 0.5)
    }

    /// A whole turn too much within a patch, where there is coherence enough to see it.
    fn jump(&self, [x, y]: [f64; 2], expected: f64) -> f64 {
        let [left, low] = self.scene.corner;
        let inside = self.flaws.jump && expected > 0.05 && self.patch.at([x - left, y - low]) > 0.55;
        if inside { TAU } else { 0.0 }
    }
}
