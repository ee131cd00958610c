//! Rules that propose pairs from the days of a stack.

use time::Date;

use super::{
    coherence::CoherenceModel,
    delaunay,
    field::Field,
    links::{Link, Links},
    season::{Season, YearDay},
    tree,
};
use crate::{Acquisition, PairNames, Stack, engine};

/// The most next dates that a rule pairs a date with.
pub const MAX_NEAREST: u32 = 99;
/// The most days that a rule's pairs may span.
pub const MAX_DAYS: u32 = 9_999;
/// The largest perpendicular baseline in metres that a rule may allow.
pub const MAX_METRES: u32 = 9_999;
/// The most years that yearly pairs and bridges reach.
pub const MAX_YEARS: u32 = 20;

/// Which pairs to propose.
///
/// 1. *Days*: those in the range and the season.
/// 2. *Methods* propose pairs of them: nearest, single reference, triangulation, tree. With several, what any of them
///    proposes; with none, every two days. Nearest means nearest of the days that are left, so a season of summers is
///    bridged over its winters unless the days are limited.
/// 3. *Limits* cut: days and metres. The tree is that of the pairs within the limits. A pair whose baseline is unknown
///    is not within a limit of metres.
/// 4. *Additions*, which the limit of days does not cut: bridges and yearly pairs.
/// 5. *Joining* adds the pairs that make one network of all days, whatever their length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// First day that is used, itself included.
    pub start: Option<Date>,
    /// Last day that is used, itself included.
    pub end: Option<Date>,
    /// Part of the year that is used.
    pub season: Option<Season>,
    /// Each date is paired with so many of the next ones; 0 proposes none, for a network made by hand.
    pub nearest: Option<u32>,
    /// Each date is paired with this one.
    pub reference: Option<Date>,
    /// Dates are paired along Delaunay's triangles of time and baseline.
    pub delaunay: bool,
    /// Dates are paired along the tree of greatest expected coherence.
    pub tree: bool,
    /// Pairs span at most so many days.
    pub max_days: Option<u32>,
    /// Pairs have a perpendicular baseline of at most so many metres, rounded, to either side.
    pub max_metres: Option<u32>,
    /// Pairs over winters.
    pub bridges: Option<Bridges>,
    /// Pairs of one time of the year.
    pub yearly: Option<Yearly>,
    /// Whether separate parts are joined, by as few pairs as that takes, those of greatest expected coherence.
    pub join: bool,
    /// What is expected of a pair.
    pub model: CoherenceModel,
}

/// Pairs over winters, as asf_search's `SBASNetwork` has them: the reference lies within half a window of a day of the
/// year, and the pair's length within half a window of so many times 365 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridges {
    /// The day of the year that references are near to.
    pub target: YearDay,
    /// The window in days.
    pub window: u32,
    /// Pairs of one up to so many years.
    pub years: u32,
}

/// Each date with the one that comes nearest to a year later, to two years later and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Yearly {
    /// How many days it may be off.
    pub tolerance: u32,
    /// Pairs of one up to so many years.
    pub years: u32,
}

impl Default for Rule {
    /// Each date with the next one, as `batch-job.yml` does it without further inputs.
    fn default() -> Self {
        Self {
            start: None,
            end: None,
            season: None,
            nearest: Some(1),
            reference: None,
            delaunay: false,
            tree: false,
            max_days: None,
            max_metres: None,
            bridges: None,
            yearly: None,
            join: false,
            model: CoherenceModel::default(),
        }
    }
}

impl Rule {
    /// Where the page begins: three nearest dates within 48 days and 200 m, which suits bursts.
    pub fn for_bursts() -> Self {
        Self { nearest: Some(3), max_days: Some(48), max_metres: Some(200), ..Self::default() }
    }

    /// Every two days.
    pub fn all() -> Self {
        Self { nearest: None, ..Self::default() }
    }

    /// The days of a stack that the rule uses: those in its range and season that the engine can process. A day counts
    /// once, with the first granule taken on it.
    pub fn days(&self, stack: &Stack) -> Vec<Date> {
        stack.daily().filter(|a| self.uses(a)).map(|a| a.granule.date()).collect()
    }

    /// Whether an acquisition lies in the range and season and can be processed.
    pub(super) fn uses(&self, a: &Acquisition) -> bool {
        let day = a.granule.date();
        self.covers(day) && engine::can_process(a.platform.as_ref(), day).is_ok()
    }

    /// Whether a day lies in the range and the season.
    pub fn covers(&self, day: Date) -> bool {
        self.start.is_none_or(|start| day >= start)
            && self.end.is_none_or(|end| day <= end)
            && self.season.is_none_or(|season| season.has(day))
    }

    /// The pairs that the rule proposes; none in a polarization that makes no interferograms.
    pub fn propose(&self, stack: &Stack) -> PairNames {
        if !stack.polarization().is_copolar() {
            return PairNames::default();
        }
        let field = Field::new(stack, self);
        PairNames::in_order(self.links(&field).all().map(|link| field.name(link)))
    }

    fn links(&self, field: &Field) -> Links {
        let fits = |metres: Option<f64>| {
            self.max_metres.is_none_or(|max| metres.is_some_and(|m| m.abs().round() <= f64::from(max)))
        };
        let near = |(a, b): Link| self.max_metres.is_none() || fits(field.metres(a, b));
        let soon = |(a, b): Link| self.max_days.is_none_or(|max| field.span(a, b) <= i64::from(max));
        let mut links = self.methods(field);
        if self.max_days.is_some() || self.max_metres.is_some() {
            links.retain(|link| soon(link) && near(link));
        }
        if self.tree {
            let within = |link: Link| {
                let metres = if soon(link) { field.metres(link.0, link.1) } else { return None };
                fits(metres).then(|| field.coherence(link, metres))
            };
            links.extend(tree::spanning(field.count(), within));
        }
        links.extend(self.bridges.iter().flat_map(|b| b.links(field)).filter(|link| near(*link)));
        links.extend(self.yearly.iter().flat_map(|y| y.links(field)).filter(|link| near(*link)));
        if self.join {
            let joining = joining(field, &links);
            links.extend(joining);
        }
        links
    }

    /// What the methods propose, but for the tree.
    fn methods(&self, field: &Field) -> Links {
        let mut links = Links::none(field.count());
        if let Some(next) = self.nearest {
            links.extend(self.next_ones(field, usize::try_from(next).unwrap_or(usize::MAX)));
        }
        if let Some(one) = self.reference.and_then(|day| field.at(day)) {
            let others = (0..field.count()).filter(|i| *i != one);
            links.extend(others.map(|i| (i.min(one), i.max(one))));
        }
        if self.delaunay {
            links.extend(delaunay::links(field));
        }
        let any = self.nearest.is_some() || self.reference.is_some() || self.delaunay || self.tree;
        if !any {
            links.extend(self.next_ones(field, field.count()));
        }
        links
    }

    /// Each day with so many of the next ones. It stops at the limit of days, since all later ones are longer.
    fn next_ones(&self, field: &Field, next: usize) -> impl Iterator<Item = Link> {
        let most = self.max_days.map_or(i64::MAX, i64::from);
        let of = move |a: usize| {
            let last = field.count().min(a.saturating_add(1).saturating_add(next));
            (a + 1..last).take_while(move |b| field.span(a, *b) <= most).map(move |b| (a, b))
        };
        (0..field.count()).flat_map(of)
    }
}

/// The pairs of greatest expected coherence that make one network of all days: one fewer than there are parts.
fn joining(field: &Field, links: &Links) -> Vec<Link> {
    let parts = tree::parts(links);
    let part = parts.as_slice();
    // Parts are named by their first day.
    if part.iter().all(|first| *first == 0) {
        return Vec::new();
    }
    let apart = |(a, b): &Link| part[*a] != part[*b];
    let weight = |link: Link| {
        let expected = |(a, b): Link| field.coherence((a, b), field.metres(a, b));
        Some(if apart(&link) { expected(link) } else { f64::INFINITY })
    };
    tree::spanning(field.count(), weight).into_iter().filter(apart).collect()
}

impl Bridges {
    fn links(self, field: &Field) -> Vec<Link> {
        let window = i64::from(self.window);
        let half = |days: i64| 2 * days.abs() <= window;
        let length = |(a, b): Link| {
            let days = field.span(a, b);
            (1..=i64::from(self.years)).any(|year| half(days - 365 * year))
        };
        (0..field.count())
            .filter(|a| half(self.target.days_from(field.days()[*a])))
            .flat_map(|a| (a + 1..field.count()).map(move |b| (a, b)))
            .filter(|link| length(*link))
            .collect()
    }
}

impl Yearly {
    fn links(self, field: &Field) -> Vec<Link> {
        let mut links = Vec::new();
        for a in 0..field.count() {
            for year in 1..=i64::from(self.years) {
                // 365.25 days, rounded; the fourth year has the leap day in full.
                let wanted = (1_461 * year + 2) / 4;
                let off = |b: &usize| (field.span(a, *b) - wanted).abs();
                // Of the last one before and the first one after; the older one where both are as near.
                let after = field.first_at(a, wanted);
                let nearest = (after - 1..field.count().min(after + 1)).filter(|b| *b > a).min_by_key(off);
                links.extend(nearest.filter(|b| off(b) <= i64::from(self.tolerance)).map(|b| (a, b)));
            }
        }
        links
    }
}

/// Each date of a stack with its `n` next ones, as the demo's batch has it with one.
pub fn nearest(stack: &Stack, n: u32) -> PairNames {
    Rule { nearest: Some(n), ..Rule::default() }.propose(stack)
}
