//! Which rows of a long table are in view.

/// How many rows are made at a time: more than fit, so that keys find the next one.
const MADE: usize = 48;
/// Rows above the first one in view.
const BEFORE: usize = 12;

/// The rows that are made, and the room for the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rows {
    /// The first row that is made.
    pub(crate) first: usize,
    /// The first one after it that is not.
    pub(crate) last: usize,
    /// Pixels of the rows above.
    pub(crate) above: f64,
    /// Pixels of the rows below.
    pub(crate) below: f64,
}

impl Rows {
    /// Of `count` rows of so many pixels, scrolled down by so many.
    pub(crate) fn in_view(count: usize, height: f64, scrolled: f64) -> Self {
        let top = (scrolled / height.max(1.0)).max(0.0) as usize;
        // In steps, so that not every pixel makes rows anew.
        let first = (top.saturating_sub(BEFORE) / BEFORE * BEFORE).min(count.saturating_sub(MADE));
        let last = (first + MADE).min(count);
        Self { first, last, above: first as f64 * height, below: (count - last) as f64 * height }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_in_view_is_made_and_the_whole_stays_as_high(count in 0usize..20_000, scrolled in 0.0f64..700_000.0) {
            let (height, window) = (29.0, 226.0);
            let rows = Rows::in_view(count, height, scrolled);
            let all = rows.above + rows.below + (rows.last - rows.first) as f64 * height;
            prop_assert!((all - count as f64 * height).abs() < 1e-6);
            prop_assert!(rows.last - rows.first <= MADE);
            // Where a browser can scroll to.
            let most = (count as f64 * height - window).max(0.0);
            if scrolled <= most {
                prop_assert!(rows.above <= scrolled);
                let seen = (scrolled + window).min(count as f64 * height);
                prop_assert!(rows.above + (rows.last - rows.first) as f64 * height >= seen);
            }
        }
    }
}
