//! What the server told about itself.

use domain::api::Config;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::{self, Fault};

/// The server's configuration, once it has answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    answer: RwSignal<Option<Result<Config, Fault>>>,
}

impl Session {
    /// Asks the server.
    pub(crate) fn begin() -> Self {
        let session = Self { answer: RwSignal::new(None) };
        session.ask();
        session
    }

    /// Asks (again).
    pub(crate) fn ask(self) {
        spawn_local(async move { self.answer.set(Some(api::config().await)) });
    }

    /// The configuration.
    pub(crate) fn config(self) -> Option<Config> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().ok().cloned())
    }

    /// Why there is none.
    pub(crate) fn fault(self) -> Option<Fault> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().err().cloned())
    }

    /// `owner/name` of the repository, where this visitor may know it.
    pub(crate) fn repository(self) -> Option<String> {
        self.config()?.repository.map(|r| format!("{}/{}", r.owner, r.name))
    }

    /// Whether nobody is signed in.
    pub(crate) fn is_stranger(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(config)) if config.account.is_none()))
    }

    /// Whether products are modelled.
    pub(crate) fn simulated(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(config)) if config.simulated))
    }
}
