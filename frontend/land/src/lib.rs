//! The land of the map that needs no network: rings of longitude and latitude in a compact binary form.
//!
//! The source is Natural Earth (public domain) as the npm package `world-atlas` carries it. [`topology`] reads it,
//! [`clip`] cuts it into cells of [`CELL`] degrees, so that the browser fetches only what is in view, and this
//! module writes and reads the cells. A file is a list of rings: the number of points, then each point as its
//! difference from the one before, in units of 1 / [`UNITS`] degree, all as variable-length integers.

pub mod clip;
pub mod topology;

/// A corner: longitude and latitude in degrees.
pub type Point = [f64; 2];

/// A closed ring, without the first corner repeated. Holes are rings of their own: fill by the even-odd rule.
pub type Ring = Vec<Point>;

/// Degrees on a side of a cell, in both directions.
pub const CELL: f64 = 20.0;

/// Units in a degree; one is about 220 m, finer than the source.
const UNITS: f64 = 512.0;

/// Writes rings.
pub fn encode(rings: &[Ring]) -> Vec<u8> {
    let mut out = Vec::new();
    for ring in rings {
        put(&mut out, ring.len() as u32);
        let mut last = [0i32; 2];
        for point in ring {
            let here = point.map(|degrees| (degrees * UNITS).round() as i32);
            for (now, before) in here.iter().zip(last) {
                let difference = now - before;
                put(&mut out, ((difference << 1) ^ (difference >> 31)) as u32);
            }
            last = here;
        }
    }
    out
}

fn put(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads rings; what is cut off or garbled ends the list early.
pub fn decode(bytes: &[u8]) -> Vec<Ring> {
    let mut rest = bytes.iter().copied();
    let mut rings = Vec::new();
    while let Some(count) = take(&mut rest) {
        let mut last = [0i32; 2];
        let mut ring = Vec::new();
        for _ in 0..count {
            for coordinate in &mut last {
                let Some(value) = take(&mut rest) else { return rings };
                *coordinate = coordinate.wrapping_add((value >> 1) as i32 ^ -((value & 1) as i32));
            }
            ring.push(last.map(|units| f64::from(units) / UNITS));
        }
        rings.push(ring);
    }
    rings
}

fn take(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let mut value = 0u32;
    for shift in (0..32).step_by(7) {
        let byte = bytes.next()?;
        value |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The cells, by column and row counted from 180° W and 90° S, that a view touches, and how many whole turns of
/// the globe the view's copy of that column lies from the first.
///
/// `west` and `east` may lie outside ±180 where a view spans the antimeridian; columns are then wrapped.
pub fn cells_in_view(west: f64, south: f64, east: f64, north: f64) -> Vec<(u32, u32, i32)> {
    let columns = (360.0 / CELL) as i32;
    let rows = (180.0 / CELL) as i32;
    let column = |lon: f64| ((lon + 180.0) / CELL).floor() as i32;
    let row = |lat: f64| (((lat + 90.0) / CELL).floor() as i32).clamp(0, rows - 1);
    let mut cells = Vec::new();
    for c in column(west)..=column(east) {
        for r in row(south)..=row(north) {
            cells.push((c.rem_euclid(columns) as u32, r as u32, c.div_euclid(columns)));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_view_across_the_antimeridian_asks_for_both_sides() {
        let cells = cells_in_view(170.0, 50.0, 190.0, 55.0);
        assert_eq!(cells, [(17, 7, 0), (0, 7, 1)]);
        assert_eq!(cells_in_view(-190.0, 0.0, -170.0, 1.0), [(17, 4, -1), (0, 4, 0)]);
    }

    #[test]
    fn the_poles_are_in_the_outermost_rows() {
        assert_eq!(cells_in_view(0.0, -90.0, 1.0, -89.0), [(9, 0, 0)]);
        assert_eq!(cells_in_view(0.0, 89.0, 1.0, 90.0), [(9, 8, 0)]);
    }

    proptest! {
        #[test]
        fn rings_come_back_to_within_half_a_unit(
            rings in prop::collection::vec(prop::collection::vec((-181.0..181.0, -90.0..90.0), 3..40), 0..5)
        ) {
            let rings: Vec<Ring> =
                rings.into_iter().map(|r| r.into_iter().map(|(x, y)| [x, y]).collect()).collect();
            let back = decode(&encode(&rings));
            prop_assert_eq!(rings.len(), back.len());
            for (a, b) in rings.iter().flatten().zip(back.iter().flatten()) {
                prop_assert!((a[0] - b[0]).abs() <= 0.5 / UNITS && (a[1] - b[1]).abs() <= 0.5 / UNITS);
            }
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }
    }
}
