//! A calm word to those who come for the first time.

use super::live::show;
use leptos::prelude::*;

use crate::state::{Frame, Pick};

/// Says what the map is for until a point was asked about.
#[component]
pub(crate) fn MapHint() -> impl IntoView {
    let pick: Pick = expect_context();
    let frame: Frame = expect_context();
    let wanted =
        move || pick.point.with(Option::is_none) && pick.burst.with(Option::is_none) && !frame.at_run();
    show(move || {
        wanted().then(|| {
            view! {
                <p class="map-hint float small">"Click the ground you want to watch, or search for a place above"</p>
            }
        })
    })
}
