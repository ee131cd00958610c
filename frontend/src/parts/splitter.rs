//! The lines between panels, which can be moved.

use super::live::live;
use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast;

use crate::browser;

const STEP: f64 = 24.0;

/// A panel whose size can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// The stack under the map.
    Stack,
    /// The steps beside it.
    Side,
}

impl Panel {
    /// Name in storage, the least size, the size to begin with, and what must stay free of the window.
    const fn sizes(self) -> (&'static str, f64, f64, f64) {
        match self {
            Self::Stack => ("stack-height", 40.0, 300.0, 220.0),
            Self::Side => ("side-width", 300.0, 380.0, 400.0),
        }
    }

    /// The size that was left here, or the one to begin with.
    pub(crate) fn remembered(self) -> f64 {
        let (name, least, first, _) = self.sizes();
        browser::remembered(name)
            .and_then(|size| domain::decimal::parse(&size))
            .map_or(first, |size: f64| size.max(least))
    }

    fn clamp(self, size: f64) -> f64 {
        let (_, least, ..) = self.sizes();
        size.clamp(least, self.most())
    }

    fn most(self) -> f64 {
        let (_, least, _, free) = self.sizes();
        let window = match self {
            Self::Stack => window().inner_height(),
            Self::Side => window().inner_width(),
        };
        (window.ok().and_then(|size| size.as_f64()).unwrap_or(800.0) - free).max(least)
    }

    fn along(self, event: &ev::PointerEvent) -> f64 {
        f64::from(if self == Self::Stack { event.client_y() } else { event.client_x() })
    }
}

/// Drags or, by arrow keys, steps a panel's size; a double click folds it or brings it back. The size is remembered.
#[component]
pub(crate) fn Splitter(
    /// Which panel.
    panel: Panel,
    /// Its size in pixels.
    size: RwSignal<f64>,
) -> impl IntoView {
    let (name, least, first, _) = panel.sizes();
    let handle = NodeRef::<Div>::new();
    let held = RwSignal::new(None::<[f64; 2]>);
    let set = move |value: f64| size.set(panel.clamp(value));
    let keep = move || browser::remember(name, Some(&format!("{:.0}", size.get_untracked())));
    let press = move |event: ev::PointerEvent| {
        event.prevent_default();
        held.set(Some([panel.along(&event), size.get_untracked()]));
        if let Some(handle) = handle.get_untracked() {
            let _ = handle.unchecked_ref::<web_sys::Element>().set_pointer_capture(event.pointer_id());
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some([from, before]) = held.get_untracked() {
            set(before + from - panel.along(&event));
        }
    };
    let release = move |_| {
        held.set(None);
        keep();
    };
    let keys = move |event: ev::KeyboardEvent| {
        let now = size.get_untracked();
        match event.key().as_str() {
            "ArrowUp" | "ArrowLeft" => set(now + STEP),
            "ArrowDown" | "ArrowRight" => set(now - STEP),
            "Home" => set(panel.most()),
            "End" => set(least),
            _ => return,
        }
        event.prevent_default();
        keep();
    };
    let fold = move |_| {
        set(if size.get_untracked() > least { least } else { first });
        keep();
    };
    let (class, orientation, label) = match panel {
        Panel::Stack => ("splitter", "horizontal", "Height of the stack"),
        Panel::Side => ("splitter upright", "vertical", "Width of the side panel"),
    };
    view! {
        <div
            class=class
            node_ref=handle
            role="separator"
            tabindex="0"
            aria-orientation=orientation
            aria-label=label
            aria-valuemin=least.to_string()
            aria-valuemax=live(move || format!("{:.0}", panel.most()))
            aria-valuenow=live(move || format!("{:.0}", size.get()))
            on:pointerdown=press
            on:pointermove=drag
            on:pointerup=release
            on:dblclick=fold
            on:keydown=keys
        ></div>
    }
}
