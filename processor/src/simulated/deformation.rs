//! A pressure point at depth that swells or shrinks (Mogi 1958), and how it does so over time.

use domain::Timestamp;

use super::{
    random::Seed,
    scene::Scene,
    terrain::{showpiece, smooth},
};

/// Seconds of a day.
const DAY: f64 = 86_400.0;
/// 2018-07-20, the middle of the showpiece's modelled episode.
const EPISODE: i64 = 1_532_044_800;
/// 2014-10-01, from which modelled displacement is counted elsewhere.
const BEGINNING: i64 = 1_412_121_600;

/// A source below a burst.
pub(super) struct Source {
    /// Easting and northing of the point above it.
    pub(super) centre: [f64; 2],
    /// Metres.
    pub(super) depth: f64,
    history: History,
}

/// Displacement above the source in metres, upwards, over time.
enum History {
    /// An episode of some months on top of a slow rise, for Mount Edgecumbe. The slow rise is the published 87 mm a
    /// year that began in August 2018 (Grapenthin et al. 2022, Geophys. Res. Lett.); the episode is made up, so that
    /// pairs of 12 days show fringes.
    Episode { metres: f64, days: f64, later: f64 },
    /// The same pace all the time, in metres a year.
    Steady(f64),
}

impl Source {
    pub(super) fn new(scene: &Scene) -> Self {
        if let Some(centre) = showpiece(scene) {
            let history = History::Episode { metres: 1.0, days: 25.0, later: 0.087 };
            return Self { centre, depth: 6_000.0, history };
        }
        let seed = Seed::of("source", &scene.burst.to_string());
        let (across, along) = (seed.between(0, 0.25, 0.75), seed.between(1, 0.35, 0.65));
        let sign = if seed.uniform(2) < 0.5 { -1.0 } else { 1.0 };
        Self {
            centre: scene.place(across, along),
            depth: seed.between(3, 3_500.0, 6_500.0),
            history: History::Steady(sign * seed.between(4, 1.2, 2.4)),
        }
    }

    /// Displacement above the source in metres, upwards, since the beginning of the model.
    pub(super) fn pace(&self, time: Timestamp) -> f64 {
        match self.history {
            History::Episode { metres, days, later } => {
                let since = (time.unix() - EPISODE) as f64 / DAY;
                // The slow rise sets in over two months and is over by 2024.
                let years = (since.clamp(0.0, 2_000.0) / 365.25) * smooth(since / 60.0);
                metres / (1.0 + (-since / days).exp()) + later * years
            }
            History::Steady(rate) => rate * (time.unix() - BEGINNING) as f64 / DAY / 365.25,
        }
    }

    /// Displacement east, north and up at a place, for one metre upwards above the source.
    ///
    /// Mogi's solution: radial and vertical displacement go as r and depth over (r² + depth²)^(3/2).
    pub(super) fn shape(&self, [x, y]: [f64; 2]) -> [f64; 3] {
        let (east, north) = (x - self.centre[0], y - self.centre[1]);
        let distance = (east * east + north * north + self.depth * self.depth).powf(1.5);
        let scale = self.depth * self.depth / distance;
        [scale * east, scale * north, scale * self.depth]
    }
}

#[cfg(test)]
mod tests {
    use domain::Looks;

    use super::*;

    #[test]
    fn it_is_highest_above_the_source_and_pushes_outwards() {
        let scene = Scene::new("064_136231_IW2".parse().unwrap(), Looks::L20x4, "a").unwrap();
        let source = Source::new(&scene);
        let [e, n, u] = source.shape(source.centre);
        assert!(e.abs() < 1e-12 && n.abs() < 1e-12 && (u - 1.0).abs() < 1e-12);
        let [east, _, up] = source.shape([source.centre[0] + source.depth, source.centre[1]]);
        // At one depth's distance both are 2^(-3/2) of the maximum.
        assert!((east - 0.353_553).abs() < 1e-6 && (up - 0.353_553).abs() < 1e-6, "{east} {up}");
        let [across, along] = scene.radar(source.centre);
        assert!((0.2..0.8).contains(&across) && (0.3..0.7).contains(&along));
    }

    #[test]
    fn summer_2018_has_fringes_at_mount_edgecumbe() {
        let scene = Scene::new("174_372326_IW3".parse().unwrap(), Looks::L20x4, "a").unwrap();
        let source = Source::new(&scene);
        let at = |text: &str| source.pace(text.parse().unwrap());
        let twelve_days = at("2018-07-22T15:16:00Z") - at("2018-07-10T15:16:00Z");
        assert!((0.08..0.16).contains(&twelve_days), "{twelve_days}");
        let early = at("2016-01-13T00:00:00Z") - at("2016-01-01T00:00:00Z");
        assert!(early.abs() < 1e-6, "{early}");
    }
}
