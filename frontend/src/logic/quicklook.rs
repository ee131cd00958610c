//! A layer of a preview in colours: which map, which range, and what the legend says. The samples are numbers, so all
//! of this is decided here and not where the preview was made.

use domain::{
    colour::ColourMap,
    preview::manifest::{DisplacementLegend, Layer, LayerKind, displacement},
};
use minipng::{BitDepth, ColorType};

use super::format;

/// The samples of a quick-look, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Samples {
    /// Columns.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    values: Vec<u16>,
}

impl Samples {
    /// Reads a PNG of one channel with 8 or 16 bits; `None` for any other.
    pub(crate) fn read(png: &[u8]) -> Option<Self> {
        let mut buffer = vec![0; minipng::decode_png_header(png).ok()?.required_bytes()];
        let image = minipng::decode_png(png, &mut buffer).ok()?;
        let one_channel = matches!(image.color_type(), ColorType::Gray | ColorType::Indexed);
        let values = match image.bit_depth() {
            BitDepth::Eight => image.pixels().iter().copied().map(u16::from).collect(),
            BitDepth::Sixteen => {
                image.pixels().as_chunks().0.iter().copied().map(u16::from_be_bytes).collect()
            }
            _ => return None,
        };
        one_channel.then_some(Self { width: image.width(), height: image.height(), values })
    }
}

/// How samples become colours.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Look {
    map: ColourMap,
    /// What the legend says at both ends.
    ends: [f64; 2],
    /// The value at the legend's zero and the legend's units per unit of the layer.
    zero: f64,
    factor: f64,
    kind: LayerKind,
}

impl Look {
    /// The look of a layer; unwrapped phase is shown as displacement, as the preview's legend says.
    fn of(layer: &Layer, legend: Option<&DisplacementLegend>) -> Self {
        let Layer { kind, colour_map: map, range, .. } = *layer;
        match legend.filter(|_| kind == LayerKind::Unwrapped) {
            Some(&DisplacementLegend { reference, colour_map, range, .. }) => {
                let centimetres = displacement(1.0) * 100.0;
                Self { map: colour_map, ends: range, zero: reference, factor: centimetres, kind }
            }
            None => Self { map, ends: range, zero: 0.0, factor: 1.0, kind },
        }
    }

    /// The colour map.
    pub(crate) const fn map(&self) -> ColourMap {
        self.map
    }

    /// Low end, unit, and high end.
    pub(crate) fn scale(&self) -> [String; 3] {
        let [low, high] = self.ends;
        match self.kind {
            LayerKind::Wrapped => [turns(low), "rad".to_owned(), turns(high)],
            LayerKind::Unwrapped => {
                [format::decimal(low), "cm towards the satellite".to_owned(), format::decimal(high)]
            }
            LayerKind::Coherence | LayerKind::Amplitude => {
                [format!("{low:.0}"), String::new(), format!("{high:.0}")]
            }
        }
    }

    fn colour(&self, value: f64) -> [u8; 3] {
        let [low, high] = self.ends;
        let shown = (value - self.zero) * self.factor;
        if self.map.is_cyclic() {
            self.map.of_phase(shown)
        } else {
            self.map.at((shown - low) / (high - low))
        }
    }
}

/// `−π` for minus pi, else a number.
fn turns(value: f64) -> String {
    if ((value / std::f64::consts::PI).abs() - 1.0).abs() < 0.02 {
        format!("{}π", if value < 0.0 { "−" } else { "" })
    } else {
        format::decimal(value)
    }
}

fn value(layer: &Layer, sample: usize) -> f64 {
    layer.offset + layer.scale * sample as f64
}

/// A layer as red, green, blue and opacity bytes. Noise fades: where coherence is low, phase says nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Painted {
    /// Columns.
    pub(crate) width: u32,
    /// Rows.
    pub(crate) height: u32,
    /// Four bytes a pixel.
    pub(crate) rgba: Vec<u8>,
    /// How it was coloured.
    pub(crate) look: Look,
}

/// Paints a layer; with the coherence's samples, these give the opacity.
pub(crate) fn paint(
    (layer, samples): (&Layer, &Samples),
    coherence: Option<(&Layer, &Samples)>,
    legend: Option<&DisplacementLegend>,
) -> Painted {
    let fading = coherence
        .filter(|(_, c)| layer.kind != LayerKind::Coherence && c.values.len() == samples.values.len());
    let opacity: Vec<u8> = match fading {
        Some((of, c)) => c.values.iter().map(|s| seen(of, *s)).collect(),
        None => vec![255; samples.values.len()],
    };
    let look = Look::of(layer, legend);
    let pixel = |(sample, opacity): (&u16, &u8)| {
        let [r, g, b] = look.colour(value(layer, usize::from(*sample)));
        [r, g, b, if *sample == layer.nodata { 0 } else { *opacity }]
    };
    let rgba = samples.values.iter().zip(&opacity).flat_map(pixel).collect();
    Painted { width: samples.width, height: samples.height, rgba, look }
}

/// The opacity at a coherence: nothing up to 0.15, all of it from 0.6 on.
fn seen(layer: &Layer, sample: u16) -> u8 {
    if sample == layer.nodata {
        return 0;
    }
    (((value(layer, usize::from(sample)) - 0.15) / 0.45).clamp(0.0, 1.0) * 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(kind: LayerKind, scale: f64, offset: f64, range: [f64; 2]) -> Layer {
        let colour_map = if kind == LayerKind::Coherence { ColourMap::Batlow } else { ColourMap::RomaO };
        Layer {
            kind,
            file: kind.file().into(),
            bits: 16,
            nodata: 0,
            scale,
            offset,
            unit: "rad".into(),
            colour_map,
            range,
        }
    }

    fn samples(values: &[u16]) -> Samples {
        Samples { width: values.len() as u32, height: 1, values: values.to_vec() }
    }

    fn pixel(painted: &Painted, index: usize) -> &[u8] {
        &painted.rgba[4 * index..4 * index + 4]
    }

    #[test]
    fn noise_fades_and_missing_data_is_clear() {
        let coherence =
            (layer(LayerKind::Coherence, 1.0 / 254.0, 0.0, [0.0, 1.0]), samples(&[20, 254, 254, 0]));
        let wrapped = layer(LayerKind::Wrapped, 0.025, -3.2, [-3.14, 3.14]);
        let painted = paint((&wrapped, &samples(&[9, 9, 0, 9])), Some((&coherence.0, &coherence.1)), None);
        let opacity: Vec<u8> = (0..4).map(|i| pixel(&painted, i)[3]).collect();
        assert_eq!(opacity, [0, 255, 0, 0]);
        assert_eq!(painted.look.scale(), ["−π", "rad", "π"]);
    }

    #[test]
    fn unwrapped_phase_is_displacement_about_the_reference() {
        let unwrapped = layer(LayerKind::Unwrapped, 0.1, -40.0, [-9.0, 9.0]);
        let legend = DisplacementLegend {
            unit: "cm".into(),
            reference: 10.0,
            colour_map: ColourMap::Vik,
            range: [-2.0, 2.0],
        };
        // 10 rad is the zero; a phase that falls by more than 2 cm is at the upper end: towards the satellite.
        let painted = paint((&unwrapped, &samples(&[500, 400])), None, Some(&legend));
        assert_eq!(pixel(&painted, 0)[..3], ColourMap::Vik.at(0.5));
        assert_eq!(pixel(&painted, 1)[..3], ColourMap::Vik.at(1.0));
        assert_eq!(painted.look.scale(), ["−2.0", "cm towards the satellite", "2.0"]);
    }

    #[test]
    fn bytes_that_are_no_picture_are_refused() {
        assert_eq!(Samples::read(b"\x89PNG\r\n\x1a\nno"), None);
    }
}
