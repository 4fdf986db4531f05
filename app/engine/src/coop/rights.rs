//! Who may do what in a co-op. The verb that acts asks here, once.

use super::{CoopError, MemberRole};
use crate::accounts::{Actor, Forbidden, Role};
use crate::store::{Conn, StoreError};
use crate::{CoopId, WorkshopId, params};

/// What the actor is in a co-op by the workshops they own: the higher role of several. Staff of a
/// member workshop are nothing here; an admin manages every co-op.
pub async fn standing(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
) -> Result<Option<MemberRole>, StoreError> {
    let person = match actor {
        Actor::Guest | Actor::Reseller(_) => return Ok(None),
        Actor::System => return Ok(Some(MemberRole::Manager)),
        Actor::Person(person) if person.admin => return Ok(Some(MemberRole::Manager)),
        Actor::Person(person) => person,
    };
    let members: Vec<(WorkshopId, MemberRole)> = conn
        .fetch_all(
            "SELECT workshop_id, role FROM coop_member WHERE coop_id = $1 AND state = 'active'",
            params![coop],
        )
        .await?;
    let mine: Vec<MemberRole> = members
        .into_iter()
        .filter(|(workshop, _)| person.memberships.contains(&(*workshop, Role::Owner)))
        .map(|(_, role)| role)
        .collect();
    let manager = mine.iter().copied().find(|role| *role == MemberRole::Manager);
    Ok(manager.or(mine.first().copied()))
}

/// May change the co-op, its members and what belongs to it.
pub async fn must_manage(conn: &mut Conn, actor: &Actor, coop: CoopId) -> Result<(), CoopError> {
    match standing(conn, actor, coop).await? {
        Some(MemberRole::Manager) => Ok(()),
        Some(MemberRole::Member) | None => Err(Forbidden.into()),
    }
}

/// May read the co-op's internal pages.
pub async fn must_belong(conn: &mut Conn, actor: &Actor, coop: CoopId) -> Result<(), CoopError> {
    match standing(conn, actor, coop).await? {
        Some(_) => Ok(()),
        None => Err(Forbidden.into()),
    }
}
