//! Which InSAR software the workflows run, and which acquisitions it can process.
//!
//! The workflows, the Worker's refusals and what the page greys out all read this one place.

use time::{Date, macros::date};

use crate::Platform;

/// The software's name.
pub const NAME: &str = "hyp3-isce2";
/// The pinned version: the last line with the single-burst command, and the version ASF itself runs for single
/// bursts; it carries isce2 2.6.5, which knows Sentinel-1C after its move of June 2026 and Sentinel-1D.
pub const VERSION: &str = "3.0.2";
/// The container image of that version.
pub const IMAGE: &str = "ghcr.io/asfhyp3/hyp3-isce2:3.0.2";

/// A platform that the engine can process, and its first and last useful day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Satellite.
    pub platform: Platform,
    /// First day with user data.
    pub from: Date,
    /// Last day with user data; `None` while it flies.
    pub until: Option<Date>,
}

/// What the pinned engine can process.
pub const WINDOWS: [Window; 4] = [
    Window { platform: Platform::S1A, from: date!(2014 - 10 - 03), until: Some(date!(2026 - 06 - 29)) },
    Window { platform: Platform::S1B, from: date!(2016 - 04 - 25), until: Some(date!(2021 - 12 - 23)) },
    Window { platform: Platform::S1C, from: date!(2025 - 03 - 26), until: None },
    Window { platform: Platform::S1D, from: date!(2026 - 04 - 14), until: None },
];

/// Why the engine cannot process an acquisition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// The engine does not know the satellite.
    #[error("{NAME} {VERSION} cannot process {0}: leave its dates out")]
    Platform(Platform),
    /// The engine does not know the satellite on that day.
    #[error("{NAME} {VERSION} cannot process {platform} on {day}: leave that date out")]
    Day {
        /// Satellite.
        platform: Platform,
        /// Day of the acquisition.
        day: Date,
    },
}

/// Whether the pinned engine can process what `platform` took on `day`.
///
/// An unknown platform is let through: the engine itself names the reason if it cannot.
pub fn can_process(platform: Option<&Platform>, day: Date) -> Result<(), GateError> {
    let Some(platform) = platform else { return Ok(()) };
    let Some(window) = WINDOWS.iter().find(|w| &w.platform == platform) else {
        return Err(GateError::Platform(platform.clone()));
    };
    if day < window.from || window.until.is_some_and(|until| day > until) {
        return Err(GateError::Day { platform: platform.clone(), day });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_names_what_it_refuses() {
        let day = date!(2026 - 07 - 01);
        assert!(can_process(Some(&Platform::S1D), day).is_ok());
        assert!(can_process(None, day).is_ok());
        let error = can_process(Some(&Platform::from("SENTINEL-1E")), day).unwrap_err().to_string();
        assert!(error.contains("SENTINEL-1E") && error.contains("leave its dates out"), "{error}");
        let error = can_process(Some(&Platform::S1B), day).unwrap_err().to_string();
        assert!(error.contains("SENTINEL-1B on 2026-07-01"), "{error}");
    }
}
