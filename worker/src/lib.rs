//! Burstboard's Worker: it holds the one credential, launches runs, watches them, hands out what they made, and
//! serves the page.
//!
//! From the outside in:
//!
//! * [`app`] takes a request, asks [`route`] what is wanted and [`visitor`] who asks and whether they may, and calls
//!   one of …
//! * [`handlers`], one file for each thing a person does. They know HTTP only by the problems that they return, and
//!   reach the world only through …
//! * [`ports`]: GitHub, the blob stores that GitHub redirects to, the built page, the clock, the records, randomness.
//! * [`records`] is what the deployment remembers, in a Durable Object; [`kept`] what one instance keeps for a minute.
//! * [`keys`] makes what goes out and has to come back unchanged: [`session`]s and [`share`] links.
//! * [`github`] is GitHub's port and its client over octocrab; any tower service can carry it.
//! * `cloudflare` is the glue to the Workers runtime. It exists on wasm only; all the rest is compiled and tested
//!   natively.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]

pub mod answer;
pub mod app;
pub mod cookies;
pub mod errors;
pub mod github;
pub mod handlers;
pub mod kept;
pub mod keys;
pub mod ledger;
pub mod origins;
pub mod page;
pub mod ports;
pub mod records;
pub mod route;
pub mod session;
pub mod settings;
pub mod share;
pub mod view;
pub mod visitor;

#[cfg(target_arch = "wasm32")]
mod cloudflare;
