//! Share links: making, listing and revoking them, and opening one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    access::{Action, Role, Scope},
    api::{Link, Links, MAX_LINK_DAYS, MadeLink, NewLink, Opened, Token},
    problem::{FieldError, Problem},
};
use http::StatusCode;

use crate::{
    answer::{Answer, json},
    cookies, errors,
    handlers::read_json,
    ledger,
    ports::{Chance, Clock, World},
    records::{Ask, Told},
    share::{self, Ticket},
    visitor::Door,
};

const DAY: i64 = 86_400;

/// Makes a link to a run or batch that is there.
pub async fn make<W: World>(door: &Door<'_, W>, body: &[u8]) -> Result<MadeLink, Problem> {
    let by = door.allow_change(Action::Share).await?;
    let wanted: NewLink = read_json(body, "the link")?;
    if !(1..=MAX_LINK_DAYS).contains(&wanted.days) {
        let detail =
            format!("a share link lasts from 1 to {MAX_LINK_DAYS} days: GitHub keeps artifacts no longer");
        return Err(Problem::invalid(vec![FieldError::new("days", detail)]));
    }
    exists(door, &wanted.scope).await?;
    let now = door.world.clock().now();
    let until = now.plus_seconds(i64::from(wanted.days) * DAY);
    let id = door.world.chance().bytes::<9>().map_err(|_| errors::no_records())?;
    let link = Link { id: URL_SAFE_NO_PAD.encode(id), scope: wanted.scope, by, created: now, until };
    let ticket = Ticket { id: link.id.clone(), scope: link.scope.clone(), until: until.unix() };
    let token = ticket.sign(&door.settings.keys).ok_or_else(errors::not_complete)?;
    if door.ask(&Ask::AddLink(link.clone())).await? != Told::Yes {
        return Err(errors::too_many_links());
    }
    Ok(MadeLink { path: format!("{}?share={token}", link.scope.path()), link })
}

/// A link to nothing would only show once somebody opens it.
async fn exists<W: World>(door: &Door<'_, W>, scope: &Scope) -> Result<(), Problem> {
    let github = door.reader().await?;
    match scope {
        Scope::Run(run) => super::own_run(door.settings, &github, *run).await.map(|_| ()),
        Scope::Batch(batch) => {
            let runs = ledger::runs_of(&github, batch).await;
            let runs = runs
                .map_err(|e| errors::from_github(e, errors::Thing::Workflows, &door.settings.repository))?;
            if runs.is_empty() {
                return Err(errors::not_found(format!(
                    "no run of the batch {batch} is there: check its name"
                )));
            }
            Ok(())
        }
    }
}

/// Whose links somebody sees and revokes: one's own; everyone's for those who look after the deployment.
async fn whose<W: World>(door: &Door<'_, W>) -> Result<Option<String>, Problem> {
    door.allow_change(Action::Share).await?;
    let member = door.member().await?.ok_or_else(errors::sign_in_again)?;
    Ok((member.role < Role::Maintain).then_some(member.login))
}

/// The valid links.
pub async fn list<W: World>(door: &Door<'_, W>) -> Result<Links, Problem> {
    let by = whose(door).await?;
    match door.ask(&Ask::Links { by }).await? {
        Told::Links(links) => Ok(Links { links }),
        _ => Err(errors::no_records()),
    }
}

/// Makes a link open nothing any more, at once and everywhere.
pub async fn revoke<W: World>(door: &Door<'_, W>, id: &str) -> Result<(), Problem> {
    let by = whose(door).await?;
    match door.ask(&Ask::Revoke { id: id.to_owned(), by }).await? {
        Told::Yes => Ok(()),
        _ => Err(errors::not_found("there is no such link of yours: it was revoked already, or is over")),
    }
}

/// Swaps a link's token for a cookie, so that it leaves the address bar.
pub async fn open<W: World>(
    door: &Door<'_, W>,
    body: &[u8],
    headers: &http::HeaderMap,
) -> Result<Answer, Problem> {
    let Token { token } = read_json(body, "the token")?;
    let now = door.world.clock().now();
    let keys = &door.settings.keys;
    let ticket = Ticket::read(keys, &token, now.unix()).ok_or_else(errors::link_is_over)?;
    let valid = door.ask(&Ask::Valid { ids: vec![ticket.id.clone()] }).await?;
    if valid != Told::Valid(vec![ticket.id.clone()]) {
        return Err(errors::link_is_over());
    }
    let known = cookies::read(headers, cookies::SHARE).unwrap_or_default();
    let (cookie, seconds) = share::with_one_more(keys, known, &token, now.unix());
    let until = now.plus_seconds(ticket.until - now.unix());
    let mut answer = json(StatusCode::OK, &Opened { scope: ticket.scope, until });
    cookies::keep(answer.headers_mut(), cookies::SHARE, &cookie, seconds);
    Ok(answer)
}
