//! The chain itself. Entries come in by [`append`] and [`append_all`], and by nothing else; none is ever
//! changed or deleted, and a test reads the program's source for it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::chain::{Hashed, Signed, instant};
use super::entry::{Entry, Maker, Withdrawn, commitment};
use super::error::ProvenanceError;
use super::hash::{Hex, Print, canonical};
use super::keys;
use super::record::{Record, RecordState, by_id};
use crate::accounts::{Actor, audit};
use crate::store::{StoreError, Tx};
use crate::{Localized, RecordId, columns, params};

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub seq: u32,
    pub hash: Print,
}

/// Appends an entry: with [`append_all`] the one way into the chain. A withdrawn record takes none.
pub async fn append(
    tx: &mut Tx,
    record: RecordId,
    entry: Entry,
) -> Result<Appended, ProvenanceError> {
    append_once(tx, record, entry, None).await
}

/// Appends entries in this order, however many in as few statements as one of them takes.
pub async fn append_all(
    tx: &mut Tx,
    entries: Vec<(RecordId, Entry)>,
) -> Result<Vec<Appended>, ProvenanceError> {
    let new = entries.into_iter().map(|(record, entry)| New { record, entry, event_key: None });
    write(tx, new.collect()).await
}

/// Appends an entry; a key names the event, and the same again is the same entry.
pub(super) async fn append_once(
    tx: &mut Tx,
    record: RecordId,
    entry: Entry,
    event_key: Option<String>,
) -> Result<Appended, ProvenanceError> {
    if let Some(key) = &event_key
        && let Some(there) = appended(tx, key).await?
    {
        return Ok(there);
    }
    let mut written = write(tx, vec![New { record, entry, event_key }]).await?;
    written.pop().ok_or(ProvenanceError::Unknown)
}

/// An entry on its way into the chain.
struct New {
    record: RecordId,
    entry: Entry,
    event_key: Option<String>,
}

/// The end of a record's chain.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Head {
    id: RecordId,
    seq: i32,
    hash: Option<Print>,
    at: DateTime<Utc>,
}

async fn write(tx: &mut Tx, new: Vec<New>) -> Result<Vec<Appended>, ProvenanceError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut heads = lock(tx, new.iter().map(|new| new.record).collect()).await?;
    let signer = keys::signer(tx).await?;
    let mut withdrawn: HashMap<RecordId, Localized> = HashMap::new();
    let (mut rows, mut written) = (Vec::new(), Vec::new());
    for New { record, entry, event_key } in new {
        let head = heads.get_mut(&record).filter(|_| !withdrawn.contains_key(&record));
        let head = head.ok_or(ProvenanceError::Withdrawn)?;
        // Never before the entry ahead of it, nor before its key, whatever the clocks of two machines say.
        let at = tx.now().max(head.at).max(signer.valid_from);
        let body = entry.body().map_err(|error| ProvenanceError::Canonical(error.to_string()))?;
        let (seq, previous) = (u32::try_from(head.seq + 1).unwrap_or(0), head.hash);
        let hash = Hashed {
            record: &record.to_string(),
            seq,
            previous,
            at: &instant(at),
            kind: entry.kind().word(),
            body: &body,
        }
        .hash()?;
        rows.push(columns! {
            record_id: record,
            seq: seq,
            event_key: event_key,
            at: at,
            kind: entry.kind(),
            body: canonical(&body)?,
            previous: previous,
            hash: hash,
            key_id: signer.id,
            signature: signer.sign(Signed::Entry, &hash),
        });
        *head = Head { id: record, seq: head.seq + 1, hash: Some(hash), at };
        written.push(Appended { seq, hash });
        if let Entry::Withdrawn(entry) = entry {
            withdrawn.insert(record, entry.reason);
        }
    }
    if !tx.insert_all_if_new("provenance_entry", &rows).await? {
        return Err(again(tx, "the entry was just appended"));
    }
    let mut moved = Vec::with_capacity(heads.len());
    for head in heads.values() {
        let row = columns! { head_seq: head.seq, head_hash: head.hash, head_at: head.at };
        moved.push((row, columns! { id: head.id }));
    }
    tx.update_all("provenance_record", &moved).await?;
    for Head { id, at, .. } in heads.into_values() {
        let Some(reason) = withdrawn.get(&id) else { continue };
        let row = columns! {
            state: RecordState::Withdrawn,
            withdrawn_at: at,
            withdrawn_reason: *reason,
        };
        tx.update_one("provenance_record", row, columns! { id: id }).await?;
    }
    Ok(written)
}

/// Locks records by writing them as they are: of two writers one waits here, and then goes on from what
/// the other wrote.
async fn lock(
    tx: &mut Tx,
    mut ids: Vec<RecordId>,
) -> Result<HashMap<RecordId, Head>, ProvenanceError> {
    ids.sort_unstable();
    ids.dedup();
    let heads: Vec<Head> = tx
        .fetch_among(&ids, |marks| {
            format!(
                "UPDATE provenance_record SET head_at = head_at WHERE id IN ({marks}) \
                 AND state = 'live' RETURNING id, head_seq AS seq, head_hash AS hash, head_at AS at"
            )
        })
        .await?;
    let heads: HashMap<RecordId, Head> = heads.into_iter().map(|head| (head.id, head)).collect();
    if let Some(lacks) = ids.iter().find(|id| !heads.contains_key(id)) {
        let there = by_id(tx, *lacks).await?.is_some();
        return Err(if there { ProvenanceError::Withdrawn } else { ProvenanceError::Unknown });
    }
    Ok(heads)
}

async fn appended(tx: &mut Tx, event_key: &str) -> Result<Option<Appended>, StoreError> {
    let found: Option<(i32, Print)> = tx
        .fetch_optional(
            "SELECT seq, hash FROM provenance_entry WHERE event_key = $1",
            params![*event_key],
        )
        .await?;
    Ok(found.map(|(seq, hash)| Appended { seq: u32::try_from(seq).unwrap_or(0), hash }))
}

/// Names somebody who made it and agreed to be named: the chain gets the hash of a salt and the name.
pub async fn append_maker(
    tx: &mut Tx,
    record: RecordId,
    name: &str,
    event_key: Option<String>,
) -> Result<Appended, ProvenanceError> {
    if let Some(key) = &event_key
        && let Some(there) = appended(tx, key).await?
    {
        return Ok(there);
    }
    let salt = Hex(tx.draw_bytes());
    let entry = Entry::Maker(Maker { commitment: commitment(&salt, name) });
    let there = append_once(tx, record, entry, event_key).await?;
    let row = columns! { record_id: record, seq: there.seq, name: *name, salt: salt };
    tx.insert("provenance_name", row).await?;
    Ok(there)
}

#[derive(Debug, Clone)]
pub struct Withdraw {
    pub actor: Actor,
    pub record: RecordId,
    /// Public; Vietnamese is required.
    pub reason: Localized,
}

/// From now on the record says that its products are taken back, and takes no more entries. Only for
/// owners, and for the platform itself.
pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<Record, ProvenanceError> {
    let Withdraw { actor, record, reason } = command;
    let found = by_id(tx, record).await?.ok_or(ProvenanceError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    if !found.is_live() {
        return Ok(found);
    }
    let reason = super::input::reason(&reason)?;
    let detail = json!({ "reason": reason.vi });
    append(tx, record, Entry::Withdrawn(Withdrawn { reason })).await?;
    let workshop = Some(found.workshop_id);
    audit::record(tx, &actor, "provenance.withdraw", record, workshop, detail).await?;
    by_id(tx, record).await?.ok_or(ProvenanceError::Unknown)
}

pub(super) fn again(tx: &mut Tx, why: &str) -> ProvenanceError {
    tx.try_again();
    StoreError::Abandoned(why.to_owned()).into()
}
