//! What vouches for a piece: its record, which is told of each step in the transaction that takes it.
//!
//! A chain is never shortened, so nothing of whoever made the piece goes into it: no name, no word that
//! somebody wrote. What a record says are the program's own words, days, and pictures by their hash.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::error::CraftError;
use super::making::StepKind;
use super::material::MaterialList;
use super::model::PieceState;
use super::photo::copied;
use super::step::{Mark, Taken};
use crate::clock::local_date;
use crate::provenance::{
    self, Correction, Entry, HandedOver, NewRecord, Photo, Picture, RecordKind, Remark, Withdrawn,
    photos,
};
use crate::store::{StoreError, Tx};
use crate::words::origin as text;
use crate::{FiringId, Locale, Localized, OptionId, PieceId, PiecePhotoId, RecordId};

/// Tells the records of these pieces what happens to them, all in as few statements as one takes; opens
/// those of pieces that are registered. Answers the number of each one's first entry, where it has any.
pub(super) async fn tell(
    tx: &mut Tx,
    all: &mut [Taken<'_>],
) -> Result<Vec<Option<i32>>, CraftError> {
    if !all.iter().any(tells) {
        return Ok(vec![None; all.len()]);
    }
    open(tx, all).await?;
    let live = live(tx, all).await?;
    let known = Known::load(tx, all).await?;
    let on = local_date(tx.now());
    let (mut entries, mut firsts) = (Vec::new(), Vec::new());
    for taken in all.iter() {
        let first = entries.len();
        // A record that was taken back takes nothing more; a piece that is older than records has none.
        if let Some(record) = taken.piece.record_id.filter(|id| live.contains(id)) {
            entries.extend(known.entries(taken, on).into_iter().map(|entry| (record, entry)));
        }
        firsts.push((entries.len() > first).then_some(first));
    }
    let written = provenance::append_all(tx, entries).await?;
    let seq = |at: usize| written.get(at).and_then(|there| i32::try_from(there.seq).ok());
    Ok(firsts.into_iter().map(|first| first.and_then(seq)).collect())
}

/// Whether the record learns of it.
fn tells(taken: &Taken<'_>) -> bool {
    match taken.what.mark {
        Mark::Registered
        | Mark::Done
        | Mark::Undone
        | Mark::Cracked
        | Mark::Lost
        | Mark::Posted
        | Mark::Arrived
        | Mark::Collected => true,
        Mark::Noted => taken.what.photo.is_some(),
        Mark::Loaded
        | Mark::Unloaded
        | Mark::Chosen
        | Mark::Packed
        | Mark::Unpacked
        | Mark::Promised => false,
    }
}

/// Opens the records of pieces that are registered now.
async fn open(tx: &mut Tx, all: &mut [Taken<'_>]) -> Result<(), CraftError> {
    let mut new: Vec<&mut Taken<'_>> = all
        .iter_mut()
        .filter(|it| it.what.mark == Mark::Registered && it.piece.record_id.is_none())
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let options = distinct(new.iter().map(|taken| taken.piece.option_id));
    let tours: Vec<(OptionId, Localized)> = tx
        .fetch_among(&options, |marks| {
            format!(
                "SELECT tour_option.id, tour.title FROM tour_option \
                 JOIN tour ON tour.id = tour_option.tour_id WHERE tour_option.id IN ({marks})"
            )
        })
        .await?;
    let materials: Vec<(OptionId, MaterialList)> = tx
        .fetch_among(&options, |marks| {
            format!("SELECT option_id, materials FROM making WHERE option_id IN ({marks})")
        })
        .await?;
    let old = distinct(new.iter().filter_map(|taken| taken.piece.replaces));
    let old: Vec<(PieceId, Option<RecordId>)> = tx
        .fetch_among(&old, |marks| format!("SELECT id, record_id FROM piece WHERE id IN ({marks})"))
        .await?;
    let (tours, materials): (HashMap<_, _>, HashMap<_, _>) =
        (tours.into_iter().collect(), materials.into_iter().collect());
    let old: HashMap<PieceId, Option<RecordId>> = old.into_iter().collect();
    let today = local_date(tx.now());
    let records = new
        .iter()
        .map(|taken| {
            let piece = &taken.piece;
            let tour = tours.get(&piece.option_id);
            let tour = |l: Locale| tour.map_or("", |title| title.text(l));
            let made_of = materials.get(&piece.option_id).cloned().unwrap_or_default();
            NewRecord {
                workshop: piece.workshop_id,
                kind: RecordKind::Piece,
                title: both(|l| text::title(l, &piece.label, tour(l))),
                quantity: None,
                unit: Localized::default(),
                made_from: Some(today),
                made_to: None,
                materials: made_of.0,
                makers: Vec::new(),
                credentials: Vec::new(),
                replaces: piece.replaces.and_then(|id| old.get(&id).copied().flatten()),
                form_key: format!("piece:{}", piece.id),
            }
        })
        .collect();
    let records = provenance::open_all(tx, records).await?;
    for (taken, record) in new.iter_mut().zip(records) {
        taken.piece.record_id = Some(record.id);
    }
    Ok(())
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Those of the pieces' records that take entries.
async fn live(tx: &mut Tx, all: &[Taken<'_>]) -> Result<HashSet<RecordId>, StoreError> {
    let ids = distinct(all.iter().filter_map(|taken| taken.piece.record_id));
    let live: Vec<(RecordId,)> = tx
        .fetch_among(&ids, |marks| {
            format!("SELECT id FROM provenance_record WHERE state = 'live' AND id IN ({marks})")
        })
        .await?;
    Ok(live.into_iter().map(|(id,)| id).collect())
}

/// What entries are made of, read for all pieces at once.
#[derive(Default)]
struct Known {
    /// Name of the kiln, and the day, of loads.
    loads: HashMap<FiringId, (Localized, NaiveDate)>,
    /// Of pieces whose last step was not done after all: its entry.
    undone: HashMap<PieceId, u32>,
    pictures: HashMap<PiecePhotoId, Picture>,
    /// Of pieces that others stand in for.
    labels: HashMap<PieceId, String>,
}

impl Known {
    async fn load(tx: &mut Tx, all: &[Taken<'_>]) -> Result<Known, StoreError> {
        let mut known = Known::default();
        let now = tx.now();
        let loads = distinct(all.iter().filter_map(|taken| taken.what.firing));
        let loads: Vec<(FiringId, Localized, DateTime<Utc>)> = tx
            .fetch_among(&loads, |marks| {
                format!(
                    "SELECT firing.id, resource.name, firing.starts_at FROM firing \
                     JOIN resource ON resource.id = firing.resource_id WHERE firing.id IN ({marks})"
                )
            })
            .await?;
        for (id, kiln, starts_at) in loads {
            // One that is fired before its time is fired today.
            known.loads.insert(id, (kiln, local_date(starts_at.min(now))));
        }
        let undone = all.iter().filter(|taken| taken.what.mark == Mark::Undone);
        let undone = distinct(undone.map(|taken| taken.piece.id));
        known.undone = last_done(tx, &undone).await?;
        for taken in all {
            let Some(photo) = taken.what.photo else { continue };
            let Some((size, jpeg)) = copied(tx, photo).await? else { continue };
            let workshop = taken.piece.workshop_id;
            let sha256 = photos::insert(tx, workshop, "image/jpeg", size, &jpeg).await?;
            known.pictures.insert(photo, Picture { sha256 });
        }
        let old = distinct(all.iter().filter_map(|taken| taken.piece.replaces));
        let labels: Vec<(PieceId, String)> = tx
            .fetch_among(&old, |marks| format!("SELECT id, label FROM piece WHERE id IN ({marks})"))
            .await?;
        known.labels = labels.into_iter().collect();
        Ok(known)
    }

    fn entries(&self, taken: &Taken<'_>, on: NaiveDate) -> Vec<Entry> {
        let Taken { piece, what, after, about } = taken;
        let picture = what.photo.and_then(|photo| self.pictures.get(&photo)).cloned();
        let given = |words: fn(Locale) -> &'static str| {
            Entry::HandedOver(HandedOver { words: plain(words), on })
        };
        let step = |words, picture| Entry::Step(provenance::Step { words, on, picture });
        let shown = |words: fn(Locale) -> &'static str, picture: Option<Picture>| {
            picture.map(|picture| Entry::Photo(Photo { words: plain(words), picture }))
        };
        let ends = |reason: fn(Locale) -> &'static str| {
            Entry::Withdrawn(Withdrawn { reason: plain(reason) })
        };
        match what.mark {
            Mark::Registered => {
                let old = piece.replaces.and_then(|old| self.labels.get(&old));
                let words = match old {
                    Some(old) => both(|l| text::made_again(l, old)),
                    None => plain(text::made),
                };
                let home = (after.state == PieceState::Handed).then(|| given(text::taken_home));
                [Some(step(words, picture)), home].into_iter().flatten().collect()
            }
            Mark::Done => {
                let ready = after.state == PieceState::Ready;
                let words = about.map(|kind| self.done(kind, what.firing, ready));
                words.map(|words| step(words, picture)).into_iter().collect()
            }
            Mark::Undone => vec![match self.undone.get(&piece.id) {
                Some(of) => Entry::Correction(Correction { of: *of, words: plain(text::not_done) }),
                None => Entry::Remark(Remark { words: plain(text::not_done) }),
            }],
            Mark::Cracked => {
                let seen = shown(text::photo_cracked, picture);
                [seen, Some(ends(text::cracked))].into_iter().flatten().collect()
            }
            Mark::Lost => vec![ends(text::lost)],
            Mark::Posted => vec![step(plain(text::posted), picture)],
            Mark::Arrived => vec![given(text::arrived)],
            Mark::Collected => vec![given(text::collected)],
            Mark::Noted => shown(text::photo, picture).into_iter().collect(),
            Mark::Loaded
            | Mark::Unloaded
            | Mark::Chosen
            | Mark::Packed
            | Mark::Unpacked
            | Mark::Promised => Vec::new(),
        }
    }

    /// "Nung mộc trong Lò ga, mẻ ngày 5/12/2026".
    fn done(&self, kind: StepKind, firing: Option<FiringId>, ready: bool) -> Localized {
        let load = firing.and_then(|id| self.loads.get(&id));
        both(|l| {
            let step = match load {
                Some((kiln, day)) => {
                    let day = (l.writing().plain_date)(*day);
                    text::fired(l, day, kiln.text(l), step(l, kind))
                }
                None => step(l, kind).to_owned(),
            };
            if ready { text::ready(l, step) } else { step }
        })
    }
}

/// The entries of these pieces' last steps that were done and not undone since.
async fn last_done(tx: &mut Tx, pieces: &[PieceId]) -> Result<HashMap<PieceId, u32>, StoreError> {
    let rows: Vec<(PieceId, Mark, Option<i32>)> = tx
        .fetch_among(pieces, |marks| {
            format!(
                "SELECT piece_id, mark, record_seq FROM piece_step WHERE piece_id IN ({marks}) \
                 AND mark IN ('done', 'undone') ORDER BY version"
            )
        })
        .await?;
    let mut done: HashMap<PieceId, Vec<Option<i32>>> = HashMap::new();
    for (piece, mark, seq) in rows {
        let steps = done.entry(piece).or_default();
        if mark == Mark::Done {
            steps.push(seq);
        } else {
            steps.pop();
        }
    }
    let last = done.into_iter().filter_map(|(piece, mut steps)| {
        let seq = steps.pop().flatten()?;
        Some((piece, u32::try_from(seq).ok()?))
    });
    Ok(last.collect())
}

/// A record is written in the languages that hosts write.
fn both(words: impl Fn(Locale) -> String) -> Localized {
    Localized { vi: words(Locale::Vi), en: words(Locale::En) }
}

fn plain(words: fn(Locale) -> &'static str) -> Localized {
    both(|l| words(l).to_owned())
}

fn step(l: Locale, kind: StepKind) -> &'static str {
    match kind {
        StepKind::Drying => text::drying(l),
        StepKind::Trimming => text::trimming(l),
        StepKind::BisqueFiring => text::bisque_firing(l),
        StepKind::Painting => text::painting(l),
        StepKind::Glazing => text::glazing(l),
        StepKind::GlazeFiring => text::glaze_firing(l),
        StepKind::Priming => text::priming(l),
        StepKind::Lacquering => text::lacquering(l),
        StepKind::Polishing => text::polishing(l),
        StepKind::Assembling => text::assembling(l),
        StepKind::Finishing => text::finishing(l),
    }
}
