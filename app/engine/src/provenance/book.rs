//! The chain itself. Entries come in by [`append`] and by nothing else; none is ever changed or deleted,
//! and a test reads the program's source for it.

use serde_json::json;

use super::chain::{Hashed, Signed, instant};
use super::code;
use super::entry::{
    CoopThen, Credential, Entry, Maker, Material, Opened, Place, Withdrawn, commitment,
};
use super::error::ProvenanceError;
use super::hash::{Hex, Print, canonical};
use super::keys;
use super::record::{Record, RecordKind, RecordState, by_form_key, by_id};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::credential::{self, Holder};
use crate::store::{StoreError, Tx};
use crate::{Localized, RecordId, WorkshopId, columns, coop, params};
use chrono::{DateTime, NaiveDate, Utc};

/// What a record begins with. Workshop, village and co-op are looked up and written as they are now.
#[derive(Debug, Clone)]
pub struct NewRecord {
    pub workshop: WorkshopId,
    pub kind: RecordKind,
    pub title: Localized,
    /// None for one piece.
    pub quantity: Option<u32>,
    /// What is counted; may be empty.
    pub unit: Localized,
    pub made_from: Option<NaiveDate>,
    pub made_to: Option<NaiveDate>,
    pub materials: Vec<Material>,
    /// Names of people who agreed to stand there.
    pub makers: Vec<String>,
    pub credentials: Vec<Credential>,
    /// Names the event: the same again is the same record.
    pub form_key: String,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    pub seq: u32,
    pub hash: Print,
}

/// Opens a record with what is known at first. Asks nobody: whoever calls it has asked whether the actor
/// may; see [`super`] for an example.
pub async fn open(tx: &mut Tx, new: NewRecord) -> Result<Record, ProvenanceError> {
    if let Some(record) = by_form_key(tx, &new.form_key).await? {
        return Ok(record);
    }
    let id = RecordId::new(tx.now());
    let code = code::draw(tx);
    let row = columns! {
        id: id,
        form_key: new.form_key,
        code: code,
        workshop_id: new.workshop,
        kind: new.kind,
        title: new.title,
        state: RecordState::Live,
        withdrawn_reason: Localized::<String>::default(),
        head_seq: 0_i32,
        head_at: tx.now(),
        created_at: tx.now(),
    };
    if !tx.insert_if_new("provenance_record", row).await? {
        // The same form, at this very moment.
        return Err(again(tx, "the record was just opened"));
    }
    let (workshop, village) = places(tx, new.workshop).await?;
    let coop = coop_then(tx, new.workshop).await?;
    let opened = Opened {
        code,
        of: new.kind,
        title: new.title,
        quantity: new.quantity,
        unit: new.unit,
        made_from: new.made_from,
        made_to: new.made_to,
        workshop,
        village,
        coop,
    };
    append(tx, id, Entry::Opened(opened)).await?;
    for material in new.materials {
        append(tx, id, Entry::Material(material)).await?;
    }
    for name in &new.makers {
        append_maker(tx, id, name, None).await?;
    }
    for credential in new.credentials {
        append(tx, id, Entry::Credential(credential)).await?;
    }
    by_id(tx, id).await?.ok_or(ProvenanceError::Unknown)
}

/// The co-op of a workshop, with the mark that its members may use today.
async fn coop_then(tx: &mut Tx, workshop: WorkshopId) -> Result<Option<CoopThen>, StoreError> {
    let Some(coop) = coop::of_workshop(tx, workshop).await? else { return Ok(None) };
    let today = local_date(tx.now());
    let all = credential::shown(tx, &Holder::Coop(coop.id), today).await?;
    let mark = all.into_iter().find(|it| matches!(it.kind, credential::Kind::Mark(_)));
    let (trademark, trademark_number) =
        mark.map(|mark| (mark.subject, mark.number)).unwrap_or_default();
    let (form, name, slug) = (coop.form, coop.name, coop.slug);
    Ok(Some(CoopThen { form, name, slug, trademark, trademark_number }))
}

async fn places(tx: &mut Tx, workshop: WorkshopId) -> Result<(Place, Place), ProvenanceError> {
    let found: Option<(String, String, Localized, String)> = tx
        .fetch_optional(
            "SELECT workshop.name, workshop.slug, village.name AS village, village.slug \
             AS village_slug FROM workshop JOIN village ON village.id = workshop.village_id \
             WHERE workshop.id = $1",
            params![workshop],
        )
        .await?;
    let (name, slug, village, village_slug) = found.ok_or(ProvenanceError::Unknown)?;
    // A workshop has one name in all languages.
    let name = Localized { vi: name.clone(), en: name };
    Ok((Place { name, slug }, Place { name: village, slug: village_slug }))
}

/// Appends an entry: the one way into the chain. A withdrawn record takes none.
pub async fn append(
    tx: &mut Tx,
    record: RecordId,
    entry: Entry,
) -> Result<Appended, ProvenanceError> {
    append_once(tx, record, entry, None).await
}

#[derive(sqlx::FromRow)]
struct Head {
    seq: i32,
    hash: Option<Print>,
    at: DateTime<Utc>,
}

/// The same; a key names the event, and the same again is the same entry.
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
    // Locks the record: of two writers one waits here, and then goes on from what the other wrote.
    let head: Option<Head> = tx
        .fetch_optional(
            "UPDATE provenance_record SET head_seq = head_seq + 1 \
             WHERE id = $1 AND state = 'live' RETURNING head_seq AS seq, head_hash AS hash, head_at AS at",
            params![record],
        )
        .await?;
    let Some(head) = head else {
        let there = by_id(tx, record).await?.is_some();
        return Err(if there { ProvenanceError::Withdrawn } else { ProvenanceError::Unknown });
    };
    let signer = keys::signer(tx).await?;
    // Never before the entry ahead of it, nor before its key, whatever the clocks of two machines say.
    let at = tx.now().max(head.at).max(signer.valid_from);
    let body = entry.body().map_err(|error| ProvenanceError::Canonical(error.to_string()))?;
    let seq = u32::try_from(head.seq).unwrap_or(0);
    let hash = Hashed {
        record: &record.to_string(),
        seq,
        previous: head.hash,
        at: &instant(at),
        kind: entry.kind().word(),
        body: &body,
    }
    .hash()?;
    let row = columns! {
        record_id: record,
        seq: head.seq,
        event_key: event_key,
        at: at,
        kind: entry.kind(),
        body: canonical(&body)?,
        previous: head.hash,
        hash: hash,
        key_id: signer.id,
        signature: signer.sign(Signed::Entry, &hash),
    };
    if !tx.insert_if_new("provenance_entry", row).await? {
        return Err(again(tx, "the entry was just appended"));
    }
    let head = match &entry {
        Entry::Withdrawn(withdrawn) => columns! {
            head_hash: hash,
            head_at: at,
            state: RecordState::Withdrawn,
            withdrawn_at: at,
            withdrawn_reason: withdrawn.reason,
        },
        _ => columns! { head_hash: hash, head_at: at },
    };
    tx.update_one("provenance_record", head, columns! { id: record }).await?;
    Ok(Appended { seq, hash })
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

fn again(tx: &mut Tx, why: &str) -> ProvenanceError {
    tx.try_again();
    StoreError::Abandoned(why.to_owned()).into()
}
