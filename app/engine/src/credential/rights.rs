//! Who may claim, change and read what. The verb that acts asks here, once.

use super::claim::{Claim, OcopOf, Seat};
use super::error::{CredentialError, Field, Wrong};
use super::kind::{Kind, MarkKind};
use super::model::{Credential, CredentialState};
use super::read;
use crate::accounts::{Actor, Forbidden};
use crate::coop::{self, MemberRole};
use crate::store::{Conn, StoreError};
use crate::{CoopId, CredentialId, TourId, WorkshopId, params};

/// By which right somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// As the holder, or the office: what they say waits to be verified.
    Claims,
    /// As who owns a mark: they say themselves who may use it.
    Licenses,
}

async fn manages(conn: &mut Conn, actor: &Actor, coop: Option<CoopId>) -> Result<bool, StoreError> {
    let Some(coop) = coop else { return Ok(false) };
    Ok(coop::standing(conn, actor, coop).await? == Some(MemberRole::Manager))
}

async fn of_licence(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    coop: Option<CoopId>,
) -> Result<Right, CredentialError> {
    // An admin manages every co-op and speaks for none of them.
    let office = actor.must_administer().is_ok();
    if !office && manages(conn, actor, coop).await? {
        return Ok(Right::Licenses);
    }
    actor.must_own(workshop)?;
    Ok(Right::Claims)
}

/// May claim this.
pub(super) async fn must_claim(
    conn: &mut Conn,
    actor: &Actor,
    claim: &Claim,
) -> Result<Right, CredentialError> {
    if let Claim::Licence { workshop, mark, .. } = claim {
        let mark = licensable(conn, *mark, *workshop).await?;
        return of_licence(conn, actor, *workshop, mark.coop_id).await;
    }
    match claim.seat() {
        Seat::Workshop(workshop) => actor.must_own(workshop)?,
        Seat::Coop(coop) => coop::must_manage(conn, actor, coop).await?,
        Seat::Village(_) => actor.must_administer()?,
    }
    if let Claim::Ocop { of: OcopOf::Tour { workshop, tour, .. }, .. } = claim {
        let own: Option<(TourId,)> = conn
            .fetch_optional(
                "SELECT id FROM tour WHERE id = $1 AND workshop_id = $2",
                params![*tour, *workshop],
            )
            .await?;
        own.ok_or_else(|| CredentialError::Fields(vec![(Field::Of, Wrong::Choice)]))?;
    }
    Ok(Right::Claims)
}

/// A mark that a workshop may be licensed to use: a collective one of a co-op only by its members.
async fn licensable(
    conn: &mut Conn,
    mark: CredentialId,
    workshop: WorkshopId,
) -> Result<Credential, CredentialError> {
    let wrong = |wrong| CredentialError::Fields(vec![(Field::Mark, wrong)]);
    let found = read::by_id(conn, mark).await?.filter(|mark| {
        matches!(mark.kind, Kind::Mark(_))
            && matches!(mark.state, CredentialState::Claimed | CredentialState::Verified)
    });
    let mark = found.ok_or_else(|| wrong(Wrong::Choice))?;
    if let (Kind::Mark(MarkKind::Collective), Some(coop)) = (mark.kind, mark.coop_id) {
        let member = coop::membership_of(conn, workshop).await?;
        if member.is_none_or(|member| member.coop_id != coop) {
            return Err(wrong(Wrong::NoMember));
        }
    }
    Ok(mark)
}

/// May change what was claimed, and its papers.
pub(super) async fn must_hold(
    conn: &mut Conn,
    actor: &Actor,
    it: &Credential,
) -> Result<Right, CredentialError> {
    if actor.must_administer().is_ok() {
        return Ok(Right::Claims);
    }
    match (it.workshop_id, it.coop_id) {
        (Some(workshop), _) if it.kind == Kind::Licence => {
            of_licence(conn, actor, workshop, it.mark_coop_id).await
        }
        (Some(workshop), _) => {
            actor.must_own(workshop)?;
            Ok(Right::Claims)
        }
        (None, Some(coop)) => {
            coop::must_manage(conn, actor, coop).await?;
            Ok(Right::Claims)
        }
        (None, None) => Err(Forbidden.into()),
    }
}
