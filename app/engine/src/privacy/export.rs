//! What a guest downloads: one JSON document, of the same shape for everybody.
//!
//! ```json
//! {
//!   "format": "langnghe-personal-data", "version": 1, "made_at": "2026-12-01T01:00:00Z",
//!   "address": "hoa@example.com",
//!   "visits": [{ "code": "K7M2QP", "workshop": "…", "tour": "…", "on": "2026-12-04" }],
//!   "records": { "booking": [{ "code": "K7M2QP", "name": "…" }], "review": [] },
//!   "consents": [{ "subject": "booking", "kind": "terms", "version": "2026-12-01", "agreed_at": "…" }],
//!   "seen_by": [{ "on": "2026-12-04", "workshop": "…", "role": "owner", "what": "booking" }]
//! }
//! ```
//!
//! `records` has the tables and columns that the register marks, under their names in the database.
//! Instants are RFC 3339 in UTC, dates ISO 8601, money whole đồng; a column without a value is null.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::consent::Consent;
use super::erase::Rows;
use super::error::PrivacyError;
use super::find::find;
use super::holding::{HeldKind, holdings};
use super::link::address_of;
use super::register::{Kind, Of, TABLES, Table};
use super::views;
use crate::Locale;
use crate::catalogue::Catalogue;
use crate::store::{Conn, Param, StoreError, placeholders};

pub const FORMAT: &str = "langnghe-personal-data";
/// Grows when the shape changes in a way that programs must know.
pub const FORMAT_VERSION: u32 = 1;

/// The document of whoever a link was mailed to; names of tours in their language.
pub async fn export(
    conn: &mut Conn,
    catalogue: &Catalogue,
    token: &str,
    locale: Locale,
    now: DateTime<Utc>,
) -> Result<Value, PrivacyError> {
    let address = address_of(conn, token, now).await?.ok_or(PrivacyError::Spent)?;
    let found = find(conn, &address).await?;
    let held = holdings(conn, &found, now).await?;
    let house = |id| catalogue.workshop(id).map(|workshop| workshop.name.clone());
    let visits: Vec<Value> = held
        .iter()
        .filter(|held| held.kind == HeldKind::Booking)
        .map(|held| {
            let tour = held.tour.and_then(|id| catalogue.tour(id));
            json!({
                "code": held.code,
                "workshop": held.workshop.and_then(house),
                "tour": tour.map(|tour| tour.title.text(locale)),
                "on": held.on,
            })
        })
        .collect();
    let rows = Rows::of(&found);
    let mut records: BTreeMap<&str, BTreeMap<Uuid, Map<String, Value>>> = BTreeMap::new();
    for table in TABLES {
        if matches!(table.of, Of::Guests { .. }) && table.columns.iter().any(|c| c.exported) {
            let of_table = records.entry(table.name).or_default();
            read(conn, table, &rows, of_table).await?;
        }
    }
    let records: BTreeMap<&str, Vec<Map<String, Value>>> =
        records.into_iter().map(|(name, rows)| (name, rows.into_values().collect())).collect();
    let seen = views::of_guest(conn, &rows, now).await?;
    let seen: Vec<Value> = seen
        .into_iter()
        .map(|seen| {
            json!({
                "on": seen.on_date,
                "workshop": house(seen.workshop_id),
                "role": seen.role,
                "what": seen.what,
            })
        })
        .collect();
    Ok(json!({
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "made_at": instant(now),
        "address": address,
        "visits": visits,
        "records": records,
        "consents": consents(conn, &rows).await?,
        "seen_by": seen,
    }))
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The exported columns of somebody's rows of a table, by the id of the row. A column at a time, since
/// each has its own type.
async fn read(
    conn: &mut Conn,
    table: &Table,
    rows: &Rows,
    into: &mut BTreeMap<Uuid, Map<String, Value>>,
) -> Result<(), StoreError> {
    let Of::Guests { root, key, rows: which, .. } = table.of else { return Ok(()) };
    for values in rows.values(root) {
        let which = which.replace("{}", &placeholders(1, values.len()));
        for column in table.columns.iter().filter(|column| column.exported) {
            let read = match column.kind {
                Kind::Number => format!("CAST({} AS BIGINT)", column.name),
                _ => column.name.to_owned(),
            };
            let sql = format!("SELECT {key}, {read} FROM {} WHERE {which}", table.name);
            for (id, value) in cells(conn, sql, column.kind, values.clone()).await? {
                into.entry(id).or_default().insert(column.name.to_owned(), value);
            }
        }
    }
    Ok(())
}

async fn cells(
    conn: &mut Conn,
    sql: String,
    kind: Kind,
    values: Vec<Param>,
) -> Result<Vec<(Uuid, Value)>, StoreError> {
    let sql = AssertSqlSafe(sql);
    let with = |(id, value): (Uuid, Option<String>)| (id, json!(value));
    Ok(match kind {
        Kind::Text => {
            let rows = conn.fetch_all(sql, values).await?;
            rows.into_iter().map(with).collect()
        }
        Kind::Json => {
            let rows: Vec<(Uuid, Option<String>)> = conn.fetch_all(sql, values).await?;
            rows.into_iter()
                .map(|(id, text)| {
                    let text = text.unwrap_or_default();
                    (id, serde_json::from_str(&text).unwrap_or(Value::String(text)))
                })
                .collect()
        }
        Kind::Number => {
            let rows: Vec<(Uuid, Option<i64>)> = conn.fetch_all(sql, values).await?;
            rows.into_iter().map(|(id, value)| (id, json!(value))).collect()
        }
        Kind::Bool => {
            let rows: Vec<(Uuid, Option<bool>)> = conn.fetch_all(sql, values).await?;
            rows.into_iter().map(|(id, value)| (id, json!(value))).collect()
        }
        Kind::Date => {
            let rows: Vec<(Uuid, Option<NaiveDate>)> = conn.fetch_all(sql, values).await?;
            rows.into_iter().map(|(id, value)| (id, json!(value))).collect()
        }
        Kind::Instant => {
            let rows: Vec<(Uuid, Option<DateTime<Utc>>)> = conn.fetch_all(sql, values).await?;
            rows.into_iter().map(|(id, value)| (id, json!(value.map(instant)))).collect()
        }
    })
}

/// What was agreed to with these bookings, questions and cards.
async fn consents(conn: &mut Conn, rows: &Rows) -> Result<Vec<Value>, StoreError> {
    let mut ids: Vec<Uuid> = rows.bookings.iter().map(|id| (*id).into()).collect();
    let others = rows.enquiries.iter().chain(&rows.waiting).chain(&rows.bought);
    ids.extend(others.chain(&rows.commissions).chain(&rows.orders));
    let sql = |list: &str| {
        format!(
            "SELECT subject, subject_id, kind, version, locale, agreed_at FROM consent \
             WHERE subject_id IN ({list}) ORDER BY agreed_at, id"
        )
    };
    let found: Vec<Consent> = conn.fetch_among(&ids, sql).await?;
    Ok(found
        .into_iter()
        .map(|consent| {
            json!({
                "subject": consent.subject,
                "kind": consent.kind,
                "version": consent.version,
                "language": consent.locale,
                "agreed_at": instant(consent.agreed_at),
            })
        })
        .collect())
}
