//! What the page works out without a browser: scales, hits, texts, counts. All of it is tested natively.

pub(crate) mod format;
pub(crate) mod history;
pub(crate) mod icon;
pub(crate) mod matrix;
pub(crate) mod model;
pub(crate) mod plot;
pub(crate) mod poll;
pub(crate) mod previews;
pub(crate) mod progress;
pub(crate) mod quicklook;
pub(crate) mod scale;
pub(crate) mod search;
pub(crate) mod sorting;
pub(crate) mod window;
