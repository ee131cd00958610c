//! Which bursts cover a place, and which lie in a view of the map, over the whole Earth.
//!
//! There is no index of the 1,127,661 bursts. Every track is one reference orbit turned about the Earth's axis by a
//! whole number of track spacings, so what one revolution sees is cut into two hundred strips, once, and a strip's
//! longitudes tell by division which tracks bring it over a place. What is left, a few candidates near the place,
//! is decided by each burst's own outline.

mod filter;
mod strips;
mod view;

pub use filter::Filter;
pub use view::{ViewBox, ViewBoxError};

use crate::{
    BurstId, Footprint, Subswath,
    footprint::{Middle, Swath},
    geodesy::{earth_fixed, kilometres_between, wrap_longitude},
    orbit::{State, TRACK_SPACING, grid_seconds, spacings_west, state},
    order::ordered,
    vector::{Vector, difference, dot, norm},
};
use strips::{Strip, strips};

/// Slack for candidates, in seconds along the track and metres of range: outlines are straight on the map where the
/// ground's curves are not. The outline itself decides.
const SLACK_SECONDS: f64 = 0.5;
const SLACK_METRES: f64 = 5_000.0;

/// The bursts whose footprint covers a place `[longitude, latitude]` in degrees, the one that has it nearest to its
/// middle first.
///
/// The longitude may be given in any turn. A place that no burst covers, such as a pole or what is not a number,
/// gives none.
pub fn covering(place: [f64; 2]) -> Vec<Footprint> {
    let [longitude, latitude] = place;
    if !longitude.is_finite() || !latitude.is_finite() {
        return Vec::new();
    }
    let longitude = wrap_longitude(longitude);
    let bounds = [longitude, latitude, longitude, latitude];
    let found: Vec<Footprint> = strips()
        .iter()
        .flat_map(|strip| strip.tracks(bounds).map(move |track| (strip, track)))
        .flat_map(|(strip, track)| candidates(strip, track, [longitude, latitude]))
        .map(Footprint::of)
        .filter(|footprint| footprint.contains(place))
        .collect();
    nearest_first(&found, place)
}

/// By the distance of their middles from a place, and by number where that is the same.
fn nearest_first(found: &[Footprint], place: [f64; 2]) -> Vec<Footprint> {
    ordered(found, |f| [kilometres_between(f.centre, place), f64::from(f.burst.number())])
}

/// The bursts whose footprint has some part in a view, each once, in no order that means anything.
///
/// They are computed one by one as the caller asks for them: take as many as can be drawn and one more to see
/// whether there are too many.
pub fn in_view(view: ViewBox) -> impl Iterator<Item = Footprint> {
    let bounds = view.bounds();
    strips()
        .iter()
        .flat_map(move |strip| strip.tracks(bounds).map(move |track| (strip, track)))
        .flat_map(|(strip, track)| strip.numbers(track).map(move |number| (track, number)))
        .flat_map(|(track, number)| Subswath::ALL.map(|subswath| BurstId::new(track, number, subswath)))
        .filter_map(Result::ok)
        .map(Middle::of)
        .filter(move |middle| middle.may_meet(bounds))
        .map(|middle| middle.footprint())
        .filter(move |footprint| footprint.meets(bounds))
}

/// The bursts next to a burst on its own track, the nearest one first: those before and behind it, and in the subswaths
/// beside it those of the same place in the grid and one before and behind, which are the ones that the processor can
/// join.
pub fn neighbours(burst: BurstId) -> Vec<Footprint> {
    let here = Footprint::of(burst);
    // Numbers run on from track to track as the satellite does; after the last track the grid does not close.
    let found: Vec<Footprint> = (burst.number().saturating_sub(1)..=burst.number() + 1)
        .flat_map(|number| Subswath::ALL.map(|subswath| BurstId::of_number(number, subswath)))
        .filter_map(Result::ok)
        .filter(|other| *other != burst && other.subswath().number().abs_diff(burst.subswath().number()) <= 1)
        .map(Footprint::of)
        .collect();
    nearest_first(&found, here.centre)
}

/// The bursts of a strip on a track that could cover a place: those that look at it when it is abeam.
fn candidates(strip: &Strip, track: u8, [longitude, latitude]: [f64; 2]) -> impl Iterator<Item = BurstId> {
    let on_first_track = longitude + f64::from(spacings_west(track)) * TRACK_SPACING;
    let abeam = abeam(strip, earth_fixed([on_first_track, latitude], 0.0));
    strip
        .numbers(track)
        .flat_map(move |number| Subswath::ALL.map(|subswath| BurstId::new(track, number, subswath)))
        .filter_map(Result::ok)
        .filter(move |burst| abeam.looks_at(*burst))
}

/// When and how far to the side a place is closest to the satellite.
struct Abeam {
    seconds: f64,
    range: f64,
    position: Vector,
}

impl Abeam {
    fn looks_at(&self, burst: BurstId) -> bool {
        let swath = Swath::of(burst.subswath());
        let beside = self.range - swath.near_range(self.position);
        let ahead = self.seconds - grid_seconds(burst) - swath.middle;
        ahead.abs() <= swath.far_duration / 2.0 + SLACK_SECONDS
            && (-SLACK_METRES..=swath.range_span + SLACK_METRES).contains(&beside)
    }
}

/// The zero-Doppler time and range of an Earth-fixed point near a strip.
///
/// The distance along the track grows so evenly within the 30 s of a strip that a straight line through its ends is
/// good to a few hundredths of a second.
fn abeam(strip: &Strip, point: Vector) -> Abeam {
    let along = |state: &State| dot(difference(state.position, point), state.velocity);
    let (first, last) = (along(&strip.first), along(&strip.last));
    let seconds = strip.start - first / (last - first) * (strip.end - strip.start);
    let position = state(seconds.clamp(strip.start - 30.0, strip.end + 30.0)).position;
    Abeam { seconds, range: norm(difference(position, point)), position }
}

#[cfg(test)]
mod tests;
