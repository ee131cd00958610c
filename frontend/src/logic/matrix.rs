//! The matrix: dates by dates on a true time axis, older dates above, younger ones to the right.

use super::{
    model::Model,
    plot::{Spot, nearest},
    scale::TimeScale,
};

/// Room for the dates on the axes.
const EDGE: f64 = 34.0;
/// How far a pointer reaches to a cell.
const REACH: f64 = 6.0;

/// Where the cells lie, in pixels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grid {
    /// Upper and left end of the square.
    pub(crate) near: f64,
    /// Lower and right end of the square.
    pub(crate) far: f64,
    /// How long a cell's side is.
    pub(crate) cell: f64,
    /// Each date along either axis.
    pub(crate) places: Vec<f64>,
    /// Dates on the axes.
    pub(crate) ticks: Vec<(f64, String)>,
    /// The middle of each pair's cell above the diagonal.
    pub(crate) cells: Vec<Spot>,
}

impl Grid {
    /// The dates in view of a model, in a square of so many pixels.
    pub(crate) fn new(model: &Model, side: f64, close: bool) -> Option<Self> {
        let all = || model.marks.first().zip(model.marks.last()).map(|(a, b)| [a.day, b.day]);
        let [first, last] = model.range.filter(|_| close).or_else(all)?;
        let time = TimeScale::new(first, last.max(first), EDGE, side.max(EDGE + 20.0) - 4.0);
        let places: Vec<f64> = model.marks.iter().map(|m| time.x(m.day)).collect();
        let place = |date: usize| places.get(date).copied().unwrap_or_default();
        let spot = |link: &super::model::Link| [place(link.to), place(link.from)];
        let mut gaps: Vec<f64> =
            places.iter().zip(places.iter().skip(1)).map(|(one, next)| next - one).collect();
        gaps.sort_by(f64::total_cmp);
        let cell = gaps.get(gaps.len() / 2).copied().unwrap_or(14.0).clamp(2.5, 14.0);
        Some(Self {
            near: EDGE,
            far: side.max(EDGE + 20.0) - 4.0,
            cell,
            ticks: time.ticks(),
            cells: model.links.iter().map(spot).collect(),
            places,
        })
    }

    /// Whether a date lies in view.
    pub(crate) fn shows(&self, date: usize) -> bool {
        self.places.get(date).is_some_and(|at| (self.near - 1.0..=self.far + 1.0).contains(at))
    }

    /// The two dates at a spot on either side of the diagonal, the older one first: those of the pair whose cell is
    /// near, else those whose row and column are nearest; none on the diagonal.
    pub(crate) fn at(&self, model: &Model, [x, y]: Spot) -> Option<[usize; 2]> {
        let inside = |v: f64| (self.near - REACH..=self.far + REACH).contains(&v);
        if !inside(x) || !inside(y) {
            return None;
        }
        let upper = [x.max(y), x.min(y)];
        if let Some(link) = nearest(&self.cells, upper, REACH).and_then(|i| model.links.get(i)) {
            return Some([link.from, link.to]);
        }
        let date = |along: f64| {
            let after = self.places.partition_point(|place| *place < along);
            let off = |i: &usize| self.places.get(*i).map_or(f64::MAX, |place| (place - along).abs());
            [after.saturating_sub(1), after]
                .into_iter()
                .filter(|i| self.shows(*i))
                .min_by(|a, b| off(a).total_cmp(&off(b)))
        };
        let (younger, older) = (date(upper[0])?, date(upper[1])?);
        (older != younger).then_some([older, younger])
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::logic::model::{Link, Mark, Role};

    fn model() -> Model {
        let mark = |day| Mark { day, lane: 0, baseline: None, role: Role::In, part: 0 };
        let days =
            [date!(2018 - 01 - 01), date!(2018 - 01 - 13), date!(2018 - 03 - 02), date!(2018 - 12 - 27)];
        let link = |from: usize, to: usize| Link {
            name: domain::PairName { reference: days[from], secondary: days[to] },
            from,
            to,
            class: "plan",
            metres: None,
            expected: Some(0.5),
            measured: None,
            tint: Some(0.5),
        };
        Model { marks: days.map(mark).to_vec(), links: vec![link(0, 1), link(1, 3)], ..Model::default() }
    }

    #[test]
    fn gaps_are_as_long_as_they_were() {
        let grid = Grid::new(&model(), 400.0, false).unwrap();
        let gap = |i: usize| grid.places[i + 1] - grid.places[i];
        assert!((gap(1) / gap(0) - 4.0).abs() < 0.01, "48 days after 12");
        assert!(grid.places[0] >= grid.near && grid.places[3] <= grid.far);
    }

    #[test]
    fn both_sides_of_the_diagonal_lead_to_the_same_pair() {
        let model = model();
        let grid = Grid::new(&model, 400.0, false).unwrap();
        let at = |i: usize, j: usize| [grid.places[i], grid.places[j]];
        assert_eq!(grid.at(&model, at(3, 1)), Some([1, 3]));
        assert_eq!(grid.at(&model, at(1, 3)), Some([1, 3]));
        assert_eq!(grid.at(&model, at(3, 2)), Some([2, 3]), "a place without a pair");
        assert_eq!(grid.at(&model, at(2, 2)), None, "the diagonal");
        assert_eq!(grid.at(&model, [0.0, 0.0]), None);
        assert!(Grid::new(&Model::default(), 400.0, false).is_none());
    }
}
