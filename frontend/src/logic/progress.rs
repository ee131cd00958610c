//! A run in numbers.

use domain::{
    Timestamp,
    run::{PairView, RunView, State},
};

use super::format;

/// How many pairs stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Waiting for a runner.
    pub(crate) queued: usize,
    /// At work.
    pub(crate) running: usize,
    /// Ended well.
    pub(crate) done: usize,
    /// Ended badly.
    pub(crate) failed: usize,
    /// Stopped or left out.
    pub(crate) cancelled: usize,
}

impl Counts {
    /// Counts pairs.
    pub(crate) fn of(pairs: &[PairView]) -> Self {
        let mut counts = Self::default();
        for pair in pairs {
            match pair.state {
                State::Queued => counts.queued += 1,
                State::Running => counts.running += 1,
                State::Done => counts.done += 1,
                State::Failed => counts.failed += 1,
                State::Cancelled | State::Skipped => counts.cancelled += 1,
            }
        }
        counts
    }

    /// All pairs.
    pub(crate) const fn total(self) -> usize {
        self.queued + self.running + self.done + self.failed + self.cancelled
    }

    /// Pairs that nothing more will happen to.
    pub(crate) const fn ended(self) -> usize {
        self.done + self.failed + self.cancelled
    }

    /// Each state with its number, those that occur.
    pub(crate) fn listed(self) -> Vec<(State, usize)> {
        [
            (State::Done, self.done),
            (State::Running, self.running),
            (State::Queued, self.queued),
            (State::Failed, self.failed),
            (State::Cancelled, self.cancelled),
        ]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .collect()
    }
}

/// Seconds until the run will be through, from how long its finished pairs took and how many run side by side;
/// `None` until a pair is done, and when nothing is left.
pub(crate) fn seconds_left(pairs: &[PairView], now: Timestamp) -> Option<f64> {
    let took: Vec<f64> = pairs
        .iter()
        .filter(|p| p.state == State::Done)
        .filter_map(|p| Some(p.completed?.seconds_since(p.started?)))
        .filter(|s| *s >= 0.0)
        .collect();
    let counts = Counts::of(pairs);
    if took.is_empty() || counts.ended() == counts.total() {
        return None;
    }
    let mean = took.iter().sum::<f64>() / took.len() as f64;
    let spent: f64 = pairs
        .iter()
        .filter(|p| p.state == State::Running)
        .filter_map(|p| Some(now.seconds_since(p.started?).clamp(0.0, mean)))
        .sum();
    let work = mean * (counts.queued + counts.running) as f64 - spent;
    Some(work.max(0.0) / counts.running.max(1) as f64)
}

/// `12 of 84 done · 2 running · ~9 min left`.
pub(crate) fn line(view: &RunView, now: Timestamp) -> String {
    let counts = Counts::of(&view.pairs);
    if counts.total() == 0 {
        return match view.run.state {
            State::Queued => "waiting for a runner".to_owned(),
            State::Running => "looking for the pairs".to_owned(),
            state => state.word().to_owned(),
        };
    }
    let mut parts = vec![format!("{} of {} done", counts.done, counts.total())];
    for (number, word) in
        [(counts.running, "running"), (counts.failed, "failed"), (counts.cancelled, "cancelled")]
    {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    if let Some(seconds) = seconds_left(&view.pairs, now).filter(|_| !view.run.state.is_final()) {
        parts.push(format!("~{} left", format::duration(seconds)));
    }
    parts.join(" · ")
}

/// The window's title: how far, then what.
pub(crate) fn title(view: &RunView) -> String {
    let counts = Counts::of(&view.pairs);
    let front = match (view.run.state, counts.total()) {
        (State::Done, _) => "✓".to_owned(),
        (State::Failed, _) if counts.failed > 0 => format!("{} failed", counts.failed),
        (state, _) if state.is_final() => state.word().to_owned(),
        (_, 0) => "…".to_owned(),
        (_, total) => format!("{}/{total}", counts.ended()),
    };
    format!("{front} {} · Burstboard", view.run.title)
}

#[cfg(test)]
mod tests {
    use domain::run::RunSummary;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(1_800_000_000 + seconds).unwrap()
    }

    fn pair(state: State, started: Option<i64>, completed: Option<i64>) -> PairView {
        PairView {
            name: "20180604_20180616".into(),
            job: Some(1),
            state,
            step: None,
            started: started.map(at),
            completed: completed.map(at),
            product: None,
            preview: None,
        }
    }

    fn view(state: State, pairs: Vec<PairView>) -> RunView {
        RunView {
            run: RunSummary {
                id: 1,
                title: "174_372326_IW3".into(),
                batch: None,
                workflow: "batch-job.yml".into(),
                state,
                attempt: 1,
                actor: None,
                created: at(0),
                started: Some(at(0)),
                updated: at(0),
                url: String::new(),
            },
            pairs,
            others: Vec::new(),
            as_of: at(0),
            incomplete: false,
        }
    }

    #[test]
    fn a_run_at_work_says_how_far_and_how_long() {
        let pairs = vec![
            pair(State::Done, Some(0), Some(100)),
            pair(State::Running, Some(100), None),
            pair(State::Queued, None, None),
        ];
        let view = view(State::Running, pairs);
        assert_eq!(line(&view, at(150)), "1 of 3 done · 1 running · ~3 min left");
        assert_eq!(title(&view), "1/3 174_372326_IW3 · Burstboard");
        assert_eq!(seconds_left(&view.pairs, at(150)), Some(150.0));
    }

    #[test]
    fn no_time_is_promised_before_a_pair_is_done_or_after_the_end() {
        assert_eq!(seconds_left(&[pair(State::Running, Some(0), None)], at(10)), None);
        assert_eq!(seconds_left(&[pair(State::Done, Some(0), Some(10))], at(10)), None);
    }

    #[test]
    fn failures_are_counted_apart() {
        let view = view(
            State::Failed,
            vec![
                pair(State::Done, Some(0), Some(9)),
                pair(State::Failed, Some(0), Some(9)),
                pair(State::Skipped, None, None),
            ],
        );
        assert_eq!(line(&view, at(10)), "1 of 3 done · 1 failed · 1 cancelled");
        assert!(title(&view).starts_with("1 failed "));
    }

    #[test]
    fn a_run_without_pairs_says_what_it_is_at() {
        assert_eq!(line(&view(State::Queued, vec![]), at(0)), "waiting for a runner");
        assert_eq!(title(&view(State::Running, vec![])), "… 174_372326_IW3 · Burstboard");
    }
}
