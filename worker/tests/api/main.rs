//! What the Worker promises, tried natively: whole requests in, whole answers out.
//!
//! `github` and `accounts` are GitHub in memory behind the ports, `records` the deployment's book, `world` the rest of it; `client` alone goes through octocrab, over a
//! scripted transport. Every JSON answer is kept as a snapshot beside these files.

#![expect(clippy::panic, reason = "a test that cannot go on says so")]

mod accounts;
mod github;
mod records;
mod world;

mod client;
mod faults;
mod files;
mod launch;
mod look;
mod page;
mod permission;
mod refusals;
mod share;
mod sign_in;
mod watch;
