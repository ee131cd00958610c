//! How much coherence to expect of a pair before it is processed.

/// A model of coherence: a decay with time to a floor, times the loss by the perpendicular baseline.
///
/// γ = (γ∞ + (γ₀ − γ∞) · exp(−days / τ)) · max(0, 1 − |B⊥| / B_crit)
///
/// The decay is that which Kellndorfer et al. (2022, doi:10.1038/s41597-022-01189-6) fitted to Sentinel-1 all over the
/// world; the second factor is the geometric decorrelation of Zebker and Villasenor (1992, doi:10.1109/36.175330) for
/// flat ground. B_crit = λ · bandwidth · range · tan(incidence) / c is 5.7 km in IW1 and 7.1 km in IW3.
///
/// The first three defaults are ours, for ground with some vegetation. They rank pairs; they are no measurement, and
/// snow, ploughing and water are not in it. Whoever knows the ground sets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoherenceModel {
    /// γ₀ in percent: coherence of a pair without time between.
    pub start_percent: u32,
    /// γ∞ in percent: coherence that stays for years.
    pub floor_percent: u32,
    /// τ in days: after so long the part that decays is down to 37 %.
    pub decay_days: u32,
    /// B_crit in metres: with this baseline nothing is coherent.
    pub critical_metres: u32,
}

impl Default for CoherenceModel {
    fn default() -> Self {
        Self { start_percent: 85, floor_percent: 15, decay_days: 40, critical_metres: 6_000 }
    }
}

impl CoherenceModel {
    /// The expected coherence, 0 to 1, of a pair that spans so many days and metres across the line of sight.
    ///
    /// Where the baseline is unknown the time alone counts, which is the best that can be.
    pub fn expected(&self, days: i64, metres: Option<f64>) -> f64 {
        self.across(self.after(days), metres)
    }

    /// The first factor: what is left after so many days.
    pub(super) fn after(&self, days: i64) -> f64 {
        let [start, floor] =
            [self.start_percent, self.floor_percent].map(|percent| f64::from(percent) / 100.0);
        let decayed = (-(days.abs() as f64) / f64::from(self.decay_days.max(1))).exp();
        floor + (start - floor) * decayed
    }

    /// Times the second one.
    pub(super) fn across(&self, left: f64, metres: Option<f64>) -> f64 {
        let across = metres.map_or(0.0, f64::abs) / f64::from(self.critical_metres.max(1));
        (left * (1.0 - across).max(0.0)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_formula_at_known_places() {
        let model = CoherenceModel::default();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(model.expected(0, Some(0.0)), 0.85));
        assert!(near(model.expected(40, None), 0.15 + 0.7 / std::f64::consts::E));
        assert!(near(model.expected(0, Some(-3_000.0)), 0.425));
        assert!(near(model.expected(12, Some(6_000.0)), 0.0));
        assert!(near(model.expected(100_000, None), 0.15));
    }

    proptest! {
        #[test]
        fn longer_and_farther_is_never_better(
            start in 0u32..=100, floor in 0u32..=100, decay in 0u32..400, critical in 0u32..10_000,
            days in 0i64..3_000, more in 0i64..500, metres in 0.0f64..8_000.0, farther in 0.0f64..900.0,
        ) {
            prop_assume!(floor <= start);
            let model = CoherenceModel { start_percent: start, floor_percent: floor, decay_days: decay, critical_metres: critical };
            let here = model.expected(days, Some(metres));
            prop_assert!((0.0..=1.0).contains(&here));
            prop_assert!(model.expected(days + more, Some(metres)) <= here);
            prop_assert!(model.expected(days, Some(-metres - farther)) <= here);
            prop_assert!(model.expected(days, None) >= here);
        }
    }
}
