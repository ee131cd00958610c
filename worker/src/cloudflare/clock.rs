//! The runtime's clock, which stands still between two requests to the outside.

use std::time::Duration;

use domain::Timestamp;
use worker::{Date, Delay};

use crate::ports::Clock;

/// The clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkersClock;

impl Clock for WorkersClock {
    fn now(&self) -> Timestamp {
        let seconds = i64::try_from(Date::now().as_millis() / 1_000).unwrap_or(0);
        Timestamp::EPOCH.plus_seconds(seconds)
    }

    async fn sleep(&self, duration: Duration) {
        Delay::from(duration).await;
    }
}
