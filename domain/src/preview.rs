//! The preview of a pair: a small zip that the processor makes, the Worker passes through and the page opens.
//!
//! [`bundle`] is the zip, [`manifest`] the JSON in it, [`grid`] says where its pictures lie on the web map.

pub mod bundle;
pub mod grid;
pub mod manifest;

pub use bundle::{Bundle, BundleError};
pub use grid::Grid;
pub use manifest::Manifest;
