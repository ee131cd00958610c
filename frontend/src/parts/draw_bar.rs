//! What floats over the map while an area is drawn.

use super::live::{live, show};
use domain::{Area, link::to_metre};
use leptos::prelude::*;

use crate::{
    api::capital,
    logic::format,
    state::{Frame, Pick, Step},
};

/// Says what to do and ends the drawing; the map itself takes the corners, by click or by Enter under the crosshair.
#[component]
pub(crate) fn DrawBar() -> impl IntoView {
    let pick: Pick = expect_context();
    let frame: Frame = expect_context();
    let wrong = RwSignal::new(None::<String>);
    let drawing = Memo::new(move |_| pick.drawing.with(Option::is_some));
    let count = move || pick.drawing.with(|d| d.as_ref().map_or(0, Vec::len));
    let done = move |_| {
        let corners: Vec<[f64; 2]> = pick.drawing.get_untracked().unwrap_or_default();
        // To the metre, which is less than a pixel anywhere, and what a link keeps.
        let corners: Vec<[f64; 2]> = corners.into_iter().map(to_metre).collect();
        let asked = Area::of_corners(&corners).map_err(|e| e.to_string()).and_then(|a| pick.ask_area(a));
        wrong.set(asked.as_ref().err().map(|sentence| capital(sentence)));
        if asked.is_ok() {
            pick.drawing.set(None);
            frame.show(&[Step::Burst]);
        }
    };
    let back = move |_| {
        wrong.set(None);
        pick.drawing.update(|corners| {
            if let Some(corners) = corners {
                corners.pop();
            }
        });
    };
    show(move || {
        drawing.get().then(|| {
            view! {
                <div class="draw-bar float small" data-testid="draw-bar">
                    <p role="status">
                        {show(move || match (wrong.get(), count()) {
                            (Some(sentence), _) => sentence,
                            (None, n) if n < 3 => "Click the corners of the area, or Enter under the crosshair".to_owned(),
                            (None, n) => format::count(n, "corner", "corners"),
                        })}
                    </p>
                    <div class="row">
                        <button type="button" class="primary" data-testid="draw-done" disabled=live(move || count() < 3) on:click=done>
                            "Find bursts"
                        </button>
                        <button type="button" disabled=live(move || count() == 0) on:click=back>"Last corner off"</button>
                        <button type="button" class="quiet" on:click=move |_| pick.drawing.set(None)>"Cancel"</button>
                    </div>
                </div>
            }
        })
    })
}
