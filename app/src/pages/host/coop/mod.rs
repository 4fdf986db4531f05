//! The co-op a workshop works in: members, invitations, what the others offer. A workshop that
//! works alone sees who asks it, and how to found one.

mod asked;
pub mod circle;
pub mod edit;
mod home;
pub mod invite;
mod offers;
pub mod overflow;
pub mod part;
mod ring;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::coop::{
    self, Answer, Coop, CoopError, Member, MemberRole, SetRole, accept, decline, set_role, withdraw,
};
use engine::store::Conn;
use engine::{Locale, MemberId};

use super::frame::{Desk, at, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::coop as t;

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    home::answer(&app, &visit, &desk, Problems::default()).await
}

/// The forms of the page: `act` says which, `member` about which membership.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let member: MemberId = form.text("member").parse().map_err(|_| PageError::NotFound)?;
    let actor = visit.actor.clone();
    let answer = Answer { actor: actor.clone(), member };
    let done = match form.text("act") {
        "accept" => {
            asked_here(&app, &desk, member).await?;
            let done = app.store.write("accept", answer, |tx, c| Box::pin(accept(tx, c))).await;
            done.map(|_| "accepted")
        }
        "decline" => {
            asked_here(&app, &desk, member).await?;
            let done = app.store.write("decline", answer, |tx, c| Box::pin(decline(tx, c))).await;
            done.map(|()| "declined")
        }
        "withdraw" => {
            of_ours(&app, &desk, member).await?;
            let done = app.store.write("withdraw", answer, |tx, c| Box::pin(withdraw(tx, c))).await;
            done.map(|()| "withdrawn")
        }
        "role" => {
            of_ours(&app, &desk, member).await?;
            let role = MemberRole::parse(form.text("role")).ok_or(PageError::Invalid)?;
            let command = SetRole { actor, member, role };
            let done = app.store.write("role", command, |tx, c| Box::pin(set_role(tx, c))).await;
            done.map(|()| "role")
        }
        _ => return Err(PageError::Invalid),
    };
    match done {
        Ok(news) => Ok(see(&format!("{}?done={news}", at(&visit, desk.workshop()?, "/coop")))),
        Err(error) => {
            let mut problems = Problems::default();
            problems.add(anchor(member), trouble(visit.locale, error)?);
            home::answer(&app, &visit, &desk, problems).await
        }
    }
}

/// Where the page tells what stands against a membership's change.
fn anchor(member: MemberId) -> String {
    format!("m-{member}")
}

/// The invitation must be this workshop's: another's is not found.
async fn asked_here(app: &App, desk: &Desk, member: MemberId) -> Result<(), PageError> {
    let found = coop::invitation(&mut app.store.read().await?, member).await?;
    let here = found.is_some_and(|asked| asked.member.workshop_id == desk.id());
    if here { Ok(()) } else { Err(PageError::NotFound) }
}

/// The membership, which must be of this workshop's co-op, and the co-op.
async fn of_ours(app: &App, desk: &Desk, member: MemberId) -> Result<(Member, Coop), PageError> {
    let mut conn = app.store.read().await?;
    let coop = coop::of_workshop(&mut conn, desk.id()).await?.ok_or(PageError::NotFound)?;
    let found = coop::invitation(&mut conn, member).await?;
    let ours = found.filter(|asked| asked.coop.id == coop.id).ok_or(PageError::NotFound)?;
    Ok((ours.member, coop))
}

/// The workshop's co-op; pages that need one are not found without.
async fn ours(conn: &mut Conn, desk: &Desk) -> Result<Coop, PageError> {
    coop::of_workshop(conn, desk.id()).await?.ok_or(PageError::NotFound)
}

/// The same for pages that only managers see.
async fn managed(conn: &mut Conn, visit: &Visit, desk: &Desk) -> Result<Coop, PageError> {
    may_manage(conn, visit, desk).await?.ok_or(PageError::NotFound)
}

/// The workshop's co-op, if the visitor manages it.
pub(super) async fn may_manage(
    conn: &mut Conn,
    visit: &Visit,
    desk: &Desk,
) -> Result<Option<Coop>, PageError> {
    let Some(coop) = coop::of_workshop(conn, desk.id()).await? else { return Ok(None) };
    match coop::must_manage(conn, &visit.actor, coop.id).await {
        Ok(()) => Ok(Some(coop)),
        Err(CoopError::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

/// What may not be seen is not found.
fn closed(error: CoopError) -> PageError {
    match error {
        CoopError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// The message for the owner; an error that is none of theirs ends the request.
fn trouble(locale: Locale, error: CoopError) -> Result<&'static str, PageError> {
    match error {
        error @ (CoopError::Store(_) | CoopError::Forbidden(_) | CoopError::Unknown) => {
            Err(closed(error))
        }
        CoopError::Fields(_) => Err(PageError::Invalid),
        CoopError::InAnother => Ok(t::e_in_another(locale)),
        CoopError::AlreadyMember => Ok(t::e_already_member(locale)),
        CoopError::AlreadyInvited => Ok(t::e_already_invited(locale)),
        CoopError::Answered => Ok(t::e_answered(locale)),
        CoopError::LastManager => Ok(t::e_last_manager(locale)),
        CoopError::Ended => Ok(t::e_ended(locale)),
        CoopError::CountsOnResources { .. } => Ok(t::e_counts_on_resources(locale)),
    }
}
