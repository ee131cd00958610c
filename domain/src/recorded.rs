//! The recorded data of the tests, which lies beside the repository and may be missing.

/// The recorded answer `../shared/data/asf/NAME` as JSON; says so and gives nothing where it is not there.
pub(crate) fn json(name: &str) -> Option<serde_json::Value> {
    let text = text(&format!("asf/{name}"))?;
    Some(serde_json::from_str(&text).unwrap())
}

/// A recorded file below `../shared/data`.
pub(crate) fn text(name: &str) -> Option<String> {
    let path = format!("{}/../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        println!("left out: the recorded {name} is not there");
    }
    text
}
