//! What the model gets wrong on purpose, so that checks and closures have something to find. Every flaw is named in
//! the product.

use domain::{BurstId, Pair, timestamp::day_text};
use time::Date;

use super::random::Seed;

/// The streams of chance from which flaws are drawn. Their numbers were chosen so that the neighbours of June to August
/// 2018 at Mount Edgecumbe, which the documentation shows, have one of each kind and three pairs without any.
const PAIR_STREAM: &str = "flaws 34";
const DATE_STREAM: &str = "storm 2";

/// The flaws of one pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flaws {
    /// A patch of the unwrapped phase is a whole turn off.
    pub(super) jump: bool,
    /// The images were laid on each other badly: a steep ramp, little coherence.
    pub(super) misaligned: bool,
}

impl Flaws {
    /// Decides by the pair's name alone.
    pub(super) fn of(burst: BurstId, pair: &Pair) -> Self {
        let seed = Seed::of(PAIR_STREAM, &format!("{burst}/{}", pair.name()));
        let misaligned = seed.uniform(0) < 0.07;
        Self { jump: !misaligned && seed.uniform(1) < 0.18, misaligned }
    }
}

/// Whether a date has lost its coherence: a storm, wet snow.
pub(super) fn decorrelates(burst: BurstId, date: Date) -> bool {
    Seed::of(DATE_STREAM, &format!("{burst}/{date}")).uniform(0) < 0.09
}

/// All flaws of a pair, in sentences.
pub(super) fn sentences(burst: BurstId, pair: &Pair) -> Vec<String> {
    let flaws = Flaws::of(burst, pair);
    let dates = [pair.reference().date(), pair.secondary().date()];
    let mut found: Vec<String> = dates
        .into_iter()
        .filter(|date| decorrelates(burst, *date))
        .map(|date| format!("On purpose: {} has lost most of its coherence.", day_text(date)))
        .collect();
    if flaws.jump {
        found.push("On purpose: a patch of the unwrapped phase is one whole turn too high.".to_owned());
    }
    if flaws.misaligned {
        found.push(
            "On purpose: the images are badly aligned, which leaves a steep ramp and little coherence."
                .to_owned(),
        );
    }
    found
}
