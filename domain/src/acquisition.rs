//! One acquisition of a burst, as far as the catalogue knows it.

use serde::{Deserialize, Serialize};

use crate::{BurstId, GranuleName, Platform, Timestamp};

/// One acquisition of one burst. What the catalogue did not say is `None`, never a made-up value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acquisition {
    /// The catalogue's name for it.
    pub granule: GranuleName,
    /// The burst with its track.
    pub burst: BurstId,
    /// Start of sensing.
    pub start: Timestamp,
    /// Satellite.
    pub platform: Option<Platform>,
    /// Absolute orbit number.
    pub orbit: Option<u32>,
    /// Size of the granule in bytes.
    pub bytes: Option<u64>,
    /// Version of ESA's instrument processing facility, as written.
    pub ipf: Option<String>,
    /// Orbit state around the acquisition; without it the perpendicular baseline is unknown.
    pub state: Option<StateVectors>,
    /// Centre of the burst, longitude and latitude in degrees.
    pub centre: Option<[f64; 2]>,
    /// Outline as longitude and latitude in degrees, closed.
    pub outline: Option<Vec<[f64; 2]>>,
}

/// Position and velocity at one moment, Earth-fixed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateVector {
    /// When.
    pub time: Timestamp,
    /// Metres.
    pub position: [f64; 3],
    /// Metres per second.
    pub velocity: [f64; 3],
}

/// The state vectors before and after an acquisition, ten seconds apart, and the time of its ascending node.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateVectors {
    /// The moment of the ascending node, against which both acquisitions of a pair are aligned.
    pub ascending_node: Timestamp,
    /// Before.
    pub pre: StateVector,
    /// After.
    pub post: StateVector,
}
