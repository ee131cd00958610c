//! Modelled land: heights, sea, and what grows on it. Around Mount Edgecumbe an island volcano in a sea with mountains
//! in the east, elsewhere hills without a coast.

use super::{field::Field, random::Seed, scene::Scene};

/// Mount Edgecumbe, Alaska: longitude and latitude in degrees.
pub(super) const EDGECUMBE: [f64; 2] = [-135.75, 57.05];

/// What the ground is like at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ground {
    /// Metres above the sea; sea where zero or below.
    pub(super) height: f64,
    /// Coherence of a pair without time between, 0 to 1.
    pub(super) steady: f64,
    /// Days after which coherence has fallen to 37 %.
    pub(super) days: f64,
}

/// The land of a burst.
pub(super) struct Terrain {
    relief: Field,
    cover: Field,
    corner: [f64; 2],
    volcano: Option<[f64; 2]>,
    base: f64,
}

impl Terrain {
    pub(super) fn new(scene: &Scene) -> Self {
        let name = format!("{:06}", scene.burst.number());
        let seed = Seed::of("terrain", &name);
        Self {
            relief: Field::new(seed, scene.extent, 160.0, 3.4, 40_000.0),
            cover: Field::new(Seed::of("cover", &name), scene.extent, 160.0, 3.0, 20_000.0),
            corner: scene.corner,
            volcano: showpiece(scene),
            base: seed.between(u64::MAX, 500.0, 1_400.0),
        }
    }

    /// The ground at an easting and northing.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> Ground {
        let inside = [x - self.corner[0], y - self.corner[1]];
        let (relief, cover) = (self.relief.at(inside), self.cover.at(inside));
        let height = match self.volcano {
            Some([vx, vy]) => island(relief, [x - vx, y - vy]),
            None => (self.base + 320.0 * relief).max(5.0),
        };
        // Bare ground keeps its phase for long, forest loses it; the field says which it is.
        let bare = 1.0 / (1.0 + (-1.6 * cover - 0.6).exp());
        let bare = if height > 650.0 && self.volcano.is_some() { bare.max(0.8) } else { bare };
        Ground { height, steady: 0.62 + 0.34 * bare, days: 30.0 + 240.0 * bare * bare }
    }
}

/// Easting and northing of the volcano, where the burst is near enough to show it.
pub(super) fn showpiece(scene: &Scene) -> Option<[f64; 2]> {
    let [longitude, latitude] = scene.footprint.centre;
    let near = (longitude - EDGECUMBE[0]).abs() < 2.5 && (latitude - EDGECUMBE[1]).abs() < 1.2;
    if near { scene.utm(EDGECUMBE).ok() } else { None }
}

/// Height at metres east and north of the volcano.
fn island(relief: f64, [east, north]: [f64; 2]) -> f64 {
    let far = east.hypot(north);
    let cone = 900.0 * (-(far / 3_800.0).powf(1.3)).exp();
    let island = 330.0 * (-((east / 13_000.0).powi(2) + ((north - 6_000.0) / 21_000.0).powi(2))).exp();
    let mainland = 800.0 * smooth((east - 0.25 * north - 17_000.0) / 26_000.0);
    let ocean = -700.0 * smooth((-east - 9_000.0) / 20_000.0);
    let rough = 40.0 + 260.0 * smooth((east - 8_000.0) / 25_000.0);
    cone + island + mainland + ocean + rough * relief - 130.0
}

/// Rises from 0 to 1 while `t` does, without corners.
pub(super) fn smooth(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
