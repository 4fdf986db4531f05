//! Opening records: what is known at first, with the places as they are now.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::book::{again, append_all};
use super::code;
use super::entry::{
    CoopThen, Credential, Entry, Maker, Material, Opened, Place, Replaced, commitment,
};
use super::error::ProvenanceError;
use super::hash::{Hex, Print};
use super::record::{Record, RecordKind, RecordState, by_ids};
use crate::clock::local_date;
use crate::credential::{self, Holder};
use crate::store::{StoreError, Tx};
use crate::{Localized, RecordId, WorkshopId, columns, coop, params};

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
    /// The record of what this one stands in for.
    pub replaces: Option<RecordId>,
    /// Names the event: the same again is the same record.
    pub form_key: String,
}

/// A workshop with its village and its co-op.
type Where = (Place, Place, Option<CoopThen>);

/// Opens a record with what is known at first. Asks nobody: whoever calls it has asked whether the actor
/// may; see [`super`] for an example.
pub async fn open(tx: &mut Tx, new: NewRecord) -> Result<Record, ProvenanceError> {
    open_all(tx, vec![new]).await?.pop().ok_or(ProvenanceError::Unknown)
}

/// Opens records, in as few statements as one of them takes.
pub async fn open_all(tx: &mut Tx, new: Vec<NewRecord>) -> Result<Vec<Record>, ProvenanceError> {
    let keys: Vec<String> = new.iter().map(|new| new.form_key.clone()).collect();
    let known: Vec<(String, RecordId)> = tx
        .fetch_among(&keys, |marks| {
            format!("SELECT form_key, id FROM provenance_record WHERE form_key IN ({marks})")
        })
        .await?;
    let mut ids: HashMap<String, RecordId> = known.into_iter().collect();
    let mut rows = Vec::new();
    let mut opened = Vec::new();
    for new in new {
        if ids.contains_key(&new.form_key) {
            continue;
        }
        let id = RecordId::new(tx.now());
        let code = code::draw(tx);
        rows.push(columns! {
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
        });
        ids.insert(new.form_key.clone(), id);
        opened.push((id, code, new));
    }
    if !tx.insert_all_if_new("provenance_record", &rows).await? {
        // The same form, at this very moment.
        return Err(again(tx, "the record was just opened"));
    }
    write_first(tx, opened).await?;
    let ids: Vec<RecordId> = keys.iter().filter_map(|key| ids.get(key).copied()).collect();
    let records = by_ids(tx, &ids).await?.into_iter().map(|record| (record.id, record));
    let records: HashMap<RecordId, Record> = records.collect();
    ids.iter().map(|id| records.get(id).cloned().ok_or(ProvenanceError::Unknown)).collect()
}

/// The first entries of records that were just opened.
async fn write_first(
    tx: &mut Tx,
    opened: Vec<(RecordId, String, NewRecord)>,
) -> Result<(), ProvenanceError> {
    let replaced: Vec<RecordId> = opened.iter().filter_map(|(.., new)| new.replaces).collect();
    let replaced: HashMap<RecordId, Option<Print>> = by_ids(tx, &replaced)
        .await?
        .into_iter()
        .map(|record| (record.id, record.head_hash))
        .collect();
    let mut places: HashMap<WorkshopId, Where> = HashMap::new();
    let mut entries = Vec::new();
    let mut named = Vec::new();
    for (id, code, new) in opened {
        let there = if let Some(there) = places.get(&new.workshop) {
            there.clone()
        } else {
            let there = place(tx, new.workshop).await?;
            places.insert(new.workshop, there.clone());
            there
        };
        let (workshop, village, coop) = there;
        let replaces = new.replaces.and_then(|old| {
            let head = replaced.get(&old).copied().flatten()?;
            Some(Replaced { record: old, head })
        });
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
            replaces,
        };
        entries.push((id, Entry::Opened(opened)));
        entries.extend(new.materials.into_iter().map(|it| (id, Entry::Material(it))));
        for name in new.makers {
            let salt = Hex(tx.draw_bytes());
            let maker = Maker { commitment: commitment(&salt, &name) };
            named.push((entries.len(), id, name, salt));
            entries.push((id, Entry::Maker(maker)));
        }
        entries.extend(new.credentials.into_iter().map(|it| (id, Entry::Credential(it))));
    }
    let written = append_all(tx, entries).await?;
    for (at, id, name, salt) in named {
        let Some(there) = written.get(at) else { continue };
        let row = columns! { record_id: id, seq: there.seq, name: name, salt: salt };
        tx.insert("provenance_name", row).await?;
    }
    Ok(())
}

async fn place(tx: &mut Tx, workshop: WorkshopId) -> Result<Where, ProvenanceError> {
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
    let village = Place { name: village, slug: village_slug };
    Ok((Place { name, slug }, village, coop_then(tx, workshop).await?))
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
