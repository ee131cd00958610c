//! Where dates and pairs lie in the plot, and which one is under the pointer.

use domain::colour::ColourMap;

/// A place in pixels from the plot's upper left corner.
pub(crate) type Spot = [f64; 2];

/// The distance within which a pointer hits a date; fingers need more.
pub(crate) const REACH: f64 = 9.0;
/// The distance within which a pointer hits a line.
pub(crate) const LINE_REACH: f64 = 5.0;

/// The nearest spot within `reach`, by its index.
pub(crate) fn nearest(spots: &[Spot], at: Spot, reach: f64) -> Option<usize> {
    spots
        .iter()
        .map(|spot| square(*spot, at))
        .enumerate()
        .filter(|(_, d)| *d <= reach * reach)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

/// The nearest line within `reach`, by its index.
pub(crate) fn nearest_line(lines: &[[Spot; 2]], at: Spot, reach: f64) -> Option<usize> {
    lines
        .iter()
        .map(|line| square_to_line(*line, at))
        .enumerate()
        .filter(|(_, d)| *d <= reach * reach)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

fn square([ax, ay]: Spot, [bx, by]: Spot) -> f64 {
    (ax - bx).powi(2) + (ay - by).powi(2)
}

fn square_to_line([a, b]: [Spot; 2], p: Spot) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    if length == 0.0 {
        return square(a, p);
    }
    let t = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length).clamp(0.0, 1.0);
    square([a[0] + t * dx, a[1] + t * dy], p)
}

/// Writes a number with one digit after the point. A path has tens of thousands of them, for which the way round by
/// [`std::fmt`] takes longer than all else.
pub(crate) fn push(path: &mut String, letter: char, number: f64) {
    path.push(letter);
    let tenths = (number * 10.0).round() as i32;
    if tenths < 0 {
        path.push('-');
    }
    let digit = |number: u32| char::from(b'0' + (number % 10) as u8);
    let whole = tenths.unsigned_abs() / 10;
    let mut power = 1;
    while whole / power >= 10 {
        power *= 10;
    }
    while power > 0 {
        path.push(digit(whole / power));
        power /= 10;
    }
    path.push('.');
    path.push(digit(tenths.unsigned_abs()));
}

/// Many lines or squares as the markup of SVG paths.
///
/// A browser takes as long to paint one path as the square of what is in it, and keeps an element for each path: a few
/// dozen in one are quick in both.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paths {
    markup: String,
    drawn: usize,
}

impl Paths {
    const EACH: usize = 32;

    fn begin(&mut self) -> &mut String {
        if self.drawn.is_multiple_of(Self::EACH) {
            self.markup.push_str(if self.drawn == 0 { "<path d=\"" } else { "\"/><path d=\"" });
        }
        self.drawn += 1;
        &mut self.markup
    }

    /// Draws a line.
    pub(crate) fn line(&mut self, line: &[Spot; 2]) {
        push_line(self.begin(), line);
    }

    /// Draws a square around a spot.
    pub(crate) fn square(&mut self, spot: Spot, side: f64) {
        push_square(self.begin(), spot, side);
    }

    /// Whether nothing is drawn.
    pub(crate) const fn is_empty(&self) -> bool {
        self.drawn == 0
    }

    /// What is drawn.
    pub(crate) fn markup(mut self) -> String {
        if !self.is_empty() {
            self.markup.push_str("\"/>");
        }
        self.markup
    }
}

fn push_line(path: &mut String, [a, b]: &[Spot; 2]) {
    for (letter, number) in [('M', a[0]), (' ', a[1]), ('L', b[0]), (' ', b[1])] {
        push(path, letter, number);
    }
}

fn push_square(path: &mut String, [x, y]: Spot, side: f64) {
    let corner = [('M', x - side / 2.0), (' ', y - side / 2.0), ('h', side), ('v', side), ('h', -side)];
    for (letter, number) in corner {
        push(path, letter, number);
    }
    path.push('z');
}

/// One SVG path of some lines.
pub(crate) fn lines_path<'a>(lines: impl IntoIterator<Item = &'a [Spot; 2]>) -> String {
    let mut path = String::new();
    for line in lines {
        push_line(&mut path, line);
    }
    path
}

/// One SVG path of some squares around spots.
pub(crate) fn squares_path(spots: impl IntoIterator<Item = Spot>, side: f64) -> String {
    let mut path = String::new();
    for spot in spots {
        push_square(&mut path, spot, side);
    }
    path
}

/// The classes that pairs are drawn in, those that need to be seen last.
pub(crate) const CLASSES: [&str; 8] =
    ["queued", "plan", "hand", "locked", "cancelled", "done", "running", "failed"];

/// How many colours there are for parts beside the largest one; further parts begin again.
pub(crate) const PARTS: usize = 4;

/// How many steps of colour expected coherence is drawn in: a path for each.
pub(crate) const SHADES: usize = 20;

/// Beyond so many pairs no single line can be told apart, and they are drawn without smooth edges and casing.
pub(crate) const MANY: usize = 10_000;

/// What is drawn of each class and step of coherence, those without one first; as many as [`CLASSES`] times
/// [`SHADES`] and one more.
pub(crate) fn no_paths() -> Vec<Paths> {
    vec![Paths::default(); CLASSES.len() * (SHADES + 1)]
}

/// Where a class with or without a coherence stands in [`no_paths`].
pub(crate) fn place(class: &str, coherence: Option<f64>) -> usize {
    let class = CLASSES.iter().position(|c| *c == class).unwrap_or_default();
    class * (SHADES + 1) + coherence.map_or(0, |c| shade(c) + 1)
}

/// Class and colour of a place of [`no_paths`].
pub(crate) fn class_and_colour(place: usize) -> (&'static str, Option<String>) {
    let class = CLASSES.get(place / (SHADES + 1)).copied().unwrap_or_default();
    (class, (place % (SHADES + 1)).checked_sub(1).map(shade_colour))
}

/// The step of a coherence.
pub(crate) fn shade(coherence: f64) -> usize {
    ((coherence * SHADES as f64) as usize).min(SHADES - 1)
}

/// The colour of a step, from the data's own table whatever the theme.
pub(crate) fn shade_colour(shade: usize) -> String {
    let [red, green, blue] = ColourMap::Batlow.at((shade as f64 + 0.5) / SHADES as f64);
    format!("rgb({red} {green} {blue})")
}

/// One SVG path of many discs.
pub(crate) fn discs_path<'a>(spots: impl IntoIterator<Item = &'a Spot>, radius: f64) -> String {
    let mut path = String::new();
    let round = format!("a{radius} {radius} 0 1 0 {d} 0a{radius} {radius} 0 1 0 -{d} 0", d = 2.0 * radius);
    for [x, y] in spots {
        push(&mut path, 'M', x - radius);
        push(&mut path, ' ', *y);
        path.push_str(&round);
    }
    path
}

/// The neighbour of `now` in a row of `count`, one `step` on; from nothing to the first or the last.
pub(crate) fn step(now: Option<usize>, step: isize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match now {
        None if step < 0 => last,
        None => 0,
        Some(index) => index.saturating_add_signed(step).min(last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointer_finds_the_nearest_date_and_nothing_far_away() {
        let spots = [[10.0, 10.0], [20.0, 10.0]];
        assert_eq!(nearest(&spots, [14.0, 10.0], REACH), Some(0));
        assert_eq!(nearest(&spots, [16.0, 10.0], REACH), Some(1));
        assert_eq!(nearest(&spots, [60.0, 10.0], REACH), None);
    }

    #[test]
    fn a_line_is_hit_along_its_length_but_not_beyond() {
        let lines = [[[0.0, 0.0], [100.0, 0.0]], [[0.0, 50.0], [0.0, 50.0]]];
        assert_eq!(nearest_line(&lines, [50.0, 3.0], LINE_REACH), Some(0));
        assert_eq!(nearest_line(&lines, [110.0, 0.0], LINE_REACH), None);
        assert_eq!(nearest_line(&lines, [2.0, 50.0], LINE_REACH), Some(1));
    }

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!(step(None, 1, 3), Some(0));
        assert_eq!(step(None, -1, 3), Some(2));
        assert_eq!(step(Some(2), 1, 3), Some(2));
        assert_eq!(step(Some(0), -1, 3), Some(0));
        assert_eq!(step(None, 1, 0), None);
    }

    #[test]
    fn coherence_has_its_step_of_colour_up_to_the_ends() {
        assert_eq!([0.0, 0.049, 0.05, 0.999, 1.0].map(shade), [0, 0, 1, 19, 19]);
        assert_ne!(shade_colour(0), shade_colour(1));
    }

    #[test]
    fn many_lines_are_a_few_paths_and_none_is_lost() {
        let mut paths = Paths::default();
        assert_eq!(paths.clone().markup(), "");
        (0..70).for_each(|_| paths.line(&[[0.0, 1.0], [2.0, 3.0]]));
        let markup = paths.markup();
        assert_eq!((markup.matches("<path d=\"M").count(), markup.matches("\"/>").count()), (3, 3));
        assert_eq!(markup.matches("M0.0 1.0L2.0 3.0").count(), 70);
    }

    #[test]
    fn every_class_and_step_has_its_place() {
        for class in CLASSES {
            for coherence in [None, Some(0.0), Some(0.42), Some(1.0)] {
                let at = place(class, coherence);
                assert!(at < no_paths().len());
                assert_eq!(class_and_colour(at), (class, coherence.map(|c| shade_colour(shade(c)))));
            }
        }
    }

    #[test]
    fn numbers_have_one_digit_after_the_point() {
        assert_eq!(lines_path(&[[[0.0, 1.0], [2.0, 3.0]]]), "M0.0 1.0L2.0 3.0");
        assert_eq!(squares_path([[0.5, 12.04]], 3.0), "M-1.0 10.5h3.0v3.0h-3.0z");
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_written_to_a_tenth(number in -9_999.0f64..9_999.0) {
            let mut path = String::new();
            push(&mut path, 'M', number);
            let read: f64 = path[1..].parse().unwrap();
            proptest::prop_assert!((read - number).abs() <= 0.05 + 1e-9, "{path}");
            proptest::prop_assert_eq!(path.chars().rev().nth(1), Some('.'));
        }
    }
}
