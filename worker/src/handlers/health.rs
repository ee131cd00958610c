//! What is missing.

use domain::api::Health;

/// Whether everything that a launch needs is set, without a word of what it is set to.
pub fn health(missing: Option<&[String]>) -> Health {
    let missing = missing.unwrap_or_default().to_vec();
    Health { ok: missing.is_empty(), missing }
}
