//! What a product's name says. Single bursts, up to 3.x of the engine:
//! `S1_136232_IW2_20200604_20200616_VV_INT80_663F`; several bursts, from 4.0:
//! `S1_064_000000s1n00-136231s2n01-000000s3n00_IW_20200604_20200616_VV_INT80_77F1`, where each part is the first burst of
//! a subswath and how many there are.

use domain::{BurstId, Looks, Polarization, burst::Subswath};
use time::{Date, macros::format_description};

/// What a product's name says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ProductName {
    pub(super) bursts: Vec<BurstId>,
    /// Of reference and secondary.
    pub(super) dates: [Date; 2],
    pub(super) polarization: Option<Polarization>,
    pub(super) looks: Option<Looks>,
}

impl ProductName {
    /// Reads a name; `None` when it is not one of the engine's.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('_').collect();
        let (bursts, rest) = match parts.as_slice() {
            ["S1", number, swath, rest @ ..] if number.len() == 6 => (
                BurstId::of_number(number.parse().ok()?, Subswath::parse(swath)?).ok().into_iter().collect(),
                rest,
            ),
            ["S1", track, runs, "IW", rest @ ..] => (several(track.parse().ok()?, runs)?, rest),
            _ => return None,
        };
        let &[reference, secondary, polarization, spacing, ..] = rest else { return None };
        let metres: u32 = spacing.strip_prefix("INT")?.parse().ok()?;
        Some(Self {
            bursts,
            dates: [day(reference)?, day(secondary)?],
            polarization: Polarization::parse(polarization),
            looks: Looks::ALL.into_iter().find(|looks| looks.pixel_metres() == metres),
        })
    }

    /// `20200604_20200616`, the name of jobs and previews.
    pub(super) fn pair(&self) -> String {
        self.dates.map(domain::timestamp::compact_day_text).join("_")
    }
}

/// `136231s2n01-…`: the bursts of all subswaths.
fn several(track: u8, runs: &str) -> Option<Vec<BurstId>> {
    let mut bursts = Vec::new();
    for run in runs.split('-') {
        let (first, rest) = run.split_once('s')?;
        let (swath, count) = rest.split_once('n')?;
        let (first, count): (u32, u32) = (first.parse().ok()?, count.parse().ok()?);
        let swath = Subswath::parse(&format!("IW{swath}"))?;
        // The engine takes 15 at most; the name has two digits.
        let numbers = first..first.checked_add(count.min(99))?;
        bursts.extend(numbers.filter_map(|number| BurstId::new(track, number, swath).ok()));
    }
    Some(bursts)
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year][month][day]")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bursts(name: &ProductName) -> Vec<String> {
        name.bursts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_of_both_lines_of_the_engine_are_read() {
        let single = ProductName::parse("S1_136232_IW2_20200604_20200616_VV_INT80_663F").unwrap();
        assert_eq!((single.pair().as_str(), single.looks), ("20200604_20200616", Some(Looks::L20x4)));
        assert_eq!(bursts(&single), ["064_136232_IW2"]);
        let one = "S1_064_000000s1n00-136231s2n01-000000s3n00_IW_20200604_20200616_VV_INT40_77F1";
        let one = ProductName::parse(one).unwrap();
        assert_eq!((one.polarization, one.looks), (Some(Polarization::Vv), Some(Looks::L10x2)));
        assert_eq!(bursts(&one), ["064_136231_IW2"]);
        let three = "S1_064_136231s1n02-136231s2n01-000000s3n00_IW_20200604_20200616_HH_INT20_77F1";
        let three = ProductName::parse(three).unwrap();
        assert_eq!(bursts(&three), ["064_136231_IW1", "064_136232_IW1", "064_136231_IW2"]);
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "",
            "S1_",
            "S1_136231_IW2_20200604T022312_VV_7C85-BURST",
            "S1_136232_IW2_20201304_20200616_VV_INT80_663F",
            "S1_064_4294967295s1n99_IW_20200604_20200616_VV_INT80_77F1",
            "S1_999_136231s9n01_IW_20200604_20200616_VV_INT80_77F1",
            "S1_136232_IW2_20200604_20200616_VV_INTx_663F",
        ] {
            assert_eq!(ProductName::parse(name), None, "{name}");
        }
    }
}
