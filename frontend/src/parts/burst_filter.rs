//! Fewer bursts: by track, pass and subswath, on the map and in the lists.

use super::live::{live, show};
use domain::{Pass, Subswath, coverage::Filter};
use leptos::{ev, html::Input, prelude::*};

use crate::state::Pick;

/// Three fields in a fold; it says when it hides something.
#[component]
pub(crate) fn BurstFilter() -> impl IntoView {
    let pick: Pick = expect_context();
    let wrong = RwSignal::new(None::<String>);
    let field = NodeRef::<Input>::new();
    // A link may set the filter; what is being typed stays as it is typed.
    Effect::new(move |_| {
        let tracks = pick.filter.with(|filter| filter.tracks.clone());
        if let Some(field) =
            field.get().filter(|f| Filter::read_tracks(&f.value()).is_ok_and(|t| t != tracks))
        {
            let words: Vec<String> = tracks.iter().map(ToString::to_string).collect();
            field.set_value(&words.join(" "));
        }
    });
    let tracks = move |event: ev::Event| match Filter::read_tracks(&event_target_value(&event)) {
        Ok(tracks) => {
            wrong.set(None);
            pick.filter.update(|filter| filter.tracks = tracks);
        }
        Err(sentence) => wrong.set(Some(sentence)),
    };
    let pass = move |event: ev::Event| {
        let pass = Pass::parse(&event_target_value(&event));
        pick.filter.update(|filter| filter.pass = pass);
    };
    let subswath = move |event: ev::Event| {
        let subswath = Subswath::parse(&event_target_value(&event));
        pick.filter.update(|filter| filter.subswath = subswath);
    };
    let is_on = Memo::new(move |_| pick.filter.with(|filter| !filter.is_empty()));
    // What hides bursts is seen; taking the last of it off folds nothing up under the hand.
    let open = Memo::new(move |was| was.copied().unwrap_or(false) || is_on.get());
    view! {
        <details class="filter" data-testid="filter" prop:open=move || open.get()>
            <summary>{show(move || if is_on.get() { "Filter bursts (on)" } else { "Filter bursts" })}</summary>
            <div class="row">
                <label class="field">
                    "Tracks"
                    <input
                        node_ref=field
                        type="text"
                        inputmode="numeric"
                        placeholder="all, or 174 50"
                        autocomplete="off"
                        data-testid="filter-tracks"
                        aria-invalid=live(move || wrong.with(Option::is_some).to_string())
                        aria-describedby="filter-wrong"
                        on:input=tracks
                    />
                </label>
                <label class="field">
                    "Pass"
                    <select data-testid="filter-pass" prop:value=move || pick.filter.with(|f| f.pass.map_or("", Pass::word)) on:change=pass>
                        <option value="">"both"</option>
                        <option>"ascending"</option>
                        <option>"descending"</option>
                    </select>
                </label>
                <label class="field">
                    "Subswath"
                    <select data-testid="filter-subswath" prop:value=move || pick.filter.with(|f| f.subswath.map_or("", Subswath::as_str)) on:change=subswath>
                        <option value="">"all"</option>
                        {Subswath::ALL.map(|s| view! { <option>{s.as_str()}</option> }).into_iter().collect_view()}
                    </select>
                </label>
            </div>
            <p class="finding small" id="filter-wrong" role="status">{show(move || wrong.get())}</p>
        </details>
    }
}
