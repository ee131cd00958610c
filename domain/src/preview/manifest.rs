//! The manifest of a preview bundle: what was processed, how it went, what its pictures mean.
//!
//! Written by the processor, read by the page and by anyone's script. A reader refuses a `version` that it does not
//! know; within a version fields are only ever added, and a reader ignores those that it does not know.

use serde::{Deserialize, Serialize};

use super::grid::{Grid, LONGEST_SIDE};
use crate::{BurstId, GranuleName, Looks, Polarization, Timestamp, colour::ColourMap};

/// The version that this code writes and reads.
pub const VERSION: u32 = 1;
/// Sentinel-1's radar wavelength in metres (C band, 5.405 GHz).
pub const WAVELENGTH: f64 = 0.055_465_76;
/// What the sign of a phase and of a displacement means.
pub const SIGN: &str = "Phase is positive where the ground moved away from the satellite; \
displacement is positive towards the satellite: d = −λ φ / 4π.";

/// Displacement towards the satellite in metres for an unwrapped phase in radians.
pub fn displacement(phase: f64) -> f64 {
    -WAVELENGTH * phase / (4.0 * std::f64::consts::PI)
}

/// All that the bundle says in words and numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format.
    pub version: u32,
    /// What was processed.
    pub pair: PairInfo,
    /// What processed it.
    pub engine: EngineInfo,
    /// How it went.
    pub outcome: Outcome,
    /// Time and memory.
    #[serde(default)]
    pub run: RunInfo,
    /// The product's raster, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductInfo>,
    /// Where the quick-looks lie; all layers share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    /// The quick-looks.
    #[serde(default)]
    pub layers: Vec<Layer>,
    /// Numbers at the product's full resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<Statistics>,
    /// What looks wrong, worst first.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// What could not be made of the product and why, in sentences.
    #[serde(default)]
    pub missing: Vec<String>,
    /// What the signs and fringes mean.
    pub legend: Legend,
    /// Whom to name where these pictures are shown.
    pub attribution: Vec<String>,
}

/// What was processed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PairInfo {
    /// The name of job and artifact, mostly `20180604_20180616`.
    pub name: String,
    /// The older acquisition; several for a product of several bursts.
    pub reference: Vec<GranuleName>,
    /// The younger acquisition; as many.
    pub secondary: Vec<GranuleName>,
    /// The bursts.
    pub bursts: Vec<BurstId>,
    /// Polarization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polarization: Option<Polarization>,
    /// Looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<Looks>,
    /// Whether water was masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub water_mask: Option<bool>,
    /// Days from reference to secondary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Perpendicular baseline in metres as the engine wrote it; its sign is opposite to the catalogue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_baseline: Option<f64>,
}

/// What processed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// Name, such as `hyp3-isce2`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Whether the product is modelled and not measured.
    pub simulated: bool,
    /// What a simulated product gets wrong on purpose, in sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flaws: Vec<String>,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Outcome {
    /// There is a product.
    Done,
    /// There is none, or no usable one.
    Failed {
        /// What happened, in a sentence.
        reason: String,
        /// What a person can do about it, in a sentence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<String>,
    },
}

/// Time and memory of the job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunInfo {
    /// Seconds that the engine took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// The most memory that the engine and its children held, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory: Option<u64>,
    /// When the engine ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
    /// How often the engine was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
}

/// The product's raster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductInfo {
    /// The engine's name for it, such as `S1_372326_IW3_20180604_20180616_VV_INT80_5A1C`.
    pub name: String,
    /// Projection of its files.
    pub epsg: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixel spacing in metres.
    pub pixel_metres: f64,
    /// Longitude and latitude in degrees of the raster's corners: upper left, upper right, lower right, lower left.
    pub corners: [[f64; 2]; 4],
}

/// What a layer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LayerKind {
    /// Wrapped phase.
    Wrapped,
    /// Unwrapped phase.
    Unwrapped,
    /// Coherence.
    Coherence,
    /// Amplitude.
    Amplitude,
}

impl LayerKind {
    /// All of them, in the order in which the page offers them.
    pub const ALL: [Self; 4] = [Self::Wrapped, Self::Unwrapped, Self::Coherence, Self::Amplitude];

    /// The layer's file in the bundle.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Wrapped => "wrapped.png",
            Self::Unwrapped => "unwrapped.png",
            Self::Coherence => "coherence.png",
            Self::Amplitude => "amplitude.png",
        }
    }
}

/// A quick-look: a PNG whose samples are numbers. Eight-bit ones are indexed and carry their colours, so that they are
/// pictures as they stand; sixteen-bit ones are grey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What it shows.
    pub kind: LayerKind,
    /// Its file in the bundle.
    pub file: String,
    /// Bits of a sample: 8 or 16.
    pub bits: u8,
    /// The sample that means *no data*.
    pub nodata: u16,
    /// value = `offset` + `scale` × sample.
    pub scale: f64,
    /// See `scale`.
    pub offset: f64,
    /// The value's unit, `rad` or `1`.
    pub unit: String,
    /// The colour map to begin with.
    pub colour_map: ColourMap,
    /// The values at the ends of the colour map to begin with.
    pub range: [f64; 2],
}

impl Layer {
    /// The value of a sample; `None` for no data.
    pub fn value(&self, sample: u16) -> Option<f64> {
        (sample != self.nodata).then(|| self.offset + self.scale * f64::from(sample))
    }
}

/// Numbers at the product's full resolution.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statistics {
    /// Pixels of the raster that the burst covers, by the layer with most data.
    pub covered_pixels: u64,
    /// Of these, the share that has unwrapped phase (or wrapped phase where there is no unwrapped one), 0 to 1.
    pub valid_share: f64,
    /// Coherence of the covered pixels that have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coherence: Option<CoherenceStatistics>,
    /// Unwrapped phase in radians.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwrapped: Option<PhaseStatistics>,
    /// The unwrapper's connected components.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub components: Option<Components>,
    /// The plane that fits the unwrapped phase best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ramp: Option<Ramp>,
}

/// Coherence, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CoherenceStatistics {
    /// Mean.
    pub mean: f64,
    /// Median, to the width of a thousandth.
    pub median: f64,
    /// Pixels in equal steps from 0 to 1.
    pub histogram: Vec<u64>,
}

/// Phase in radians.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PhaseStatistics {
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub median: f64,
    /// 2 % of the pixels lie below.
    pub low: f64,
    /// 2 % of the pixels lie above.
    pub high: f64,
    /// Standard deviation.
    pub deviation: f64,
}

/// The unwrapper's connected components: phase is consistent within one, not from one to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// How many.
    pub count: u32,
    /// Share of the unwrapped pixels in the largest one, 0 to 1.
    pub largest_share: f64,
    /// Share of the unwrapped pixels that belong to none, 0 to 1.
    pub unassigned_share: f64,
}

/// The plane that fits the unwrapped phase best.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ramp {
    /// Radians per kilometre towards the east of the raster's projection.
    pub east: f64,
    /// Radians per kilometre towards the north of the raster's projection.
    pub north: f64,
    /// Radians that the plane rises over the covered area.
    pub span: f64,
    /// Standard deviation of the phase in radians once the plane is taken off.
    pub residual: f64,
}

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was found.
    pub code: CheckCode,
    /// How bad it is.
    pub severity: Severity,
    /// What it means here, in a sentence with numbers.
    pub sentence: String,
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckCode {
    /// Hardly any coherence.
    LowCoherence,
    /// Much of the burst has no phase.
    LittleData,
    /// The unwrapped phase falls into pieces.
    Disconnected,
    /// Unwrapped and wrapped phase differ by other than whole turns.
    NotCongruent,
    /// Neighbours in unwrapped phase differ by about a whole turn along a line.
    UnwrappingJump,
    /// A strong plane, as orbit errors leave it.
    StrongRamp,
    /// A finding of a newer version.
    #[serde(other)]
    Other,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Look before use.
    Warning,
    /// Do not use as it is.
    Fault,
}

/// What the signs and fringes mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Legend {
    /// Radar wavelength in metres.
    pub wavelength: f64,
    /// Displacement along the line of sight in millimetres for one fringe, half a wavelength.
    pub millimetres_per_fringe: f64,
    /// A sentence on the signs.
    pub sign: String,
    /// How to show the unwrapped phase as displacement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub displacement: Option<DisplacementLegend>,
}

/// How to show unwrapped phase as displacement towards the satellite. Phase is known up to a constant only, so it needs
/// a place that is taken to rest; until a person names one, it is where the phase has its median.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisplacementLegend {
    /// `cm`.
    pub unit: String,
    /// The phase in radians at which displacement is zero.
    pub reference: f64,
    /// The colour map to begin with, its middle at zero.
    pub colour_map: ColourMap,
    /// The values at the ends of the colour map to begin with.
    pub range: [f64; 2],
}

impl DisplacementLegend {
    /// The legend for what the statistics say: as far on both sides of the median as the outermost 2 % leave.
    pub fn of(phase: &PhaseStatistics) -> Self {
        let reach = displacement(phase.shown_reach()).abs() * 100.0;
        Self {
            unit: "cm".to_owned(),
            reference: phase.median,
            colour_map: ColourMap::Vik,
            range: [-reach, reach],
        }
    }
}

impl PhaseStatistics {
    /// How far from the median most phases lie: 2 % on the farther side lie beyond. At least a tenth of a radian.
    pub fn shown_reach(&self) -> f64 {
        (self.high - self.median).max(self.median - self.low).max(0.1)
    }
}

impl Default for Legend {
    fn default() -> Self {
        Self {
            wavelength: WAVELENGTH,
            // To a hundredth: what a legend shows.
            millimetres_per_fringe: (WAVELENGTH * 50_000.0).round() / 100.0,
            sign: SIGN.to_owned(),
            displacement: None,
        }
    }
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, or not of this shape.
    #[error("the preview's manifest cannot be read: {0}")]
    Shape(String),
    /// Another version.
    #[error(
        "the preview has version {0} of the format, this program knows version {VERSION}: reload, or make the preview again"
    )]
    Version(u64),
    /// Contradicts itself.
    #[error("the preview's manifest contradicts itself: {0}")]
    Contradiction(&'static str),
}

impl Manifest {
    /// Reads and checks the JSON text.
    pub fn from_json(json: &[u8]) -> Result<Self, ManifestError> {
        /// Only what every version has, so that a newer manifest is refused for its version and not for its shape.
        #[derive(Deserialize)]
        struct Versioned {
            version: u64,
        }
        let shape = |e: serde_json::Error| ManifestError::Shape(e.to_string());
        let Versioned { version } = serde_json::from_slice(json).map_err(shape)?;
        if version != u64::from(VERSION) {
            return Err(ManifestError::Version(version));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(shape)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Whether there is a product.
    pub const fn is_done(&self) -> bool {
        matches!(self.outcome, Outcome::Done)
    }

    /// The layer of a kind.
    pub fn layer(&self, kind: LayerKind) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.kind == kind)
    }

    /// Whether its parts fit together.
    pub fn check(&self) -> Result<(), ManifestError> {
        let contradiction = |what| Err(ManifestError::Contradiction(what));
        if self.layers.len() > LayerKind::ALL.len() {
            return contradiction("it lists more layers than there are kinds");
        }
        if !self.layers.is_empty() && self.grid.is_none() {
            return contradiction("it lists layers and does not say where they lie");
        }
        for (i, layer) in self.layers.iter().enumerate() {
            if self.layers.iter().skip(i + 1).any(|other| other.kind == layer.kind) {
                return contradiction("it lists a layer twice");
            }
            if layer.file != layer.kind.file() {
                return contradiction("a layer has another layer's file");
            }
            if !matches!(layer.bits, 8 | 16) || (layer.bits == 8 && layer.nodata > 255) {
                return contradiction("a layer's samples have neither 8 nor 16 bits");
            }
            let numbers = [layer.scale, layer.offset, layer.range[0], layer.range[1]];
            if !numbers.iter().all(|n| n.is_finite())
                || layer.scale == 0.0
                || layer.range[0] >= layer.range[1]
            {
                return contradiction("a layer's scale or range is empty");
            }
        }
        let sizes = self.grid.is_none_or(|g| g.width() <= LONGEST_SIDE && g.height() <= LONGEST_SIDE);
        if sizes { Ok(()) } else { contradiction("its quick-looks are too large") }
    }
}

#[cfg(test)]
pub(super) mod tests;
