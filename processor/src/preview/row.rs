//! One row of a product, all layers beside each other.

use std::ops::Range;

/// A row of product pixels, all slices of one length; NaN where a layer has no data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) wrapped: &'a [f32],
    pub(super) unwrapped: &'a [f32],
    pub(super) coherence: &'a [f32],
    pub(super) amplitude: &'a [f32],
    /// Labels of the connected components; 0 for none, NaN where the product has no such layer.
    pub(super) components: &'a [f32],
}

impl<'a> Row<'a> {
    /// Puts `none`, a row without data of the same length, in the place of layers that are not there.
    pub(super) fn fill(&mut self, none: &'a [f32]) {
        let Self { wrapped, unwrapped, coherence, amplitude, components } = self;
        for layer in [wrapped, unwrapped, coherence, amplitude, components] {
            if layer.is_empty() {
                *layer = none;
            }
        }
    }

    /// Part of the row; empty for layers that are not there.
    pub(super) fn cut(&self, columns: Range<usize>) -> Self {
        let part = |values: &'a [f32]| values.get(columns.clone()).unwrap_or_default();
        Self {
            wrapped: part(self.wrapped),
            unwrapped: part(self.unwrapped),
            coherence: part(self.coherence),
            amplitude: part(self.amplitude),
            components: part(self.components),
        }
    }
}
