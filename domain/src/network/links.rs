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
    pub(super) fn put(&mut self, (from, to): Link) {
        self.bits[from * self.words + to / 64] |= 1 << (to % 64);
    }

    /// Links one node to another in this direction, for all of these.
    pub(super) fn extend(&mut self, links: impl IntoIterator<Item = Link>) {
        links.into_iter().for_each(|link| self.put(link));
    }

    fn row(&self, from: usize) -> &[u64] {
        &self.bits[from * self.words..][..self.words]
    }

    /// How many nodes one is linked to.
    pub(super) fn degree(&self, from: usize) -> usize {
        ones(self.row(from).iter().copied())
    }

    /// How many nodes after `b` both are linked to.
    pub(super) fn shared_after(&self, a: usize, b: usize) -> usize {
        let (word, after) = (b / 64, u64::MAX << (b % 64) << 1);
        let (a, b) = (&self.row(a)[word..], &self.row(b)[word..]);
        let first = a.iter().zip(b).take(1).map(|(a, b)| a & b & after);
        let rest = a.iter().zip(b).skip(1).map(|(a, b)| a & b);
        ones(first.chain(rest))
    }

    /// The first node from `least` on that one is linked to.
    pub(super) fn next(&self, from: usize, least: usize) -> Option<usize> {
        let row = self.row(from);
        let mut at = least / 64;
        let mut word = row.get(at)? & (u64::MAX << (least % 64));
        while word == 0 {
            at += 1;
            word = *row.get(at)?;
        }
        Some(at * 64 + word.trailing_zeros() as usize)
    }

    /// The nodes that one is linked to, in order.
    pub(super) fn of(&self, from: usize) -> impl Iterator<Item = usize> {
        let mut least = 0;
        std::iter::from_fn(move || {
            let next = self.next(from, least)?;
            least = next + 1;
            Some(next)
        })
    }

    /// All links, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = Link> {
        (0..self.count).flat_map(|from| self.of(from).map(move |to| (from, to)))
    }
}

fn ones(words: impl Iterator<Item = u64>) -> usize {
    words.map(|word| word.count_ones() as usize).sum()
}
