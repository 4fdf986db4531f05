//! Finding co-ops and their members. What a visitor may not see asks who reads.

use super::{Coop, CoopError, Member, must_belong};
use crate::accounts::Actor;
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, MemberId, VillageId, WorkshopId, params};

pub async fn by_id(conn: &mut Conn, coop: CoopId) -> Result<Option<Coop>, StoreError> {
    conn.fetch_optional("SELECT * FROM coop WHERE id = $1", params![coop]).await
}

/// A co-op by its address; also one that nobody is a member of any more.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Coop>, StoreError> {
    conn.fetch_optional("SELECT * FROM coop WHERE slug = $1", params![*slug]).await
}

/// The co-op in which a workshop works now.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Option<Coop>, StoreError> {
    conn.fetch_optional(
        "SELECT coop.* FROM coop JOIN coop_member ON coop_member.coop_id = coop.id \
         WHERE coop_member.workshop_id = $1 AND coop_member.state = 'active'",
        params![workshop],
    )
    .await
}

/// A workshop's membership in its co-op.
pub async fn membership_of(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Option<Member>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM coop_member WHERE workshop_id = $1 AND state = 'active'",
        params![workshop],
    )
    .await
}

/// Who works in a co-op now: managers first, then those who joined first.
pub async fn members(conn: &mut Conn, coop: CoopId) -> Result<Vec<Member>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM coop_member WHERE coop_id = $1 AND state = 'active' \
         ORDER BY CASE role WHEN 'manager' THEN 0 ELSE 1 END, joined_at, id",
        params![coop],
    )
    .await
}

/// Who worked in a co-op, the last to leave first; a workshop that came twice is there twice.
pub async fn former_members(conn: &mut Conn, coop: CoopId) -> Result<Vec<Member>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM coop_member WHERE coop_id = $1 AND state = 'left' \
         ORDER BY ended_at DESC, id DESC",
        params![coop],
    )
    .await
}

/// Workshops that a co-op asked and that have not answered, the longest waiting first.
pub async fn invitations(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
) -> Result<Vec<Member>, CoopError> {
    must_belong(conn, actor, coop).await?;
    let asked = conn
        .fetch_all(
            "SELECT * FROM coop_member WHERE coop_id = $1 AND state = 'invited' \
             ORDER BY invited_at, id",
            params![coop],
        )
        .await?;
    Ok(asked)
}

/// An invitation with the co-op that sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub member: Member,
    pub coop: Coop,
}

/// The open invitations to a workshop, for those who run it.
pub async fn invitations_to(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Asked>, CoopError> {
    actor.must_serve(workshop)?;
    let members: Vec<Member> = conn
        .fetch_all(
            "SELECT * FROM coop_member WHERE workshop_id = $1 AND state = 'invited' \
             ORDER BY invited_at, id",
            params![workshop],
        )
        .await?;
    let mut asked = Vec::new();
    for member in members {
        if let Some(coop) = by_id(conn, member.coop_id).await? {
            asked.push(Asked { member, coop });
        }
    }
    Ok(asked)
}

/// A membership in whatever state, with its co-op: what a letter tells of.
pub async fn invitation(conn: &mut Conn, member: MemberId) -> Result<Option<Asked>, StoreError> {
    let found: Option<Member> =
        conn.fetch_optional("SELECT * FROM coop_member WHERE id = $1", params![member]).await?;
    let Some(member) = found else { return Ok(None) };
    Ok(by_id(conn, member.coop_id).await?.map(|coop| Asked { member, coop }))
}

/// Co-ops with members, of which the co-op or one of the members is at home in a village.
pub async fn of_village(conn: &mut Conn, village: VillageId) -> Result<Vec<Coop>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM coop WHERE EXISTS (SELECT 1 FROM coop_member \
         JOIN workshop ON workshop.id = coop_member.workshop_id \
         WHERE coop_member.coop_id = coop.id AND coop_member.state = 'active' \
         AND (coop.village_id = $1 OR workshop.village_id = $1)) ORDER BY slug",
        params![village],
    )
    .await
}

/// All memberships that last, of all co-ops.
pub async fn memberships(conn: &mut Conn) -> Result<Vec<Member>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM coop_member WHERE state = 'active' ORDER BY coop_id, joined_at, id",
        vec![],
    )
    .await
}

/// All co-ops that have members.
pub async fn active(conn: &mut Conn) -> Result<Vec<Coop>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM coop WHERE EXISTS (SELECT 1 FROM coop_member \
         WHERE coop_member.coop_id = coop.id AND coop_member.state = 'active') ORDER BY slug",
        vec![],
    )
    .await
}

/// The co-op, its row locked until the transaction ends: its members stay as they are read next.
pub(super) async fn lock(tx: &mut Tx, coop: CoopId) -> Result<Coop, CoopError> {
    tx.fetch_optional("UPDATE coop SET slug = slug WHERE id = $1 RETURNING *", params![coop])
        .await?
        .ok_or(CoopError::Unknown)
}

/// A membership and its co-op, which is locked.
pub(super) async fn lock_of(tx: &mut Tx, member: MemberId) -> Result<(Member, Coop), CoopError> {
    let found: Option<(CoopId,)> =
        tx.fetch_optional("SELECT coop_id FROM coop_member WHERE id = $1", params![member]).await?;
    let (coop,) = found.ok_or(CoopError::Unknown)?;
    let coop = lock(tx, coop).await?;
    // Read again: it may have changed while the lock was waited for.
    let member = tx.fetch_one("SELECT * FROM coop_member WHERE id = $1", params![member]).await?;
    Ok((member, coop))
}
