//! Whoever asks for a placement or a study, as they are stored.

use chrono::{DateTime, NaiveDate, Utc};
use subtle::ConstantTimeEq;

use super::error::PartnerError;
use crate::accounts::Actor;
use crate::store::{Conn, StoreError};
use crate::{ApplicantId, Locale, PlacementId, WorkshopId, params, stored_enum};

stored_enum! {
    pub enum ApplicantKind { Placement = "placement", Study = "study" }
}

stored_enum! {
    pub enum ApplicantState {
        /// The workshop has not answered.
        New = "new",
        /// To talk, or to come and see.
        Invited = "invited",
        Accepted = "accepted",
        Declined = "declined",
        /// By themselves, or because time forgot them.
        Withdrawn = "withdrawn",
    }
}

impl ApplicantState {
    /// Whether something is still to come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, ApplicantState::New | ApplicantState::Invited)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Applicant {
    pub id: ApplicantId,
    pub kind: ApplicantKind,
    pub workshop_id: WorkshopId,
    pub placement_id: Option<PlacementId>,
    /// Whoever has the link with it is the applicant.
    pub secret: String,
    pub state: ApplicantState,
    pub locale: Locale,
    pub name: String,
    /// Empty once they were forgotten.
    pub email: String,
    pub organisation: String,
    /// Of a study.
    pub topic: String,
    pub words: String,
    /// The workshop's last words.
    pub reply: String,
    pub changed_on: NaiveDate,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

/// One; whoever asks has been asked who they are.
pub(crate) async fn by_id(
    conn: &mut Conn,
    id: ApplicantId,
) -> Result<Option<Applicant>, StoreError> {
    conn.fetch_optional("SELECT * FROM applicant WHERE id = $1", params![id]).await
}

/// One, for the owners of the workshop.
pub async fn applicant(
    conn: &mut Conn,
    actor: &Actor,
    id: ApplicantId,
) -> Result<Applicant, PartnerError> {
    let found = by_id(conn, id).await?.ok_or(PartnerError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    Ok(found)
}

/// The applicant whom a link is of: id and secret must both be right.
pub async fn applicant_by_secret(
    conn: &mut Conn,
    id: ApplicantId,
    secret: &str,
) -> Result<Option<Applicant>, StoreError> {
    let found = by_id(conn, id).await?;
    Ok(found.filter(|it| it.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// Those who wait for an answer first, then the latest.
const IN_ORDER: &str = "ORDER BY CASE state WHEN 'new' THEN 0 WHEN 'invited' THEN 1 \
     WHEN 'accepted' THEN 2 ELSE 3 END, created_at DESC, id";

/// Who applied for a placement, for the owners of its workshop.
pub async fn applicants_of_placement(
    conn: &mut Conn,
    actor: &Actor,
    (workshop, placement): (WorkshopId, PlacementId),
) -> Result<Vec<Applicant>, PartnerError> {
    actor.must_own(workshop)?;
    let sql =
        format!("SELECT * FROM applicant WHERE workshop_id = $1 AND placement_id = $2 {IN_ORDER}");
    Ok(conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop, placement]).await?)
}

/// Researchers who asked, for the owners of the workshop.
pub async fn researchers_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Applicant>, PartnerError> {
    actor.must_own(workshop)?;
    let sql =
        format!("SELECT * FROM applicant WHERE workshop_id = $1 AND kind = 'study' {IN_ORDER}");
    Ok(conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop]).await?)
}
