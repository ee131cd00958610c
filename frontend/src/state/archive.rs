//! Whole answers of the catalogue, remembered while the page is open.

use std::sync::Arc;

use domain::BurstId;
use leptos::prelude::*;

use crate::api::catalogue::Harvest;

/// How many bursts' acquisitions are remembered.
const REMEMBERED: usize = 40;

/// What was asked for before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Archive(StoredValue<Vec<(BurstId, Arc<Harvest>)>>);

impl Archive {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// What is remembered of a burst.
    pub(crate) fn of(self, burst: BurstId) -> Option<Arc<Harvest>> {
        self.0.with_value(|all| all.iter().find(|(of, _)| *of == burst).map(|(_, harvest)| harvest.clone()))
    }

    /// Remembers an answer, if it is whole and has orbit states.
    pub(crate) fn keep(self, burst: BurstId, harvest: &Arc<Harvest>) {
        if harvest.second_way || harvest.announced.is_some() {
            return;
        }
        self.0.update_value(|all| {
            all.retain(|(of, _)| *of != burst);
            if all.len() >= REMEMBERED {
                all.remove(0);
            }
            all.push((burst, harvest.clone()));
        });
    }
}
