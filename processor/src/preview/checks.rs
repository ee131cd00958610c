//! What looks wrong with a product, in sentences with numbers. The limits are for 20 × 4 looks and were set on the real
//! and the simulated products at hand; they find what a person should look at, they do not judge it.

use domain::preview::manifest::{Check, CheckCode, Severity, Statistics};

use super::statistics::Gathered;

/// Coherence from which phase is worth something.
const USEFUL_COHERENCE: f64 = 0.4;

/// All findings, worst first.
pub(super) fn checks(statistics: &Statistics, gathered: &Gathered, water_mask: bool) -> Vec<Check> {
    let found = [
        low_coherence(statistics),
        little_data(statistics, water_mask),
        disconnected(statistics),
        not_congruent(gathered),
        jump(gathered),
        ramp(statistics),
    ];
    let mut checks: Vec<Check> = found.into_iter().flatten().collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.severity));
    checks
}

fn check(code: CheckCode, severity: Severity, sentence: String) -> Check {
    Check { code, severity, sentence }
}

fn low_coherence(statistics: &Statistics) -> Option<Check> {
    let coherence = statistics.coherence.as_ref()?;
    let total: u64 = coherence.histogram.iter().sum();
    let from = (USEFUL_COHERENCE * coherence.histogram.len() as f64).round() as usize;
    let useful = coherence.histogram.iter().skip(from).sum::<u64>() as f64 / total.max(1) as f64;
    let severity = match useful {
        u if u < 0.03 => Severity::Fault,
        u if u < 0.12 => Severity::Warning,
        _ => return None,
    };
    let sentence = format!(
        "Only {:.0} % of the burst has a coherence above {USEFUL_COHERENCE}, the median is {:.2}.",
        useful * 100.0,
        coherence.median
    );
    Some(check(CheckCode::LowCoherence, severity, sentence))
}

fn little_data(statistics: &Statistics, water_mask: bool) -> Option<Check> {
    let share = statistics.valid_share;
    if share >= 0.5 || statistics.covered_pixels == 0 {
        return None;
    }
    // With a mask, water is left out on purpose.
    let severity = if water_mask && share > 0.02 { Severity::Note } else { Severity::Warning };
    Some(check(CheckCode::LittleData, severity, format!("{:.0} % of the burst has phase.", share * 100.0)))
}

fn disconnected(statistics: &Statistics) -> Option<Check> {
    let components = statistics.components?;
    if components.count == 0 {
        let sentence =
            "The unwrapper found no connected piece: the unwrapped phase means nothing.".to_owned();
        return Some(check(CheckCode::Disconnected, Severity::Fault, sentence));
    }
    let labelled = 1.0 - components.unassigned_share;
    let largest = components.largest_share / labelled.max(1e-9);
    if components.count == 1 || largest > 0.9 {
        return None;
    }
    let sentence = format!(
        "The unwrapped phase falls into {} pieces, the largest holds {:.0} % of them: heights between pieces are unknown \
         by whole turns.",
        components.count,
        largest * 100.0
    );
    Some(check(CheckCode::Disconnected, Severity::Warning, sentence))
}

fn not_congruent(gathered: &Gathered) -> Option<Check> {
    let share = gathered.incongruent as f64 / gathered.compared.max(1) as f64;
    if share < 0.05 {
        return None;
    }
    let sentence = format!(
        "In {:.0} % of the pixels unwrapped and wrapped phase differ by other than whole turns.",
        share * 100.0
    );
    Some(check(CheckCode::NotCongruent, Severity::Warning, sentence))
}

fn jump(gathered: &Gathered) -> Option<Check> {
    // Noise makes single jumps anywhere; an unwrapping error makes a line of them.
    let share = gathered.jumps as f64 / gathered.neighbours.max(1) as f64;
    if gathered.jumps < 60 || share < 2e-4 {
        return None;
    }
    let sentence = format!(
        "{} coherent neighbours within one piece differ by a whole turn: part of the unwrapped phase may be off by 2π.",
        gathered.jumps
    );
    Some(check(CheckCode::UnwrappingJump, Severity::Warning, sentence))
}

fn ramp(statistics: &Statistics) -> Option<Check> {
    let ramp = statistics.ramp?;
    let turns = ramp.span / std::f64::consts::TAU;
    // Two fringes from end to end are usual for air and deformation.
    if turns < 2.5 || ramp.span < 3.0 * ramp.residual {
        return None;
    }
    let sentence = format!(
        "A plane of {turns:.1} fringes runs across the burst, as orbits or a bad alignment leave it."
    );
    Some(check(CheckCode::StrongRamp, Severity::Warning, sentence))
}
