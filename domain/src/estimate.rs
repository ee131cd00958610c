//! What a batch will cost before it runs: time, traffic, storage.
//!
//! The figures are published ones, named at each constant; whoever has measured times of the same repository puts
//! them into [`Basis`] instead.

use crate::{Looks, Pair, Stack};

/// Bytes of one burst granule where the catalogue does not say: the middle of the recorded 128 to 151 MB.
pub const GRANULE_BYTES: u64 = 140_000_000;
/// Minutes before the first pair can start, with the search and a runner to come: the first environment of the
/// demo takes 3 (README of relativeorbit/actions-batch-demo, MIT).
pub const START_MINUTES: f64 = 3.0;

/// What one pair takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Basis {
    /// Minutes of one job on a hosted runner.
    pub minutes_per_pair: f64,
    /// Bytes of one product as stored.
    pub product_bytes: u64,
}

/// What a plan of GitHub includes, as its documents said in November 2026. Public repositories pay neither for minutes
/// of these runners nor for storage; private ones have so much of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// GitHub's name for it.
    pub name: &'static str,
    /// Jobs that run at the same time.
    pub runners: u32,
    /// Minutes a month of private repositories.
    pub private_minutes: u32,
    /// Bytes of artifacts of private repositories.
    pub private_bytes: u64,
}

/// GitHub's plans, the smallest first.
pub const PLANS: [Plan; 4] = [
    Plan { name: "Free", runners: 20, private_minutes: 2_000, private_bytes: 500_000_000 },
    Plan { name: "Pro", runners: 40, private_minutes: 3_000, private_bytes: 1_000_000_000 },
    Plan { name: "Team", runners: 60, private_minutes: 3_000, private_bytes: 2_000_000_000 },
    Plan { name: "Enterprise", runners: 500, private_minutes: 50_000, private_bytes: 50_000_000_000 },
];

impl Basis {
    /// What pairs took that ended well: the middle of their minutes and of their products' bytes. The published figures
    /// stand in where there are none.
    pub fn measured(looks: Looks, minutes: &[f64], bytes: &[u64]) -> Self {
        let published = Self::published(looks);
        let mut minutes: Vec<f64> = minutes.iter().copied().filter(|m| m.is_finite()).collect();
        minutes.sort_by(f64::total_cmp);
        let mut bytes = bytes.to_vec();
        bytes.sort_unstable();
        Self {
            minutes_per_pair: minutes.get(minutes.len() / 2).copied().unwrap_or(published.minutes_per_pair),
            product_bytes: bytes.get(bytes.len() / 2).copied().unwrap_or(published.product_bytes),
        }
    }

    /// Published figures.
    ///
    /// Minutes: 20x4 less than 9 in a matrix (README of actions-batch-demo); 5x1 about 20 (notebooks of
    /// relativeorbit/incubator2024, MIT); 10x2 has no published figure and is put at 12, between the two.
    /// Product: about 30 MB at 20x4 (same README), four times that for each step to finer pixels.
    pub const fn published(looks: Looks) -> Self {
        match looks {
            Looks::L20x4 => Self { minutes_per_pair: 9.0, product_bytes: 30_000_000 },
            Looks::L10x2 => Self { minutes_per_pair: 12.0, product_bytes: 120_000_000 },
            Looks::L5x1 => Self { minutes_per_pair: 20.0, product_bytes: 480_000_000 },
        }
    }
}

/// What a batch takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Jobs, one a pair.
    pub jobs: usize,
    /// Runs, of at most 256 jobs each.
    pub runs: usize,
    /// Minutes from the launch to the last pair.
    pub minutes: f64,
    /// Minutes of all runners together, which is what private repositories pay for.
    pub runner_minutes: f64,
    /// Bytes that the jobs fetch from the archive.
    pub download_bytes: u64,
    /// Bytes of the products as stored.
    pub product_bytes: u64,
}

/// Estimates `jobs` pairs on `runners` that work at the same time; fetching `download_bytes` in all.
///
/// Jobs go through in rounds of as many as there are runners; no runners count as one.
pub fn estimate(jobs: usize, runners: u32, basis: Basis, download_bytes: u64) -> Estimate {
    let rounds = jobs.div_ceil(usize::try_from(runners.max(1)).unwrap_or(usize::MAX));
    let start = if jobs == 0 { 0.0 } else { START_MINUTES };
    Estimate {
        jobs,
        runs: jobs.div_ceil(crate::launch::MAX_PAIRS_PER_RUN),
        minutes: start + rounds as f64 * basis.minutes_per_pair,
        runner_minutes: jobs as f64 * basis.minutes_per_pair,
        download_bytes,
        product_bytes: basis.product_bytes.saturating_mul(jobs as u64),
    }
}

/// Bytes that the jobs of pairs fetch: both granules of every pair, each job for itself; a granule of unknown size
/// counts as [`GRANULE_BYTES`].
pub fn download_bytes(pairs: &[Pair], stacks: &[&Stack]) -> u64 {
    let size = |granule| stacks.iter().find_map(|stack| stack.of(granule)?.bytes).unwrap_or(GRANULE_BYTES);
    pairs.iter().map(|p| size(p.reference()) + size(p.secondary())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Network,
        network::{Edits, Rule},
        test_stack::{recorded_stack, stack_of_days},
    };

    #[test]
    fn jobs_go_through_in_rounds() {
        let basis = Basis::published(Looks::L20x4);
        // The demo's README puts its 156 pairs on 20 runners at about 70 minutes.
        let batch = estimate(156, 20, basis, 0);
        assert_eq!((batch.runs, batch.minutes), (1, 75.0));
        assert_eq!(batch.runner_minutes, 1404.0);
        assert_eq!(batch.product_bytes, 4_680_000_000);
        assert_eq!(estimate(257, 20, basis, 0).runs, 2);
        let nothing = estimate(0, 0, basis, 0);
        assert_eq!((nothing.runs, nothing.minutes, nothing.product_bytes), (0, 0.0, 0));
    }

    #[test]
    fn measured_times_replace_published_ones() {
        let basis = Basis::measured(Looks::L20x4, &[4.0, f64::NAN, 6.0, 5.0], &[]);
        assert_eq!((basis.minutes_per_pair, basis.product_bytes), (5.0, 30_000_000));
        let hours = PLANS.map(|plan| estimate(492, plan.runners, basis, 0).minutes);
        assert_eq!(hours, [128.0, 68.0, 48.0, 8.0]);
    }

    #[test]
    fn every_job_fetches_both_granules() {
        let stack = stack_of_days([0, 12, 24]);
        let network = Network::new(&stack, &Rule::default(), Edits::default());
        assert_eq!(download_bytes(&network.granules(&stack), &[&stack]), 4 * GRANULE_BYTES);
        let Some(stack) = recorded_stack() else { return };
        let network = Network::new(&stack, &Rule::default(), Edits::default());
        let per_pair = download_bytes(&network.granules(&stack), &[&stack]) / 165;
        assert!((250_000_000..320_000_000).contains(&per_pair), "{per_pair}");
    }
}
