//! Delaunay's triangulation of days in the plane of time and perpendicular baseline.

use delaunator::{EMPTY, Point, triangulate};

use super::{field::Field, links::Link};

/// The sides of all triangles whose circles through their corners hold no other day.
///
/// Both axes are stretched to the same length first, from their least to their greatest value, as MintPy does it; days
/// and metres have no common unit. Days without a known baseline have no place in the plane and no pair. Days that lie
/// on one line are paired with their neighbours.
pub(super) fn links(field: &Field) -> Vec<Link> {
    let places = field.places();
    let points = unit_square(&places.iter().map(|(_, at)| *at).collect::<Vec<_>>());
    let made = triangulate(&points);
    let index = |place: usize| places[place].0;
    if made.triangles.is_empty() {
        return places.windows(2).map(|two| (two[0].0, two[1].0)).collect();
    }
    let corner = |edge: usize| index(made.triangles[edge]);
    let next = |edge: usize| if edge % 3 == 2 { edge - 2 } else { edge + 1 };
    // Of the two halves of a side that two triangles share, one.
    let whole = |edge: &usize| made.halfedges[*edge] == EMPTY || *edge < made.halfedges[*edge];
    (0..made.triangles.len())
        .filter(whole)
        .map(|edge| (corner(edge), corner(next(edge))))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .collect()
}

fn unit_square(places: &[[f64; 2]]) -> Vec<Point> {
    let axis = |k: usize| {
        let values = places.iter().map(move |at| at[k]);
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        let span = if high > low { high - low } else { 1.0 };
        move |at: &[f64; 2]| (at[k] - low) / span
    };
    let (x, y) = (axis(0), axis(1));
    places.iter().map(|at| Point { x: x(at), y: y(at) }).collect()
}
