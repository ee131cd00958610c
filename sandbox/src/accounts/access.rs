//! Who may do what: one pure decision, which the door asks before every route.

use domain::access::Role;

use super::{
    people::{Person, with_public},
    permissions::{Level, Permissions},
};

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody known.
    #[default]
    Anonymous,
    /// A person.
    Person {
        /// Who.
        person: &'static Person,
        /// What the app may do through which they signed in; a person's own token has no such bounds.
        through: Option<Permissions>,
    },
    /// The app in the repository, with what its token may do.
    Installation(Permissions),
    /// The app as itself, by a signed assertion: it may ask for its tokens, and no more.
    App,
    /// The app by its client id and secret: it may check and revoke tokens, and no more.
    Client,
}

/// What a route needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing, or what the route asks for itself.
    Nothing,
    /// Looking at something that is public where the repository is.
    Look(Area),
    /// Logs and artifacts, for which GitHub wants a credential everywhere.
    Fetch,
    /// Starting, stopping, deleting, switching.
    Change,
    /// The collaborators.
    Collaborators,
}

/// A part of the repository, in the words of app permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Runs and all that belongs to them.
    Actions,
    /// Files.
    Contents,
    /// The repository itself.
    Metadata,
}

/// Why not, in GitHub's order of checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The repository must not be known to the visitor.
    NotFound,
    /// It takes a credential.
    RequiresAuthentication,
    /// The app's permissions do not reach.
    NotAccessibleByIntegration,
    /// The person's role does not reach for a change.
    MustHaveAdminRights,
    /// The person's role does not reach for the collaborators.
    MustHavePushAccess,
}

/// What the route at `path`, as the door writes it (`/r/…` is the repository), needs.
pub fn need(method: &str, path: &str) -> Need {
    if path == "/p" || path.starts_with("/p/") {
        return Need::Look(Area::Actions);
    }
    let Some(rest) = path.strip_prefix("/r") else { return Need::Nothing };
    if rest == "/installation" {
        return Need::Nothing;
    }
    if !matches!(method, "GET" | "HEAD") {
        return Need::Change;
    }
    if rest.starts_with("/collaborators/") {
        Need::Collaborators
    } else if rest.starts_with("/contents/") {
        Need::Look(Area::Contents)
    } else if rest.starts_with("/actions/") || rest.starts_with("/check-runs/") {
        if rest.ends_with("/logs")
            || (rest.starts_with("/actions/artifacts/") && rest.matches('/').count() == 4)
        {
            Need::Fetch
        } else {
            Need::Look(Area::Actions)
        }
    } else {
        Need::Look(Area::Metadata)
    }
}

/// Whether the visitor may. `role` is the person's in the repository, whatever its visibility.
pub fn decide(visitor: &Visitor, role: Role, private: bool, need: Need) -> Result<(), Refusal> {
    if need == Need::Nothing {
        return Ok(());
    }
    let permissions = match visitor {
        Visitor::Person { through, .. } => *through,
        Visitor::Installation(permissions) => Some(*permissions),
        Visitor::Anonymous | Visitor::App | Visitor::Client => None,
    };
    let role = match visitor {
        Visitor::Person { .. } => with_public(role, private),
        // An installation is bounded by its permissions alone.
        Visitor::Installation(_) => Role::Admin,
        Visitor::Anonymous | Visitor::App | Visitor::Client => with_public(Role::None, private),
    };
    if role < Role::Read {
        return Err(Refusal::NotFound);
    }
    let (area, level) = match need {
        Need::Look(area) => (area, Level::Read),
        Need::Change => (Area::Actions, Level::Write),
        Need::Fetch => (Area::Actions, Level::Read),
        Need::Collaborators | Need::Nothing => (Area::Metadata, Level::Read),
    };
    if matches!(need, Need::Look(_)) && !private {
        return Ok(());
    }
    match visitor {
        Visitor::Anonymous => return Err(Refusal::RequiresAuthentication),
        Visitor::App | Visitor::Client => return Err(Refusal::NotAccessibleByIntegration),
        Visitor::Person { .. } | Visitor::Installation(_) => {}
    }
    if permissions.is_some_and(|permissions| permissions.level(area) < level) {
        return Err(Refusal::NotAccessibleByIntegration);
    }
    match need {
        Need::Change if role < Role::Write => Err(Refusal::MustHaveAdminRights),
        Need::Collaborators if role < Role::Write => Err(Refusal::MustHavePushAccess),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::people;

    #[test]
    fn every_route_says_what_it_needs() {
        for (method, path, expected) in [
            ("GET", "/user", Need::Nothing),
            ("POST", "/graphql", Need::Nothing),
            ("GET", "/r/installation", Need::Nothing),
            ("GET", "/r", Need::Look(Area::Metadata)),
            ("GET", "/r/collaborators/writer/permission", Need::Collaborators),
            ("GET", "/r/contents/.github/workflows/a.yml", Need::Look(Area::Contents)),
            ("GET", "/r/actions/runs/1/jobs", Need::Look(Area::Actions)),
            ("HEAD", "/r/actions/runs/1/logs", Need::Fetch),
            ("GET", "/r/actions/runs/1/attempts/1/logs", Need::Fetch),
            ("GET", "/r/actions/jobs/1/logs", Need::Fetch),
            ("GET", "/r/actions/artifacts", Need::Look(Area::Actions)),
            ("GET", "/r/actions/artifacts/1", Need::Look(Area::Actions)),
            ("GET", "/r/actions/artifacts/1/zip", Need::Fetch),
            ("DELETE", "/r/actions/artifacts/1", Need::Change),
            ("PUT", "/r/actions/workflows/1/enable", Need::Change),
            ("POST", "/r/anything/new", Need::Change),
            ("GET", "/p/actions/runs/1", Need::Look(Area::Actions)),
        ] {
            assert_eq!(need(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn rights_follow_role_visibility_and_what_the_app_may_do() {
        use Refusal::{
            MustHaveAdminRights, MustHavePushAccess, NotAccessibleByIntegration, NotFound,
            RequiresAuthentication,
        };
        let all = Permissions::ALL;
        let looking = Permissions { actions: Level::Read, ..all };
        let nothing = Permissions { actions: Level::None, contents: Level::None };
        let person = |through| Visitor::Person { person: people::owner(), through };
        let (look, files) = (Need::Look(Area::Actions), Need::Look(Area::Contents));
        let (fetch, change, others) = (Need::Fetch, Need::Change, Need::Collaborators);
        for (visitor, role, private, need, expected) in [
            (Visitor::Anonymous, Role::None, false, look, Ok(())),
            (Visitor::Anonymous, Role::None, false, fetch, Err(RequiresAuthentication)),
            (Visitor::Anonymous, Role::None, false, change, Err(RequiresAuthentication)),
            (Visitor::Anonymous, Role::None, false, others, Err(RequiresAuthentication)),
            (Visitor::Anonymous, Role::None, true, look, Err(NotFound)),
            (Visitor::Anonymous, Role::None, true, change, Err(NotFound)),
            (person(None), Role::None, false, fetch, Ok(())),
            (person(None), Role::None, false, change, Err(MustHaveAdminRights)),
            (person(None), Role::None, false, others, Err(MustHavePushAccess)),
            (person(None), Role::None, true, look, Err(NotFound)),
            (person(None), Role::None, true, change, Err(NotFound)),
            (person(None), Role::Read, true, fetch, Ok(())),
            (person(None), Role::Triage, true, change, Err(MustHaveAdminRights)),
            (person(None), Role::Write, true, change, Ok(())),
            (person(None), Role::Maintain, true, others, Ok(())),
            (person(Some(all)), Role::Write, true, change, Ok(())),
            (person(Some(all)), Role::Read, true, change, Err(MustHaveAdminRights)),
            (person(Some(looking)), Role::Admin, false, change, Err(NotAccessibleByIntegration)),
            (person(Some(nothing)), Role::Admin, false, files, Ok(())),
            (person(Some(nothing)), Role::Admin, true, files, Err(NotAccessibleByIntegration)),
            (Visitor::Installation(all), Role::None, true, change, Ok(())),
            (Visitor::Installation(all), Role::None, true, others, Ok(())),
            (Visitor::Installation(looking), Role::None, true, fetch, Ok(())),
            (Visitor::Installation(looking), Role::None, true, change, Err(NotAccessibleByIntegration)),
            (Visitor::Installation(nothing), Role::None, false, look, Ok(())),
            (Visitor::Installation(nothing), Role::None, false, fetch, Err(NotAccessibleByIntegration)),
            (Visitor::App, Role::None, false, look, Ok(())),
            (Visitor::App, Role::None, false, change, Err(NotAccessibleByIntegration)),
            (Visitor::App, Role::None, true, look, Err(NotFound)),
            (Visitor::Client, Role::None, true, Need::Nothing, Ok(())),
        ] {
            let found = decide(&visitor, role, private, need);
            assert_eq!(found, expected, "{visitor:?} {role:?} private: {private} {need:?}");
        }
    }
}
