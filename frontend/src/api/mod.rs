//! What the page asks the Worker and the catalogue.

pub(crate) mod catalogue;
mod fault;
mod worker;

pub(crate) use fault::{Fault, capital};
pub(crate) use worker::*;
