//! Links between numbered nodes.

/// Two nodes.
pub(super) type Link = (usize, usize);

/// Which of the nodes 0, 1, … are linked to which: a row of bits for each.
///
/// Putting in a link twice is as cheap as once, they come out in order, and what two nodes are both linked to is an
/// intersection of rows.
#[derive(Clone, Debug)]
pub(super) struct Links {
    count: usize,
    /// Words of a row.
    words: usize,
    bits: Vec<u64>,
}

impl Links {
    /// No links between so many nodes.
    pub(super) fn none(count: usize) -> Self {
        let words = count.div_ceil(64);
        Self { count, words, bits: vec![0; count * words] }
    }

    /// How many nodes there are.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// Links one node to another, in this direction.
    #[inline(always)]
    pub(super) fn put(&mut self, (from, to): Link) {
        self.bits[from * self.words + to / 64] |= 1 << (to % 64);
    }

    /// Links one node to another in this direction, for all of these.
    pub(super) fn extend(&mut self, links: impl IntoIterator<Item = Link>) {
        for link in links {
            self.put(link);
        }
    }

    /// Leaves those that are to be kept.
    pub(super) fn retain(&mut self, keep: impl Fn(Link) -> bool) {
        for from in 0..self.count {
            let mut least = 0;
            while let Some(to) = self.next(from, least) {
                if !keep((from, to)) {
                    self.bits[from * self.words + to / 64] &= !(1 << (to % 64));
                }
                least = to + 1;
            }
        }
    }

    #[inline(always)]
    fn row(&self, from: usize) -> &[u64] {
        &self.bits[from * self.words..][..self.words]
    }

    /// How many nodes one is linked to.
    pub(super) fn degree(&self, from: usize) -> usize {
        self.row(from).iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many nodes after `b` both are linked to.
    pub(super) fn shared_after(&self, a: usize, b: usize) -> usize {
        let (a, c) = (self.row(a), self.row(b));
        let mut count = 0;
        let mut after = u64::MAX << (b % 64) << 1;
        for word in b / 64..a.len() {
            count += (a[word] & c[word] & after).count_ones();
            after = u64::MAX;
        }
        count as usize
    }

    /// The first node from `least` on that one is linked to.
    pub(super) fn next(&self, from: usize, least: usize) -> Option<usize> {
        let row = self.row(from);
        let mut after = u64::MAX << (least % 64);
        let mut at = least / 64;
        while let Some(word) = row.get(at) {
            let word = word & after;
            if word != 0 {
                return Some(at * 64 + word.trailing_zeros() as usize);
            }
            after = u64::MAX;
            at += 1;
        }
        None
    }

    /// Links, of those that are not in `but`, that reach from one node of each part all others of it. For links that go
    /// both ways. Every node is reached once, so that it takes one look at each row of bits.
    pub(super) fn forest(&self, but: &Self) -> Vec<Link> {
        let mut unseen = vec![u64::MAX; self.words];
        let (mut links, mut open) = (Vec::new(), Vec::new());
        for root in 0..self.count {
            if unseen[root / 64] & 1 << (root % 64) == 0 {
                continue;
            }
            unseen[root / 64] &= !(1 << (root % 64));
            open.push(root);
            while let Some(node) = open.pop() {
                for (word, unseen) in unseen.iter_mut().enumerate() {
                    let mut new = self.row(node)[word] & !but.row(node)[word] & *unseen;
                    *unseen &= !new;
                    while new != 0 {
                        let to = word * 64 + new.trailing_zeros() as usize;
                        links.push((node, to));
                        open.push(to);
                        new &= new - 1;
                    }
                }
            }
        }
        links
    }

    /// All links to a later node, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = Link> {
        let (mut from, mut least) = (0, 1);
        std::iter::from_fn(move || {
            while from < self.count {
                if let Some(to) = self.next(from, least) {
                    least = to + 1;
                    return Some((from, to));
                }
                (from, least) = (from + 1, from + 2);
            }
            None
        })
    }
}
