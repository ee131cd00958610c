//! What was asked about on the map, in a link: a point in plain degrees, an area as letters and digits.
//!
//! An area's text is made of numbers: how many rings, for each ring how many corners, for each corner the steps east and
//! north from the one before, a hundred-thousandth of a degree each, about a metre. A number is written to the base 31,
//! its lowest digit first; a sign that more follow is a digit from the upper half of `0-9a-zA-Z`, and negative numbers
//! are folded between the positive ones. So a corner takes four to ten signs where WKT takes twenty, none of the signs
//! ends a link in a chat program or needs an escape, and a text that was cut has too few corners.

use std::sync::Arc;

use super::LinkError;
use crate::{Area, decimal, geodesy::wrap_longitude};

/// The longest text of an area: more is cut by chat programs.
pub const MOST_CHARS: usize = 2_000;

const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE: u64 = 31;
/// Steps in a degree.
const STEPS: f64 = 1e5;
/// No number of steps needs more digits.
const MOST_DIGITS: u32 = 7;

/// What was asked about.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Longitude and latitude in degrees.
    Point([f64; 2]),
    /// An area.
    Area(Arc<Area>),
}

/// Whether a link can hold an area: not where it has too many corners, or corners less than a metre apart that would
/// fall together.
pub fn carries(area: &Area) -> bool {
    area_text(area).is_some()
}

/// A place as a link holds it: to the metre, its longitude between -180 and 180.
pub fn to_metre([longitude, latitude]: [f64; 2]) -> [f64; 2] {
    [wrap_longitude(on_step(longitude)), on_step(latitude)].map(on_step)
}

/// A point in degrees.
pub(super) fn point_text(point: [f64; 2]) -> String {
    let [x, y] = to_metre(point);
    format!("{x},{y}")
}

/// A point of the Earth.
pub(super) fn read_point(text: &str) -> Option<[f64; 2]> {
    let (x, y) = text.split_once(',')?;
    let (x, y) = (on_step(decimal::parse(x)?), on_step(decimal::parse(y)?));
    (x.abs() <= 180.0 && y.abs() <= 90.0).then_some([x, y])
}

/// To the next step; adding zero takes a minus from it.
fn on_step(degrees: f64) -> f64 {
    (degrees * STEPS).round() / STEPS + 0.0
}

/// An area as letters and digits; `None` where a link cannot hold it.
pub(super) fn area_text(area: &Area) -> Option<String> {
    let mut text = String::new();
    let mut last = [0i64; 2];
    write_number(&mut text, area.rings().len() as u64);
    for ring in area.rings() {
        // The last corner is the first one again.
        let (_, corners) = ring.split_last()?;
        write_number(&mut text, corners.len() as u64);
        for corner in corners {
            let now = corner.map(|degrees| (degrees * STEPS).round() as i64);
            for (now, last) in now.iter().zip(last) {
                let by = now - last;
                write_number(&mut text, ((by << 1) ^ (by >> 63)) as u64);
            }
            last = now;
        }
        if text.len() > MOST_CHARS {
            return None;
        }
    }
    read_area(&text).is_ok().then_some(text)
}

/// The area of a text.
pub(super) fn read_area(text: &str) -> Result<Area, LinkError> {
    if text.len() > MOST_CHARS {
        return Err(LinkError::DamagedArea);
    }
    let rings = read_rings(text).ok_or(LinkError::DamagedArea)?;
    Area::of_rings(rings).map_err(LinkError::Area)
}

fn read_rings(text: &str) -> Option<Vec<Vec<[f64; 2]>>> {
    let mut rest = text.as_bytes();
    let (mut rings, mut last) = (Vec::new(), [0i64; 2]);
    for _ in 0..read_number(&mut rest)? {
        let mut ring = Vec::new();
        for _ in 0..read_number(&mut rest)? {
            for axis in &mut last {
                let folded = read_number(&mut rest)?;
                *axis += (folded >> 1) as i64 ^ -((folded & 1) as i64);
            }
            ring.push(last.map(|steps| steps as f64 / STEPS));
        }
        rings.push(ring);
    }
    rest.is_empty().then_some(rings)
}

fn write_number(text: &mut String, mut number: u64) {
    loop {
        let (more, digit) = (number / BASE, number % BASE);
        let sign = if more > 0 { digit + BASE } else { digit };
        text.extend(DIGITS.get(sign as usize).map(|sign| char::from(*sign)));
        if more == 0 {
            return;
        }
        number = more;
    }
}

/// Takes a number from the front.
fn read_number(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for place in 0..MOST_DIGITS {
        let (sign, after) = rest.split_first()?;
        *rest = after;
        let digit = DIGITS.iter().position(|d| d == sign)? as u64;
        number += digit % BASE * BASE.pow(place);
        if digit < BASE {
            return Some(number);
        }
    }
    None
}
