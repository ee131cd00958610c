//! Bursts by area: drawn on the map, or pasted as WKT or GeoJSON.

use super::{
    CopyPage,
    live::{live, show},
};
use domain::Area;
use leptos::{html::Textarea, prelude::*};

use crate::{api::capital, state::Pick};

/// The field, the way to drawing, and what is wrong with what was pasted.
#[component]
pub(crate) fn AreaFold() -> impl IntoView {
    let pick: Pick = expect_context();
    let field = NodeRef::<Textarea>::new();
    let wrong = RwSignal::new(None::<String>);
    let find = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let asked = field.value().parse::<Area>().map_err(|e| e.to_string()).and_then(|a| pick.ask_area(a));
        wrong.set(asked.err().map(|sentence| capital(&sentence)));
    };
    // A drawn area is written down, so that it can be kept and mended.
    Effect::new(move |_| {
        if let (Some(area), Some(field)) = (pick.area.get(), field.get()) {
            field.set_value(&area.to_string());
            wrong.set(None);
        }
    });
    view! {
        <details class="filter" data-testid="area-fold" prop:open=move || pick.area.with(Option::is_some)>
            <summary>"Find bursts by area"</summary>
            <div class="field">
                <label for="area-text">"WKT or GeoJSON polygon, in degrees"</label>
                <textarea
                    id="area-text"
                    node_ref=field
                    rows="3"
                    spellcheck="false"
                    data-testid="area-text"
                    placeholder="POLYGON((-136 57, -135.5 57, -135.5 57.2, -136 57.2, -136 57))"
                    aria-invalid=live(move || wrong.with(Option::is_some).to_string())
                    aria-describedby="area-wrong"
                    on:input=move |_| wrong.set(None)
                ></textarea>
            </div>
            <p class="finding small" id="area-wrong" role="status" data-testid="area-wrong">{show(move || wrong.get())}</p>
            <div class="row">
                <button type="button" data-testid="area-find" on:click=find>"Find bursts"</button>
                <button type="button" data-testid="area-draw" on:click=move |_| pick.drawing.set(Some(Vec::new()))>
                    "Draw"
                </button>
                {show(move || pick.area.with(Option::is_some).then(|| view! {
                    <button type="button" class="quiet" on:click=move |_| pick.area.set(None)>"Remove"</button>
                    <CopyPage/>
                }))}
            </div>
        </details>
    }
}
