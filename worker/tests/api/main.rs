//! What the Worker promises, tried natively: whole requests in, whole answers out.
//!
//! `github` is GitHub in memory behind the port, `world` the rest of it; `client` alone goes through octocrab, over a
//! scripted transport. Every JSON answer is kept as a snapshot beside these files.

#![expect(clippy::panic, reason = "a test that cannot go on says so")]

mod github;
mod world;

mod client;
mod faults;
mod files;
mod launch;
mod look;
mod page;
mod refusals;
mod watch;
