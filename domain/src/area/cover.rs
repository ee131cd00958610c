//! Which bursts cover an area, and how much of it.

use super::{Area, AreaError, MOST_BURSTS};
use crate::{
    Footprint,
    coverage::{ViewBox, in_view},
    geodesy::{kilometres_between, longitude_near},
    order::ordered,
};

type Spot = [f64; 2];

/// A burst and how much of an area it covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// The burst's place.
    pub footprint: Footprint,
    /// The share of the area's surface that lies in it, above 0 and up to 1.
    pub share: f64,
}

impl Area {
    /// The bursts that have some of the area, those with most of it first; among equals the one that has the area's
    /// middle nearest to its own.
    ///
    /// # Errors
    /// Where there are more than [`MOST_BURSTS`].
    pub fn covers(&self) -> Result<Vec<Cover>, AreaError> {
        let whole: f64 = self.rings.iter().map(|ring| surface(ring)).sum();
        let mut found: Vec<Cover> = Vec::new();
        for ring in &self.rings {
            let [west, south, east, north] = Self::bounds(ring);
            let middle = f64::midpoint(west, east);
            let Ok(view) = ViewBox::new(west, south, east, north) else { continue };
            let mut count = 0;
            for footprint in in_view(view) {
                count += 1;
                if count > MOST_BURSTS {
                    return Err(AreaError::TooLarge);
                }
                let share = shared_surface(ring, middle, &footprint) / whole;
                // A touch is no cover.
                if share > 1e-9 {
                    match found.iter_mut().find(|cover| cover.footprint.burst == footprint.burst) {
                        Some(cover) if self.rings.len() > 1 => cover.share += share,
                        _ => found.push(Cover { footprint, share }),
                    }
                }
            }
        }
        let middle = self.middle();
        for cover in &mut found {
            // Sums of shares are rounded, so that those which cover all of it are equals.
            cover.share = ((cover.share * 1e6).round() / 1e6).clamp(1e-6, 1.0);
        }
        Ok(ordered(&found, |cover| [-cover.share, kilometres_between(cover.footprint.centre, middle)]))
    }

    /// The middle of the first ring's box.
    pub fn middle(&self) -> [f64; 2] {
        let [west, south, east, north] = self.rings.first().map_or([0.0; 4], |ring| Self::bounds(ring));
        [f64::midpoint(west, east), f64::midpoint(south, north)]
    }
}

/// The surface on a sphere of radius one of a closed counter-clockwise ring, in units of degrees of longitude; edges
/// are straight on the map, along which the sine of the latitude integrates in closed form.
fn surface(ring: &[Spot]) -> f64 {
    let strip = |a: Spot, b: Spot| {
        let (from, to) = (a[1].to_radians(), b[1].to_radians());
        let mean = if (to - from).abs() < 1e-9 {
            f64::midpoint(from, to).sin()
        } else {
            (from.cos() - to.cos()) / (to - from)
        };
        (b[0] - a[0]) * mean
    };
    -ring.windows(2).map(|edge| strip(edge[0], edge[1])).sum::<f64>()
}

/// The surface that a closed ring, with its middle at a longitude, and a footprint share.
///
/// The footprint is a sum of triangles fanned from its first corner, those that turn the other way counted off, which
/// holds for any simple outline; a ring cut by a triangle's three sides keeps its surface right even where it falls
/// into pieces.
fn shared_surface(ring: &[Spot], middle: f64, footprint: &Footprint) -> f64 {
    let [west, south, east, north] = footprint.bounds();
    let shift = longitude_near(footprint.centre[0], middle) - footprint.centre[0];
    let (west, east) = (west + shift, east + shift);
    let corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    let near = cut(ring.to_vec(), &corners);
    if near.len() < 4 {
        return 0.0;
    }
    let at = |i: usize| footprint.outline.get(i).map_or([0.0; 2], |[x, y]| [x + shift, *y]);
    (1..5)
        .map(|i| {
            let [a, b, c] = [at(0), at(i), at(i + 1)];
            let turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
            let triangle = if turn > 0.0 { [a, b, c, a] } else { [a, c, b, a] };
            turn.signum() * surface(&cut(near.clone(), &triangle))
        })
        .sum()
}

/// What of a closed ring lies to the left of every side of a closed convex outline (Sutherland and Hodgman).
fn cut(ring: Vec<Spot>, convex: &[Spot]) -> Vec<Spot> {
    convex.windows(2).fold(ring, |ring, side| {
        let (a, b) = (side[0], side[1]);
        let left = |p: Spot| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
        let mut kept: Vec<Spot> = Vec::with_capacity(ring.len() + 4);
        for edge in ring.windows(2) {
            let (from, to) = (edge[0], edge[1]);
            let (l, m) = (left(from), left(to));
            if l >= 0.0 {
                kept.push(from);
            }
            if (l > 0.0 && m < 0.0) || (l < 0.0 && m > 0.0) {
                let share = l / (l - m);
                kept.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
            }
        }
        if let Some(first) = kept.first().copied() {
            kept.push(first);
        }
        kept
    })
}
