//! How well a network hangs together.

use std::collections::BTreeSet;

use time::Date;

use crate::PairName;

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

/// The health of pairs over `days`; days of pairs count whether listed or not.
pub fn health(pairs: &BTreeSet<PairName>, days: &[Date]) -> Health {
    let graph = Graph::new(pairs, days);
    let walk = Walk::over(&graph);
    let day_of = |node: usize| graph.days.get(node).copied();
    let degrees: Vec<usize> = graph.links.iter().map(Vec::len).collect();
    let mut parts: Vec<Vec<Date>> = walk
        .parts
        .iter()
        .filter(|part| part.len() > 1)
        .map(|part| {
            let mut part: Vec<Date> = part.iter().copied().filter_map(day_of).collect();
            part.sort_unstable();
            part
        })
        .collect();
    parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part.first().copied()));
    let mut bridges: Vec<PairName> = walk
        .bridges
        .iter()
        .filter_map(|(a, b)| Some(PairName { reference: day_of(*a.min(b))?, secondary: day_of(*a.max(b))? }))
        .collect();
    bridges.sort_unstable();
    Health {
        pairs: pairs.len(),
        linked: degrees.iter().filter(|d| **d > 0).count(),
        unlinked: graph.days.iter().zip(&degrees).filter(|(_, d)| **d == 0).map(|(day, _)| *day).collect(),
        parts,
        least_links: degrees.into_iter().filter(|d| *d > 0).min(),
        bridges,
        triplets: graph.triplets(),
        longest: pairs.iter().rev().copied().max_by_key(|p| p.secondary - p.reference),
    }
}

/// Days as nodes 0, 1, … in order of time, and the neighbours of each.
struct Graph {
    days: Vec<Date>,
    links: Vec<Vec<usize>>,
}

impl Graph {
    fn new(pairs: &BTreeSet<PairName>, days: &[Date]) -> Self {
        let mut all = BTreeSet::new();
        all.extend(days);
        all.extend(pairs.iter().flat_map(|p| [p.reference, p.secondary]));
        let days: Vec<Date> = all.into_iter().collect();
        let mut links = vec![Vec::new(); days.len()];
        for pair in pairs {
            if let (Ok(a), Ok(b)) = (days.binary_search(&pair.reference), days.binary_search(&pair.secondary))
            {
                links[a].push(b);
                links[b].push(a);
            }
        }
        Self { days, links }
    }

    /// How many triangles there are: for each link, the nodes that come after both and are linked to both. Sets of bits
    /// make that quick where everything is linked to everything.
    fn triplets(&self) -> usize {
        let words = self.days.len().div_ceil(64);
        let later: Vec<Vec<u64>> = (0..self.days.len())
            .map(|node| {
                let mut bits = vec![0u64; words];
                self.links[node]
                    .iter()
                    .filter(|other| **other > node)
                    .for_each(|o| bits[o / 64] |= 1 << (o % 64));
                bits
            })
            .collect();
        let shared = |a: usize, b: usize| {
            later[a].iter().zip(&later[b]).map(|(x, y)| (x & y).count_ones() as usize).sum::<usize>()
        };
        let of =
            |node: usize| self.links[node].iter().filter(move |o| **o > node).map(move |o| shared(node, *o));
        (0..self.days.len()).flat_map(of).sum()
    }
}

/// A walk in depth over all parts, which finds the bridges on its way (Tarjan 1974): a link is a bridge when nothing
/// beyond it leads back to where it starts or before.
///
/// It keeps its own list of open nodes, because a chain of days would be as deep a recursion as the stack is long.
struct Walk {
    parts: Vec<Vec<usize>>,
    bridges: Vec<(usize, usize)>,
}

const UNSEEN: usize = usize::MAX;

impl Walk {
    fn over(graph: &Graph) -> Self {
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
            // Each open node with the node it was reached from and how many of its neighbours are done.
            let mut open = vec![(root, UNSEEN, 0)];
            while let Some(&mut (node, from, ref mut done)) = open.last_mut() {
                if *done == 0 && order[node] == UNSEEN {
                    (order[node], lowest[node]) = (clock, clock);
                    clock += 1;
                    part.push(node);
                }
                let Some(&next) = graph.links[node].get(*done) else {
                    open.pop();
                    if from != UNSEEN {
                        lowest[from] = lowest[from].min(lowest[node]);
                        if lowest[node] > order[from] {
                            walk.bridges.push((from, node));
                        }
                    }
                    continue;
                };
                *done += 1;
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
