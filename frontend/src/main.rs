//! The page: a map of bursts, a stack with its network of pairs, and the runs that process them.
//!
//! `state` holds what the page knows as signals, `api` asks the server and the catalogue, `logic` works things out
//! without a browser, `map` and `parts` draw.

#![expect(unreachable_pub, reason = "Leptos' component macro writes public items")]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod address;
mod api;
mod app;
mod browser;
mod logic;
mod map;
mod parts;
mod state;
#[cfg(test)]
mod style;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

fn main() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("page").and_then(|e| e.dyn_into().ok()) else { return };
    // The shell that was there for the first glance makes way.
    let root: web_sys::HtmlElement = root;
    root.set_text_content(None);
    leptos::mount::mount_to(root, app::App).forget();
}
