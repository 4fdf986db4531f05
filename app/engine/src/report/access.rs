//! Who sees which report: the office all, the people of a village's administration that village alone.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::ReportError;
use crate::accounts::{Actor, Forbidden, audit, invite_to_village};
use crate::email::Email;
use crate::store::{Conn, StoreError, Tx};
use crate::{Locale, PersonId, VillageId, params};

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    City,
    Village(VillageId),
}

impl Scope {
    pub const fn village(self) -> Option<VillageId> {
        match self {
            Scope::City => None,
            Scope::Village(village) => Some(village),
        }
    }
}

/// The villages whose reports a person sees because the office said so.
pub async fn villages_of(conn: &mut Conn, actor: &Actor) -> Result<Vec<VillageId>, StoreError> {
    let Actor::Person(person) = actor else { return Ok(vec![]) };
    let rows: Vec<(VillageId,)> = conn
        .fetch_all(
            "SELECT village_id FROM village_member WHERE person_id = $1 ORDER BY since, village_id",
            params![person.id],
        )
        .await?;
    Ok(rows.into_iter().map(|(village,)| village).collect())
}

/// Refuses who may not see the report.
pub async fn must_see(conn: &mut Conn, actor: &Actor, scope: Scope) -> Result<(), ReportError> {
    if actor.must_administer().is_ok() {
        return Ok(());
    }
    match scope {
        Scope::Village(village) if villages_of(conn, actor).await?.contains(&village) => Ok(()),
        Scope::City | Scope::Village(_) => Err(Forbidden.into()),
    }
}

/// Somebody of a village's administration.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct VillagePerson {
    pub person_id: PersonId,
    pub village_id: VillageId,
    pub name: String,
    pub email: String,
    pub since: DateTime<Utc>,
}

/// All of them; for the office.
pub async fn village_people(
    conn: &mut Conn,
    actor: &Actor,
) -> Result<Vec<VillagePerson>, ReportError> {
    actor.must_administer()?;
    let people = conn
        .fetch_all(
            "SELECT person.id AS person_id, village_member.village_id, person.name, person.email, \
             village_member.since FROM village_member \
             JOIN person ON person.id = village_member.person_id ORDER BY person.name, person.id",
            vec![],
        )
        .await?;
    Ok(people)
}

/// The office asks somebody to be of a village's administration.
#[derive(Debug, Clone)]
pub struct GiveVillage {
    pub actor: Actor,
    pub village: VillageId,
    pub email: Email,
    /// Used for a person who is new; who is known keeps their own name.
    pub name: String,
    pub locale: Locale,
}

/// Gives the village and mails a link to sign in. Doing it twice gives it once and sends a new link.
pub async fn give_village(tx: &mut Tx, command: GiveVillage) -> Result<PersonId, ReportError> {
    let GiveVillage { actor, village, email, name, locale } = command;
    actor.must_administer()?;
    let known: Option<(VillageId,)> =
        tx.fetch_optional("SELECT id FROM village WHERE id = $1", params![village]).await?;
    known.ok_or(ReportError::Unknown)?;
    let person = invite_to_village(tx, &email, &name, locale, village).await?;
    tx.execute(
        "INSERT INTO village_member (person_id, village_id, since) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id, village_id) DO NOTHING",
        params![person, village, tx.now()],
    )
    .await?;
    let detail = json!({ "village": village });
    audit::record(tx, &actor, "report.give_village", person, None, detail).await?;
    Ok(person)
}

/// The office takes the village back.
#[derive(Debug, Clone)]
pub struct TakeVillage {
    pub actor: Actor,
    pub village: VillageId,
    pub person: PersonId,
}

/// Their sessions stay, and see nothing any more.
pub async fn take_village(tx: &mut Tx, command: TakeVillage) -> Result<(), ReportError> {
    let TakeVillage { actor, village, person } = command;
    actor.must_administer()?;
    let gone = tx
        .execute(
            "DELETE FROM village_member WHERE person_id = $1 AND village_id = $2",
            params![person, village],
        )
        .await?;
    if gone == 0 {
        return Err(ReportError::Unknown);
    }
    let detail = json!({ "village": village });
    audit::record(tx, &actor, "report.take_village", person, None, detail).await?;
    Ok(())
}
