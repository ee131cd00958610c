//! How far apart two acquisitions are, in days and across the line of sight.
//!
//! The perpendicular baseline is ASF's, so that numbers are those of its search service (the formula of
//! asf_search, `baseline/calc.py`, BSD-3-Clause): against 166 recorded values it differs by their rounding only.
//! ISCE2 writes the baseline of the same pair with the opposite sign and, from better orbits, up to some metres off;
//! never mix the two unlabelled.

use crate::{
    Acquisition, Footprint,
    geodesy::earth_fixed,
    vector::{Vector, add_scaled, cross, difference, dot, norm, scaled, unit},
};

/// Beyond this the orbit states cannot belong to one burst, and the baseline counts as unknown.
const MAX_METRES: f64 = 100_000.0;

/// Whole days from the reference's UTC date to the secondary's, negative where the secondary is older.
pub fn temporal_days(reference: &Acquisition, secondary: &Acquisition) -> i64 {
    (secondary.granule.date() - reference.granule.date()).whole_days()
}

/// The perpendicular baseline in metres of a secondary to its reference, by ASF's formula and sign; unknown where
/// the catalogue gave no usable orbit states.
///
/// For many pairs of a stack, [`Sight`] is quicker.
pub fn perpendicular_metres(reference: &Acquisition, secondary: &Acquisition) -> Option<f64> {
    Sight::of(reference)?.metres_to(&Sight::of(secondary)?)
}

/// What a baseline needs of one acquisition, computed once for all pairs it is in.
///
/// Both satellites are looked at the same time after their ascending nodes. Across the line from the reference's
/// burst centre to the reference satellite, in the plane that the flight stands on, the secondary's offset is the
/// baseline. Where the catalogue gave no centre, the computed footprint's stands in; it lies within a kilometre,
/// which is a thousandth of the range.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Seconds of both states after the node.
    pre: f64,
    post: f64,
    positions: [Vector; 2],
    radii: [f64; 2],
    /// At both states the direction that baselines are measured along, where the states allow it.
    across: [Option<Vector>; 2],
    velocities: [Vector; 2],
    /// The burst's centre.
    ground: Vector,
}

impl Sight {
    /// What an acquisition's orbit states tell; nothing where it has none.
    pub fn of(a: &Acquisition) -> Option<Self> {
        let states = a.state?;
        let [pre, post] = [states.pre, states.post].map(|v| v.time.seconds_since(states.ascending_node));
        let centre = a.centre.unwrap_or_else(|| Footprint::of(a.burst).centre);
        let positions = [states.pre.position, states.post.position];
        let mut sight = Self {
            pre,
            post,
            positions,
            radii: positions.map(norm),
            across: [None; 2],
            velocities: [states.pre.velocity, states.post.velocity],
            ground: earth_fixed(centre, 0.0),
        };
        sight.across = [pre, post].map(|seconds| sight.across(seconds));
        Some(sight)
    }

    /// The perpendicular baseline in metres of a secondary to this reference, where the states allow it.
    pub fn metres_to(&self, secondary: &Self) -> Option<f64> {
        let (seconds, across) = self.shared(secondary);
        let at_secondary = secondary.place(secondary.share(seconds)?);
        let metres = dot(across?, difference(at_secondary, self.ground));
        (metres.abs() <= MAX_METRES).then_some(metres)
    }

    /// The time after the node at which both are looked at, and the reference's direction then: where the reference has
    /// a state of its own that is the later of the two, that one, so that nothing is interpolated for it; else the
    /// secondary's first.
    #[inline(always)]
    fn shared(&self, secondary: &Self) -> (f64, Option<Vector>) {
        let [at_pre, at_post] = self.across;
        if self.pre >= secondary.pre {
            (self.pre, at_pre)
        } else if self.post >= secondary.post {
            (self.post, at_post)
        } else {
            (secondary.pre, self.across(secondary.pre))
        }
    }

    /// Across the line of sight at `seconds` after the node.
    fn across(&self, seconds: f64) -> Option<Vector> {
        let share = self.share(seconds)?;
        let [from, to] = self.velocities;
        let velocity = add_scaled(from, share, difference(to, from));
        Some(unit(cross(velocity, difference(self.place(share), self.ground))))
    }

    /// How far `seconds` after the node lie on the way from one state to the other, where that is no farther from the
    /// states than they are from each other: a wrong node time would put it elsewhere.
    #[inline(always)]
    fn share(&self, seconds: f64) -> Option<f64> {
        let span = self.post - self.pre;
        let share = (seconds - self.pre) / span;
        (span > 0.0 && (-1.0..=2.0).contains(&share)).then_some(share)
    }

    /// The place on the straight line between the two states, but at a radius interpolated for itself, since the chord
    /// runs below the orbit.
    #[inline(always)]
    fn place(&self, share: f64) -> Vector {
        let [from, to] = self.positions;
        let [low, high] = self.radii;
        scaled(unit(add_scaled(from, share, difference(to, from))), low + share * (high - low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        GranuleName, Platform, StateVector, StateVectors, Timestamp, recorded, test_stack::recorded_stack,
        timestamp::compact_day_text,
    };

    fn reference(stack: &crate::Stack) -> Acquisition {
        let on = |a: &&Acquisition| a.granule.date() == time::macros::date!(2018 - 08 - 15);
        stack.acquisitions().iter().find(on).unwrap().clone()
    }

    #[test]
    fn the_recorded_baselines_are_met_within_their_rounding() {
        let Some(stack) = recorded_stack() else { return };
        let Some(record) = recorded::json("burst_stack_174_372326_IW3_VV_full.json") else { return };
        let reference = reference(&stack);
        let mut compared = 0;
        for entry in record.as_array().unwrap() {
            let properties = &entry["properties"];
            let granule: GranuleName = properties["sceneName"].as_str().unwrap().parse().unwrap();
            let secondary = stack.acquisitions().iter().find(|a| a.granule == granule).unwrap();
            let metres = perpendicular_metres(&reference, secondary).unwrap();
            let expected = properties["perpendicularBaseline"].as_f64().unwrap();
            assert!((metres - expected).abs() <= 0.5, "{granule}: {metres} {expected}");
            assert_eq!(Some(temporal_days(&reference, secondary)), properties["temporalBaseline"].as_i64());
            compared += 1;
        }
        assert_eq!(compared, 166);
    }

    #[test]
    fn without_the_catalogues_centre_the_computed_one_is_as_good() {
        let Some(stack) = recorded_stack() else { return };
        let reference = reference(&stack);
        let without = Acquisition { centre: None, ..reference.clone() };
        for secondary in stack.acquisitions() {
            let [a, b] = [&reference, &without].map(|r| perpendicular_metres(r, secondary).unwrap());
            assert!((a - b).abs() < 0.5, "{a} {b}");
        }
    }

    /// Derived from the recorded stack: states taken away or spoilt.
    #[test]
    fn missing_or_impossible_states_leave_the_baseline_unknown() {
        let Some(stack) = recorded_stack() else { return };
        let good = reference(&stack);
        let spoilt = |change: fn(&mut StateVectors)| {
            let mut bad = good.clone();
            change(bad.state.as_mut().unwrap());
            bad
        };
        for bad in [
            Acquisition { state: None, ..good.clone() },
            spoilt(|s| s.post.time = s.pre.time),
            spoilt(|s| s.ascending_node = s.ascending_node.plus_seconds(120)),
            spoilt(|s| (s.pre.position, s.post.position) = ([0.0; 3], [0.0; 3])),
        ] {
            assert_eq!(perpendicular_metres(&good, &bad), None);
        }
        assert_eq!(perpendicular_metres(&Acquisition { state: None, ..good.clone() }, &good), None);
        assert!(perpendicular_metres(&good, &good).unwrap().abs() < 1e-6);
    }

    /// An acquisition of the recorded stack as if another satellite had taken it some days later, from the same places:
    /// DERIVED, since nothing of Sentinel-1C and 1D was recorded.
    fn flown_again(a: &Acquisition, platform: Platform, days: i64) -> Acquisition {
        let later = |time: Timestamp| time.plus_seconds(days * 86_400);
        let day = later(a.granule.time()).date();
        let name = a.granule.to_string();
        let name = format!("{}{}{}", &name[..14], compact_day_text(day), &name[22..]);
        let state = a.state.map(|s| StateVectors {
            ascending_node: later(s.ascending_node),
            pre: StateVector { time: later(s.pre.time), ..s.pre },
            post: StateVector { time: later(s.post.time), ..s.post },
        });
        Acquisition {
            granule: name.parse().unwrap(),
            platform: Some(platform),
            state,
            start: later(a.start),
            ..a.clone()
        }
    }

    #[test]
    fn pairs_of_one_day_and_of_two_satellites_have_their_baselines() {
        let Some(stack) = recorded_stack() else { return };
        let good = reference(&stack);
        // 2026-05-05 by Sentinel-1C, and the day after by Sentinel-1D, as they flew in that spring.
        let c = flown_again(&good, Platform::S1C, 2_820);
        for other in stack.acquisitions() {
            let to_2026 = (c.granule.date() - other.granule.date()).whole_days();
            let d = flown_again(other, Platform::S1D, to_2026 + 1);
            assert_eq!(temporal_days(&c, &d), 1);
            let [apart, expected] =
                [(&c, &d), (&good, other)].map(|(a, b)| perpendicular_metres(a, b).unwrap());
            assert!((apart - expected).abs() < 1e-6, "{apart} {expected}");
            let pair = crate::Pair::new(c.granule.clone(), d.granule.clone()).unwrap();
            assert_eq!(pair.days(), 1);
            for a in [&c, &d] {
                assert!(crate::engine::can_process(a.platform.as_ref(), a.granule.date()).is_ok());
            }
        }
    }
}
