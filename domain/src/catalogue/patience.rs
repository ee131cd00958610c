//! How patient to be with a catalogue that is busy: the same for everyone who asks it.

/// How often a page is asked for before giving up.
pub const ATTEMPTS: u32 = 5;
/// Seconds before the second attempt; each further one waits twice as long.
const WAIT: u32 = 2;
/// The longest wait that an answer may ask for, in seconds.
const LONGEST: u32 = 120;

/// Whether an answer may be better a little later: the catalogue is busy (429) or ill (500 and above), or none came.
pub const fn may_improve(status: Option<u16>) -> bool {
    matches!(status, None | Some(408 | 429 | 500..))
}

/// Seconds to wait after an attempt, counted from 0, that ended with a status or without an answer, before the next
/// one; `None` where another makes no sense. `asked` is what the answer's `Retry-After` says.
pub fn wait_after(attempt: u32, status: Option<u16>, asked: Option<u32>) -> Option<u32> {
    (attempt + 1 < ATTEMPTS && may_improve(status)).then(|| asked.unwrap_or(WAIT << attempt).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_get_better_is_asked_again_later_and_later_and_not_for_ever() {
        let waits: Vec<_> = (0..6).map(|attempt| wait_after(attempt, Some(503), None)).collect();
        assert_eq!(waits, [Some(2), Some(4), Some(8), Some(16), None, None]);
        assert_eq!(wait_after(0, Some(429), Some(7)), Some(7));
        assert_eq!(wait_after(0, Some(429), Some(86_400)), Some(120));
        assert_eq!(wait_after(0, None, None), Some(2));
        for status in [200, 400, 401, 404] {
            assert_eq!(wait_after(0, Some(status), None), None, "{status}");
        }
    }
}
