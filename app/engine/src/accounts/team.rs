//! The people of a workshop: asked by an owner, removed by an owner, never without one.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::people::PersonRow;
use super::{AccountError, Actor, Forbidden, Role, audit, link, people};
use crate::email::Email;
use crate::mail::{Letter, outbox};
use crate::store::{Conn, StoreError, Tx};
use crate::{LetterId, Locale, PersonId, WorkshopId, params};

#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("a workshop keeps at least one owner")]
    LastOwner,
    #[error("this person is not of the workshop")]
    NotAMember,
}

impl From<StoreError> for TeamError {
    fn from(error: StoreError) -> Self {
        TeamError::Account(error.into())
    }
}

impl From<Forbidden> for TeamError {
    fn from(error: Forbidden) -> Self {
        TeamError::Account(error.into())
    }
}

/// A person of a workshop, as its owner's page lists them.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// None for somebody who never signed in, or signed out since.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Everybody of a workshop, owners first.
pub async fn members(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Member>, TeamError> {
    actor.must_serve(workshop)?;
    let members = conn
        .fetch_all(
            "SELECT person.id AS person_id, person.name, person.email, membership.role, \
             (SELECT MAX(session.last_seen_at) FROM session \
              WHERE session.person_id = person.id) AS last_seen_at \
             FROM membership JOIN person ON person.id = membership.person_id \
             WHERE membership.workshop_id = $1 ORDER BY membership.role, person.name, person.id",
            params![workshop],
        )
        .await?;
    Ok(members)
}

#[derive(Debug, Clone)]
pub struct Invite {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub email: Email,
    /// Used for a person who is new; who is known keeps their own name.
    pub name: String,
    pub role: Role,
    pub locale: Locale,
}

/// Adds a person to a workshop, or changes their role, and mails them a link to sign in.
pub async fn invite(tx: &mut Tx, command: Invite) -> Result<PersonId, TeamError> {
    command.actor.must_own(command.workshop)?;
    let name = people::checked_name(&command.name)?;
    let email = command.email.to_string();
    let person = people::ensure_person_in(tx, &email, &name, command.locale).await?;
    if command.role == Role::Staff {
        keep_an_owner(tx, command.workshop, person).await?;
    }
    people::grant(tx, person, command.workshop, command.role).await?;
    let row = PersonRow::by_id(tx, person).await?.ok_or(Forbidden)?;
    let token = link::make(tx, person, link::INVITATION_LIFE).await?;
    let letter = outbox::Envelope {
        event_key: format!("{}:{}", Letter::Invitation, LetterId::new(tx.now())),
        letter: Letter::Invitation,
        recipient: row.email,
        recipient_name: row.name,
        locale: row.locale,
        payload: json!({ "token": token, "role": command.role }),
        booking_id: None,
        workshop_id: Some(command.workshop),
    };
    outbox::post(tx, letter).await?;
    let detail = json!({ "person": person, "role": command.role });
    audit::record(tx, &command.actor, "team.invite", person, Some(command.workshop), detail)
        .await?;
    Ok(person)
}

#[derive(Debug, Clone)]
pub struct ChangeRole {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub person: PersonId,
    pub role: Role,
}

/// Makes a member an owner or staff; the last owner stays one.
pub async fn change_role(tx: &mut Tx, command: ChangeRole) -> Result<(), TeamError> {
    command.actor.must_own(command.workshop)?;
    if command.role == Role::Staff {
        keep_an_owner(tx, command.workshop, command.person).await?;
    }
    let changed = tx
        .execute(
            "UPDATE membership SET role = $3 WHERE workshop_id = $1 AND person_id = $2",
            params![command.workshop, command.person, command.role],
        )
        .await?;
    if changed == 0 {
        return Err(TeamError::NotAMember);
    }
    let detail = json!({ "person": command.person, "role": command.role });
    let workshop = Some(command.workshop);
    audit::record(tx, &command.actor, "team.role", command.person, workshop, detail).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Remove {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub person: PersonId,
}

/// Takes a person off a workshop's team. Their sessions stay, and see one workshop less.
pub async fn remove(tx: &mut Tx, command: Remove) -> Result<(), TeamError> {
    command.actor.must_own(command.workshop)?;
    keep_an_owner(tx, command.workshop, command.person).await?;
    let removed = tx
        .execute(
            "DELETE FROM membership WHERE workshop_id = $1 AND person_id = $2",
            params![command.workshop, command.person],
        )
        .await?;
    if removed == 0 {
        return Err(TeamError::NotAMember);
    }
    let detail = json!({ "person": command.person });
    audit::record(
        tx,
        &command.actor,
        "team.remove",
        command.person,
        Some(command.workshop),
        detail,
    )
    .await?;
    Ok(())
}

/// Refuses when `leaving` is the only owner. Writing the owners' rows locks them, so that two
/// owners who remove each other at the same moment do not both succeed.
async fn keep_an_owner(
    tx: &mut Tx,
    workshop: WorkshopId,
    leaving: PersonId,
) -> Result<(), TeamError> {
    let owners: Vec<(PersonId,)> = tx
        .fetch_all(
            "UPDATE membership SET role = role WHERE workshop_id = $1 AND role = 'owner' \
             RETURNING person_id",
            params![workshop],
        )
        .await?;
    if owners == [(leaving,)] { Err(TeamError::LastOwner) } else { Ok(()) }
}
