//! `processor preview`: makes the bundle of a pair from what stands in its folder, in one pass over the product.

mod attribution;
mod bundle;
mod checks;
mod files;
mod measure;
mod name;
mod picture;
mod plane;
mod product;
mod quicklook;
mod row;
mod stac;
mod statistics;
mod thumb;
mod warp;

pub use bundle::{Made, make};
