//! What the catalogue lists: the recorded acquisitions of one burst, and derived ones of its neighbours along the track,
//! so that several bursts can be tried together. Those of the neighbours are no records: they are the recorded passes
//! moved by a burst's time, and say so in an attribute.

use std::sync::OnceLock;

use domain::{
    BurstId, Footprint, Subswath,
    burst::{BURST_SECONDS, LAST_NUMBER},
};
use time::{Duration, PrimitiveDateTime, macros::format_description};

use super::table::{Row, rows};

/// The burst of the table: relative number and subswath.
const RECORDED: (u32, Subswath) = (372_326, Subswath::Iw3);
/// How many burst positions along the track the derived neighbours lie.
const NEIGHBOURS: [i32; 2] = [-1, 1];
/// The last burst of a subswath that a product of the recorded kind has.
const LAST_INDEX: i32 = 8;

/// The recorded burst's outline, longitude and latitude in degrees, as the catalogue closes it.
const OUTLINE: [[f64; 2]; 7] = [
    [-135.291731, 56.886748],
    [-135.229996, 57.081936],
    [-135.894961, 57.144214],
    [-136.536267, 57.200845],
    [-136.593695, 56.996278],
    [-135.954563, 56.944328],
    [-135.291731, 56.886748],
];
/// Its middle, longitude and latitude, as the catalogue writes it.
const CENTRE: [&str; 2] = ["-135.917406937361", "57.04282649297329"];

/// An acquisition of the recorded burst, or of a neighbour so many burst positions along the track.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The recorded pass.
    pub row: &'static Row,
    step: i32,
}

impl Record {
    /// Whether it was derived from the recorded burst's.
    pub const fn is_derived(&self) -> bool {
        self.step != 0
    }

    /// Relative burst number.
    pub fn number(&self) -> u32 {
        RECORDED.0.saturating_add_signed(self.step).clamp(1, LAST_NUMBER)
    }

    /// `174_372326_IW3`
    pub fn burst(&self) -> String {
        burst(self.number()).map(|b| b.to_string()).unwrap_or_default()
    }

    /// `S1_372326_IW3_20141017T151617_VV_3B42-BURST`
    pub fn granule(&self) -> String {
        let time: String = self.azimuth_time().chars().take(19).filter(|c| !matches!(c, '-' | ':')).collect();
        let suffix = self.row.slc.rsplit('_').next().unwrap_or_default();
        format!("S1_{}_IW3_{time}_VV_{suffix}-BURST", self.number())
    }

    /// Zero-Doppler time of the first line.
    pub fn azimuth_time(&self) -> String {
        self.moved(self.row.azimuth_time, "")
    }

    /// Start of sensing.
    pub fn begin(&self) -> String {
        self.moved(self.row.begin, "Z")
    }

    /// End of sensing.
    pub fn end(&self) -> String {
        self.moved(self.row.end, "Z")
    }

    /// A recorded time, moved with the burst.
    fn moved(&self, text: &str, zone: &str) -> String {
        let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]");
        let recorded = || PrimitiveDateTime::parse(text.strip_suffix(zone)?, form).ok();
        let shift = Duration::seconds_f64(f64::from(self.step) * BURST_SECONDS);
        match recorded().filter(|_| self.is_derived()).and_then(|time| (time + shift).format(form).ok()) {
            Some(text) => format!("{text}{zone}"),
            None => text.to_owned(),
        }
    }

    /// Seconds from the ascending node to the first line.
    pub fn azimuth_anx_time(&self) -> String {
        match self.row.azimuth_anx_time.parse::<f64>() {
            Ok(seconds) if self.is_derived() => {
                format!("{:.10}", seconds + f64::from(self.step) * BURST_SECONDS)
            }
            _ => self.row.azimuth_anx_time.to_owned(),
        }
    }

    /// Its place in the SLC.
    pub fn burst_index(&self) -> i32 {
        self.row.burst_index.parse::<i32>().unwrap_or_default() + self.step
    }

    /// Counts all bursts since the mission began.
    pub fn absolute_burst(&self) -> i64 {
        self.row.absolute_burst.parse::<i64>().unwrap_or_default() + i64::from(self.step)
    }

    /// Where it begins in the SLC's file.
    pub fn offset(&self) -> i64 {
        let number = |text: &str| text.parse::<i64>().unwrap_or_default();
        number(self.row.offset) + i64::from(self.step) * number(self.row.bytes)
    }

    /// The number in CMR's concept id.
    pub fn concept(&self) -> String {
        if self.is_derived() {
            format!("9{}{}", self.row.concept, self.step + 1)
        } else {
            self.row.concept.to_owned()
        }
    }

    /// Outline, longitude and latitude in degrees, closed.
    pub fn outline(&self) -> [[f64; 2]; 7] {
        self.computed().map_or(OUTLINE, |footprint| footprint.outline)
    }

    /// Longitude and latitude of the middle, as the catalogue writes them.
    pub fn centre(&self) -> [String; 2] {
        let computed = self.computed().map(|footprint| footprint.centre.map(|degrees| degrees.to_string()));
        computed.unwrap_or_else(|| CENTRE.map(str::to_owned))
    }

    fn computed(&self) -> Option<Footprint> {
        burst(self.number()).filter(|_| self.is_derived()).map(Footprint::of)
    }

    /// Whether its place exists in the product that the recorded pass came in.
    fn exists(&self) -> bool {
        (0..=LAST_INDEX).contains(&self.burst_index())
    }
}

fn burst(number: u32) -> Option<BurstId> {
    BurstId::of_number(number, RECORDED.1).ok()
}

/// All acquisitions by time.
pub fn records() -> &'static [Record] {
    static RECORDS: OnceLock<Vec<Record>> = OnceLock::new();
    RECORDS.get_or_init(|| {
        let of = |row: &'static Row| {
            let steps = std::iter::once(0).chain(NEIGHBOURS);
            steps.map(move |step| Record { row, step }).filter(Record::exists)
        };
        let mut all: Vec<Record> = rows().iter().flat_map(of).collect();
        all.sort_by_cached_key(Record::begin);
        all
    })
}

/// The recorded ones alone.
#[cfg(test)]
pub(super) fn recorded() -> impl Iterator<Item = &'static Record> {
    records().iter().filter(|record| !record.is_derived())
}

#[cfg(test)]
mod tests {
    use domain::{Polarization, Stack, catalogue::CataloguePage};
    use serde_json::json;

    use super::*;

    fn stack(burst: &str) -> Stack {
        let items: Vec<_> = records().iter().map(super::super::item).collect();
        let page = CataloguePage::parse(json!({ "items": items }).to_string().as_bytes()).unwrap();
        assert!(page.left_out.is_empty(), "{:?}", page.left_out);
        Stack::new(burst.parse().unwrap(), Polarization::Vv, page.acquisitions)
    }

    #[test]
    fn neighbours_have_the_same_passes_but_where_the_product_ends() {
        let [before, own, after] = ["174_372325_IW3", "174_372326_IW3", "174_372327_IW3"].map(stack);
        assert_eq!([&before, &own, &after].map(|s| s.acquisitions().len()), [166, 166, 165]);
        for acquisition in own.acquisitions() {
            let Some(next) = after.pass(acquisition.start) else { continue };
            let seconds = next.start.seconds_since(acquisition.start);
            assert!((seconds - BURST_SECONDS).abs() < 1e-3, "{seconds}");
            assert_eq!((next.orbit, &next.platform), (acquisition.orbit, &acquisition.platform));
            assert!(next.state.is_some());
        }
    }

    #[test]
    fn what_is_derived_says_so_and_nothing_else_does() {
        for record in records() {
            let says = super::super::item(record).to_string().contains("DERIVED_FROM");
            assert_eq!(says, record.burst() != "174_372326_IW3", "{}", record.granule());
        }
    }
}
