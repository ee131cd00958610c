//! The sandbox as its users meet it: the real program, driven from outside.

mod api;
mod blobs;
mod catalogue;
mod contract;
mod gh;
mod jobs;
mod runs;
mod support;
