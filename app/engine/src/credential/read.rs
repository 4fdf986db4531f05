//! Reading credentials. What visitors see is in [`super::show`].

use super::error::CredentialError;
use super::holder::Holder;
use super::model::Credential;
use super::rights::must_hold;
use crate::accounts::Actor;
use crate::store::{Conn, Param, StoreError};
use crate::{CredentialId, params};

/// All columns, with those of a licence's mark.
pub(super) const SELECT: &str = "SELECT credential.id, credential.kind, credential.village_id, \
     credential.coop_id, credential.workshop_id, credential.tour_id, credential.mark_id, \
     credential.subject, credential.owner, credential.stars, credential.level, \
     credential.number, credential.decision, credential.issuer, credential.year, \
     credential.filed_on, credential.renewals, credential.issued_on, credential.valid_until, \
     credential.state, credential.reason, credential.reminded, credential.version, \
     credential.created_at, credential.claimed_at, credential.decided_at, \
     mark.kind AS mark_kind, mark.subject AS mark_name, mark.number AS mark_number, \
     mark.state AS mark_state, mark.issued_on AS mark_from, mark.valid_until AS mark_until, \
     mark.coop_id AS mark_coop_id, mark.owner AS mark_owner, coop.name AS coop_name \
     FROM credential LEFT JOIN credential mark ON mark.id = credential.mark_id \
     LEFT JOIN coop ON coop.id = COALESCE(credential.coop_id, mark.coop_id)";

pub(super) async fn rows(
    conn: &mut Conn,
    rest: &str,
    params: Vec<Param>,
) -> Result<Vec<Credential>, StoreError> {
    // The texts are this module's own; every value is bound.
    conn.fetch_all(sqlx::AssertSqlSafe(format!("{SELECT} {rest}")), params).await
}

pub(crate) async fn by_id(
    conn: &mut Conn,
    id: CredentialId,
) -> Result<Option<Credential>, StoreError> {
    Ok(rows(conn, "WHERE credential.id = $1", params![id]).await?.pop())
}

pub(super) async fn by_form_key(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<Credential>, StoreError> {
    Ok(rows(conn, "WHERE credential.form_key = $1", params![*key]).await?.pop())
}

/// One, for its holder and for the office.
pub async fn find(
    conn: &mut Conn,
    actor: &Actor,
    id: CredentialId,
) -> Result<Credential, CredentialError> {
    let found = by_id(conn, id).await?.ok_or(CredentialError::Unknown)?;
    must_hold(conn, actor, &found).await?;
    Ok(found)
}

/// All that somebody verified, whether or not its time is over: what a [`super::Register`] keeps.
pub(crate) async fn standing(conn: &mut Conn) -> Result<Vec<Credential>, StoreError> {
    rows(conn, "WHERE credential.state = 'verified' ORDER BY credential.id", vec![]).await
}

/// All of a holder, in whatever state.
pub async fn of_holder(conn: &mut Conn, holder: &Holder) -> Result<Vec<Credential>, StoreError> {
    let (of, id) = match holder {
        Holder::Village(id) => ("WHERE credential.village_id = $1", params![*id]),
        Holder::Coop(id) => ("WHERE credential.coop_id = $1", params![*id]),
        Holder::Tour(id) => ("WHERE credential.tour_id = $1", params![*id]),
        Holder::Workshop(workshop)
        | Holder::Person { workshop, .. }
        | Holder::Product { workshop, .. } => {
            ("WHERE credential.workshop_id = $1", params![*workshop])
        }
    };
    let mut found = rows(conn, &format!("{of} ORDER BY credential.id"), id).await?;
    found.retain(|it| it.is_of(holder));
    Ok(found)
}

/// Marks that somebody may be licensed to use: claimed or verified, by name.
pub async fn marks(conn: &mut Conn) -> Result<Vec<Credential>, StoreError> {
    rows(
        conn,
        "WHERE credential.kind IN ('collective_mark', 'certification_mark', \
         'geographical_indication') AND credential.state IN ('claimed', 'verified') \
         ORDER BY credential.subject, credential.id",
        vec![],
    )
    .await
}
