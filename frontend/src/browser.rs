//! The few things that are asked of the browser itself. Where it refuses (private mode, old version), the page goes
//! on without.

use domain::Timestamp;
use js_sys::{Array, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, ImageData, Storage, Url};

/// The time of day; `None` where the clock is beyond what can be written.
pub(crate) fn now() -> Option<Timestamp> {
    Timestamp::from_unix((js_sys::Date::now() / 1_000.0).floor() as i64)
}

/// A moment in the reader's own zone and language.
pub(crate) fn local_time(time: Timestamp) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(time.unix_fractional() * 1_000.0));
    date.to_locale_string("default", &JsValue::UNDEFINED).into()
}

/// Path and query of the address.
pub(crate) fn address() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_else(|_| "/".into()), location.search().unwrap_or_default())
}

/// Leaves the page for another address.
pub(crate) fn leave_for(address: &str) {
    let _ = window().location().assign(address);
}

/// The address of another path of this page, to be sent to someone.
pub(crate) fn absolute(path: &str) -> String {
    format!("{}{path}", window().location().origin().unwrap_or_default())
}

/// Puts an address into the bar as a new step.
pub(crate) fn push(path: &str) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Puts an address into the bar in place of the one that is there.
pub(crate) fn replace(path: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Sets the window's title.
pub(crate) fn set_title(title: &str) {
    document().set_title(title);
}

/// Sets the window's icon.
pub(crate) fn set_icon(address: &str) {
    if let Ok(Some(link)) = document().query_selector("link[rel=icon]") {
        let _ = link.set_attribute("href", address);
    }
}

/// What a custom property of the style sheets says.
pub(crate) fn token(name: &str) -> String {
    let style =
        document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default()
}

/// Whether the window is as narrow as a phone's.
pub(crate) fn is_narrow() -> bool {
    window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width <= 640.0)
}

/// Whether nobody looks at the tab.
pub(crate) fn hidden() -> bool {
    document().hidden()
}

/// Writes a mark into the browser's own timeline, where its tools and `cargo xtask bench` find it.
pub(crate) fn mark(name: &str) {
    if let Some(clock) = window().performance() {
        let _ = clock.mark(name);
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was remembered under a name.
pub(crate) fn remembered(name: &str) -> Option<String> {
    storage()?.get_item(&format!("burstboard.{name}")).ok().flatten()
}

/// Remembers a text under a name, or forgets it.
pub(crate) fn remember(name: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let name = format!("burstboard.{name}");
    let _ = match value {
        Some(value) => storage.set_item(&name, value),
        None => storage.remove_item(&name),
    };
}

/// Copies a text; false where the browser does not allow it.
pub(crate) async fn copy(text: &str) -> bool {
    // Without a secure context there is no clipboard object at all.
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|c| !c.is_undefined());
    there && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Whether a key belongs to a field that is being typed into, or to a list that moves by arrows itself.
pub(crate) fn is_typing() -> bool {
    document()
        .active_element()
        .is_some_and(|e| matches!(e.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"))
}

/// An address for bytes in memory; given back when dropped.
#[derive(Debug)]
pub(crate) struct Picture {
    address: String,
}

impl Picture {
    /// A PNG.
    pub(crate) fn png(bytes: &[u8]) -> Option<Self> {
        let parts = Array::of1(&Uint8Array::from(bytes));
        let options = BlobPropertyBag::new();
        options.set_type("image/png");
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(|address| Self { address })
    }

    /// The address.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.address);
    }
}

/// An address that shows red, green, blue and opacity bytes.
pub(crate) fn paint(width: u32, height: u32, rgba: &[u8]) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height).ok()?;
    context.put_image_data(&data, 0.0, 0.0).ok()?;
    canvas.to_data_url().ok()
}

/// Random letters and digits for a batch's identifier: 60 bits, enough to tell launches apart, not a secret.
pub(crate) fn random_identifier() -> String {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    (0..12)
        .filter_map(|_| LETTERS.get((js_sys::Math::random() * 32.0) as usize))
        .map(|letter| char::from(*letter))
        .collect()
}
