//! Members: what they are, and how they go. The last manager stays while others do; when the last
//! workshop goes, the co-op stays as history.

use super::invite::{end, note};
use super::letters::{self, News};
use super::{CoopError, Member, MemberRole, MemberState, must_manage, read};
use crate::accounts::{Actor, audit};
use crate::store::{StoreError, Tx};
use crate::{MemberId, columns, credential, params, resource};

#[derive(Debug, Clone)]
pub struct SetRole {
    pub actor: Actor,
    pub member: MemberId,
    pub role: MemberRole,
}

/// Makes a member a manager, or a manager a member.
pub async fn set_role(tx: &mut Tx, command: SetRole) -> Result<(), CoopError> {
    let SetRole { actor, member, role } = command;
    let member = of_now(tx, member).await?;
    must_manage(tx, &actor, member.coop_id).await?;
    if role == MemberRole::Member && !others(tx, &member).await?.manage {
        return Err(CoopError::LastManager);
    }
    tx.update_one("coop_member", columns! { role: role }, columns! { id: member.id }).await?;
    let detail = serde_json::json!({ "workshop": member.workshop_id, "role": role });
    let workshop = Some(member.workshop_id);
    audit::record(tx, &actor, "coop.role", member.coop_id, workshop, detail).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Leave {
    pub actor: Actor,
    pub member: MemberId,
}

/// A workshop goes. Bookings and calendars are its own and stay.
pub async fn leave(tx: &mut Tx, command: Leave) -> Result<(), CoopError> {
    let Leave { actor, member } = command;
    let member = of_now(tx, member).await?;
    actor.must_own(member.workshop_id)?;
    go(tx, &member).await?;
    letters::to_managers(tx, &member, News::Left).await?;
    note(tx, &actor, "coop.leave", &member).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Remove {
    pub actor: Actor,
    pub member: MemberId,
}

/// The co-op parts from a member, and tells its owners.
pub async fn remove(tx: &mut Tx, command: Remove) -> Result<(), CoopError> {
    let Remove { actor, member } = command;
    let member = of_now(tx, member).await?;
    must_manage(tx, &actor, member.coop_id).await?;
    go(tx, &member).await?;
    letters::to_workshop(tx, &member, News::Removed).await?;
    note(tx, &actor, "coop.remove", &member).await?;
    Ok(())
}

/// The membership, while it lasts; its co-op is locked.
async fn of_now(tx: &mut Tx, member: MemberId) -> Result<Member, CoopError> {
    let (member, _) = read::lock_of(tx, member).await?;
    if member.state == MemberState::Active { Ok(member) } else { Err(CoopError::Unknown) }
}

/// Whether there are members besides one, and whether one of them manages.
struct Others {
    stay: bool,
    manage: bool,
}

async fn others(tx: &mut Tx, member: &Member) -> Result<Others, StoreError> {
    let members = read::members(tx, member.coop_id).await?;
    let mut others = members.iter().filter(|other| other.id != member.id).peekable();
    let stay = others.peek().is_some();
    Ok(Others { stay, manage: others.any(|other| other.role == MemberRole::Manager) })
}

async fn go(tx: &mut Tx, member: &Member) -> Result<(), CoopError> {
    let others = others(tx, member).await?;
    if others.stay && !others.manage {
        return Err(CoopError::LastManager);
    }
    let now = tx.now();
    let uses = resource::uses_of_others(tx, member.coop_id, member.workshop_id, now).await?;
    if uses > 0 {
        return Err(CoopError::CountsOnResources { uses });
    }
    end(tx, member, MemberState::Left).await?;
    if !others.stay {
        // Nobody is left to join.
        tx.execute(
            "UPDATE coop_member SET state = 'withdrawn', ended_at = $2 \
             WHERE coop_id = $1 AND state = 'invited'",
            params![member.coop_id, tx.now()],
        )
        .await?;
    }
    credential::left_coop(tx, member.coop_id, member.workshop_id).await?;
    resource::membership_changed(tx, member.workshop_id).await?;
    Ok(())
}
