//! The table of acquisitions, one a line. What is the same for all of them is in [`super::umm`].

use std::sync::OnceLock;

const TABLE: &str = include_str!("174_372326_IW3_VV.tsv");

/// One acquisition. Texts are as ASF wrote them, since clients compare texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Name of the SLC that it was cut from.
    pub slc: &'static str,
    /// Zero-Doppler time of the first line.
    pub azimuth_time: &'static str,
    /// Start of sensing.
    pub begin: &'static str,
    /// End of sensing.
    pub end: &'static str,
    /// Time of the ascending node before it.
    pub ascending_node: &'static str,
    /// Seconds from there to the first line.
    pub azimuth_anx_time: &'static str,
    /// Its place in the SLC.
    pub burst_index: &'static str,
    /// Counts all bursts since the mission began.
    pub absolute_burst: &'static str,
    /// Size in bytes.
    pub bytes: &'static str,
    /// Where it begins in the SLC's file.
    pub offset: &'static str,
    /// Lines.
    pub lines: &'static str,
    /// Samples a line.
    pub samples: &'static str,
    /// The middle of the group id: mode and frame.
    pub group: &'static str,
    /// Version of ESA's processor.
    pub ipf: &'static str,
    /// The number in CMR's concept id.
    pub concept: &'static str,
    /// State vector before: time, position in metres, velocity in metres per second, Earth-fixed.
    pub pre: [&'static str; 3],
    /// State vector after.
    pub post: [&'static str; 3],
}

impl Row {
    /// `SENTINEL-1A`
    pub fn platform(&self) -> String {
        format!("SENTINEL-1{}", self.slc.chars().nth(2).unwrap_or('?'))
    }

    /// Absolute orbit.
    pub fn orbit(&self) -> &'static str {
        self.slc.rsplit('_').nth(2).unwrap_or_default()
    }
}

/// All acquisitions by time.
pub fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    // The first line that is no comment names the columns.
    ROWS.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Row> {
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    Some(Row {
        slc: next()?,
        azimuth_time: next()?,
        begin: next()?,
        end: next()?,
        ascending_node: next()?,
        azimuth_anx_time: next()?,
        burst_index: next()?,
        absolute_burst: next()?,
        bytes: next()?,
        offset: next()?,
        lines: next()?,
        samples: next()?,
        group: next()?,
        ipf: next()?,
        concept: next()?,
        pre: [next()?, next()?, next()?],
        post: [next()?, next()?, next()?],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_166_acquisitions_in_order_of_time() {
        assert_eq!(rows().len(), 166);
        assert!(rows().is_sorted_by_key(|row| row.begin));
        let first = &rows()[0];
        assert_eq!(first.azimuth_time, "2014-10-17T15:16:17.116615");
        assert_eq!((first.platform().as_str(), first.orbit()), ("SENTINEL-1A", "002871"));
    }
}
