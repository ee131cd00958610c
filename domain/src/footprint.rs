//! Where a burst lies on Earth, computed from its identifier alone.
//!
//! The satellite's state comes from one tabulated revolution turned to the burst's track, the time from the burst's
//! number, the slant range from the satellite's altitude; the ground point is where the zero-Doppler plane at that
//! time and range meets the WGS84 ellipsoid. Terrain is not modelled. Against the catalogue's polygons the overlap
//! (intersection over union) is 0.97 and better, with centres less than a kilometre apart.

mod polygon;

use serde::{Deserialize, Serialize};

use crate::{
    BurstId, Subswath,
    geodesy::{SEMI_MAJOR, SEMI_MINOR, longitude_near, place_on_ellipsoid, radius_below, wrap_longitude},
    orbit::{State, TRACK_SPACING, grid_seconds, spacings_west, state},
    vector::{Vector, add_scaled, cross, dot, norm, scaled, unit},
};

/// Whether the satellite flies north or south over a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Pass {
    /// Northwards, seen from the west.
    Ascending,
    /// Southwards, seen from the east.
    Descending,
}

impl Pass {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Ascending, Self::Descending].into_iter().find(|pass| pass.word() == text)
    }
}

/// A burst's place on Earth.
///
/// The centre's longitude lies between -180 and 180. The outline's longitudes run on from there without a jump, so
/// those of a burst on the antimeridian go beyond ±180; [`Footprint::wrapped_outline`] brings each back for itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Footprint {
    /// The burst.
    pub burst: BurstId,
    /// Direction of flight at the burst's middle.
    pub pass: Pass,
    /// Longitude and latitude of the middle in degrees.
    pub centre: [f64; 2],
    /// Longitude and latitude in degrees of near, middle and far range at the first line, of far, middle and near
    /// range at the last one, and the first point again: counter-clockwise, straight in between on the plain
    /// longitude and latitude map, as GeoJSON has it.
    pub outline: [[f64; 2]; 7],
}

/// Timing and range of a subswath, fitted to the catalogue's polygons of eight bursts and the recorded times of 166
/// acquisitions; the burst grid itself is ESA's.
#[derive(Debug)]
pub(crate) struct Swath {
    /// Slant range to near range in metres, from an altitude of 700 km.
    near_range: f64,
    /// Metres of near range for a metre of altitude.
    range_by_altitude: f64,
    /// Metres of slant range from near to far range.
    pub(crate) range_span: f64,
    /// Seconds from the burst's place in the grid to its middle line.
    pub(crate) middle: f64,
    /// Seconds that the burst lasts on the ground, at near range.
    near_duration: f64,
    /// The same at far range.
    pub(crate) far_duration: f64,
}

const SWATHS: [Swath; 3] = [
    Swath {
        near_range: 800_300.0,
        range_by_altitude: 0.55,
        range_span: 47_990.0,
        middle: 0.457,
        near_duration: 3.232,
        far_duration: 3.382,
    },
    Swath {
        near_range: 847_150.0,
        range_by_altitude: 0.585,
        range_span: 55_215.0,
        middle: 1.525,
        near_duration: 3.078,
        far_duration: 3.205,
    },
    Swath {
        near_range: 902_700.0,
        range_by_altitude: 0.46,
        range_span: 55_216.0,
        middle: 2.462,
        near_duration: 3.271,
        far_duration: 3.426,
    },
];

impl Swath {
    pub(crate) const fn of(subswath: Subswath) -> &'static Self {
        match subswath {
            Subswath::Iw1 => &SWATHS[0],
            Subswath::Iw2 => &SWATHS[1],
            Subswath::Iw3 => &SWATHS[2],
        }
    }

    /// Slant range to near range in metres from a satellite at `position`.
    pub(crate) fn near_range(&self, position: Vector) -> f64 {
        let altitude = norm(position) - radius_below(position);
        self.near_range + self.range_by_altitude * (altitude - 700_000.0)
    }
}

/// The middle of a burst, from which its outline can be worked out if it is wanted.
pub(crate) struct Middle {
    burst: BurstId,
    swath: &'static Swath,
    seconds: f64,
    state: State,
    near_range: f64,
    /// Longitude and latitude in degrees.
    centre: [f64; 2],
}

/// No outline reaches farther from its centre than so many degrees of latitude, nor so many degrees of longitude
/// times the cosine of the latitude farthest from the equator that it reaches: 60 km, and a bit more.
const REACH: f64 = 0.6;

impl Middle {
    pub(crate) fn of(burst: BurstId) -> Self {
        let swath = Swath::of(burst.subswath());
        let seconds = grid_seconds(burst) + swath.middle;
        let state = state(seconds);
        let near_range = swath.near_range(state.position);
        let [longitude, latitude] = ground_point(&state, near_range + swath.range_span / 2.0);
        let centre = [wrap_longitude(longitude + turn(burst)), latitude];
        Self { burst, swath, seconds, state, near_range, centre }
    }

    /// Whether the outline can reach into a box of west, south, east, north with `west` ≤ `east`.
    pub(crate) fn may_meet(&self, [west, south, east, north]: [f64; 4]) -> bool {
        let [longitude, latitude] = self.centre;
        let reach = REACH / (latitude.abs() + REACH).min(89.0).to_radians().cos();
        let [half, middle] = [(east - west) / 2.0, (east + west) / 2.0];
        (south - REACH..=north + REACH).contains(&latitude)
            && (longitude_near(longitude, middle) - middle).abs() <= half + reach
    }

    pub(crate) fn footprint(&self) -> Footprint {
        let swath = self.swath;
        let turn = turn(self.burst);
        let point = |seen_from: &State, share: f64| {
            let [longitude, latitude] = ground_point(seen_from, self.near_range + share * swath.range_span);
            [longitude_near(longitude + turn, self.centre[0]), latitude]
        };
        // Near, middle and far of a line. The satellite is half-way between where it sees the ends from: they are less
        // than 0.1 s apart, in which it leaves the straight line by a centimetre.
        let line = |direction: f64| {
            let near = state(self.seconds + direction * swath.near_duration / 2.0);
            let far = state(self.seconds + direction * swath.far_duration / 2.0);
            [point(&near, 0.0), point(&halfway(&near, &far), 0.5), point(&far, 1.0)]
        };
        let ([a, b, c], [f, e, d]) = (line(-1.0), line(1.0));
        let outline = [a, b, c, d, e, f, a];
        let pass = if self.state.velocity[2] > 0.0 { Pass::Ascending } else { Pass::Descending };
        Footprint { burst: self.burst, pass, centre: self.centre, outline }
    }
}

fn halfway(a: &State, b: &State) -> State {
    let middle = |a: Vector, b: Vector| add_scaled(scaled(a, 0.5), 0.5, b);
    State { position: middle(a.position, b.position), velocity: middle(a.velocity, b.velocity) }
}

/// Degrees that a burst's track is turned from track 1.
fn turn(burst: BurstId) -> f64 {
    -f64::from(spacings_west(burst.track())) * TRACK_SPACING
}

impl Footprint {
    /// The place of a burst.
    pub fn of(burst: BurstId) -> Self {
        Middle::of(burst).footprint()
    }

    /// Whether a place, in whatever turn its longitude is given, lies inside.
    pub fn contains(&self, [longitude, latitude]: [f64; 2]) -> bool {
        polygon::contains(&self.outline, [longitude_near(longitude, self.centre[0]), latitude])
    }

    /// Whether some of it lies in the box from `west` to `east` and `south` to `north`, where `west` ≤ `east` and
    /// both may be given in any turn.
    pub(crate) fn meets(&self, [west, south, east, north]: [f64; 4]) -> bool {
        // The first turn in which the box ends east of the outline's west end; a box wider than one turn meets the
        // outline there if it meets it at all.
        let [first, _, last, _] = self.bounds();
        let mut shift = 360.0 * ((first - east) / 360.0).ceil();
        while west + shift <= last {
            if polygon::meets_box(&self.outline, [west + shift, south, east + shift, north]) {
                return true;
            }
            shift += 360.0;
        }
        false
    }

    /// West, south, east and north end of the outline, longitudes running on beyond ±180 as in the outline.
    pub fn bounds(&self) -> [f64; 4] {
        self.outline.iter().fold([f64::MAX, f64::MAX, f64::MIN, f64::MIN], |[w, s, e, n], [x, y]| {
            [w.min(*x), s.min(*y), e.max(*x), n.max(*y)]
        })
    }

    /// The outline with every longitude between -180 and 180, for those who want no others; one on the
    /// antimeridian then jumps.
    pub fn wrapped_outline(&self) -> [[f64; 2]; 7] {
        self.outline.map(|[longitude, latitude]| [wrap_longitude(longitude), latitude])
    }
}

/// Longitude and latitude of what the satellite sees to its right at zero Doppler at a slant range in metres.
pub(crate) fn ground_point(state: &State, range: f64) -> [f64; 2] {
    let (position, radius) = (state.position, norm(state.position));
    let ahead = unit(state.velocity);
    let up = scaled(position, 1.0 / radius);
    // Down and right in the plane of zero Doppler, which the velocity stands on.
    let down = unit(add_scaled(scaled(up, -1.0), dot(up, ahead), ahead));
    let right = unit(cross(ahead, up));
    // The ellipsoid is a sphere of radius one in these products, so the look angle off `down` solves a trigonometric
    // equation. Newton's method from the angle on the local sphere is good to a millimetre after two steps; it turns
    // the angle's cosine and sine and never needs the angle itself, which is what makes a view of thousands quick.
    let inner = |a: Vector, b: Vector| {
        (a[0] * b[0] + a[1] * b[1]) / (SEMI_MAJOR * SEMI_MAJOR) + a[2] * b[2] / (SEMI_MINOR * SEMI_MINOR)
    };
    let constant = inner(position, position) - 1.0;
    let linear = [down, right].map(|axis| 2.0 * range * inner(position, axis));
    let [down_down, down_right, right_right] =
        [inner(down, down), inner(down, right), inner(right, right)].map(|product| range * range * product);
    let local = radius_below(position);
    let cosine = (radius * radius + range * range - local * local) / (2.0 * radius * range);
    let (mut cos, mut sin) = (cosine, (1.0 - cosine * cosine).max(0.0).sqrt());
    for _ in 0..2 {
        let value = constant
            + linear[0] * cos
            + linear[1] * sin
            + down_down * cos * cos
            + 2.0 * down_right * sin * cos
            + right_right * sin * sin;
        let slope = linear[1] * cos - linear[0] * sin
            + 2.0 * (right_right - down_down) * sin * cos
            + 2.0 * down_right * (cos * cos - sin * sin);
        let turn = -value / slope;
        let length = (1.0 + turn * turn).sqrt();
        (cos, sin) = ((cos - turn * sin) / length, (sin + turn * cos) / length);
    }
    place_on_ellipsoid(add_scaled(add_scaled(position, range * cos, down), range * sin, right))
}

#[cfg(test)]
mod tests;
