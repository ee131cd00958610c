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
use wasm_bindgen_futures::spawn_local;

use crate::{address::Arrival, api::Fault};

fn main() {
    console_error_panic_hook::set_once();
    let (path, query) = browser::address();
    let arrival = Arrival::of(&query);
    if query.len() > arrival.rest.len() {
        // Neither belongs into what a person bookmarks or sends on.
        browser::replace(&format!("{path}{}", arrival.rest));
    }
    let ended = arrival.sign_in.as_deref().map(sign_in_ended);
    match arrival.share {
        None => mount(ended),
        // What the link opens can be asked for only with the cookie. Leptos' own executor begins with the page.
        Some(token) => spawn_local(async move { mount(api::open_link(token).await.err().or(ended)) }),
    }
}

fn mount(greeting: Option<Fault>) {
    let Some(root) = document().get_element_by_id("page").and_then(|e| e.dyn_into().ok()) else { return };
    // The shell that was there for the first glance makes way.
    let root: web_sys::HtmlElement = root;
    root.set_text_content(None);
    leptos::mount::mount_to(root, move || view! { <app::App greeting/> }).forget();
}

/// Why somebody comes back from GitHub without being signed in.
fn sign_in_ended(word: &str) -> Fault {
    let detail = match word {
        "denied" => {
            "GitHub says that the sign-in was cancelled. Nothing was changed; sign in whenever it suits."
        }
        "refused" => "GitHub did not accept the answer that this browser brought back. Sign in again.",
        "unavailable" => "GitHub or this deployment's records did not answer. Sign in again in a while.",
        "misconfigured" => {
            "GitHub does not know this deployment's sign-in. Its owner has to check GITHUB_CLIENT_ID, \
             GITHUB_CLIENT_SECRET and the callback address that is registered at GitHub."
        }
        _ => {
            "The way back from GitHub was older than ten minutes, was used before, or began in another browser. Sign in again."
        }
    };
    Fault::new("Not signed in", detail)
}
