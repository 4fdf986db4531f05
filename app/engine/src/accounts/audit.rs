//! Who did what, written in the transaction that did it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{Actor, Forbidden};
use crate::store::{Bind, Conn, StoreError, Tx};
use crate::{AuditId, PersonId, WorkshopId, params};

/// Writes one line: `verb` is the engine's verb ("booking.cancel"), `subject` the thing it touched.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    subject: impl std::fmt::Display,
    workshop: Option<WorkshopId>,
    detail: Value,
) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO audit (id, at, actor, verb, subject, workshop_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            AuditId::new(tx.now()),
            tx.now(),
            actor.label(),
            *verb,
            subject.to_string(),
            workshop,
            detail.to_string(),
        ],
    )
    .await
}

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub id: AuditId,
    pub at: DateTime<Utc>,
    /// "guest", "system" or "person:<id>".
    pub actor: String,
    /// The engine's verb: "booking.cancel".
    pub verb: String,
    /// Id or code of what it touched.
    pub subject: String,
    pub workshop_id: Option<WorkshopId>,
    /// What else is to be known, as JSON.
    pub detail: String,
}

impl Line {
    /// The person who did it; None for a guest or the platform itself.
    pub fn person(&self) -> Option<PersonId> {
        self.actor.strip_prefix("person:")?.parse().ok()
    }
}

/// Which lines to look at; all of them by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub workshop: Option<WorkshopId>,
    /// The parts of the business before the dot of a verb: "booking", "certificate". All when empty.
    pub areas: &'static [&'static str],
    /// Id or code of one thing.
    pub subject: Option<String>,
    /// Only lines before this one, to turn the page.
    pub before: Option<AuditId>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

/// The newest lines first, at most `limit`; for the admin.
pub async fn list(
    conn: &mut Conn,
    actor: &Actor,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Line>, AuditError> {
    actor.must_administer()?;
    let mut params = params![filter.workshop, filter.subject, filter.before, limit];
    let verbs = filter.areas.iter().map(|area| {
        params.push(format!("{area}.%").bind());
        format!("verb LIKE ${}", params.len())
    });
    let verbs = match verbs.collect::<Vec<_>>().join(" OR ") {
        all if all.is_empty() => "TRUE".to_owned(),
        some => some,
    };
    let sql = format!(
        "SELECT id, at, actor, verb, subject, workshop_id, detail FROM audit \
         WHERE ($1 IS NULL OR workshop_id = $1) AND ($2 IS NULL OR subject = $2) \
         AND ($3 IS NULL OR id < $3) AND ({verbs}) ORDER BY id DESC LIMIT $4"
    );
    Ok(conn.fetch_all(AssertSqlSafe(sql), params).await?)
}

/// Names of the people who did what the lines tell.
pub async fn names(
    conn: &mut Conn,
    lines: &[Line],
) -> Result<HashMap<PersonId, String>, StoreError> {
    let mut ids: Vec<PersonId> = lines.iter().filter_map(Line::person).collect();
    ids.sort_unstable();
    ids.dedup();
    let sql = |list: &str| format!("SELECT id, name FROM person WHERE id IN ({list})");
    let rows: Vec<(PersonId, String)> = conn.fetch_among(&ids, sql).await?;
    Ok(rows.into_iter().collect())
}

/// Name of the person behind an actor's label; None for a guest or the platform itself.
pub async fn name_of(conn: &mut Conn, label: &str) -> Result<Option<String>, StoreError> {
    let Some(id) = label.strip_prefix("person:").and_then(|id| id.parse::<PersonId>().ok()) else {
        return Ok(None);
    };
    let found: Option<(String,)> =
        conn.fetch_optional("SELECT name FROM person WHERE id = $1", params![id]).await?;
    Ok(found.map(|(name,)| name))
}
