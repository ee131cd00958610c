//! Choosing one of the bursts that cover a point or an area.

use super::live::show;
use domain::{BurstId, Footprint};
use leptos::prelude::*;

use super::{
    CopyButton, area_fold::AreaFold, beside::Beside, burst_filter::BurstFilter, burst_list::BurstList,
};
use crate::{logic::format, state::Pick};

/// Where the recorded example lies: Mount Edgecumbe's summit.
const EXAMPLE: [f64; 2] = [-135.75, 57.05];
/// How many bursts the list shows.
const MOST: usize = 60;

/// The bursts that cover the point or the area, the ways to fewer of them, and the picked one.
#[component]
pub(crate) fn BurstStep() -> impl IntoView {
    let pick: Pick = expect_context();
    let asked = move || pick.point.with(Option::is_some) || pick.area.with(Option::is_some);
    view! {
        {show(move || if asked() { view! { <Covers/> }.into_any() } else { view! { <Invitation/> }.into_any() })}
        {show(move || pick.burst.get().map(|burst| view! { <Picked burst/> }))}
        <AreaFold/>
        <BurstFilter/>
    }
}

#[component]
fn Invitation() -> impl IntoView {
    let pick: Pick = expect_context();
    let example = move |_| {
        pick.ask(EXAMPLE);
        pick.show.update(|n| *n += 1);
    };
    view! {
        <p class="lead">
            "Pick a Sentinel-1 burst on the map, pick image pairs on its timeline, and launch them: interferograms appear one by one while GitHub Actions computes them."
        </p>
        <p>
            "To see how it goes, begin with "
            <button type="button" class="link" data-testid="example" on:click=example>
                "Mount Edgecumbe, Alaska"
            </button> ", a volcano whose ground has been rising since 2018."
        </p>
    }
}

/// What covers it, in words and as a list.
#[component]
fn Covers() -> impl IntoView {
    let pick: Pick = expect_context();
    show(move || {
        let covers = pick.covers.get();
        let what = pick.point.get().map_or_else(|| "the area".to_owned(), format::place);
        let filtered = if pick.filter.with(domain::coverage::Filter::is_empty) {
            ""
        } else {
            " that the filter lets through"
        };
        let heading = match covers.len() {
            0 => format!("No Sentinel-1 IW burst{filtered} covers {what}."),
            1 => format!("One burst{filtered} covers {what}"),
            n => format!("{n} bursts{filtered} cover {what}"),
        };
        let more = covers.len().saturating_sub(MOST);
        let shown: Vec<_> = covers.iter().take(MOST).cloned().collect();
        view! {
            <p class="small muted" role="status">{heading}</p>
            {(!shown.is_empty()).then(|| view! { <BurstList covers=shown label="Bursts" testid="burst-option"/> })}
            {(more > 0).then(|| view! { <p class="small muted">{format!("and {more} more: filter by track, or make the area smaller")}</p> })}
        }
    })
}

#[component]
fn Picked(burst: BurstId) -> impl IntoView {
    let footprint = Footprint::of(burst);
    view! {
        <dl class="facts small">
            <dt>"Burst"</dt>
            <dd class="row">
                <span class="mono">{burst.to_string()}</span>
                <CopyButton text=move || burst.to_string() label="Copy" about="the burst's identifier"/>
            </dd>
            <dt>"Pass"</dt>
            <dd>{footprint.pass.word()}</dd>
            <dt>"Middle"</dt>
            <dd>{format::place(footprint.centre)}</dd>
            <dt>"Beside it"</dt>
            <dd><Beside burst/></dd>
        </dl>
    }
}
