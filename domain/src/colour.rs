//! The colour maps of the data: the same 256 entries for pictures, maps and legends.
//!
//! The tables are from the Scientific colour maps (Crameri, 2018, <https://doi.org/10.5281/zenodo.1243862>, MIT; the
//! notice stands beside the tables in `colour/NOTICE`). romaO was measured to keep a phase and its opposite apart
//! best under every colour-vision deficiency; vik diverges from a neutral zero; batlow grows evenly in lightness.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

/// Whom to name where a picture in these colours is shown.
pub const CITATION: &str = "Scientific colour maps: Crameri (2018), doi:10.5281/zenodo.1243862";

/// Red, green and blue.
pub type Rgb = [u8; 3];

static ROMA_O: [Rgb; 256] = triples(include_bytes!("colour/romao.rgb"));
static VIK: [Rgb; 256] = triples(include_bytes!("colour/vik.rgb"));
static BATLOW: [Rgb; 256] = triples(include_bytes!("colour/batlow.rgb"));

/// A colour map. Manifests name it in lower camel case, as its author does: `romaO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ColourMap {
    /// Cyclic, for wrapped phase.
    RomaO,
    /// Diverging, for displacement with zero in the middle.
    Vik,
    /// Sequential, for coherence and amplitude.
    Batlow,
}

impl ColourMap {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::RomaO, Self::Vik, Self::Batlow];

    /// The map's published name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RomaO => "romaO",
            Self::Vik => "vik",
            Self::Batlow => "batlow",
        }
    }

    /// Whether the last entry continues in the first.
    pub const fn is_cyclic(self) -> bool {
        matches!(self, Self::RomaO)
    }

    /// The 256 entries, lowest value first.
    pub fn table(self) -> &'static [Rgb; 256] {
        match self {
            Self::RomaO => &ROMA_O,
            Self::Vik => &VIK,
            Self::Batlow => &BATLOW,
        }
    }

    /// The colour at `position`, 0 for the low end and 1 for the high end; beyond, the nearest end.
    /// Not a number gives the low end: callers draw missing data transparent before they ask.
    pub fn at(self, position: f64) -> Rgb {
        let index = (position.clamp(0.0, 1.0) * 255.0).round() as u8;
        self.entry(index)
    }

    /// The colour of a phase in radians: one turn of a cyclic map for 2π, starting at −π.
    pub fn of_phase(self, radians: f64) -> Rgb {
        let turns = (radians / TAU + 0.5).rem_euclid(1.0);
        self.entry((turns * 256.0).floor().min(255.0) as u8)
    }

    /// One entry of the table.
    pub fn entry(self, index: u8) -> Rgb {
        // A byte always finds one of 256 entries.
        self.table().get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// Cuts 768 bytes into 256 triples while compiling.
const fn triples(bytes: &[u8; 768]) -> [Rgb; 256] {
    let mut table = [[0; 3]; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = [bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]];
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: Rgb, b: Rgb) -> i32 {
        (0..3).map(|i| (i32::from(a[i]) - i32::from(b[i])).pow(2)).sum()
    }

    #[test]
    fn tables_are_the_published_ones() {
        // First and last row of the published text tables, times 255.
        assert_eq!(ColourMap::RomaO.entry(0), [115, 57, 87]);
        assert_eq!(ColourMap::Batlow.entry(0), [1, 25, 89]);
        assert_eq!(ColourMap::Vik.entry(0), [0, 18, 97]);
    }

    #[test]
    fn no_map_has_a_jump_and_the_cyclic_one_closes() {
        for map in ColourMap::ALL {
            let table = map.table();
            let largest = table.windows(2).map(|w| distance(w[0], w[1])).max().unwrap();
            assert!(largest < 200, "{} jumps by {largest}", map.name());
            if map.is_cyclic() {
                assert!(distance(table[255], table[0]) <= largest);
            }
        }
    }

    #[test]
    fn phase_wraps_and_ends_are_kept() {
        let map = ColourMap::RomaO;
        assert_eq!(map.of_phase(1.0), map.of_phase(1.0 + TAU));
        assert_eq!(map.of_phase(-std::f64::consts::PI), map.entry(0));
        assert_eq!(ColourMap::Batlow.at(7.0), ColourMap::Batlow.entry(255));
        assert_eq!(ColourMap::Batlow.at(f64::NAN), ColourMap::Batlow.entry(0));
    }

    #[test]
    fn coherence_colours_grow_in_lightness() {
        let light = |c: Rgb| 0.2126 * f64::from(c[0]) + 0.7152 * f64::from(c[1]) + 0.0722 * f64::from(c[2]);
        let steps: Vec<f64> = ColourMap::Batlow.table().iter().step_by(32).map(|c| light(*c)).collect();
        assert!(steps.windows(2).all(|w| w[1] > w[0]), "{steps:?}");
    }
}
