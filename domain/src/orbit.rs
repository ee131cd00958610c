//! Where Sentinel-1 is, seconds after the ascending node.
//!
//! All satellites of the mission fly one reference orbit, which they keep within a tube of some hundred metres, and
//! every track is that orbit turned about the Earth's axis. One revolution therefore stands for all 175.

mod table;

use table::{FIRST_SECOND, ROWS, STEP};

use crate::{
    burst::{BURST_SECONDS, BurstId, LAST_TRACK, ORBIT_SECONDS, PREAMBLE_SECONDS},
    vector::Vector,
};

/// Revolutions of the Earth under the orbit until it repeats, one a day but for the orbit's own turn: 12 in 175.
const REPEAT_DAYS: u32 = 12;
/// Degrees between two tracks that are neighbours on the ground.
pub(crate) const TRACK_SPACING: f64 = 360.0 / LAST_TRACK as f64;

/// Position and velocity, Earth-fixed, on track 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub(crate) position: Vector,
    pub(crate) velocity: Vector,
}

/// The state `seconds` after the ascending node of track 1; a cubic through positions and velocities of the table,
/// within 6 m of the orbit it was made from, for any time of one revolution and a burst to both sides of it.
pub(crate) fn state(seconds: f64) -> State {
    let index = (((seconds - FIRST_SECOND) / STEP) as usize).min(ROWS.len() - 2);
    let (a, b) = (&ROWS[index], &ROWS[index + 1]);
    let s = (seconds - FIRST_SECOND) / STEP - index as f64;
    let (s2, s3) = (s * s, s * s * s);
    let weights = [2.0 * s3 - 3.0 * s2 + 1.0, s3 - 2.0 * s2 + s, 3.0 * s2 - 2.0 * s3, s3 - s2];
    let slopes = [6.0 * (s2 - s), 3.0 * s2 - 4.0 * s + 1.0, 6.0 * (s - s2), 3.0 * s2 - 2.0 * s];
    let mut made = State { position: [0.0; 3], velocity: [0.0; 3] };
    for i in 0..3 {
        let (from, to, start, end) = (a[i], b[i], STEP * a[i + 3], STEP * b[i + 3]);
        made.position[i] = weights[0] * from + weights[1] * start + weights[2] * to + weights[3] * end;
        made.velocity[i] =
            (slopes[0] * from + slopes[1] * start + slopes[2] * to + slopes[3] * end) * (1.0 / STEP);
    }
    made
}

/// How many spacings west of track 1 a track crosses the equator, 0 to 174.
pub(crate) fn spacings_west(track: u8) -> u32 {
    REPEAT_DAYS * u32::from(track - 1) % u32::from(LAST_TRACK)
}

/// The track that crosses the equator so many spacings west of track 1, whole turns left out.
pub(crate) fn track_west(spacings: i64) -> u8 {
    // 12 × 73 = 5 × 175 + 1, so 73 undoes the 12.
    (73 * spacings).rem_euclid(i64::from(LAST_TRACK)) as u8 + 1
}

/// Seconds from the ascending node of its track to a burst's place in the grid of burst positions (ESA Level-1
/// detailed algorithm definition, eq. 9-89 and 9-91, solved for the time).
pub(crate) fn grid_seconds(burst: BurstId) -> f64 {
    f64::from(burst.number() - 1) * BURST_SECONDS + PREAMBLE_SECONDS
        - f64::from(burst.track() - 1) * ORBIT_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::{difference, norm};

    #[test]
    fn tracks_and_spacings_are_each_others_inverse() {
        for track in 1..=LAST_TRACK {
            assert_eq!(track_west(i64::from(spacings_west(track))), track);
            assert_eq!(track_west(i64::from(spacings_west(track)) - 350), track);
        }
    }

    #[test]
    fn the_orbit_closes_after_one_revolution() {
        let (start, end) = (state(0.0).position, state(ORBIT_SECONDS).position);
        let turn = (-f64::from(spacings_west(2)) * TRACK_SPACING).to_radians();
        let (sin, cos) = turn.sin_cos();
        let expected = [cos * start[0] - sin * start[1], sin * start[0] + cos * start[1], start[2]];
        assert!(norm(difference(end, expected)) < 1_000.0, "{end:?} {expected:?}");
    }

    #[test]
    fn the_recorded_orbit_is_met_within_six_metres() {
        let Some(text) = crate::recorded::text("orbit/s1_reference_orbit_rel1_15s.json") else { return };
        let record: serde_json::Value = serde_json::from_str(&text).unwrap();
        for row in record["rows"].as_array().unwrap() {
            let row: Vec<f64> = row.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
            if row[0] > 5_940.0 {
                continue;
            }
            let state = state(row[0]);
            assert!(norm(difference(state.position, [row[1], row[2], row[3]])) < 6.0, "{row:?}");
            assert!(norm(difference(state.velocity, [row[4], row[5], row[6]])) < 0.3, "{row:?}");
        }
    }
}
