//! What the page needs to know before it does anything.

use domain::{
    access::{self, Action, Decision, Repository, Subject},
    api::{Account, Config, Engine, Limits, Permission, Sharing},
    engine,
    launch::MAX_PAIRS_PER_RUN,
    problem::Problem,
};

use crate::{ports::World, visitor::Door};

/// The configuration for this visitor.
pub async fn config<W: World>(door: &Door<'_, W>) -> Result<Config, Problem> {
    let visitor = door.visitor().await?;
    let repository = door.repository().await?;
    let may = |action: Action| access::may(&visitor, &action, &repository);
    let sees = may(Action::Look(Subject::Everything)) == Decision::Yes || !visitor.links.is_empty();
    let account = visitor.member.as_ref().map(|member| Account {
        login: member.login.clone(),
        role: member.role,
        administers: may(Action::Administer) == Decision::Yes,
    });
    Ok(Config {
        repository: sees.then(|| door.settings.repository_for_page()),
        catalogue: door.settings.page.catalogue.to_string(),
        tiles: door.settings.page.tiles.clone(),
        limits: Limits { pairs_per_run: MAX_PAIRS_PER_RUN, concurrent_jobs: door.settings.concurrent_jobs },
        account,
        sharing: sharing(&repository, may(Action::Share)),
        simulated: door.settings.simulated,
        engine: Engine { name: engine::NAME.to_owned(), version: engine::VERSION.to_owned() },
        may_launch: permission(may(Action::Launch)),
    })
}

fn permission(decision: Decision) -> Permission {
    match decision {
        Decision::Yes => Permission { allowed: true, reason: None },
        Decision::SignIn(reason) | Decision::No(reason) => {
            Permission { allowed: false, reason: Some(reason.to_owned()) }
        }
    }
}

fn sharing(repository: &Repository, share: Decision) -> Sharing {
    match share {
        _ if repository.public => Sharing::Address,
        Decision::Yes => Sharing::Link,
        Decision::SignIn(reason) | Decision::No(reason) => Sharing::Nobody { reason: reason.to_owned() },
    }
}
