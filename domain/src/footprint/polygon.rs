//! Points and boxes against a closed outline in the plane.

/// Whether `point` lies inside a closed outline: a ray to the east crosses it an odd number of times.
pub(super) fn contains(outline: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    edges(outline).fold(false, |inside, [a, b]| {
        let straddles = (a[1] > y) != (b[1] > y);
        inside ^ (straddles && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
    })
}

/// Whether a closed outline and the box from west, south to east, north have a point in common.
pub(super) fn meets_box(outline: &[[f64; 2]], bounds: [f64; 4]) -> bool {
    // Either an edge enters the box, or one of the two lies wholly inside the other; an outline inside the box has
    // its edges there.
    edges(outline).any(|[a, b]| edge_meets_box(a, b, bounds)) || contains(outline, [bounds[0], bounds[1]])
}

fn edges(outline: &[[f64; 2]]) -> impl Iterator<Item = [[f64; 2]; 2]> {
    outline.windows(2).filter_map(|pair| <[[f64; 2]; 2]>::try_from(pair).ok())
}

/// Clips the edge by the box's four sides and looks whether some of it is left (Liang and Barsky).
fn edge_meets_box(a: [f64; 2], b: [f64; 2], [west, south, east, north]: [f64; 4]) -> bool {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, step, low, high) in [(a[0], b[0] - a[0], west, east), (a[1], b[1] - a[1], south, north)] {
        if step == 0.0 {
            if start < low || start > high {
                return false;
            }
            continue;
        }
        let (one, other) = ((low - start) / step, (high - start) / step);
        from = from.max(one.min(other));
        to = to.min(one.max(other));
    }
    from <= to
}
