//! The line between map and stack, which can be moved.

use super::live::live;
use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::browser;

const LEAST: f64 = 40.0;
const STEP: f64 = 24.0;

/// Drags or, by arrow keys, steps the stack's height; a double click folds it. The height is remembered.
#[component]
pub(crate) fn Splitter(
    /// Height of the stack in pixels.
    height: RwSignal<f64>,
) -> impl IntoView {
    let handle = NodeRef::<Div>::new();
    let held = RwSignal::new(None::<[f64; 2]>);
    let most = || window().inner_height().ok().and_then(|h| h.as_f64()).unwrap_or(800.0) - 220.0;
    let set = move |value: f64| height.set(value.clamp(LEAST, most().max(LEAST)));
    let keep = move || browser::remember("stack-height", Some(&format!("{:.0}", height.get_untracked())));
    let press = move |event: ev::PointerEvent| {
        event.prevent_default();
        held.set(Some([f64::from(event.client_y()), height.get_untracked()]));
        if let Some(handle) = handle.get_untracked() {
            let _ = handle.unchecked_ref::<web_sys::Element>().set_pointer_capture(event.pointer_id());
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some([from, before]) = held.get_untracked() {
            set(before + from - f64::from(event.client_y()));
        }
    };
    let release = move |_| {
        held.set(None);
        keep();
    };
    let keys = move |event: ev::KeyboardEvent| {
        let now = height.get_untracked();
        match event.key().as_str() {
            "ArrowUp" => set(now + STEP),
            "ArrowDown" => set(now - STEP),
            "Home" => set(most()),
            "End" => set(LEAST),
            _ => return,
        }
        event.prevent_default();
        keep();
    };
    let fold = move |_| {
        set(if height.get_untracked() > LEAST { LEAST } else { DEFAULT });
        keep();
    };
    view! {
        <div
            class="splitter"
            node_ref=handle
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label="Height of the stack"
            aria-valuemin=LEAST.to_string()
            aria-valuemax=live(move || format!("{:.0}", most()))
            aria-valuenow=live(move || format!("{:.0}", height.get()))
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=release
            on:dblclick=fold
            on:keydown=keys
        ></div>
    }
}

/// The height to begin with.
pub(crate) const DEFAULT: f64 = 300.0;
