//! Who asks, and whether the request is theirs.

use domain::{
    access::{self, Action, Decision, Visitor},
    problem::Problem,
};
use http::{HeaderMap, header};
use url::Url;

use crate::{
    errors::{self, Thing},
    github::GitHub,
    origins::is_loopback,
    settings::Settings,
};

/// Who asks.
///
/// The person at this computer is known by two things: GitHub's API is on this computer, and so is the address by
/// which the Worker was reached. The second keeps out pages that had their own name resolved to 127.0.0.1.
pub fn visitor(settings: &Settings, address: &Url) -> Visitor {
    if settings.api_is_local() && is_loopback(address) { Visitor::Local } else { Visitor::Stranger }
}

/// Asks whether the visitor may do this, and GitHub about the repository only where that decides.
pub async fn allow(
    settings: &Settings,
    github: &impl GitHub,
    visitor: &Visitor,
    action: Action,
) -> Result<(), Problem> {
    let unknown = access::Repository { public: false };
    let decided_anyway =
        [false, true].map(|public| access::may(visitor, action, &access::Repository { public }));
    let repository = match decided_anyway {
        [private, public] if private == public => unknown,
        _ => {
            let answer = github.repository().await;
            let repository =
                answer.map_err(|e| errors::from_github(e, Thing::Workflows, &settings.repository))?;
            access::Repository { public: !repository.private }
        }
    };
    match access::may(visitor, action, &repository) {
        Decision::Yes => Ok(()),
        Decision::No(reason) => Err(errors::not_allowed(reason)),
    }
}

/// Refuses what another site's page sends in the visitor's name.
///
/// Browsers name the origin of every request that changes something; a program in a terminal names none.
pub fn own_origin(headers: &HeaderMap, address: &Url) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let origin_fits =
        text(header::ORIGIN).is_none_or(|origin| origin == address.origin().ascii_serialization());
    let site_fits = text(header::HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| matches!(site, "same-origin" | "none"));
    if origin_fits && site_fits { Ok(()) } else { Err(errors::other_site()) }
}

/// Refuses a body that does not say that it is JSON: a form of another site cannot say so.
pub fn declared_as_json(headers: &HeaderMap) -> Result<(), Problem> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"));
    if declared { Ok(()) } else { Err(errors::not_declared_as_json()) }
}
