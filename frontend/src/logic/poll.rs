//! How long to wait before a run is asked for again.

use domain::run::State;

/// What the wait depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    /// Where the run stands.
    pub(crate) state: State,
    /// How many answers in a row brought nothing new.
    pub(crate) unchanged: u32,
    /// How many requests in a row failed.
    pub(crate) failed: u32,
    /// Whether nobody looks at the tab.
    pub(crate) hidden: bool,
}

/// Milliseconds to wait; `None` when nothing more will happen by itself.
///
/// Quick while things change, slower while they stand still or nobody looks, slower still with every failure.
pub(crate) fn wait(pace: Pace) -> Option<u32> {
    if pace.failed > 0 {
        return Some((2_000u32 << pace.failed.min(5)).min(60_000));
    }
    if pace.state.is_final() {
        return None;
    }
    let calm = 1_000 + 500 * pace.unchanged.min(18);
    Some(if pace.hidden { calm.max(20_000) } else { calm })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVELY: Pace = Pace { state: State::Running, unchanged: 0, failed: 0, hidden: false };

    #[test]
    fn a_lively_run_is_asked_every_second_and_a_calm_one_every_ten() {
        assert_eq!(wait(LIVELY), Some(1_000));
        assert_eq!(wait(Pace { unchanged: 100, ..LIVELY }), Some(10_000));
    }

    #[test]
    fn a_hidden_tab_asks_rarely_and_a_finished_run_is_left_alone() {
        assert_eq!(wait(Pace { hidden: true, ..LIVELY }), Some(20_000));
        assert_eq!(wait(Pace { state: State::Done, ..LIVELY }), None);
    }

    #[test]
    fn failures_back_off_up_to_a_minute_and_never_give_up() {
        let waits: Vec<_> = (1..8).map(|failed| wait(Pace { failed, ..LIVELY })).collect();
        assert_eq!(waits[0], Some(4_000));
        assert!(waits.is_sorted());
        assert_eq!(waits[6], Some(60_000));
        assert!(wait(Pace { failed: 1, state: State::Done, ..LIVELY }).is_some());
    }
}
