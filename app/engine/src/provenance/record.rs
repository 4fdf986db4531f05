//! A record as it is kept, and its entries read back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::code::spoken;
use super::entry::{Entry, EntryKind};
use super::hash::{Mark, Print};
use crate::store::{Conn, StoreError};
use crate::{Localized, RecordId, WorkshopId, params, stored_enum};

stored_enum! {
    /// What a record is about: many alike, made together, or one.
    pub enum RecordKind { Lot = "lot", Piece = "piece" }
}

stored_enum! {
    pub enum RecordState { Live = "live", Withdrawn = "withdrawn" }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Record {
    pub id: RecordId,
    /// Whoever has it sees the record.
    pub code: String,
    pub workshop_id: WorkshopId,
    pub kind: RecordKind,
    pub title: Localized,
    pub state: RecordState,
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Empty while it is live.
    pub withdrawn_reason: Localized,
    /// The newest entry.
    pub head_seq: i32,
    pub head_hash: Option<Print>,
    pub head_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

impl Record {
    pub const fn is_live(&self) -> bool {
        matches!(self.state, RecordState::Live)
    }

    pub fn spoken_code(&self) -> String {
        spoken(&self.code)
    }
}

/// An entry as it stands in the chain.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Link {
    pub seq: i32,
    pub at: DateTime<Utc>,
    pub kind: EntryKind,
    pub body: String,
    pub previous: Option<Print>,
    pub hash: Print,
    pub key_id: String,
    pub signature: Mark,
}

/// An entry as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub seq: u32,
    /// When it was written down.
    pub at: DateTime<Utc>,
    pub entry: Entry,
    /// Of a maker's entry, as long as the name is not erased.
    pub name: Option<String>,
    /// Entries that put it right.
    pub corrected_by: Vec<u32>,
}

/// A maker's name beside the chain.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct NameRow {
    pub seq: i32,
    pub name: String,
    pub salt: Print,
}

pub async fn by_id(conn: &mut Conn, id: RecordId) -> Result<Option<Record>, StoreError> {
    conn.fetch_optional("SELECT * FROM provenance_record WHERE id = $1", params![id]).await
}

/// By the code on the product, as [`super::code_in`] reads it.
pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Record>, StoreError> {
    conn.fetch_optional("SELECT * FROM provenance_record WHERE code = $1", params![*code]).await
}

/// These, in any order.
pub async fn by_ids(conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<Record>, StoreError> {
    conn.fetch_among(ids, |marks| format!("SELECT * FROM provenance_record WHERE id IN ({marks})"))
        .await
}

/// A workshop's records of a kind, the newest first; whoever asks serves the workshop.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    kind: RecordKind,
) -> Result<Vec<Record>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM provenance_record WHERE workshop_id = $1 AND kind = $2 \
         ORDER BY created_at DESC, id DESC",
        params![workshop, kind],
    )
    .await
}

pub(super) async fn links(conn: &mut Conn, record: RecordId) -> Result<Vec<Link>, StoreError> {
    conn.fetch_all(
        "SELECT seq, at, kind, body, previous, hash, key_id, signature FROM provenance_entry \
         WHERE record_id = $1 ORDER BY seq",
        params![record],
    )
    .await
}

pub(super) async fn names(conn: &mut Conn, record: RecordId) -> Result<Vec<NameRow>, StoreError> {
    conn.fetch_all(
        "SELECT seq, name, salt FROM provenance_name WHERE record_id = $1 ORDER BY seq",
        params![record],
    )
    .await
}

/// The story of a record, first things first.
pub async fn story(conn: &mut Conn, record: RecordId) -> Result<Vec<Line>, StoreError> {
    let names = names(conn, record).await?;
    let mut names: HashMap<i32, String> =
        names.into_iter().map(|row| (row.seq, row.name)).collect();
    let mut lines = Vec::new();
    for link in links(conn, record).await? {
        let seq = u32::try_from(link.seq).unwrap_or(0);
        let unreadable = |error: serde_json::Error| StoreError::Inconsistent {
            table: "provenance_entry",
            what: format!("{record}, {seq}: {error}"),
        };
        let body = serde_json::from_str(&link.body).map_err(unreadable)?;
        let entry = Entry::read(link.kind, body).map_err(unreadable)?;
        let name = names.remove(&link.seq);
        lines.push(Line { seq, at: link.at, entry, name, corrected_by: Vec::new() });
    }
    let corrections: Vec<(u32, u32)> = lines
        .iter()
        .filter_map(|line| match &line.entry {
            Entry::Correction(correction) => Some((correction.of, line.seq)),
            _ => None,
        })
        .collect();
    for (of, by) in corrections {
        if let Some(line) = lines.iter_mut().find(|line| line.seq == of) {
            line.corrected_by.push(by);
        }
    }
    Ok(lines)
}
