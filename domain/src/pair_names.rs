//! Sets of pairs, by their names.

use std::ops::Deref;

use time::Date;

use crate::{PairName, order::ordered};

/// Names of pairs, oldest first, each once.
///
/// A sorted list, because a network of every two of 500 dates has 124,750 pairs: a tree of them takes longer to make than
/// all that is asked of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairNames(Vec<PairName>);

impl PairNames {
    /// Those that come in order and each once.
    pub(crate) fn in_order(names: impl Iterator<Item = PairName>) -> Self {
        Self(names.collect())
    }

    /// Whether a pair is among them.
    pub fn contains(&self, name: &PairName) -> bool {
        self.0.binary_search(name).is_ok()
    }

    /// Whether all of these are among others.
    pub fn is_subset(&self, others: &Self) -> bool {
        self.iter().all(|name| others.contains(name))
    }

    /// Those that are not among others.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        if others.is_empty() {
            return self.clone();
        }
        Self(self.iter().copied().filter(|name| !others.contains(name)).collect())
    }

    /// Puts one in where it belongs.
    pub fn insert(&mut self, name: PairName) {
        if let Err(at) = self.0.binary_search(&name) {
            self.0.insert(at, name);
        }
    }

    /// Takes one out, and says whether it was there.
    pub fn remove(&mut self, name: &PairName) -> bool {
        let at = self.0.binary_search(name);
        at.is_ok_and(|at| self.0.remove(at) == *name)
    }

    /// The days of all of them, oldest first, each once.
    pub fn days(&self) -> Vec<Date> {
        days_once(self.iter().flat_map(|name| [name.reference, name.secondary]))
    }

    /// Each with the indices of its two days in a list of days that is in order; without those whose days are not in it.
    pub fn among(&self, days: &[Date]) -> impl Iterator<Item = (PairName, usize, usize)> {
        // Pairs and days are both in order, so that what comes next is not far.
        let (mut reference, mut a, mut b) = (None, 0, 0);
        self.iter().filter_map(move |name| {
            if reference.replace(name.reference) != Some(name.reference) {
                a += days[a..].partition_point(|day| *day < name.reference);
                b = a;
            }
            b += days[b..].iter().take_while(|day| **day < name.secondary).count();
            let both = days.get(a) == Some(&name.reference) && days.get(b) == Some(&name.secondary);
            both.then_some((*name, a, b))
        })
    }
}

impl Deref for PairNames {
    type Target = [PairName];

    fn deref(&self) -> &[PairName] {
        &self.0
    }
}

impl Extend<PairName> for PairNames {
    fn extend<T: IntoIterator<Item = PairName>>(&mut self, names: T) {
        self.0.extend(names);
        // Most come in order: then there is nothing to sort.
        if !self.0.is_sorted() {
            self.0 = ordered(&self.0, |name| {
                [name.reference, name.secondary].map(|day| f64::from(day.to_julian_day()))
            });
        }
        self.0.dedup();
    }
}

impl FromIterator<PairName> for PairNames {
    fn from_iter<T: IntoIterator<Item = PairName>>(names: T) -> Self {
        let mut all = Self::default();
        all.extend(names);
        all
    }
}

/// Days, oldest first, each once. They are marked in a calendar, which takes no sorting of what are a few hundred days in
/// a hundred thousand pairs.
pub(crate) fn days_once(days: impl Iterator<Item = Date>) -> Vec<Date> {
    let numbers: Vec<i32> = days.map(Date::to_julian_day).collect();
    let Some((first, last)) = numbers.iter().min().zip(numbers.iter().max()) else { return Vec::new() };
    let mut calendar = vec![false; (last - first) as usize + 1];
    for number in &numbers {
        calendar[(number - first) as usize] = true;
    }
    let marked = (*first..).zip(calendar).filter(|(_, marked)| *marked);
    marked.filter_map(|(number, _)| Date::from_julian_day(number).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::test_stack::date_of;

    fn names() -> impl Strategy<Value = Vec<PairName>> {
        let name = (0u32..20, 1u32..20)
            .prop_map(|(a, more)| PairName { reference: date_of(a), secondary: date_of(a + more) });
        prop::collection::vec(name, 0..40)
    }

    proptest! {
        #[test]
        fn it_is_the_set_that_a_tree_would_be(first in names(), second in names(), gap in 0u32..8) {
            let (mut ours, mut tree) = (PairNames::from_iter(first.clone()), BTreeSet::from_iter(first));
            let others = PairNames::from_iter(second.clone());
            prop_assert!(ours.iter().eq(&tree));
            let rest: Vec<PairName> = tree.iter().filter(|name| !second.contains(name)).copied().collect();
            prop_assert_eq!(&*ours.without(&others), &rest);
            prop_assert_eq!(ours.is_subset(&others), tree.iter().all(|name| second.contains(name)));
            let days: BTreeSet<Date> = tree.iter().flat_map(|name| [name.reference, name.secondary]).collect();
            prop_assert!(ours.days().iter().eq(&days));
            // Some days are left out of the list.
            let list: Vec<Date> = (0..40).filter(|day| day % 7 != gap).map(date_of).collect();
            let at = |day| list.binary_search(&day).ok();
            let among: Vec<_> =
                tree.iter().filter_map(|name| Some((*name, at(name.reference)?, at(name.secondary)?))).collect();
            prop_assert_eq!(ours.among(&list).collect::<Vec<_>>(), among);
            for (n, name) in second.iter().enumerate() {
                prop_assert_eq!(ours.contains(name), tree.contains(name));
                if n % 2 == 0 {
                    ours.insert(*name);
                    tree.insert(*name);
                } else {
                    prop_assert_eq!(ours.remove(name), tree.remove(name));
                }
                prop_assert!(ours.iter().eq(&tree));
            }
            ours.extend(others.iter().copied());
            tree.extend(second);
            prop_assert!(ours.iter().eq(&tree));
        }
    }
}
