//! All acquisitions of one burst in one polarization.

use time::Date;

use crate::{Acquisition, BurstId, GranuleName, Timestamp, granule::Polarization};

/// Within so many seconds two bursts of a track are of one pass: what ASF's software allows between the bursts of one
/// product (hyp3-isce2, `validate_bursts`).
const PASS_SECONDS: i64 = 120;

/// The acquisitions of one burst in one polarization, oldest first, each once.
///
/// Pairs are named by their two days, so a day counts once: where a burst has several granules of one UTC day (a
/// product that was made anew under another name, usually), the first by time and then by name stands for the day
/// in rules and networks. The others remain in the stack and can be seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    burst: BurstId,
    polarization: Polarization,
    acquisitions: Vec<Acquisition>,
}

impl Stack {
    /// Keeps what shows the burst in that polarization, sorts it, and takes repeated granules once.
    pub fn new(
        burst: BurstId,
        polarization: Polarization,
        acquisitions: impl IntoIterator<Item = Acquisition>,
    ) -> Self {
        let fits = |a: &Acquisition| a.granule.shows(burst) && a.granule.polarization() == polarization;
        let mut acquisitions: Vec<Acquisition> = acquisitions.into_iter().filter(fits).collect();
        // Of two records of one granule the one with an orbit state tells more.
        acquisitions.sort_by(|a, b| {
            a.granule.cmp(&b.granule).then_with(|| b.state.is_some().cmp(&a.state.is_some()))
        });
        acquisitions.dedup_by(|b, a| a.granule == b.granule);
        Self { burst, polarization, acquisitions }
    }

    /// The burst.
    pub const fn burst(&self) -> BurstId {
        self.burst
    }

    /// The polarization.
    pub const fn polarization(&self) -> Polarization {
        self.polarization
    }

    /// All acquisitions, oldest first.
    pub fn acquisitions(&self) -> &[Acquisition] {
        &self.acquisitions
    }

    /// The acquisition that stands for each day, oldest first.
    pub fn daily(&self) -> impl Iterator<Item = &Acquisition> {
        self.acquisitions
            .chunk_by(|a, b| a.granule.date() == b.granule.date())
            .filter_map(<[Acquisition]>::first)
    }

    /// The acquisition of a name.
    pub fn of(&self, granule: &GranuleName) -> Option<&Acquisition> {
        self.acquisitions.get(self.position(granule)?)
    }

    /// Its place in the order of time.
    pub fn position(&self, granule: &GranuleName) -> Option<usize> {
        self.acquisitions.binary_search_by(|a| a.granule.cmp(granule)).ok()
    }

    /// The acquisition of the pass to which a time belongs, that of a neighbouring burst for example; where the same
    /// pass was catalogued several times, the first.
    pub fn pass(&self, time: Timestamp) -> Option<&Acquisition> {
        let from = time.plus_seconds(-PASS_SECONDS);
        let index = self.acquisitions.partition_point(|a| a.granule.time() < from);
        self.acquisitions.get(index).filter(|a| a.granule.time() <= time.plus_seconds(PASS_SECONDS))
    }

    /// The acquisition that stands for a day.
    pub fn on(&self, day: Date) -> Option<&Acquisition> {
        let index = self.acquisitions.partition_point(|a| a.granule.date() < day);
        self.acquisitions.get(index).filter(|a| a.granule.date() == day)
    }
}

/// How many acquisitions there are in each polarization, most first: what a person may choose from.
pub fn polarizations(acquisitions: &[Acquisition]) -> Vec<(Polarization, usize)> {
    let all = [Polarization::Vv, Polarization::Hh, Polarization::Vh, Polarization::Hv];
    let count = |p| acquisitions.iter().filter(|a| a.granule.polarization() == p).count();
    let counts: Vec<_> = all.into_iter().map(|p| (p, count(p))).filter(|(_, n)| *n > 0).collect();
    crate::order::ordered(&counts, |(_, n)| [-(*n as f64), 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_stack::acquisition;

    fn names(stack: &Stack) -> Vec<String> {
        stack.acquisitions().iter().map(|a| a.granule.to_string()).collect()
    }

    #[test]
    fn a_stack_is_sorted_and_has_everything_once() {
        let granules = [
            "S1_372326_IW3_20180616T151600_VV_0002-BURST",
            "S1_372326_IW3_20180604T151600_VV_0001-BURST",
            "S1_372326_IW3_20180616T151600_VV_0002-BURST",
            "S1_372326_IW3_20180604T151600_VH_0001-BURST",
            "S1_372327_IW3_20180604T151600_VV_0001-BURST",
            "S1_372326_IW2_20180604T151600_VV_0001-BURST",
        ];
        let all: Vec<Acquisition> = granules.into_iter().map(acquisition).collect();
        let stack = Stack::new("174_372326_IW3".parse().unwrap(), Polarization::Vv, all.clone());
        assert_eq!(names(&stack), [granules[1], granules[0]]);
        let of = |name: &str| stack.of(&name.parse().unwrap()).map(|a| a.granule.to_string());
        assert_eq!((of(granules[0]).as_deref(), of(granules[3])), (Some(granules[0]), None));
        assert_eq!(polarizations(&all), [(Polarization::Vv, 5), (Polarization::Vh, 1)]);
    }

    #[test]
    fn the_first_granule_stands_for_its_day() {
        let granules = [
            "S1_372326_IW3_20180604T151600_VV_000B-BURST",
            "S1_372326_IW3_20180604T151600_VV_000A-BURST",
            "S1_372326_IW3_20180616T151600_VV_0002-BURST",
        ];
        let stack = Stack::new(
            "174_372326_IW3".parse().unwrap(),
            Polarization::Vv,
            granules.into_iter().map(acquisition),
        );
        assert_eq!(stack.acquisitions().len(), 3);
        let daily: Vec<String> = stack.daily().map(|a| a.granule.to_string()).collect();
        assert_eq!(daily, [granules[1], granules[2]]);
        let day = stack.acquisitions()[1].granule.date();
        assert_eq!(stack.on(day).map(|a| a.granule.to_string()).as_deref(), Some(granules[1]));
        assert!(stack.on(day.next_day().unwrap()).is_none());
    }
}
