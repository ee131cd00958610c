//! Gaps on the timeline, measured against what the mission flew.

use super::super::live::show;
use std::sync::Arc;

use domain::{
    mission::{self, Gap},
    timestamp::day_text,
};
use leptos::prelude::*;
use time::Date;

use super::Layout;
use crate::logic::{format, model::Model};

/// How wide a gap has to be drawn to have its length written into it.
const ROOM: f64 = 34.0;

/// A band for every step that not even one satellite's repeat explains; what was flown in it is told on hover.
#[component]
pub(super) fn Gaps(#[prop(into)] model: Signal<Arc<Model>>, layout: Memo<Arc<Layout>>) -> impl IntoView {
    let gaps = Memo::new(move |_| model.with(|m| of_model(m)));
    show(move || {
        let (gaps, l) = (gaps.get(), layout.get());
        let at = |day: Date| model.with(|m| m.at(day)).and_then(|i| l.flags.get(i)).map(|flag| flag[0]);
        let bands = gaps.into_iter().filter_map(|gap| {
            let [from, to] = [at(gap.from)?, at(gap.to)?].map(|x| x.clamp(l.left, l.right));
            let (width, height) = (to - from, l.bottom - l.lanes_top);
            let text = (width > ROOM).then(|| {
                let (x, y) = (f64::midpoint(from, to), l.bottom - 6.0);
                view! { <text x=x y=y text-anchor="middle">{format::days(gap.days())}</text> }
            });
            (width > 1.0).then(|| {
                view! {
                    <g class="gap">
                        <rect x=from y=l.lanes_top width=width height=height><title>{words(&gap)}</title></rect>
                        {text}
                    </g>
                }
            })
        });
        bands.collect_view()
    })
}

fn of_model(model: &Model) -> Vec<Gap> {
    let days: Vec<Date> = model.marks.iter().map(|mark| mark.day).collect();
    mission::gaps(&days)
}

fn words(gap: &Gap) -> String {
    format!(
        "{} to {}: {} without a date, {} flown",
        day_text(gap.from),
        day_text(gap.to),
        format::days(gap.days()),
        format::count(gap.flown as usize, "pass was", "passes were")
    )
}

/// `35 gaps, the longest 144 d`, for the line above the plot; empty without one.
pub(crate) fn gaps_in_words(days: &[Date]) -> String {
    let gaps = mission::gaps(days);
    let longest = gaps.iter().max_by_key(|gap| gap.days());
    longest.map_or_else(String::new, |longest| {
        let count = format::count(gaps.len(), "gap", "gaps");
        match gaps.len() {
            1 => format!("{count} of {}", format::days(longest.days())),
            _ => format!("{count}, the longest {}", format::days(longest.days())),
        }
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn gaps_are_told_in_words() {
        let days =
            [date!(2018 - 06 - 04), date!(2018 - 06 - 16), date!(2018 - 07 - 10), date!(2018 - 09 - 08)];
        assert_eq!(gaps_in_words(&days), "2 gaps, the longest 60 d");
        assert_eq!(gaps_in_words(&days[..3]), "1 gap of 24 d");
        assert_eq!(gaps_in_words(&days[..2]), "");
        let gap = mission::gaps(&days[1..3])[0];
        assert_eq!(words(&gap), "2018-06-16 to 2018-07-10: 24 d without a date, 3 passes were flown");
    }
}
