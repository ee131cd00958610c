#![doc = include_str!("../README.md")]

pub mod access;
pub mod acquisition;
pub mod api;
pub mod area;
pub mod baseline;
pub mod burst;
pub mod bursts;
pub mod catalogue;
pub mod colour;
pub mod coverage;
pub mod decimal;
pub mod engine;
pub mod estimate;
pub mod exchange;
pub mod footprint;
pub mod geodesy;
pub mod granule;
pub mod launch;
pub mod link;
pub mod mission;
pub mod network;
pub mod options;
pub mod pair;
pub mod pair_names;
pub mod platform;
pub mod preview;
pub mod problem;
pub mod run;
pub mod stack;
pub mod timestamp;

mod orbit;
pub mod order;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod test_stack;
mod vector;

pub use acquisition::{Acquisition, StateVector, StateVectors};
pub use area::Area;
pub use burst::{BurstId, Subswath};
pub use bursts::Bursts;
pub use footprint::{Footprint, Pass};
pub use granule::{GranuleName, Polarization};
pub use link::PageState;
pub use network::Network;
pub use options::Looks;
pub use pair::{JobName, Pair, PairName};
pub use pair_names::PairNames;
pub use platform::Platform;
pub use stack::Stack;
pub use timestamp::Timestamp;
