//! A co-op asks a workshop, and the workshop answers.

use serde_json::json;

use super::found::in_another;
use super::letters::{self, News};
use super::{
    Coop, CoopError, Member, MemberRole, MemberState, members, membership_of, must_manage, read,
};
use crate::accounts::{Actor, audit};
use crate::resource;
use crate::store::{StoreError, Tx};
use crate::{CoopId, MemberId, WorkshopId, columns, params};

#[derive(Debug, Clone)]
pub struct Invite {
    pub actor: Actor,
    pub coop: CoopId,
    pub workshop: WorkshopId,
}

/// Asks a workshop to join, and writes to its owners. It becomes a member by its own answer.
pub async fn invite(tx: &mut Tx, command: Invite) -> Result<MemberId, CoopError> {
    let Invite { actor, coop, workshop } = command;
    let coop = read::lock(tx, coop).await?;
    must_manage(tx, &actor, coop.id).await?;
    if members(tx, coop.id).await?.is_empty() {
        return Err(CoopError::Ended);
    }
    let known: Option<(WorkshopId,)> =
        tx.fetch_optional("SELECT id FROM workshop WHERE id = $1", params![workshop]).await?;
    known.ok_or(CoopError::Unknown)?;
    match membership_of(tx, workshop).await? {
        Some(member) if member.coop_id == coop.id => return Err(CoopError::AlreadyMember),
        Some(_) => return Err(CoopError::InAnother),
        None => {}
    }
    let id = MemberId::new(tx.now());
    let asked = columns! {
        id: id,
        coop_id: coop.id,
        workshop_id: workshop,
        role: MemberRole::Member,
        state: MemberState::Invited,
        invited_at: tx.now(),
    };
    if !tx.insert_if_new("coop_member", asked).await? {
        return Err(CoopError::AlreadyInvited);
    }
    letters::invite(tx, id, workshop).await?;
    let detail = json!({ "workshop": workshop });
    audit::record(tx, &actor, "coop.invite", coop.id, Some(workshop), detail).await?;
    Ok(id)
}

/// An answer to an invitation, by either side.
#[derive(Debug, Clone)]
pub struct Answer {
    pub actor: Actor,
    /// The membership that the invitation began.
    pub member: MemberId,
}

/// The workshop joins. It works in one co-op at a time: it leaves another one first.
pub async fn accept(tx: &mut Tx, command: Answer) -> Result<Coop, CoopError> {
    let Answer { actor, member } = command;
    let (member, coop) = open(tx, member).await?;
    actor.must_own(member.workshop_id)?;
    if members(tx, coop.id).await?.is_empty() {
        return Err(CoopError::Ended);
    }
    tx.update_one(
        "coop_member",
        columns! { state: MemberState::Active, joined_at: tx.now() },
        columns! { id: member.id },
    )
    .await
    .map_err(in_another)?;
    resource::membership_changed(tx, member.workshop_id).await?;
    letters::to_managers(tx, &member, News::Accepted).await?;
    note(tx, &actor, "coop.accept", &member).await?;
    Ok(coop)
}

/// The workshop says no; it may be asked again.
pub async fn decline(tx: &mut Tx, command: Answer) -> Result<(), CoopError> {
    let Answer { actor, member } = command;
    let (member, _) = open(tx, member).await?;
    actor.must_own(member.workshop_id)?;
    end(tx, &member, MemberState::Declined).await?;
    letters::to_managers(tx, &member, News::Declined).await?;
    note(tx, &actor, "coop.decline", &member).await?;
    Ok(())
}

/// The co-op takes an invitation back. Its letter, if it waits still, is not sent.
pub async fn withdraw(tx: &mut Tx, command: Answer) -> Result<(), CoopError> {
    let Answer { actor, member } = command;
    let (member, coop) = open(tx, member).await?;
    must_manage(tx, &actor, coop.id).await?;
    end(tx, &member, MemberState::Withdrawn).await?;
    note(tx, &actor, "coop.withdraw", &member).await?;
    Ok(())
}

/// The invitation, while nobody has answered it.
async fn open(tx: &mut Tx, member: MemberId) -> Result<(Member, Coop), CoopError> {
    let (member, coop) = read::lock_of(tx, member).await?;
    if member.state == MemberState::Invited { Ok((member, coop)) } else { Err(CoopError::Answered) }
}

pub(super) async fn end(
    tx: &mut Tx,
    member: &Member,
    state: MemberState,
) -> Result<(), StoreError> {
    let ended = columns! { state: state, ended_at: tx.now() };
    tx.update_one("coop_member", ended, columns! { id: member.id }).await
}

pub(super) async fn note(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    member: &Member,
) -> Result<(), StoreError> {
    let detail = json!({ "workshop": member.workshop_id });
    audit::record(tx, actor, verb, member.coop_id, Some(member.workshop_id), detail).await
}
