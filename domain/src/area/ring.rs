//! What makes a list of corners a simple polygon.

use super::AreaError;
use crate::{geodesy::longitude_near, order::ordered};

type Spot = [f64; 2];

/// The corners as a closed, counter-clockwise ring whose longitudes run on, beginning between -180 and 180.
pub(super) fn checked(corners: &[Spot]) -> Result<Vec<Spot>, AreaError> {
    corners.iter().try_for_each(|corner| on_earth(*corner))?;
    let mut ring = run_on(corners);
    let (Some(first), Some(last)) = (ring.first().copied(), ring.last().copied()) else {
        return Err(AreaError::TooFewCorners);
    };
    if longitude_near(first[0], last[0]) != first[0] {
        return Err(AreaError::RoundPole);
    }
    if last != first {
        ring.push(first);
    }
    if ring.len() < 4 {
        return Err(AreaError::TooFewCorners);
    }
    let [west, _, east, _] = super::Area::bounds(&ring);
    if east - west > 180.0 {
        return Err(AreaError::TooLarge);
    }
    if let Some([x, y]) = crossing(&ring) {
        return Err(AreaError::Crossing(crate::geodesy::wrap_longitude(x), y));
    }
    let twice = ring.windows(2).map(|e| (e[1][0] - e[0][0]) * (e[1][1] + e[0][1])).sum::<f64>();
    if twice.abs() < 1e-12 {
        return Err(AreaError::Flat);
    }
    if twice > 0.0 {
        ring.reverse();
    }
    Ok(ring)
}

fn on_earth([x, y]: Spot) -> Result<(), AreaError> {
    let wrong = |hint| Err(AreaError::OffEarth(x, y, hint));
    match (x.abs(), y.abs()) {
        (x, y) if x <= 360.0 && y <= 90.0 => Ok(()),
        (x, y) if x <= 90.0 && y <= 360.0 => wrong("write longitude first"),
        (x, _) if x > 1_000.0 => wrong("these look like metres, transform them first"),
        _ => wrong("longitudes go from -180 to 180, latitudes from -90 to 90"),
    }
}

/// Each corner on the shorter way from the one before, repeated ones once.
fn run_on(corners: &[Spot]) -> Vec<Spot> {
    let mut ring: Vec<Spot> = Vec::with_capacity(corners.len() + 1);
    for [x, y] in corners {
        let near = ring.last().map_or(0.0, |last| last[0]);
        let corner = [longitude_near(*x, near), *y];
        if ring.last() != Some(&corner) {
            ring.push(corner);
        }
    }
    ring
}

/// A place where two edges of a closed ring meet that are not next to each other.
///
/// Edges are gone through from west to east, each against those that begin before it ends.
fn crossing(ring: &[Spot]) -> Option<Spot> {
    let edges: Vec<(usize, [Spot; 2])> = ring.windows(2).map(|e| [e[0], e[1]]).enumerate().collect();
    let count = edges.len();
    let west = |[a, b]: &[Spot; 2]| a[0].min(b[0]);
    let edges = ordered(&edges, |(_, edge)| [west(edge), 0.0]);
    let mut rest = edges.as_slice();
    while let [(i, edge), later @ ..] = rest {
        let east = edge[0][0].max(edge[1][0]);
        for (j, other) in later.iter().take_while(|(_, other)| west(other) <= east) {
            let next_to = i.abs_diff(*j) == 1 || i.abs_diff(*j) == count - 1;
            if let Some(place) = meeting(*edge, *other).filter(|_| !next_to) {
                return Some(place);
            }
        }
        rest = later;
    }
    None
}

/// A place that two edges share.
fn meeting([a, b]: [Spot; 2], [c, d]: [Spot; 2]) -> Option<Spot> {
    if a[1].max(b[1]) < c[1].min(d[1]) || c[1].max(d[1]) < a[1].min(b[1]) {
        return None;
    }
    let side = |a: Spot, b: Spot, p: Spot| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    if of_c == 0.0 && of_d == 0.0 {
        // On one line: they share what their extents share.
        let within =
            |p: Spot, [a, b]: [Spot; 2]| (0..2).all(|i| (a[i].min(b[i])..=a[i].max(b[i])).contains(&p[i]));
        return [c, d].into_iter().find(|p| within(*p, [a, b])).or(Some(a).filter(|p| within(*p, [c, d])));
    }
    let apart = (of_c > 0.0 && of_d > 0.0) || (of_c < 0.0 && of_d < 0.0);
    let apart = apart || (of_a > 0.0 && of_b > 0.0) || (of_a < 0.0 && of_b < 0.0);
    let share = of_c / (of_c - of_d);
    (!apart).then(|| [c[0] + share * (d[0] - c[0]), c[1] + share * (d[1] - c[1])])
}
