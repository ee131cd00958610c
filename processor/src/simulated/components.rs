//! Connected pieces of the area that can be unwrapped, as the unwrapper labels them.

/// Coherence below which nothing is connected.
const LEAST_COHERENCE: f32 = 0.28;
/// Pieces smaller than this share of the covered pixels are dropped (SNAPHU's default is 1 %).
const LEAST_SHARE: f64 = 0.01;

/// Labels 4-connected pieces of coherent pixels from 1, largest first; 0 elsewhere.
pub(super) fn label(coherence: &[f32], width: usize) -> Vec<f32> {
    let mut pieces = vec![0u32; coherence.len()];
    let mut sizes: Vec<usize> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let joins = |i: usize, pieces: &[u32]| {
        pieces.get(i) == Some(&0) && coherence.get(i).is_some_and(|c| *c >= LEAST_COHERENCE)
    };
    for start in 0..coherence.len() {
        if !joins(start, &pieces) {
            continue;
        }
        let piece = sizes.len() as u32 + 1;
        let mut size = 0;
        open.push(start);
        mark(&mut pieces, start, piece);
        while let Some(i) = open.pop() {
            size += 1;
            let column = i % width;
            let neighbours = [
                (column > 0).then(|| i - 1),
                (column + 1 < width).then_some(i + 1),
                i.checked_sub(width),
                Some(i + width),
            ];
            for neighbour in neighbours.into_iter().flatten() {
                if joins(neighbour, &pieces) {
                    mark(&mut pieces, neighbour, piece);
                    open.push(neighbour);
                }
            }
        }
        sizes.push(size);
    }
    let covered = coherence.iter().filter(|c| **c > 0.0).count() as f64;
    let ranks = ranks(&sizes, (covered * LEAST_SHARE) as usize);
    pieces.into_iter().map(|piece| ranks.get(piece as usize).copied().unwrap_or(0.0)).collect()
}

fn mark(pieces: &mut [u32], at: usize, piece: u32) {
    if let Some(place) = pieces.get_mut(at) {
        *place = piece;
    }
}

/// The label of each piece, by number from 1; place 0 stands for no piece.
fn ranks(sizes: &[usize], least: usize) -> Vec<f32> {
    let mut order: Vec<usize> =
        (0..sizes.len()).filter(|i| sizes.get(*i).is_some_and(|s| *s > least)).collect();
    order.sort_by_key(|i| std::cmp::Reverse(sizes.get(*i).copied()));
    let mut labels = vec![0.0; sizes.len() + 1];
    for (rank, piece) in order.into_iter().enumerate() {
        if let Some(label) = labels.get_mut(piece + 1) {
            *label = (rank + 1) as f32;
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_numbered_by_size_and_crumbs_dropped() {
        let picture = ["##......##", "##......##", "........##", "#........."];
        let coherence: Vec<f32> =
            picture.concat().chars().map(|c| if c == '#' { 0.8 } else { 0.1 }).collect();
        let labels = label(&coherence, 10);
        let at = |row: usize, column: usize| labels[row * 10 + column];
        assert_eq!((at(0, 0), at(0, 9), at(3, 0), at(1, 5)), (2.0, 1.0, 3.0, 0.0));
        // A row's end and the next row's beginning are no neighbours.
        assert_ne!(at(2, 9), at(3, 0));
        let sparse: Vec<f32> = (0..1000).map(|i| if i == 5 { 0.9 } else { 0.1 }).collect();
        assert!(label(&sparse, 50).iter().all(|l| *l == 0.0));
    }
}
