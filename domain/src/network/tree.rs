//! Spanning trees.

use super::field::Link;

/// The links of the spanning tree of greatest weight over `count` nodes, or of one tree for each part where `weight`
/// gives nothing for some of the links.
///
/// Of links with equal weight the one whose nodes come first is taken, so that the tree is the only one there is.
/// Prim (1957) without a queue: with every node a possible neighbour of every other that is the quickest way.
pub(super) fn spanning(count: usize, weight: impl Fn(usize, usize) -> Option<f64>) -> Vec<Link> {
    let mut open: Vec<usize> = (0..count).collect();
    // Of each open node the best link to the tree, by weight.
    let mut best: Vec<Option<(f64, Link)>> = vec![None; count];
    let mut links = Vec::new();
    while !open.is_empty() {
        let at = (0..open.len()).reduce(|a, b| if better(best[open[b]], best[open[a]]) { b } else { a });
        let node = open.swap_remove(at.unwrap_or_default());
        links.extend(best[node].map(|(_, link)| link));
        for other in &open {
            let link = (node.min(*other), node.max(*other));
            let offer = weight(link.0, link.1).map(|w| (w, link));
            if better(offer, best[*other]) {
                best[*other] = offer;
            }
        }
    }
    links.sort_unstable();
    links
}

fn better(a: Option<(f64, Link)>, b: Option<(f64, Link)>) -> bool {
    match (a, b) {
        (Some((x, first)), Some((y, second))) => x.total_cmp(&y).then(second.cmp(&first)).is_gt(),
        (a, _) => a.is_some() && b.is_none(),
    }
}

/// Which part each of `count` nodes belongs to, by the part's number.
pub(super) fn parts(count: usize, links: impl IntoIterator<Item = Link>) -> Vec<usize> {
    let mut up: Vec<usize> = (0..count).collect();
    fn top(up: &mut [usize], mut node: usize) -> usize {
        while up[node] != node {
            up[node] = up[up[node]];
            node = up[node];
        }
        node
    }
    for (a, b) in links {
        let (a, b) = (top(&mut up, a), top(&mut up, b));
        up[a.max(b)] = a.min(b);
    }
    (0..count).map(|node| top(&mut up, node)).collect()
}
