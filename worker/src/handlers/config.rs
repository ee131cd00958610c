//! What the page needs to know before it does anything.

use domain::{
    access::{self, Action, Decision, Visitor},
    api::{Config, Engine, Limits, Permission, SignIn},
    engine,
    launch::MAX_PAIRS_PER_RUN,
};

use crate::settings::Settings;

/// The configuration for this visitor.
pub fn config(settings: &Settings, visitor: &Visitor) -> Config {
    // Whether the repository is public never decides about launching.
    let may_launch = match access::may(visitor, Action::Launch, &access::Repository { public: false }) {
        Decision::Yes => Permission { allowed: true, reason: None },
        Decision::No(reason) => Permission { allowed: false, reason: Some(reason.to_owned()) },
    };
    Config {
        repository: settings.repository_for_page(),
        catalogue: settings.page.catalogue.to_string(),
        tiles: settings.page.tiles.clone(),
        limits: Limits { pairs_per_run: MAX_PAIRS_PER_RUN, concurrent_jobs: settings.concurrent_jobs },
        sign_in: if settings.api_is_local() { SignIn::None } else { SignIn::Github },
        simulated: settings.simulated,
        engine: Engine { name: engine::NAME.to_owned(), version: engine::VERSION.to_owned() },
        may_launch,
    }
}
