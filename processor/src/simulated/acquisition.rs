//! One date of the model: its air, its orbit, its snow. Phase belongs to dates, so that loops of pairs close.

use std::f64::consts::TAU;

use domain::{GranuleName, preview::manifest::WAVELENGTH};

use super::{deformation::Source, field::Field, flaws, random::Seed, scene::Scene, terrain::Ground};

/// What one acquisition adds to a phase.
pub(super) struct Acquisition {
    air: Field,
    corner: [f64; 2],
    middle: [f64; 2],
    /// Radians of turbulent delay, standard deviation.
    turbulence: f64,
    /// Radians per metre of height: the stratified part of the delay.
    stratified: f64,
    /// Radians per metre east and north: what is left of the orbit.
    ramp: [f64; 2],
    /// Metres above the source, upwards.
    pace: f64,
    /// Metres perpendicular to the line of sight.
    pub(super) baseline: f64,
    /// Metres of height above which there is snow.
    snow_line: f64,
    /// Whether the whole scene lost its coherence on this date, on purpose.
    pub(super) decorrelated: bool,
}

impl Acquisition {
    pub(super) fn new(scene: &Scene, source: &Source, granule: &GranuleName) -> Self {
        // One date, one state, whatever the granule's suffix.
        let name = format!("{}/{}", scene.burst, granule.date());
        let seed = Seed::of("acquisition", &name);
        let [baseline, stratified] = seed.normals(0);
        let ramp = seed.normals(1);
        Self {
            air: Field::new(Seed::of("air", &name), scene.extent, 320.0, 11.0 / 3.0, 45_000.0),
            corner: scene.corner,
            middle: scene.place(0.5, 0.5),
            turbulence: seed.between(2, 0.5, 1.3),
            stratified: stratified * 0.9e-3,
            ramp: ramp.map(|r| r * 9e-6),
            pace: source.pace(granule.time()),
            baseline: baseline * 55.0,
            snow_line: snow_line(granule, scene.footprint.centre[1]),
            decorrelated: flaws::decorrelates(scene.burst, granule.date()),
        }
    }

    /// Radians of phase at a place: positive for a longer way to the satellite. `rise` is the displacement towards
    /// the satellite there for one metre above the source.
    pub(super) fn phase(&self, [x, y]: [f64; 2], ground: &Ground, rise: f64) -> f64 {
        let air = self.turbulence * self.air.at([x - self.corner[0], y - self.corner[1]]);
        let orbit = self.ramp[0] * (x - self.middle[0]) + self.ramp[1] * (y - self.middle[1]);
        air + self.stratified * ground.height + orbit - 2.0 * TAU / WAVELENGTH * self.pace * rise
    }

    /// What snow leaves of coherence at a height, 0 to 1.
    pub(super) fn snow(&self, height: f64) -> f64 {
        1.0 - 0.7 / (1.0 + (-(height - self.snow_line) / 90.0).exp())
    }
}

/// The height in metres above which snow lies, by latitude and season: none near the equator, down to the sea in a
/// winter of the higher latitudes.
fn snow_line(granule: &GranuleName, latitude: f64) -> f64 {
    let day = f64::from(granule.date().ordinal());
    // Coldest in the middle of January in the north, half a year later in the south.
    let shift = if latitude >= 0.0 { 15.0 } else { 197.5 };
    let summer = 0.5 - 0.5 * ((day - shift) / 365.25 * TAU).cos();
    let poleward = latitude.abs();
    5_200.0 - 75.0 * poleward - 1_400.0 * (poleward / 57.0).min(1.2) * (1.0 - summer) + 900.0 * (summer - 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snow_lies_in_winter_in_the_north_and_never_at_the_equator() {
        let line = |day: &str, latitude| {
            snow_line(&format!("S1_372326_IW3_{day}T151603_VV_1A2B-BURST").parse().unwrap(), latitude)
        };
        assert!(line("20180115", 57.0) < 0.0, "{}", line("20180115", 57.0));
        assert!(line("20180720", 57.0) > 1_000.0);
        assert!(line("20180115", 0.0) > 4_000.0);
        assert!(line("20180720", -57.0) < line("20180115", -57.0));
    }
}
