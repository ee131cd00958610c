//! Spanning trees.

use super::links::{Link, Links};

/// The links of the spanning tree of greatest weight over `count` nodes, or of one tree for each part where `weight`
/// gives nothing for some of the links.
///
/// Of links with equal weight the one whose nodes come first is taken, so that the tree is the only one there is.
/// Prim (1957) without a queue: with every node a possible neighbour of every other that is the quickest way.
pub(super) fn spanning(count: usize, weight: impl Fn(Link) -> Option<f64>) -> Vec<Link> {
    let mut open: Vec<usize> = (0..count).collect();
    // Of each open node the best link to the tree, with its weight.
    let mut best = vec![(f64::NEG_INFINITY, (count, count)); count];
    let mut links = Vec::new();
    while !open.is_empty() {
        let mut at = 0;
        for (place, node) in open.iter().enumerate() {
            if better(best[*node], best[open[at]]) {
                at = place;
            }
        }
        let node = open.swap_remove(at);
        let (known, link) = best[node];
        if known > f64::NEG_INFINITY {
            links.push(link);
        }
        for other in &open {
            let link = (node.min(*other), node.max(*other));
            let offer = (weight(link).unwrap_or(f64::NEG_INFINITY), link);
            if better(offer, best[*other]) {
                best[*other] = offer;
            }
        }
    }
    links
}

/// Whether the first link is the better one. Of two that are none, either will do.
#[inline(always)]
fn better((x, first): (f64, Link), (y, second): (f64, Link)) -> bool {
    x > y || x == y && first < second
}

/// Which part each node belongs to, by the part's number.
pub(super) fn parts(links: &Links) -> Vec<usize> {
    let mut up: Vec<usize> = (0..links.count()).collect();
    fn top(up: &mut [usize], mut node: usize) -> usize {
        while up[node] != node {
            up[node] = up[up[node]];
            node = up[node];
        }
        node
    }
    for (a, b) in links.all() {
        let (a, b) = (top(&mut up, a), top(&mut up, b));
        up[a.max(b)] = a.min(b);
    }
    (0..links.count()).map(|node| top(&mut up, node)).collect()
}
