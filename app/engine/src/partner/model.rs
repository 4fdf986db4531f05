//! A partner as it is stored, and who may read what of it.

use chrono::{DateTime, NaiveDate, Utc};
use subtle::ConstantTimeEq;

use super::error::PartnerError;
use super::keeper::Keeper;
use crate::accounts::Actor;
use crate::store::{Conn, StoreError};
use crate::{CoopId, Locale, PartnerId, WorkshopId, params, stored_enum};

stored_enum! {
    pub enum PartnerKind { School = "school", Designer = "designer", Institute = "institute" }
}

stored_enum! {
    pub enum PartnerState {
        /// The house named it; it has not answered.
        Asked = "asked",
        /// Shown to guests.
        Agreed = "agreed",
        Declined = "declined",
        /// One of the two parted.
        Ended = "ended",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Partner {
    pub id: PartnerId,
    pub workshop_id: Option<WorkshopId>,
    pub coop_id: Option<CoopId>,
    pub kind: PartnerKind,
    pub name: String,
    pub city: String,
    /// With its scheme; may be empty.
    pub web: String,
    pub since: NaiveDate,
    /// Never shown; empty once the two parted.
    pub contact: String,
    pub email: String,
    pub locale: Locale,
    pub state: PartnerState,
    /// Whoever has the link with it answers.
    pub secret: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
}

impl Partner {
    pub fn keeper(&self) -> Result<Keeper, PartnerError> {
        Keeper::of(self.workshop_id, self.coop_id)
    }
}

pub(crate) async fn by_id(conn: &mut Conn, id: PartnerId) -> Result<Option<Partner>, StoreError> {
    conn.fetch_optional("SELECT * FROM partner WHERE id = $1", params![id]).await
}

/// One, for whoever keeps it.
pub async fn partner(
    conn: &mut Conn,
    actor: &Actor,
    id: PartnerId,
) -> Result<Partner, PartnerError> {
    let found = by_id(conn, id).await?.ok_or(PartnerError::Unknown)?;
    found.keeper()?.must_keep(conn, actor).await?;
    Ok(found)
}

/// The partner that a link opens: id and secret must both be right.
pub async fn partner_by_secret(
    conn: &mut Conn,
    id: PartnerId,
    secret: &str,
) -> Result<Option<Partner>, StoreError> {
    let found = by_id(conn, id).await?;
    Ok(found.filter(|partner| partner.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// All of a workshop or co-op, those that agreed first; for whoever keeps them.
pub async fn partners_of(
    conn: &mut Conn,
    actor: &Actor,
    keeper: Keeper,
) -> Result<Vec<Partner>, PartnerError> {
    keeper.must_keep(conn, actor).await?;
    let all = conn
        .fetch_all(
            "SELECT * FROM partner WHERE workshop_id = $1 OR coop_id = $2 \
             ORDER BY CASE state WHEN 'agreed' THEN 0 WHEN 'asked' THEN 1 ELSE 2 END, name, id",
            params![keeper.workshop(), keeper.coop()],
        )
        .await?;
    Ok(all)
}

/// Those that guests see: of a workshop with those of its co-op.
pub async fn shown_partners(
    conn: &mut Conn,
    workshop: Option<WorkshopId>,
    coop: Option<CoopId>,
) -> Result<Vec<Partner>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM partner WHERE (workshop_id = $1 OR coop_id = $2) AND state = 'agreed' \
         ORDER BY since, name, id",
        params![workshop, coop],
    )
    .await
}
