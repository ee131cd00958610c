//! What runs inside an Actions job: finding pairs, making an interferogram, making its preview; and, for people in a
//! terminal, where bursts lie and what there is of them.
//!
//! `pairs` and `interferogram` are thin edges around `domain` and the engine; `preview` reads what the engine wrote.
//! Everything that reads bytes from outside gives a sentence where they are not what they should be.

#![expect(clippy::disallowed_methods, reason = "native program: the clock is there")]

pub mod engine;
pub mod interferogram;
pub mod job;
pub mod pairs;
pub mod places;
pub mod preview;
pub mod raster;
pub mod simulated;
pub mod stack;
