//! Cutting rings to a rectangle, one side after the other (Sutherland and Hodgman, 1974).
//!
//! Where a concave ring falls into several pieces, they stay joined along the rectangle's side; a fill does not
//! show that, and nothing here is stroked.

use crate::{CELL, Point, Ring};

/// Degrees by which a cell reaches over its neighbours, so that no seam shows between them.
const MARGIN: f64 = 0.02;

/// The parts of `rings` in the cell at `column` and `row`, counted from 180° W and 90° S.
pub fn cell(rings: &[Ring], column: u32, row: u32) -> Vec<Ring> {
    let west = f64::from(column) * CELL - 180.0;
    let south = f64::from(row) * CELL - 90.0;
    let (low, high) = (west - MARGIN, west + CELL + MARGIN);
    let (bottom, top) = (south - MARGIN, south + CELL + MARGIN);
    rings
        .iter()
        .filter(|ring| {
            ring.iter().any(|p| p[0] >= low)
                && ring.iter().any(|p| p[0] <= high)
                && ring.iter().any(|p| p[1] >= bottom)
                && ring.iter().any(|p| p[1] <= top)
        })
        .map(|ring| {
            let ring = keep_above(ring, 0, low, 1.0);
            let ring = keep_above(&ring, 0, high, -1.0);
            let ring = keep_above(&ring, 1, bottom, 1.0);
            keep_above(&ring, 1, top, -1.0)
        })
        .filter(|ring| ring.len() >= 3)
        .collect()
}

/// The part of a ring between two longitudes, with the margin.
pub(crate) fn columns(ring: &[Point], west: f64, east: f64) -> Ring {
    keep_above(&keep_above(ring, 0, west - MARGIN, 1.0), 0, east + MARGIN, -1.0)
}

/// The part of a ring whose coordinate `axis`, times `sign`, is at least `limit` times `sign`.
fn keep_above(ring: &[Point], axis: usize, limit: f64, sign: f64) -> Ring {
    let inside = |p: &Point| (p[axis] - limit) * sign >= 0.0;
    let mut out = Vec::new();
    let Some(mut before) = ring.last() else { return out };
    for here in ring {
        if inside(here) != inside(before) {
            let t = (limit - before[axis]) / (here[axis] - before[axis]);
            out.push([before[0] + t * (here[0] - before[0]), before[1] + t * (here[1] - before[1])]);
        }
        if inside(here) {
            out.push(*here);
        }
        before = here;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ring: &[Point]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs() / 2.0
    }

    #[test]
    fn a_land_over_four_cells_is_shared_out() {
        let land = vec![vec![[-10.0, -20.0], [10.0, -20.0], [10.0, 0.0], [-10.0, 0.0]]];
        let total: f64 = (8..10)
            .flat_map(|c| (3..5).map(move |r| (c, r)))
            .flat_map(|(c, r)| cell(&land, c, r))
            .map(|r| area(&r))
            .sum();
        // The margins count twice.
        assert!((400.0..405.0).contains(&total), "{total}");
        assert!(cell(&land, 0, 0).is_empty());
    }

    #[test]
    fn a_cell_in_the_middle_of_a_land_is_full() {
        let land = vec![vec![[-60.0, -60.0], [60.0, -60.0], [60.0, 60.0], [-60.0, 60.0]]];
        let full = cell(&land, 9, 4);
        assert!((area(&full[0]) - (CELL + 2.0 * MARGIN).powi(2)).abs() < 1e-6);
    }
}
