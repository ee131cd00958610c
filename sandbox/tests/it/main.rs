//! The sandbox as its users meet it: the real program, driven from outside.

mod access;
mod api;
mod app;
mod blobs;
mod catalogue;
mod contract;
mod gh;
mod jobs;
mod runs;
mod sign_in;
mod support;
