//! A plane through the unwrapped phase, by least squares, row by row.

use domain::preview::manifest::Ramp;

/// Sums for a least-squares plane; coordinates in kilometres from the raster's middle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plane {
    pub(super) n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
    pub(super) z: f64,
    xz: f64,
    yz: f64,
    pub(super) zz: f64,
}

/// Where a row lies: kilometres east of the raster's middle for its first pixel, from pixel to pixel, and north.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) east: f64,
    pub(super) step: f64,
    pub(super) north: f64,
}

/// Sums along one row, by column.
pub(super) struct Line {
    count: u64,
    columns: u64,
    squares: u64,
    z: f64,
    columns_z: f64,
    zz: f64,
    pub(super) ends: [f64; 2],
}

impl Default for Line {
    fn default() -> Self {
        let ends = [f64::INFINITY, f64::NEG_INFINITY];
        Self { count: 0, columns: 0, squares: 0, z: 0.0, columns_z: 0.0, zz: 0.0, ends }
    }
}

impl Line {
    #[inline]
    pub(super) fn add(&mut self, column: usize, z: f64) {
        self.count += 1;
        self.columns += column as u64;
        self.squares += (column * column) as u64;
        self.z += z;
        self.columns_z += f64::from(column as u32) * z;
        self.zz += z * z;
        let [low, high] = self.ends;
        self.ends = [if z < low { z } else { low }, if z > high { z } else { high }];
    }
}

impl Plane {
    /// Adds a row's sums: x is `east + column × step`, y is the same for all of it.
    pub(super) fn add(&mut self, line: &Line, Place { east, step, north: y }: Place) {
        let (n, i, ii) = (line.count as f64, line.columns as f64, line.squares as f64);
        let x = n * east + step * i;
        self.n += n;
        self.x += x;
        self.y += n * y;
        self.xx += n * east * east + 2.0 * east * step * i + step * step * ii;
        self.xy += x * y;
        self.yy += n * y * y;
        self.z += line.z;
        self.xz += east * line.z + step * line.columns_z;
        self.yz += line.z * y;
        self.zz += line.zz;
    }

    pub(super) fn merged(self, o: &Self) -> Self {
        Self {
            n: self.n + o.n,
            x: self.x + o.x,
            y: self.y + o.y,
            xx: self.xx + o.xx,
            xy: self.xy + o.xy,
            yy: self.yy + o.yy,
            z: self.z + o.z,
            xz: self.xz + o.xz,
            yz: self.yz + o.yz,
            zz: self.zz + o.zz,
        }
    }

    /// Least squares in two unknowns, after the means are taken off.
    pub(super) fn ramp(&self, span: [f64; 2]) -> Option<Ramp> {
        if self.n < 100.0 {
            return None;
        }
        let (mx, my, mz) = (self.x / self.n, self.y / self.n, self.z / self.n);
        let (xx, xy, yy) =
            (self.xx / self.n - mx * mx, self.xy / self.n - mx * my, self.yy / self.n - my * my);
        let (xz, yz, zz) =
            (self.xz / self.n - mx * mz, self.yz / self.n - my * mz, self.zz / self.n - mz * mz);
        let determinant = xx * yy - xy * xy;
        if !(determinant > 1e-9 * xx * yy && xx > 0.0) {
            return None;
        }
        let east = (xz * yy - yz * xy) / determinant;
        let north = (yz * xx - xz * xy) / determinant;
        let residual = (zz - east * xz - north * yz).max(0.0).sqrt();
        Some(Ramp { east, north, span: (east * span[0]).abs() + (north * span[1]).abs(), residual })
    }
}
