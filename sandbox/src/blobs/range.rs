//! `Range`, as far as the blob store that GitHub uses documents it: `bytes=a-b` and `bytes=a-`, one range.

/// What a `Range` header asks of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Everything; also for forms that are not understood, above all the last N bytes.
    All,
    /// From the first to the last byte, both included.
    Part(u64, u64),
    /// It begins beyond the end.
    Beyond,
}

/// Reads the header for a blob of `size` bytes.
pub(super) fn read(header: Option<&str>, size: u64) -> Asked {
    let Some((from, to)) = header.and_then(|h| h.strip_prefix("bytes=")).and_then(|h| h.split_once('-'))
    else {
        return Asked::All;
    };
    let Ok(from) = from.parse::<u64>() else { return Asked::All };
    let to = match to {
        "" => u64::MAX,
        text => match text.parse() {
            Ok(to) if to >= from => to,
            _ => return Asked::All,
        },
    };
    if from >= size { Asked::Beyond } else { Asked::Part(from, to.min(size - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_blob_store_documents_and_nothing_else() {
        for (header, asked) in [
            ("bytes=0-0", Asked::Part(0, 0)),
            ("bytes=5-", Asked::Part(5, 9)),
            ("bytes=5-500", Asked::Part(5, 9)),
            ("bytes=10-", Asked::Beyond),
            ("bytes=-3", Asked::All),
            ("bytes=4-2", Asked::All),
            ("bytes=0-1,3-4", Asked::All),
            ("items=0-1", Asked::All),
        ] {
            assert_eq!(read(Some(header), 10), asked, "{header}");
        }
        assert_eq!(read(None, 10), Asked::All);
    }
}
