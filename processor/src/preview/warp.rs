//! From product pixels to quick-look pixels: exact at the knots of a coarse lattice, linear in between.

use std::ops::Range;

use anyhow::Result;
use domain::preview::{Grid, grid};

use crate::raster::{Placement, projection::Projection};

/// Kilometres between the knots, about. UTM against the web map bends by less than a hundredth of a quick-look pixel over
/// this distance.
const KNOTS_APART: f64 = 2.56;

/// Where each product pixel falls on a quick-look grid.
pub(super) struct Warp {
    /// Product pixels between the knots.
    apart: u32,
    /// Knots in a row of them.
    columns: usize,
    /// Column and row on the quick-look, in pixels from its corner, for each knot.
    knots: Vec<[f64; 2]>,
    /// Side of a product pixel on the quick-look, in pixels.
    pub(super) scale: f64,
}

/// The product's outline in EPSG:3857 metres (west, south, east, north) and the size of its middle pixel there.
pub(super) fn extent(placement: &Placement, projection: &Projection) -> Result<([f64; 4], f64)> {
    let (width, height) = (f64::from(placement.width), f64::from(placement.height));
    let middle = projection.inverse(placement.at(width / 2.0, height / 2.0))?;
    let web = |column: f64, row: f64| -> Result<[f64; 2]> {
        Ok(grid::to_metres(near(projection.inverse(placement.at(column, row))?, middle[0])))
    };
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    // Along the edges, since they bend.
    for step in 0..=16 {
        let part = f64::from(step) / 16.0;
        for (column, row) in
            [(part * width, 0.0), (part * width, height), (0.0, part * height), (width, part * height)]
        {
            let [x, y] = web(column, row)?;
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
    }
    let a = web(width / 2.0 - 0.5, height / 2.0)?;
    let b = web(width / 2.0 + 0.5, height / 2.0)?;
    Ok((bounds, (b[0] - a[0]).hypot(b[1] - a[1])))
}

/// The same place with its longitude within half a turn of `centre`.
fn near([longitude, latitude]: [f64; 2], centre: f64) -> [f64; 2] {
    [longitude - 360.0 * ((longitude - centre) / 360.0).round(), latitude]
}

impl Warp {
    pub(super) fn new(placement: &Placement, projection: &Projection, quick: &Grid) -> Result<Self> {
        let kilometres = placement.pixel[1] * if projection.is_geographic() { 111.195 } else { 0.001 };
        let apart = (KNOTS_APART / kilometres).clamp(8.0, 256.0) as u32;
        let columns = placement.width.div_ceil(apart) as usize + 1;
        let rows = placement.height.div_ceil(apart) as usize + 1;
        let [west, _, east, north] = quick.metres();
        let middle = grid::to_degrees([(west + east) / 2.0, north])[0];
        let step = quick.step();
        let mut knots = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let (x, y) = ((column as u32 * apart) as f64, (row as u32 * apart) as f64);
                let [x, y] = grid::to_metres(near(projection.inverse(placement.at(x, y))?, middle));
                knots.push([(x - west) / step, (north - y) / step]);
            }
        }
        let (_, pixel) = extent(placement, projection)?;
        Ok(Self { apart, columns, knots, scale: pixel / step })
    }

    /// Writes where the centres of some of a row's pixels fall, in quick-look pixels from its corner.
    pub(super) fn row(&self, row: u32, columns: Range<u32>, out: &mut Vec<[f32; 2]>) {
        out.clear();
        let apart = f64::from(self.apart);
        let centre = f64::from(row) + 0.5;
        let knot_row = (centre / apart).floor();
        let down = centre / apart - knot_row;
        let start = knot_row as usize * self.columns;
        let knot = |column: usize| {
            let upper = self.knots.get(start + column).copied().unwrap_or_default();
            let lower = self.knots.get(start + self.columns + column).copied().unwrap_or(upper);
            [upper[0] + (lower[0] - upper[0]) * down, upper[1] + (lower[1] - upper[1]) * down]
        };
        let mut column = columns.start;
        while column < columns.end {
            let (index, offset) = (column / self.apart, column % self.apart);
            let (a, b) = (knot(index as usize), knot(index as usize + 1));
            let slope = [(b[0] - a[0]) / apart, (b[1] - a[1]) / apart];
            let count = (self.apart - offset).min(columns.end - column);
            out.extend((offset..offset + count).map(|offset| {
                let right = f64::from(offset) + 0.5;
                [(a[0] + slope[0] * right) as f32, (a[1] + slope[1] * right) as f32]
            }));
            column += count;
        }
    }

    /// The quick-look's columns and rows that the pixels of a block can fall on, within its `width` and `height`.
    pub(super) fn window(
        &self,
        columns: Range<u32>,
        rows: Range<u32>,
        [width, height]: [u32; 2],
    ) -> [Range<usize>; 2] {
        let mut ends = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
        // All knots in and around the block: between them places are linear.
        for row in rows.start / self.apart..=rows.end.div_ceil(self.apart) {
            for column in columns.start / self.apart..=columns.end.div_ceil(self.apart) {
                let knot = self.knots.get(row as usize * self.columns + column as usize);
                for (end, place) in ends.iter_mut().zip(knot.into_iter().flatten()) {
                    *end = [end[0].min(*place), end[1].max(*place)];
                }
            }
        }
        let reach = self.scale + 1.0;
        let range = |[low, high]: [f64; 2], size: u32| {
            // What is no number becomes 0, what is too large the largest.
            let end = ((high + reach) as usize).min(size as usize);
            ((low - reach) as usize).min(end)..end
        };
        let [x, y] = ends;
        [range(x, width), range(y, height)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lattice_and_formula_agree_to_a_hundredth_of_a_pixel() {
        for (epsg, origin, pixel) in [
            (32_608, [400_000.0, 6_340_000.0], 80.0),
            (32_737, [500_000.0, 2_300_000.0], 20.0),
            (4326, [-99.0, 19.5], 0.001),
        ] {
            let placement = Placement { epsg, origin, pixel: [pixel; 2], width: 1300, height: 500 };
            let projection = Projection::new(epsg).unwrap();
            let (bounds, finest) = extent(&placement, &projection).unwrap();
            let quick = Grid::fitting(bounds, finest, 640).unwrap();
            let warp = Warp::new(&placement, &projection, &quick).unwrap();
            let mut row = Vec::new();
            for r in [0, 17, 250, 499] {
                let first = r / 3;
                warp.row(r, first..1300, &mut row);
                assert_eq!(row.len(), 1300 - first as usize);
                for c in [170usize, 701, 1299] {
                    let place = placement.at(c as f64 + 0.5, f64::from(r) + 0.5);
                    let [x, y] = grid::to_metres(projection.inverse(place).unwrap());
                    let [west, _, _, north] = quick.metres();
                    let exact = [(x - west) / quick.step(), (north - y) / quick.step()];
                    let found = row[c - first as usize];
                    let off = (f64::from(found[0]) - exact[0]).hypot(f64::from(found[1]) - exact[1]);
                    assert!(off < 0.01, "{epsg} {r} {c}: {off}");
                    let c = c as u32;
                    let [columns, rows] = warp.window(c..c + 1, r..r + 1, [quick.width(), quick.height()]);
                    assert!(columns.contains(&(found[0] as usize)) && rows.contains(&(found[1] as usize)));
                }
            }
        }
    }
}
