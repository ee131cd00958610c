//! How well a network hangs together.

use time::Date;

use super::links::{Link, Links};
use crate::{PairName, PairNames, order::ordered, pair_names::days_once};

/// What one has to know of a network before it is processed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Pairs.
    pub pairs: usize,
    /// Days that have at least one pair.
    pub linked: usize,
    /// Days without any pair, oldest first.
    pub unlinked: Vec<Date>,
    /// Days that hang together, largest part first; more than one part cannot be joined into one time series.
    pub parts: Vec<Vec<Date>>,
    /// The fewest pairs that a linked day has; none where there are no pairs.
    pub least_links: Option<usize>,
    /// Pairs whose loss would split a part, oldest first.
    pub bridges: Vec<PairName>,
    /// Triplets of days that are all paired with each other: closures that show unwrapping errors.
    pub triplets: usize,
    /// The pair that spans most days, the oldest of them.
    pub longest: Option<PairName>,
}

impl Health {
    /// Whether all days hang together.
    pub fn connected(&self) -> bool {
        self.unlinked.is_empty() && self.parts.len() <= 1
    }
}

/// The health of pairs over `days`, which hold the days of all pairs.
pub(super) fn health(pairs: &PairNames, days: &[Date]) -> Health {
    let graph = Graph::new(pairs, days);
    let walk = Walk::over(&graph.sparse());
    let day_of = |node: usize| graph.days.get(node).copied();
    let degrees: Vec<usize> = (0..days.len()).map(|node| graph.links.degree(node)).collect();
    let mut parts: Vec<Vec<Date>> = walk
        .parts
        .iter()
        .filter(|part| part.len() > 1)
        .map(|part| days_once(part.iter().copied().filter_map(day_of)))
        .collect();
    // Parts were walked by their first days: of equally long ones the older comes first.
    parts = ordered(&parts, |part| [-(part.len() as f64), 0.0]);
    let pair_of =
        |(a, b): &Link| Some(PairName { reference: day_of(*a.min(b))?, secondary: day_of(*a.max(b))? });
    let bridges: PairNames = walk.bridges.iter().filter_map(pair_of).collect();
    Health {
        pairs: pairs.len(),
        linked: degrees.iter().filter(|d| **d > 0).count(),
        unlinked: days.iter().zip(&degrees).filter(|(_, d)| **d == 0).map(|(day, _)| *day).collect(),
        parts,
        least_links: degrees.into_iter().filter(|d| *d > 0).min(),
        bridges: bridges.to_vec(),
        triplets: graph.triplets(),
        longest: longest(pairs),
    }
}

/// The pair that spans most days, the oldest of them. Pairs come by their references, so of each reference the last one
/// is the longest.
fn longest(pairs: &PairNames) -> Option<PairName> {
    let days = |pair: &PairName| pair.secondary.to_julian_day() - pair.reference.to_julian_day();
    let last = pairs.chunk_by(|a, b| a.reference == b.reference).filter_map(<[PairName]>::last);
    last.rev().max_by_key(|pair| days(pair)).copied()
}

/// Days as nodes 0, 1, … in order of time, and what is linked to each.
struct Graph<'a> {
    days: &'a [Date],
    links: Links,
}

impl<'a> Graph<'a> {
    fn new(pairs: &PairNames, days: &'a [Date]) -> Self {
        let mut links = Links::none(days.len());
        for (_, a, b) in pairs.among(days) {
            links.put((a, b));
            links.put((b, a));
        }
        Self { days, links }
    }

    /// How many triangles there are: for each link, the nodes that come after both and are linked to both.
    fn triplets(&self) -> usize {
        let mut count = 0;
        for (a, b) in self.links.all() {
            count += self.links.shared_after(a, b);
        }
        count
    }

    /// The same nodes with few links that have the same parts and bridges: a forest that reaches all of each part, and
    /// another one of the links that are left. A link that is in neither has both as a way round it.
    fn sparse(&self) -> Self {
        let mut kept = Links::none(self.days.len());
        for _ in 0..2 {
            let forest = self.links.forest(&kept);
            for (a, b) in forest {
                kept.put((a, b));
                kept.put((b, a));
            }
        }
        Self { days: self.days, links: kept }
    }
}

/// A walk in depth over all parts, which finds the bridges on its way (Tarjan 1974): a link is a bridge when nothing
/// beyond it leads back to where it starts or before.
///
/// It keeps its own list of open nodes, because a chain of days would be as deep a recursion as the stack is long.
struct Walk {
    parts: Vec<Vec<usize>>,
    bridges: Vec<Link>,
}

const UNSEEN: usize = usize::MAX;

impl Walk {
    fn over(graph: &Graph<'_>) -> Self {
        let count = graph.days.len();
        let mut walk = Self { parts: Vec::new(), bridges: Vec::new() };
        let mut order = vec![UNSEEN; count];
        let mut lowest = vec![UNSEEN; count];
        let mut clock = 0;
        for root in 0..count {
            if order[root] != UNSEEN {
                continue;
            }
            let mut part = Vec::new();
            // Each open node with the node it was reached from and the least of its neighbours that are still to do.
            let mut open = vec![(root, UNSEEN, 0)];
            while let Some(&mut (node, from, ref mut least)) = open.last_mut() {
                if order[node] == UNSEEN {
                    (order[node], lowest[node]) = (clock, clock);
                    clock += 1;
                    part.push(node);
                }
                let Some(next) = graph.links.next(node, *least) else {
                    open.pop();
                    if from != UNSEEN {
                        lowest[from] = lowest[from].min(lowest[node]);
                        if lowest[node] > order[from] {
                            walk.bridges.push((from, node));
                        }
                    }
                    continue;
                };
                *least = next + 1;
                if order[next] == UNSEEN {
                    open.push((next, node, 0));
                } else if next != from {
                    lowest[node] = lowest[node].min(order[next]);
                }
            }
            walk.parts.push(part);
        }
        walk
    }
}
