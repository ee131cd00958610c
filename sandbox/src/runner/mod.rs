//! What GitHub's runners do: take a job, run it, say how it went. The work itself is done by `act`.

pub mod act;
pub mod actions;
mod drive;
mod engine;
pub mod events;
mod job;
pub mod leftovers;
mod progress;
mod prune;
mod rerun;
mod tree;

pub use act::PASSED;
pub use engine::{Dispatch, Engine, Settings, Uploader};
pub use rerun::{Rerun, RerunError};
pub use tree::Checkout;
