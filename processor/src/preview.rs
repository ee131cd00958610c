//! `processor preview`: makes the bundle of a pair from what stands in its folder, in one pass over the product.

mod attribution;
mod bundle;
mod checks;
mod measure;
mod picture;
mod product;
mod quicklook;
mod statistics;
mod thumb;
mod warp;

pub use bundle::make;
