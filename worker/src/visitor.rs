//! Who asks, and whether they may: the one door of every route.

use domain::{
    access::{self, Action, Decision, Member, Repository, Role, Scope, Subject, Visitor},
    launch::{BatchId, BatchPart},
    problem::Problem,
};
use http::{HeaderMap, HeaderName, header};
use url::Url;

use crate::{
    cookies,
    errors::{self, Thing},
    github::{Accounts, GitHub, GitHubError, app_key},
    handlers,
    kept::Kept,
    ports::{Clock, Signer, World},
    records::{Ask, Records, Told},
    session::Session,
    settings::{Credential, Secret, Settings},
    share::{self, Ticket},
};

/// The door during one request.
pub struct Door<'a, W> {
    /// Settings.
    pub settings: &'a Settings,
    /// All that can be reached.
    pub world: &'a W,
    kept: &'a Kept,
    session: Option<Session>,
    tickets: Vec<Ticket>,
    now: i64,
}

impl<'a, W: World> Door<'a, W> {
    /// Reads the cookies; GitHub and the records are asked only where that decides.
    pub fn new(settings: &'a Settings, world: &'a W, kept: &'a Kept, headers: &HeaderMap) -> Self {
        let now = world.clock().now().unix();
        let session = cookies::read(headers, cookies::SESSION)
            .and_then(|sealed| Session::open(&settings.keys, sealed, now));
        let tickets = cookies::read(headers, cookies::SHARE)
            .map(|cookie| share::in_cookie(&settings.keys, cookie, now))
            .unwrap_or_default();
        let tickets = tickets.into_iter().map(|(_, ticket)| ticket).collect();
        Self { settings, world, kept, session, tickets, now }
    }

    /// Counts the token of a share link in the address as well: programs that make cards keep no cookies.
    #[must_use]
    pub fn with_token(mut self, token: Option<&str>) -> Self {
        self.tickets.extend(token.and_then(|token| Ticket::read(&self.settings.keys, token, self.now)));
        self
    }

    /// The session that the browser brought, valid or ended.
    pub const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// GitHub with the deployment's own credential.
    pub async fn reader(&self) -> Result<W::GitHub, Problem> {
        let token = match &self.settings.credential {
            Credential::Token { token, .. } => token.clone(),
            Credential::App { id, key } => match self.kept.installation(self.now) {
                Some(token) => token,
                None => self.installation(id, key).await?,
            },
        };
        self.github(&token)
    }

    /// GitHub for changing something: with the visitor's own token where there is one, so that GitHub itself decides
    /// and names who did it.
    pub async fn writer(&self) -> Result<W::GitHub, Problem> {
        match (&self.settings.credential, &self.session) {
            (Credential::Token { .. }, _) => self.reader().await,
            (Credential::App { .. }, Some(Session { token: Some(token), .. })) => self.github(token),
            (Credential::App { .. }, _) => Err(errors::sign_in_again()),
        }
    }

    fn github(&self, token: &Secret) -> Result<W::GitHub, Problem> {
        let github = self.world.github(self.settings, token);
        github.ok_or_else(errors::not_complete)
    }

    async fn installation(&self, id: &str, key: &app_key::AppKey) -> Result<Secret, Problem> {
        let unsigned = app_key::unsigned_assertion(id, self.now);
        let signature = self.world.signer().rs256(key.pkcs8(), unsigned.as_bytes()).await;
        let signature = signature.map_err(|_| errors::app_refused())?;
        let assertion = app_key::assertion(&unsigned, &signature);
        let answer = self.world.accounts(self.settings).installation(&assertion).await;
        let (token, until) = answer.map_err(|error| match error {
            GitHubError::NotFound
            | GitHubError::Unauthorized
            | GitHubError::Forbidden
            | GitHubError::Refused => errors::app_refused(),
            other => errors::from_github(other, Thing::Workflows, &self.settings.repository),
        })?;
        self.kept.keep_installation(&token, until.unix());
        Ok(token)
    }

    /// What is known of the repository, as GitHub said within the last minute.
    pub async fn repository(&self) -> Result<Repository, Problem> {
        if let Some(public) = self.kept.public(self.now) {
            return Ok(Repository { public });
        }
        let answer = self.reader().await?.repository().await;
        let answer =
            answer.map_err(|e| errors::from_github(e, Thing::Workflows, &self.settings.repository))?;
        self.kept.keep_public(!answer.private, self.now);
        Ok(Repository { public: !answer.private })
    }

    /// Whoever is signed in, with GitHub's word on them of the last minute.
    pub async fn member(&self) -> Result<Option<Member>, Problem> {
        let Some(session) = &self.session else { return Ok(None) };
        if self.ask(&Ask::IsSpent { id: session.id.clone() }).await? == Told::Yes {
            return Ok(None);
        }
        let login = session.login.clone();
        let role = match self.kept.role(&login, self.now) {
            Some(role) => role,
            None => self.role(&login).await?,
        };
        let listed = match &self.settings.credential {
            Credential::Token { launchers, .. } => launchers.has(&login),
            Credential::App { .. } => true,
        };
        Ok(Some(Member { login, role, listed }))
    }

    async fn role(&self, login: &str) -> Result<Role, Problem> {
        let role = match self.reader().await?.role(login).await {
            Ok(role) => role,
            // GitHub does not know the account here.
            Err(GitHubError::NotFound) => Role::None,
            Err(error) => {
                return Err(errors::from_github(error, Thing::Workflows, &self.settings.repository));
            }
        };
        self.kept.keep_role(login, role, self.now);
        Ok(role)
    }

    /// What the browser's share links open, without those that were revoked.
    async fn links(&self) -> Result<Vec<Scope>, Problem> {
        if self.tickets.is_empty() {
            return Ok(Vec::new());
        }
        let ids = self.tickets.iter().map(|ticket| ticket.id.clone()).collect();
        let Told::Valid(valid) = self.ask(&Ask::Valid { ids }).await? else {
            return Err(errors::no_records());
        };
        let valid = self.tickets.iter().filter(|ticket| valid.contains(&ticket.id));
        Ok(valid.map(|ticket| ticket.scope.clone()).collect())
    }

    /// The visitor, as far as anybody knows.
    pub async fn visitor(&self) -> Result<Visitor, Problem> {
        Ok(Visitor { member: self.member().await?, links: self.links().await? })
    }

    /// Lets the visitor do this, or says why not. Gives the signed-in person's name, where there is one.
    pub async fn allow(&self, action: Action) -> Result<Option<String>, Problem> {
        let repository = match action {
            // Here visibility decides; elsewhere only the account does.
            Action::Look(_) | Action::ReadLog => self.repository().await?,
            _ => Repository { public: false },
        };
        let stranger = Visitor::default();
        if access::may(&stranger, &action, &repository) == Decision::Yes {
            return Ok(None);
        }
        let visitor = self.visitor().await?;
        match access::may(&visitor, &action, &repository) {
            Decision::Yes => Ok(visitor.member.map(|member| member.login)),
            Decision::SignIn(reason) => Err(errors::sign_in_needed(reason)),
            Decision::No(reason) => Err(errors::not_allowed(reason)),
        }
    }

    /// Lets somebody change something and gives their name.
    pub async fn allow_change(&self, action: Action) -> Result<String, Problem> {
        self.allow(action).await?.ok_or_else(errors::sign_in_again)
    }

    /// Lets the visitor look at a run. GitHub is asked what batch it belongs to only where a link to a batch could
    /// open it: what nobody may see costs nothing.
    pub async fn allow_run(&self, run: u64) -> Result<(), Problem> {
        let refused = match self.allow(Action::Look(Subject::Run(run, None))).await {
            Ok(_) => return Ok(()),
            Err(refused) => refused,
        };
        if !self.tickets.iter().any(|ticket| matches!(ticket.scope, Scope::Batch(_))) {
            return Err(refused);
        }
        let github = self.reader().await?;
        let known = handlers::own_run(self.settings, &github, run).await.map_err(|_| refused)?;
        let batch = BatchPart::split_title(&known.display_title).1.map(|part| part.batch);
        self.allow(Action::Look(Subject::Run(run, batch))).await.map(|_| ())
    }

    /// Lets the visitor look at a batch.
    pub async fn allow_batch(&self, batch: &BatchId) -> Result<(), Problem> {
        self.allow(Action::Look(Subject::Batch(batch.clone()))).await.map(|_| ())
    }

    /// Lets the visitor have an artifact: that of a run that they may look at.
    pub async fn allow_artifact(&self, artifact: u64) -> Result<(), Problem> {
        let refused = match self.allow(Action::Look(Subject::Everything)).await {
            Ok(_) => return Ok(()),
            Err(refused) => refused,
        };
        if self.tickets.is_empty() {
            return Err(refused);
        }
        let known = self.reader().await?.artifact(artifact).await.map_err(|_| refused.clone())?;
        match known.workflow_run.and_then(|run| run.id) {
            Some(run) => self.allow_run(run).await,
            None => Err(refused),
        }
    }

    /// Asks the records; without them nothing is decided.
    pub async fn ask(&self, ask: &Ask) -> Result<Told, Problem> {
        match self.world.records().ask(self.world.clock().now(), ask).await {
            Ok(Told::Broken) | Err(_) => Err(errors::no_records()),
            Ok(told) => Ok(told),
        }
    }
}

/// Lets a change come only from this deployment's own page: its origin, sent by itself, as JSON. A form of another site
/// can say none of that, and its script is not allowed to.
pub fn own_page(headers: &HeaderMap, origin: &str) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let same_site = text(HeaderName::from_static("sec-fetch-site")).is_none_or(|site| site == "same-origin");
    match text(header::ORIGIN) {
        Some(own) if own == origin && same_site => declared_as_json(headers),
        Some(_) => Err(errors::other_site()),
        None => Err(errors::no_origin(origin)),
    }
}

fn declared_as_json(headers: &HeaderMap) -> Result<(), Problem> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"));
    if declared { Ok(()) } else { Err(errors::not_declared_as_json()) }
}

/// By what a visitor is counted: the network address that Cloudflare saw. Elsewhere there is no such header that could
/// be believed, and all visitors share one allowance.
pub fn counted_as(headers: &HeaderMap, settings: &Settings, address: &Url) -> String {
    let behind_cloudflare = settings.origin.is_some() && !crate::origins::is_loopback(address);
    let told = headers.get("cf-connecting-ip").and_then(|value| value.to_str().ok());
    told.filter(|_| behind_cloudflare).unwrap_or("here").to_owned()
}
