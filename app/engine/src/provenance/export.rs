//! A record as a file: everything that is needed to check it, but the public keys.
//!
//! Nothing stands in it that no hash covers, so no byte of it can be changed unnoticed. For that, days and
//! ids are the very texts that were hashed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::chain::{FORMAT, instant};
use super::checkpoint::{self, proof};
use super::error::ProvenanceError;
use super::hash::{Mark, Print, canonical};
use super::record::{Record, links, names};
use crate::store::{Conn, StoreError};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    pub format: String,
    pub record: String,
    pub code: String,
    pub entries: Vec<ExportedEntry>,
    /// Makers who are named; a name that was erased is not here, and its entry still holds.
    pub names: Vec<ExportedName>,
    /// The newest checkpoint that has the record; none before the first night.
    pub checkpoint: Option<Inclusion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedEntry {
    pub seq: u32,
    pub previous: Option<Print>,
    pub at: String,
    pub kind: String,
    pub body: Value,
    pub hash: Print,
    pub key: String,
    pub signature: Mark,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportedName {
    pub seq: u32,
    pub name: String,
    pub salt: Print,
}

/// A checkpoint without its list, and the proof that the record stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inclusion {
    pub day: String,
    pub at: String,
    pub size: u32,
    pub root: Print,
    pub previous_day: Option<String>,
    pub previous: Option<Print>,
    pub hash: Print,
    pub key: String,
    pub signature: Mark,
    /// Where in the list the record stands, counted from 0.
    pub index: u32,
    /// The newest entry then, and its hash.
    pub seq: u32,
    pub head: Print,
    pub path: Vec<Print>,
}

/// A record as it is now, with the proof that it stands in the newest checkpoint.
pub async fn export(conn: &mut Conn, record: &Record) -> Result<Export, ProvenanceError> {
    let bare = bare(conn, record).await?;
    let checkpoint = inclusion(conn, record).await?;
    Ok(Export { checkpoint, ..bare })
}

/// The same without a checkpoint, for which the heads of all records are read.
pub(super) async fn bare(conn: &mut Conn, record: &Record) -> Result<Export, ProvenanceError> {
    let mut entries = Vec::new();
    for link in links(conn, record.id).await? {
        let body = serde_json::from_str(&link.body).map_err(|error| StoreError::Inconsistent {
            table: "provenance_entry",
            what: format!("{}, {}: {error}", record.id, link.seq),
        })?;
        entries.push(ExportedEntry {
            seq: number(link.seq),
            previous: link.previous,
            at: instant(link.at),
            kind: link.kind.word().to_owned(),
            body,
            hash: link.hash,
            key: link.key_id,
            signature: link.signature,
        });
    }
    let names = names(conn, record.id).await?.into_iter();
    let names = names
        .map(|row| ExportedName { seq: number(row.seq), name: row.name, salt: row.salt })
        .collect();
    Ok(Export {
        format: FORMAT.to_owned(),
        record: record.id.to_string(),
        code: record.code.clone(),
        entries,
        names,
        checkpoint: None,
    })
}

async fn inclusion(conn: &mut Conn, record: &Record) -> Result<Option<Inclusion>, ProvenanceError> {
    Ok(proof(conn, record.id).await?.map(|proof| {
        let checkpoint::Proof { row, index, seq, head, path } = proof;
        Inclusion {
            day: row.day.to_string(),
            at: instant(row.at),
            size: number(row.size),
            root: row.root,
            previous_day: row.previous_day.map(|day| day.to_string()),
            previous: row.previous,
            hash: row.hash,
            key: row.key_id,
            signature: row.signature,
            index,
            seq,
            head,
            path,
        }
    }))
}

impl Export {
    /// The file: canonical JSON, so that two files of one state are the same.
    pub fn text(&self) -> Result<String, ProvenanceError> {
        canonical(self)
    }
}

fn number(n: i32) -> u32 {
    u32::try_from(n).unwrap_or(0)
}

/// An instant that was hashed, if it is one.
pub(super) fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}
