//! Why the engine failed, read from its log: a reason and a hint for people, and whether trying again may help.
//!
//! The signatures are words of hyp3-isce2 3.0 and what it stands on (hyp3lib, s1_orbits, burst2safe, dem_stitcher,
//! isce2, docker), from their sources and from reports of users.

/// Why the engine failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, in a sentence.
    pub reason: String,
    /// What a person can do, in a sentence.
    pub hint: Option<String>,
    /// Whether the same command may work a little later.
    pub passing: bool,
}

/// Words in a log and what they mean.
struct Signature {
    /// Any of these, in any case.
    words: &'static [&'static str],
    reason: &'static str,
    hint: &'static str,
    passing: bool,
}

/// In the order in which they are looked for: the more telling ones first, since a log that runs out of memory or is
/// refused a login often complains about a download as well.
const SIGNATURES: [Signature; 11] = [
    Signature {
        words: &[
            "cannot connect to the docker daemon",
            "permission denied while trying to connect to the docker",
        ],
        reason: "Docker is not running, or this user may not use it.",
        hint: "Start Docker, or set INSAR_ENGINE=local with hyp3-isce2 installed.",
        passing: false,
    },
    Signature {
        words: &["manifest unknown", "pull access denied", "invalid reference format"],
        reason: "The engine's container image does not exist under its pinned name.",
        hint: "Check IMAGE in domain/src/engine.rs.",
        passing: false,
    },
    Signature {
        words: &[
            "401 client error",
            "http 401",
            "invalid username or password",
            "earthdata credentials must be present",
            "403 client error",
            "eula",
        ],
        reason: "Earthdata Login refused the download.",
        hint: "Check the secrets EARTHDATA_USERNAME and EARTHDATA_PASSWORD, and accept the terms of use once by \
               downloading any Sentinel-1 file from ASF in a browser.",
        passing: false,
    },
    Signature {
        words: &[
            "memoryerror",
            "cannot allocate memory",
            "std::bad_alloc",
            "out of memory",
            "oom-kill",
            "oomkilled",
        ],
        reason: "The engine ran out of memory.",
        hint: "Choose more looks (20x4 needs least), or a larger runner.",
        passing: false,
    },
    Signature {
        words: &["no space left on device", "disk quota exceeded"],
        reason: "The disk is full.",
        hint: "Free space before the engine starts, or use a larger runner.",
        passing: false,
    },
    Signature {
        words: &["anti-meridian"],
        reason: "The burst crosses the antimeridian, which the engine cannot process.",
        hint: "Choose a burst to the east or west of it.",
        passing: false,
    },
    Signature {
        words: &["unknown mission id", "unknown satellite id"],
        reason: "The engine does not know this satellite.",
        hint: "Leave the dates of this satellite out, or update the engine.",
        passing: false,
    },
    Signature {
        words: &[
            "does not intersect any dem tiles",
            "nodemcoverage",
            "no dem tiles",
            "dem coverage",
            "glo_30 tiles",
        ],
        reason: "There is no elevation model for this place.",
        hint: "The Copernicus DEM leaves out open sea and a few countries: choose a burst over other land.",
        passing: false,
    },
    Signature {
        words: &[
            "orbitdownloaderror",
            "unable to find a valid orbit file",
            "failed to find orbit",
            "orbitnotfound",
        ],
        reason: "No orbit file could be had for one of the acquisitions.",
        hint: "Orbits of the last hours are not published yet: run the pair again later.",
        passing: true,
    },
    Signature {
        words: &[
            "500 server error",
            "502 server error",
            "503 server error",
            "504 server error",
            "502 bad gateway",
            "503 service",
            "504 gateway",
            "429 client error",
            "too many requests",
            "download failed too many times",
            "readtimeout",
            "connecttimeout",
            "connection reset",
            "connection aborted",
            "max retries exceeded",
            "temporary failure in name resolution",
            "remote end closed connection",
            "incompleteread",
            "tls handshake timeout",
            "i/o timeout",
            "net/http: request canceled",
        ],
        reason: "The archive did not deliver the data.",
        hint: "The archive or the network was busy: run the failed pairs again.",
        passing: true,
    },
    Signature {
        words: &["badzipfile", "not a zip file"],
        reason: "A download was not what it should have been.",
        hint: "Run the pair again; if it stays so, one of the engine's sources has moved: update the engine.",
        passing: true,
    },
];

/// What the end of a log and an exit code say.
pub fn classify(log: &str, code: Option<i32>) -> Failure {
    let lower = log.to_ascii_lowercase();
    let found = SIGNATURES.iter().find(|s| s.words.iter().any(|word| lower.contains(word)));
    if let Some(signature) = found {
        return Failure {
            reason: signature.reason.to_owned(),
            hint: Some(signature.hint.to_owned()),
            passing: signature.passing,
        };
    }
    // 137 is 128 + SIGKILL: what the kernel does to a process that takes too much memory.
    if code == Some(137) {
        return Failure {
            reason: "The engine was killed, most likely because memory ran out.".to_owned(),
            hint: Some("Choose more looks (20x4 needs least), or a larger runner.".to_owned()),
            passing: false,
        };
    }
    let ended =
        code.map_or_else(|| "was ended by a signal".to_owned(), |code| format!("ended with code {code}"));
    let reason = match last_error(log) {
        Some(line) => format!("The engine {ended}: {line}"),
        None => format!("The engine {ended} and did not say why."),
    };
    Failure { reason, hint: Some("Read the end of the log.".to_owned()), passing: false }
}

/// The last line that looks like a Python exception or an error message.
fn last_error(log: &str) -> Option<String> {
    let is_error = |line: &&str| {
        let head = line.split(':').next().unwrap_or_default();
        let exception = !head.contains(' ') && (head.ends_with("Error") || head.ends_with("Exception"));
        exception || line.to_ascii_lowercase().contains("error:")
    };
    let line = log.lines().map(str::trim).rfind(is_error)?;
    Some(line.chars().take(300).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_real_logs_are_understood() {
        let cases = [
            (
                "hyp3lib.exceptions.OrbitDownloadError: Unable to find a valid orbit file from providers: ('ESA', 'ASF')",
                "orbit",
                true,
            ),
            (
                "requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://sentinel1-burst",
                "archive",
                true,
            ),
            ("RuntimeError: Download failed too many times", "archive", true),
            (
                "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://urs",
                "Earthdata",
                false,
            ),
            ("numpy.core._exceptions._ArrayMemoryError: Unable to allocate\nMemoryError", "memory", false),
            (
                "ValueError: Products that cross the anti-meridian are not currently supported.",
                "antimeridian",
                false,
            ),
            ("zipfile.BadZipFile: File is not a zip file", "download", true),
            ("docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "Docker", false),
        ];
        for (log, part, passing) in cases {
            let failure = classify(log, Some(1));
            assert!(failure.reason.contains(part), "{log}: {}", failure.reason);
            assert_eq!(failure.passing, passing, "{log}");
            assert!(failure.hint.is_some());
        }
    }

    #[test]
    fn an_unknown_failure_is_given_in_the_engines_own_words() {
        let log = "INFO all well\nTraceback (most recent call last):\n  File x\nValueError: Reference scenes must be older\n";
        let failure = classify(log, Some(1));
        assert_eq!(
            failure.reason,
            "The engine ended with code 1: ValueError: Reference scenes must be older"
        );
        assert!(!failure.passing);
        assert!(classify("", Some(137)).reason.contains("memory"));
        assert!(classify("", None).reason.contains("signal"));
    }
}
