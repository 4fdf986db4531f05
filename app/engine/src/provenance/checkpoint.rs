//! Checkpoints: once a day the newest entry of every record goes into one Merkle tree, whose root is
//! signed and chained to the day before. Whoever keeps a checkpoint can tell later whether anything
//! older was rewritten, also by us.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::chain::{FORMAT, Signed, instant};
use super::error::ProvenanceError;
use super::hash::{Mark, Print, canonical, sha256};
use super::keys;
use super::merkle::{leaf, path, root};
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{RecordId, columns, params};

/// What a checkpoint's hash is over, as canonical JSON.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Hashed<'a> {
    pub day: &'a str,
    pub at: &'a str,
    pub size: u32,
    pub root: Print,
    pub previous_day: Option<&'a str>,
    pub previous: Option<Print>,
}

impl Hashed<'_> {
    pub fn hash(&self) -> Result<Print, ProvenanceError> {
        Ok(sha256(&[canonical(self)?.as_bytes()]))
    }
}

/// The newest entry of a record, as a leaf of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub record: String,
    pub seq: u32,
    pub head: Print,
}

impl Head {
    pub(super) fn leaf(&self) -> Result<Print, ProvenanceError> {
        Ok(leaf(canonical(self)?.as_bytes()))
    }
}

/// A checkpoint as it is published, with its list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    pub format: String,
    pub day: String,
    pub at: String,
    pub size: u32,
    pub root: Print,
    pub previous_day: Option<String>,
    pub previous: Option<Print>,
    pub hash: Print,
    pub key: String,
    pub signature: Mark,
    /// By record; the leaves of the tree in their order.
    pub heads: Vec<Head>,
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub day: NaiveDate,
    pub at: DateTime<Utc>,
    pub size: i32,
    pub root: Print,
    pub previous_day: Option<NaiveDate>,
    pub previous: Option<Print>,
    pub hash: Print,
    pub key_id: String,
    pub signature: Mark,
}

type Heads = BTreeMap<RecordId, (i32, Print)>;

/// The list of the checkpoint of a day: of each record the last head that one up to then saw.
async fn heads_up_to(conn: &mut Conn, day: NaiveDate) -> Result<Heads, StoreError> {
    let rows: Vec<(RecordId, i32, Print)> = conn
        .fetch_all(
            "SELECT record_id, seq, head FROM provenance_checkpoint_head WHERE day <= $1 \
             ORDER BY day",
            params![day],
        )
        .await?;
    Ok(rows.into_iter().map(|(record, seq, head)| (record, (seq, head))).collect())
}

fn listed(heads: &Heads) -> Vec<Head> {
    heads
        .iter()
        .map(|(record, (seq, head))| Head {
            record: record.to_string(),
            seq: u32::try_from(*seq).unwrap_or(0),
            head: *head,
        })
        .collect()
}

fn leaves(heads: &[Head]) -> Result<Vec<Print>, ProvenanceError> {
    heads.iter().map(Head::leaf).collect()
}

async fn newest_row(conn: &mut Conn) -> Result<Option<Row>, StoreError> {
    conn.fetch_optional("SELECT * FROM provenance_checkpoint ORDER BY day DESC LIMIT 1", params![])
        .await
}

pub(super) async fn row_of(conn: &mut Conn, day: NaiveDate) -> Result<Option<Row>, StoreError> {
    conn.fetch_optional("SELECT * FROM provenance_checkpoint WHERE day = $1", params![day]).await
}

/// The day of the newest checkpoint.
pub async fn newest(conn: &mut Conn) -> Result<Option<NaiveDate>, StoreError> {
    Ok(newest_row(conn).await?.map(|row| row.day))
}

/// The checkpoint of a day with its whole list.
pub async fn of_day(conn: &mut Conn, day: NaiveDate) -> Result<Option<Checkpoint>, StoreError> {
    let Some(row) = row_of(conn, day).await? else { return Ok(None) };
    let heads = listed(&heads_up_to(conn, day).await?);
    Ok(Some(Checkpoint {
        format: FORMAT.to_owned(),
        day: row.day.to_string(),
        at: instant(row.at),
        size: u32::try_from(row.size).unwrap_or(0),
        root: row.root,
        previous_day: row.previous_day.map(|day| day.to_string()),
        previous: row.previous,
        hash: row.hash,
        key: row.key_id,
        signature: row.signature,
        heads,
    }))
}

/// That a record stands in a checkpoint: its leaf, and the way from there to the root.
pub(super) struct Proof {
    pub row: Row,
    pub index: u32,
    pub seq: u32,
    pub head: Print,
    pub path: Vec<Print>,
}

/// Of the newest checkpoint, which has every record that any had.
pub(super) async fn proof(
    conn: &mut Conn,
    record: RecordId,
) -> Result<Option<Proof>, ProvenanceError> {
    let Some(row) = newest_row(conn).await? else { return Ok(None) };
    let heads = listed(&heads_up_to(conn, row.day).await?);
    let record = record.to_string();
    let Some(index) = heads.iter().position(|head| head.record == record) else {
        return Ok(None);
    };
    let way = path(&leaves(&heads)?, index);
    let found = heads.into_iter().nth(index).zip(way);
    Ok(found.map(|(head, path)| Proof {
        row,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        seq: head.seq,
        head: head.head,
        path,
    }))
}

/// Whether the checkpoint of this day is still to be written.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    if row_of(conn, local_date(now)).await?.is_some() {
        return Ok(false);
    }
    let any: Option<(RecordId,)> =
        conn.fetch_optional("SELECT id FROM provenance_record LIMIT 1", params![]).await?;
    Ok(any.is_some())
}

/// Writes the checkpoint of this day, where none is written yet; answers how many that are.
pub async fn write_due(tx: &mut Tx) -> Result<usize, ProvenanceError> {
    let now = tx.now();
    if !is_due(tx, now).await? {
        return Ok(0);
    }
    let day = local_date(now);
    // First the key, which whoever appends locks last: nobody waits for anybody in a circle.
    let signer = keys::signer(tx).await?;
    let before = newest_row(tx).await?;
    // A clock that was turned back writes nothing between days that are chained already.
    if before.as_ref().is_some_and(|before| before.day >= day) {
        return Ok(0);
    }
    let mut heads = match &before {
        Some(before) => heads_up_to(tx, before.day).await?,
        None => Heads::new(),
    };
    let there: Vec<(RecordId, i32, Print)> = tx
        .fetch_all(
            "SELECT id, head_seq, head_hash FROM provenance_record WHERE head_hash IS NOT NULL",
            params![],
        )
        .await?;
    let mut fresh = Vec::new();
    for (record, seq, head) in there {
        if heads.insert(record, (seq, head)) != Some((seq, head)) {
            fresh.push((record, seq, head));
        }
    }
    let listed = listed(&heads);
    let size = u32::try_from(listed.len()).unwrap_or(u32::MAX);
    if size == 0 {
        return Ok(0);
    }
    let mut at = now.max(signer.valid_from);
    if let Some(before) = &before {
        at = at.max(before.at);
    }
    let root = root(&leaves(&listed)?);
    let previous_day = before.as_ref().map(|before| before.day);
    let previous = before.as_ref().map(|before| before.hash);
    let hash = Hashed {
        day: &day.to_string(),
        at: &instant(at),
        size,
        root,
        previous_day: previous_day.map(|day| day.to_string()).as_deref(),
        previous,
    }
    .hash()?;
    let row = columns! {
        day: day,
        at: at,
        size: size,
        root: root,
        previous_day: previous_day,
        previous: previous,
        hash: hash,
        key_id: signer.id,
        signature: signer.sign(Signed::Checkpoint, &hash),
    };
    if !tx.insert_if_new("provenance_checkpoint", row).await? {
        // Another process was quicker.
        return Ok(0);
    }
    for (record, seq, head) in fresh {
        let row = columns! { day: day, record_id: record, seq: seq, head: head };
        tx.insert("provenance_checkpoint_head", row).await?;
    }
    Ok(1)
}
