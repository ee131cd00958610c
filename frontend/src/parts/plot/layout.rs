//! Where everything lies, in pixels.

use time::Date;

use super::{Near, REACHES};
use crate::logic::{
    model::{Model, Role},
    plot::{self, Spot},
    scale::{MetreScale, TimeScale},
};

const LEFT: f64 = 62.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 10.0;
const LANE: f64 = 20.0;
const AXIS: f64 = 24.0;

/// How near a pointer has to be to the end of a season.
const SEASON_REACH: f64 = 4.0;

/// First and last day of the season of each year between two days.
fn seasons(model: &Model, first: Date, last: Date) -> Vec<[Date; 2]> {
    let Some(season) = model.season else { return Vec::new() };
    let over = i32::from(season.from > season.to);
    (first.year() - 1..=last.year())
        .filter_map(|year| Some([season.from.in_year(year)?, season.to.in_year(year + over)?]))
        .collect()
}

/// The plot in pixels.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    /// Upper end of the drawn area.
    pub(super) top: f64,
    /// Lower end of the drawn area.
    pub(super) bottom: f64,
    /// Left end of the drawn area.
    pub(super) left: f64,
    /// Right end of the drawn area.
    pub(super) right: f64,
    /// Upper end of the timeline.
    pub(super) lanes_top: f64,
    /// Name and middle of each lane.
    pub(super) lanes: Vec<(String, f64)>,
    /// Dates on the axis.
    pub(super) ticks: Vec<(f64, String)>,
    /// Metres on the axis; empty where no baseline is known.
    pub(super) metres: Vec<(f64, f64)>,
    /// The chosen dates.
    pub(super) range: Option<[f64; 2]>,
    /// The season of each year.
    pub(super) seasons: Vec<[f64; 2]>,
    /// Where seasons begin and end in view, and whether it is their last day.
    pub(super) season_ends: Vec<(f64, bool)>,
    /// Each date in the baseline plot; whether its baseline is known, its role, whether it is in view.
    pub(super) dots: Vec<Dot>,
    /// Each date in the timeline.
    pub(super) flags: Vec<Spot>,
    /// Each pair.
    pub(super) lines: Vec<[Spot; 2]>,
    time: Option<TimeScale>,
}

/// A date in the baseline plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dot {
    /// Where.
    pub(super) at: Spot,
    /// Whether its baseline is known.
    pub(super) known: bool,
    /// How it takes part.
    pub(super) role: Role,
    /// Its part of the network.
    pub(super) part: usize,
    /// Whether the time axis reaches to it.
    pub(super) visible: bool,
}

impl Layout {
    pub(super) fn new(model: &Model, width: f64, height: f64, close: bool) -> Self {
        let (left, right) = (LEFT, (width - RIGHT).max(LEFT + 1.0));
        let bottom = (height - AXIS).max(TOP + 1.0);
        let lanes_top = bottom - LANE * model.lanes.len() as f64 - 4.0;
        let ends = model
            .range
            .filter(|_| close)
            .or_else(|| Some([model.marks.first()?.day, model.marks.last()?.day]));
        let time = ends.map(|[first, last]| TimeScale::new(first, last.max(first), left, right));
        let known = model.marks.iter().filter(|m| !close || m.role == Role::In).filter_map(|m| m.baseline);
        let metre = MetreScale::around(known, TOP, lanes_top - 8.0);
        let any = model.marks.iter().any(|m| m.baseline.is_some());
        // Without a baseline a date stands at the lower edge, hollow: on the line of zero it would look like a known one.
        let unknown = if any { lanes_top - 9.0 } else { metre.y(0.0) };
        let x = |day: Date| time.map_or(left, |t| t.x(day));
        let lane_y = |lane: usize| lanes_top + 4.0 + LANE * (lane as f64 + 0.5);
        let dots: Vec<Dot> = model
            .marks
            .iter()
            .map(|m| {
                let at = [x(m.day), m.baseline.map_or(unknown, |metres| metre.y(metres))];
                let visible = (left - 1.0..=right + 1.0).contains(&at[0]);
                Dot { at, known: m.baseline.is_some(), role: m.role, part: m.part, visible }
            })
            .collect();
        let spot = |i: usize| dots.get(i).map_or([left, TOP], |d| d.at);
        let seasons = ends.map_or_else(Vec::new, |[first, last]| seasons(model, first, last));
        let places: Vec<[f64; 2]> = seasons.iter().map(|ends| ends.map(x)).collect();
        let inside = |at: &f64| (left..=right).contains(at);
        Self {
            seasons: places
                .iter()
                .map(|ends| ends.map(|at| at.clamp(left, right)))
                .filter(|[from, to]| from < to)
                .collect(),
            season_ends: places
                .iter()
                .flat_map(|[from, to]| [(*from, false), (*to, true)])
                .filter(|(at, _)| inside(at))
                .collect(),
            top: TOP,
            bottom,
            left,
            right,
            lanes_top,
            lanes: model.lanes.iter().enumerate().map(|(i, name)| (name.clone(), lane_y(i))).collect(),
            ticks: time.map(|t| t.ticks()).unwrap_or_default(),
            metres: if any {
                metre.ticks().into_iter().map(|m| (metre.y(m), m)).collect()
            } else {
                Vec::new()
            },
            range: model.range.filter(|_| !close).map(|r| r.map(|day| x(day).clamp(left, right))),
            flags: model.marks.iter().map(|m| [x(m.day), lane_y(m.lane)]).collect(),
            lines: model.links.iter().map(|l| [spot(l.from), spot(l.to)]).collect(),
            dots,
            time,
        }
    }

    /// Whether a spot lies in the timeline or its axis.
    pub(super) fn in_timeline(&self, at: Spot) -> bool {
        at[1] >= self.lanes_top && (self.left..=self.right).contains(&at[0])
    }

    /// Which end of a season lies at a spot of the timeline, true for the last day.
    pub(super) fn season_end(&self, at: Spot, reach: f64) -> Option<bool> {
        let near = |(x, _): &&(f64, bool)| (x - at[0]).abs() <= SEASON_REACH * reach;
        self.season_ends.iter().find(near).filter(|_| self.in_timeline(at)).map(|(_, last)| *last)
    }

    /// The day at a pixel.
    pub(super) fn day(&self, x: f64) -> Option<Date> {
        self.time?.day(x)
    }

    /// The days at two pixels.
    pub(super) fn days(&self, from: f64, to: f64) -> Option<[Date; 2]> {
        let time = self.time?;
        Some([time.day(from)?, time.day(to)?])
    }

    /// What lies at a spot: dates before pairs, for they are smaller.
    pub(super) fn hit(&self, at: Spot, reach: f64) -> Option<Near> {
        let [date_reach, line_reach] = REACHES.map(|r| r * reach);
        let seen = |index: usize| self.dots.get(index).is_some_and(|d| d.visible);
        if at[1] >= self.lanes_top {
            // In the timeline a date may be hit above and below, but not in another lane.
            let near = |f: &Spot| [f[0], if (f[1] - at[1]).abs() <= LANE / 2.0 { at[1] } else { f64::MAX }];
            let flags: Vec<Spot> = self.flags.iter().map(near).collect();
            return plot::nearest(&flags, at, date_reach).filter(|i| seen(*i)).map(Near::Date);
        }
        let dots: Vec<Spot> =
            self.dots.iter().map(|d| if d.visible { d.at } else { [f64::MAX; 2] }).collect();
        plot::nearest(&dots, at, date_reach)
            .map(Near::Date)
            .or_else(|| plot::nearest_line(&self.lines, at, line_reach).map(Near::Link))
    }
}
