//! The burst as the product shows it: UTM pixels, which of them the radar sees, and the direction to the satellite.

use std::f64::consts::FRAC_PI_2;

use anyhow::{Context as _, Result, bail};
use domain::{BurstId, Footprint, Looks, Subswath};

use super::random::Seed;
use crate::raster::{
    Placement,
    projection::{Projection, utm_epsg},
};

/// A burst on its UTM grid.
pub(super) struct Scene {
    /// The burst.
    pub(super) burst: BurstId,
    /// Where it lies.
    pub(super) footprint: Footprint,
    /// The raster.
    pub(super) placement: Placement,
    /// The outline in eastings and northings, closed.
    pub(super) outline: Vec<[f64; 2]>,
    /// Easting and northing of the corner from which fields are counted: the same for all products of the burst.
    pub(super) corner: [f64; 2],
    /// Metres east and north that fields must cover.
    pub(super) extent: [f64; 2],
    /// The projection.
    pub(super) projection: Projection,
    /// Easting and northing of near range at the first line.
    near: [f64; 2],
    /// From there to far range.
    range: [f64; 2],
    /// From there to the last line.
    azimuth: [f64; 2],
}

impl Scene {
    /// The scene of a burst. Products of one burst share a grid but not an extent, as the engine's do: `pair` decides
    /// on a few pixels at the edges.
    ///
    /// # Errors
    /// Where the engine cannot work either: on the antimeridian, or beyond UTM.
    pub(super) fn new(burst: BurstId, looks: Looks, pair: &str) -> Result<Self> {
        let footprint = Footprint::of(burst);
        let [west, _, east, north] = footprint.bounds();
        if west < -180.0 || east > 180.0 {
            bail!("Products that cross the anti-meridian are not currently supported.");
        }
        if footprint.centre[1].abs() > 84.0 {
            bail!("burst {burst} lies beyond the latitudes that UTM covers");
        }
        let projection = Projection::new(utm_epsg([west, north]))?;
        let outline: Vec<[f64; 2]> =
            footprint.outline.iter().map(|place| projection.forward(*place)).collect::<Result<_, _>>()?;
        let bounds = bounds(&outline);
        let (Some(near), Some(far), Some(last)) = (outline.first(), outline.get(2), outline.get(5)) else {
            bail!("burst {burst} has no outline");
        };
        let seed = Seed::of("extent", pair);
        let pixel = f64::from(looks.pixel_metres());
        let margin = |index: u64| (seed.uniform(index) * 4.0).floor() * pixel;
        let left = ((bounds[0] - margin(0)) / pixel).floor() * pixel;
        let top = ((bounds[3] + margin(1)) / pixel).ceil() * pixel;
        let pixels = |metres: f64| (metres / pixel).ceil() as u32;
        let placement = Placement {
            epsg: projection.epsg(),
            origin: [left, top],
            pixel: [pixel, pixel],
            width: pixels(bounds[2] + margin(2) - left),
            height: pixels(top - bounds[1] + margin(3)),
        };
        let between = |a: &[f64; 2], b: &[f64; 2]| [b[0] - a[0], b[1] - a[1]];
        Ok(Self {
            burst,
            placement,
            corner: [bounds[0] - 5_000.0, bounds[1] - 5_000.0],
            extent: [bounds[2] - bounds[0] + 10_000.0, bounds[3] - bounds[1] + 10_000.0],
            near: *near,
            range: between(near, far),
            azimuth: between(near, last),
            footprint,
            outline,
            projection,
        })
    }

    /// Fractions of the way from near to far range and from the first to the last line.
    pub(super) fn radar(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let ([rx, ry], [ax, ay]) = (self.range, self.azimuth);
        let (x, y) = (x - self.near[0], y - self.near[1]);
        let area = rx * ay - ry * ax;
        [(x * ay - y * ax) / area, (rx * y - ry * x) / area]
    }

    /// Easting and northing of fractions across range and along azimuth: the inverse of [`Self::radar`].
    pub(super) fn place(&self, across: f64, along: f64) -> [f64; 2] {
        let axis = |i: usize| {
            let part = |v: [f64; 2]| v.get(i).copied().unwrap_or(0.0);
            part(self.near) + across * part(self.range) + along * part(self.azimuth)
        };
        [axis(0), axis(1)]
    }

    /// The direction to the satellite at an easting and northing: elevation above the horizon, and orientation
    /// counter-clockwise from east, in radians.
    ///
    /// Elevation falls linearly from near to far range between the subswath's nominal incidence angles (ESA Sentinel-1
    /// product definition).
    pub(super) fn look(&self, place: [f64; 2]) -> [f64; 2] {
        let (near, far) = match self.burst.subswath() {
            Subswath::Iw1 => (30.9, 36.5),
            Subswath::Iw2 => (36.5, 41.8),
            Subswath::Iw3 => (41.8, 46.1),
        };
        let [across, _] = self.radar(place);
        let incidence: f64 = near + (far - near) * across.clamp(0.0, 1.0);
        // From the ground to the satellite: against the direction in which range grows.
        [FRAC_PI_2 - incidence.to_radians(), (-self.range[1]).atan2(-self.range[0])]
    }

    /// The spans of columns inside the outline, for each row, by the pixels' centres.
    pub(super) fn spans(&self) -> Vec<std::ops::Range<usize>> {
        (0..self.placement.height).map(|row| self.span(row)).collect()
    }

    fn span(&self, row: u32) -> std::ops::Range<usize> {
        let [_, y] = self.placement.at(0.0, f64::from(row) + 0.5);
        let crossings = self.outline.windows(2).filter_map(|edge| {
            let &[[x0, y0], [x1, y1]] = edge else { return None };
            ((y0 <= y) != (y1 <= y)).then(|| x0 + (y - y0) / (y1 - y0) * (x1 - x0))
        });
        let ends =
            crossings.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| [low.min(x), high.max(x)]);
        let column = |x: f64| {
            ((x - self.placement.origin[0]) / self.placement.pixel[0] - 0.5).ceil().max(0.0) as usize
        };
        if ends[0] > ends[1] {
            return 0..0;
        }
        column(ends[0])..column(ends[1]).min(self.placement.width as usize)
    }

    /// Easting and northing of a place in degrees.
    ///
    /// # Errors
    /// Where the projection has no answer.
    pub(super) fn utm(&self, place: [f64; 2]) -> Result<[f64; 2]> {
        self.projection.forward(place).context("a place of the model lies beyond the projection")
    }
}

/// Lowest and highest easting and northing: west, south, east, north.
fn bounds(points: &[[f64; 2]]) -> [f64; 4] {
    points.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
        [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(burst: &str, pair: &str) -> Scene {
        Scene::new(burst.parse().unwrap(), Looks::L20x4, pair).unwrap()
    }

    #[test]
    fn grids_of_one_burst_differ_by_whole_pixels() {
        let (a, b) = (scene("174_372326_IW3", "a").placement, scene("174_372326_IW3", "b").placement);
        assert_eq!(a.epsg, 32_608);
        for axis in 0..2 {
            assert_eq!(a.origin[axis] % 80.0, 0.0);
            assert_eq!((a.origin[axis] - b.origin[axis]) % 80.0, 0.0);
        }
        assert!((1000..1500).contains(&a.width) && (350..700).contains(&a.height), "{a:?}");
    }

    #[test]
    fn the_satellite_looks_to_its_right() {
        // Descending: it flies about south-south-west and stands to the east of what it sees.
        let descending = scene("174_372326_IW3", "a");
        let middle = descending.utm(descending.footprint.centre).unwrap();
        let [elevation, orientation] = descending.look(middle);
        assert!((0.75..0.85).contains(&elevation), "{elevation}");
        let expected =
            if descending.footprint.pass == domain::Pass::Descending { 0.0 } else { std::f64::consts::PI };
        let off = (orientation - expected).cos();
        assert!(off > 0.9, "{orientation} {:?}", descending.footprint.pass);
    }

    #[test]
    fn the_middle_is_inside_and_the_corners_are_not() {
        let scene = scene("064_136231_IW2", "a");
        let middle = scene.utm(scene.footprint.centre).unwrap();
        let [across, along] = scene.radar(middle);
        assert!((0.4..0.6).contains(&across) && (0.4..0.6).contains(&along), "{across} {along}");
        let spans = scene.spans();
        let covered: usize = spans.iter().map(std::ops::Range::len).sum();
        let share = covered as f64 / scene.placement.pixels() as f64;
        assert!((0.35..0.8).contains(&share), "{share}");
    }

    #[test]
    fn the_antimeridian_is_refused_in_the_engines_words() {
        let crossing = (1..=375_887u32)
            .step_by(50)
            .filter_map(|n| BurstId::of_number(n, Subswath::Iw2).ok())
            .find(|b| Footprint::of(*b).bounds()[2] > 180.0 && Footprint::of(*b).centre[1].abs() < 60.0)
            .unwrap();
        let error = Scene::new(crossing, Looks::L20x4, "a").err().unwrap();
        assert!(error.to_string().contains("anti-meridian"), "{error}");
    }
}
