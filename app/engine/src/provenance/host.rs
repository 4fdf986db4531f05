//! What a host does with lots: opening one, adding to it, erasing a name or a picture.

use std::sync::Arc;

use serde_json::json;

use super::book::{append_maker, append_once};
use super::certificate::named;
use super::entry::Entry;
use super::error::{Field, ProvenanceError, Wrong};
use super::input::{AddData, AddKind, LotData};
use super::open::{NewRecord, open};
use super::photos::{self, keep};
use super::record::{Record, RecordKind, by_id};
use crate::accounts::{Actor, audit};
use crate::catalogue::photos::Prepared;
use crate::store::Tx;
use crate::{RecordId, WorkshopId, params};

#[derive(Debug, Clone)]
pub struct OpenLot {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub data: LotData,
    /// Made with the form: the same form sent again is the same lot.
    pub form_key: String,
}

/// Opens the record of a lot. Only for owners.
pub async fn open_lot(tx: &mut Tx, command: OpenLot) -> Result<Record, ProvenanceError> {
    let OpenLot { actor, workshop, data, form_key } = command;
    actor.must_own(workshop)?;
    let credentials = match data.certificate {
        Some(id) => vec![named(tx, workshop, id, true).await?],
        None => Vec::new(),
    };
    let record = open(
        tx,
        NewRecord {
            workshop,
            kind: RecordKind::Lot,
            title: data.title,
            quantity: Some(data.quantity),
            unit: data.unit,
            made_from: data.made_from,
            made_to: data.made_to,
            materials: data.materials,
            makers: data.makers,
            credentials,
            replaces: None,
            form_key,
        },
    )
    .await?;
    let detail = json!({ "title": record.title.vi });
    audit::record(tx, &actor, "provenance.open", record.id, Some(workshop), detail).await?;
    Ok(record)
}

#[derive(Debug, Clone)]
pub struct Add {
    pub actor: Actor,
    pub record: RecordId,
    pub kind: AddKind,
    pub data: AddData,
    /// Of a step or a photograph.
    pub photo: Option<Arc<Prepared>>,
    /// Made with the form: the same form sent again is the same entry.
    pub form_key: String,
}

/// Adds to a record; staff may say what was done, owners also who made it and what it was awarded.
pub async fn add(tx: &mut Tx, command: Add) -> Result<u32, ProvenanceError> {
    let Add { actor, record, kind, data, photo, form_key } = command;
    let found = by_id(tx, record).await?.ok_or(ProvenanceError::Unknown)?;
    actor.must_serve(found.workshop_id)?;
    if kind.only_owners() {
        actor.must_own(found.workshop_id)?;
    }
    if !found.is_live() {
        return Err(ProvenanceError::Withdrawn);
    }
    if let AddData::Entry(Entry::Correction(correction)) = &data
        && !(1..=found.head_seq).contains(&i32::try_from(correction.of).unwrap_or(0))
    {
        return Err(ProvenanceError::Fields(vec![(Field::Of, Wrong::Choice)]));
    }
    let hash = match photo {
        Some(photo) => Some(keep(tx, found.workshop_id, &photo).await?),
        None => None,
    };
    let key = Some(format!("{record}:{form_key}"));
    let added = match data.with_picture(hash).ok_or(ProvenanceError::Unknown)? {
        AddData::Maker(name) => append_maker(tx, record, &name, key).await?,
        AddData::Entry(entry) => append_once(tx, record, entry, key).await?,
        AddData::Certificate(id) => {
            let named = named(tx, found.workshop_id, id, false).await?;
            append_once(tx, record, Entry::Credential(named), key).await?
        }
        AddData::Photo(_) => return Err(ProvenanceError::Unknown),
    };
    // Not what was said: a name that is erased later must not stay here.
    let detail = json!({ "kind": kind.word(), "seq": added.seq });
    let workshop = Some(found.workshop_id);
    audit::record(tx, &actor, "provenance.add", record, workshop, detail).await?;
    Ok(added.seq)
}

/// What is erased of a record: beside the chain, which stays as it is and still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// The maker's name and salt of this entry.
    Name(u32),
    /// The picture of this entry.
    Picture(u32),
}

#[derive(Debug, Clone)]
pub struct Erase {
    pub actor: Actor,
    pub record: RecordId,
    pub what: Erased,
}

/// Erases a name or a picture for good, also of a withdrawn record. Only for owners.
pub async fn erase(tx: &mut Tx, command: Erase) -> Result<(), ProvenanceError> {
    let Erase { actor, record, what } = command;
    let found = by_id(tx, record).await?.ok_or(ProvenanceError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    let (seq, verb, gone) = match what {
        Erased::Name(seq) => {
            let gone = tx
                .execute(
                    "DELETE FROM provenance_name WHERE record_id = $1 AND seq = $2",
                    params![record, seq],
                )
                .await?;
            (seq, "provenance.erase_name", gone)
        }
        Erased::Picture(seq) => {
            let lines = super::record::story(tx, record).await?;
            let line = lines.iter().find(|line| line.seq == seq);
            let picture = line.and_then(|line| line.entry.picture());
            let picture = picture.ok_or(ProvenanceError::Unknown)?;
            let gone = photos::drop(tx, found.workshop_id, &picture.sha256).await?;
            (seq, "provenance.erase_picture", gone)
        }
    };
    if gone > 0 {
        let workshop = Some(found.workshop_id);
        audit::record(tx, &actor, verb, record, workshop, json!({ "seq": seq })).await?;
    }
    Ok(())
}
