//! A calm word on the map: what it is for, or what lies under the pointer.

use super::live::show;
use domain::Footprint;
use leptos::prelude::*;

use crate::state::{Frame, Pick};

/// Names the burst under the pointer; until a place was asked about, says what the map is for.
#[component]
pub(crate) fn MapHint() -> impl IntoView {
    let pick: Pick = expect_context();
    let frame: Frame = expect_context();
    let fresh = move || {
        pick.point.with(Option::is_none)
            && pick.area.with(Option::is_none)
            && pick.burst.with(Option::is_none)
    };
    show(move || {
        if frame.at_run() || pick.drawing.with(Option::is_some) || pick.chooser.with(Option::is_some) {
            return None;
        }
        let under = pick.under.with(|all| all.first().map(|first| (*first, all.len() - 1)));
        let text = match under {
            Some((burst, others)) => {
                let pass = Footprint::of(burst).pass.word();
                let more = if others > 0 { format!(" · {others} more here") } else { String::new() };
                format!("{burst} · {pass}{more}")
            }
            None if fresh() => "Click the ground you want to watch, or search for a place above".to_owned(),
            None => return None,
        };
        Some(view! { <p class="map-hint float small" data-testid="map-hint">{text}</p> })
    })
}
