//! The order of the rows of the pair table, and of the cards of a run.

use domain::{network::Measure, order::ordered};

/// A column that rows can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Column {
    /// The older date.
    #[default]
    Reference,
    /// The younger date.
    Secondary,
    /// Days between them.
    Days,
    /// Perpendicular baseline, with its sign.
    Baseline,
    /// Expected coherence.
    Coherence,
}

/// By which column, and which end comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    /// The column.
    pub(crate) by: Column,
    /// Whether the greatest comes first.
    pub(crate) falls: bool,
}

impl Order {
    /// What a press on a column's head makes of it: that column, and the other way round where it is that already.
    pub(crate) fn pressed(self, column: Column) -> Self {
        Self { by: column, falls: self.by == column && !self.falls }
    }

    /// The word of `aria-sort` for a column.
    pub(crate) fn aria(self, column: Column) -> &'static str {
        match (self.by == column, self.falls) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// The pairs in this order; equals stay as they were, oldest first, and what is unknown comes last either way.
    pub(crate) fn of(self, pairs: &[Measure]) -> Vec<Measure> {
        ordered(pairs, |pair| {
            self.key(match self.by {
                Column::Reference => Some(f64::from(pair.name.reference.to_julian_day())),
                Column::Secondary => Some(f64::from(pair.name.secondary.to_julian_day())),
                Column::Days => Some(pair.days as f64),
                Column::Baseline => pair.metres,
                Column::Coherence => Some(pair.coherence),
            })
        })
    }

    fn key(self, value: Option<f64>) -> [f64; 2] {
        match value {
            Some(value) if self.falls => [0.0, -value],
            Some(value) => [0.0, value],
            None => [1.0, 0.0],
        }
    }
}

/// Names of pairs, the least coherent first; those of which it is not known come last, as they were.
pub(crate) fn least_first(names: &[String], coherence: impl Fn(&str) -> Option<f64>) -> Vec<String> {
    ordered(names, |name| Order::default().key(coherence(name)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [Column; 5] =
        [Column::Reference, Column::Secondary, Column::Days, Column::Baseline, Column::Coherence];

    fn measures() -> impl Strategy<Value = Vec<Measure>> {
        let one = (0i64..40, 1i64..40, prop::option::of(-300i32..300), 0u32..20).prop_map(
            |(first, days, metres, coherence)| {
                let day = |n: i64| time::macros::date!(2018 - 01 - 01) + time::Duration::days(n);
                Measure {
                    name: domain::PairName { reference: day(first), secondary: day(first + days) },
                    days,
                    metres: metres.map(f64::from),
                    coherence: f64::from(coherence) / 20.0,
                    across: false,
                }
            },
        );
        prop::collection::vec(one, 0..60)
    }

    /// What a column says, unknown above all that is known.
    fn value(pair: &Measure, column: Column) -> f64 {
        match column {
            Column::Reference => f64::from(pair.name.reference.to_julian_day()),
            Column::Secondary => f64::from(pair.name.secondary.to_julian_day()),
            Column::Days => pair.days as f64,
            Column::Baseline => pair.metres.unwrap_or(f64::INFINITY),
            Column::Coherence => pair.coherence,
        }
    }

    proptest! {
        #[test]
        fn rows_rise_or_fall_with_the_unknown_last_and_equals_as_they_were(
            pairs in measures(), column in 0usize..5, falls: bool,
        ) {
            let by = COLUMNS[column];
            let sorted = Order { by, falls }.of(&pairs);
            // The standard library's stable sort as the judge.
            let mut judged = pairs.clone();
            judged.sort_by(|a, b| {
                let (a, b) = (value(a, by), value(b, by));
                let known = a.is_infinite().cmp(&b.is_infinite());
                known.then(if falls { b.total_cmp(&a) } else { a.total_cmp(&b) })
            });
            prop_assert_eq!(sorted, judged);
        }
    }

    #[test]
    fn a_second_press_turns_the_order_round_and_another_column_begins_anew() {
        let order = Order::default().pressed(Column::Coherence);
        assert_eq!((order.aria(Column::Coherence), order.aria(Column::Days)), ("ascending", "none"));
        let order = order.pressed(Column::Coherence);
        assert_eq!(order.aria(Column::Coherence), "descending");
        assert_eq!(order.pressed(Column::Days), Order { by: Column::Days, falls: false });
    }

    #[test]
    fn the_worst_card_comes_first_and_what_is_not_measured_last() {
        let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
        let coherence = |name: &str| match name {
            "a" | "e" => Some(0.4),
            "c" => Some(0.2),
            _ => None,
        };
        assert_eq!(least_first(&names, coherence), ["c", "a", "e", "b", "d"]);
    }
}
