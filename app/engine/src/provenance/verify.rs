//! Checking a record's file: pure functions of the file, the public keys, and what we have ourselves.

use chrono::{DateTime, NaiveDate, Utc};

use super::chain::{FORMAT, Hashed, Signed, is_signed};
use super::checkpoint::{Hashed as HashedCheckpoint, Head, row_of};
use super::entry::commitment;
use super::error::ProvenanceError;
use super::export::{Export, ExportedEntry, Inclusion, bare, read_instant};
use super::hash::Print;
use super::keys::{self, PublicKey};
use super::merkle::leads;
use super::record::{Record, by_code};
use crate::store::Conn;

/// Longest file that is looked at, bytes.
pub const MAX_FILE: usize = 1024 * 1024;

/// One thing that is not as it should be, or that whoever asks must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finding {
    /// It is no record's file: no JSON, or fields lack or are strange.
    Unreadable,
    /// Of another kind or version.
    Format,
    NoEntries,
    /// The record's first entry says that it is another's, or does not open a record.
    Opening,
    /// The entry's number does not follow from the one before.
    Number {
        seq: u32,
    },
    /// It does not name the hash of the entry before: something was taken out, put in or turned round.
    Link {
        seq: u32,
    },
    /// The entry is not what was hashed: something in it was changed.
    Hash {
        seq: u32,
    },
    /// It is older than the entry before.
    Time {
        seq: u32,
    },
    /// No key of ours has the name.
    Key {
        seq: u32,
    },
    /// The key was not in use then.
    KeyTime {
        seq: u32,
    },
    Signature {
        seq: u32,
    },
    /// The name beside the chain is not the one that was given then.
    Name {
        seq: u32,
    },
    /// The record does not lead to the checkpoint's root.
    CheckpointProof,
    /// The checkpoint holds another entry than the record.
    CheckpointEntry {
        seq: u32,
    },
    CheckpointHash,
    CheckpointKey,
    CheckpointSignature,
    /// The checkpoint of that day that we publish is another.
    CheckpointDiffers,
    /// We have no such record.
    Unknown,
    /// The entry is another than ours.
    Differs {
        seq: u32,
    },
    /// The file has entries that we do not have.
    Surplus {
        seq: u32,
    },
    /// The file lacks our last entries: it was cut off, or it is older than they are.
    Shortened {
        has: u32,
        of: u32,
    },
    /// Its products were taken back.
    Withdrawn,
}

/// What a file comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Genuine,
    /// True, but not all that is known by now.
    Outdated,
    Withdrawn,
    Unknown,
    /// Somebody changed it.
    Broken,
}

impl Finding {
    const fn verdict(self) -> Verdict {
        match self {
            Finding::Withdrawn => Verdict::Withdrawn,
            Finding::Shortened { .. } => Verdict::Outdated,
            Finding::Unknown => Verdict::Unknown,
            _ => Verdict::Broken,
        }
    }
}

/// What was looked at and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
    pub code: String,
    /// How many entries, and names, the file has.
    pub entries: usize,
    pub names: usize,
    /// The day of its checkpoint.
    pub checkpoint: Option<String>,
}

impl Report {
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.findings.iter().map(|finding| finding.verdict());
        verdicts.max().unwrap_or(Verdict::Genuine)
    }
}

/// What we have ourselves, to compare a file with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    pub entries: Vec<Print>,
    pub withdrawn: bool,
    /// The hash of our checkpoint of the file's day.
    pub checkpoint: Option<Print>,
}

/// The file, if it is one.
pub fn read(text: &str) -> Result<Export, Finding> {
    if text.len() > MAX_FILE {
        return Err(Finding::Unreadable);
    }
    let export: Export = serde_json::from_str(text).map_err(|_| Finding::Unreadable)?;
    if export.format == FORMAT { Ok(export) } else { Err(Finding::Format) }
}

/// What is wrong with a file by itself: each entry's number, link, hash, time, key and signature, the
/// names, the checkpoint.
pub fn check(export: &Export, keys: &[PublicKey]) -> Vec<Finding> {
    let mut found = Vec::new();
    if export.entries.is_empty() {
        found.push(Finding::NoEntries);
    }
    let opening = export.entries.first();
    if opening.is_some_and(|first| first.kind != "opened" || first.body["code"] != *export.code) {
        found.push(Finding::Opening);
    }
    let mut before: Option<&ExportedEntry> = None;
    for entry in &export.entries {
        check_entry(export, entry, before, keys, &mut found);
        before = Some(entry);
    }
    let mut named = std::collections::HashSet::new();
    for name in &export.names {
        let seq = name.seq;
        let entry = export.entries.iter().find(|entry| entry.seq == seq && entry.kind == "maker");
        let given = commitment(&name.salt, &name.name).to_string();
        if entry.is_none_or(|entry| entry.body["commitment"] != *given) || !named.insert(seq) {
            found.push(Finding::Name { seq });
        }
    }
    if let Some(inclusion) = &export.checkpoint {
        check_inclusion(export, inclusion, keys, &mut found);
    }
    if export.entries.last().is_some_and(|last| last.kind == "withdrawn") {
        found.push(Finding::Withdrawn);
    }
    found
}

fn check_entry(
    export: &Export,
    entry: &ExportedEntry,
    before: Option<&ExportedEntry>,
    keys: &[PublicKey],
    found: &mut Vec<Finding>,
) {
    let seq = entry.seq;
    if before.map_or(1, |before| before.seq.saturating_add(1)) != seq {
        found.push(Finding::Number { seq });
    }
    if before.map(|before| before.hash) != entry.previous {
        found.push(Finding::Link { seq });
    }
    let hashed = Hashed {
        record: &export.record,
        seq,
        previous: entry.previous,
        at: &entry.at,
        kind: &entry.kind,
        body: &entry.body,
    };
    if hashed.hash().ok() != Some(entry.hash) {
        found.push(Finding::Hash { seq });
    }
    let at = read_instant(&entry.at);
    let earlier = before.and_then(|before| read_instant(&before.at));
    if at.is_none() || at < earlier {
        found.push(Finding::Time { seq });
    }
    match key_of(keys, &entry.key, at) {
        KeyFound::None => found.push(Finding::Key { seq }),
        KeyFound::NotThen => found.push(Finding::KeyTime { seq }),
        KeyFound::Key(key) => {
            if !is_signed(&key.public_key, Signed::Entry, &entry.hash, &entry.signature) {
                found.push(Finding::Signature { seq });
            }
        }
    }
}

enum KeyFound<'k> {
    None,
    NotThen,
    Key(&'k PublicKey),
}

fn key_of<'k>(keys: &'k [PublicKey], id: &str, at: Option<DateTime<Utc>>) -> KeyFound<'k> {
    match (keys.iter().find(|key| key.id == id), at) {
        (None, _) => KeyFound::None,
        (Some(key), Some(at)) if key.held_at(at) => KeyFound::Key(key),
        (Some(_), _) => KeyFound::NotThen,
    }
}

fn check_inclusion(
    export: &Export,
    inclusion: &Inclusion,
    keys: &[PublicKey],
    found: &mut Vec<Finding>,
) {
    let seq = inclusion.seq;
    let entry = export.entries.iter().find(|entry| entry.seq == seq);
    if entry.is_none_or(|entry| entry.hash != inclusion.head) {
        found.push(Finding::CheckpointEntry { seq });
    }
    let head = Head { record: export.record.clone(), seq, head: inclusion.head };
    let Inclusion { index, size, path, root, .. } = inclusion;
    if !head.leaf().is_ok_and(|leaf| leads(&leaf, *index, *size, path, root)) {
        found.push(Finding::CheckpointProof);
    }
    let hashed = HashedCheckpoint {
        day: &inclusion.day,
        at: &inclusion.at,
        size: inclusion.size,
        root: inclusion.root,
        previous_day: inclusion.previous_day.as_deref(),
        previous: inclusion.previous,
    };
    if hashed.hash().ok() != Some(inclusion.hash) {
        found.push(Finding::CheckpointHash);
    }
    match key_of(keys, &inclusion.key, read_instant(&inclusion.at)) {
        KeyFound::None | KeyFound::NotThen => found.push(Finding::CheckpointKey),
        KeyFound::Key(key) => {
            let Inclusion { hash, signature, .. } = inclusion;
            if !is_signed(&key.public_key, Signed::Checkpoint, hash, signature) {
                found.push(Finding::CheckpointSignature);
            }
        }
    }
}

/// How a file differs from what we have.
pub fn compare(export: &Export, ours: Option<&Ours>) -> Vec<Finding> {
    let Some(ours) = ours else { return vec![Finding::Unknown] };
    let mut found = Vec::new();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let other =
        export.entries.iter().zip(&ours.entries).find(|(theirs, ours)| theirs.hash != **ours);
    if let Some((theirs, _)) = other {
        found.push(Finding::Differs { seq: theirs.seq });
    }
    let (has, of) = (export.entries.len(), ours.entries.len());
    if let Some(more) = export.entries.get(of) {
        found.push(Finding::Surplus { seq: more.seq });
    } else if has < of {
        found.push(Finding::Shortened { has: number(has), of: number(of) });
    }
    if let Some(inclusion) = &export.checkpoint
        && ours.checkpoint != Some(inclusion.hash)
    {
        found.push(Finding::CheckpointDiffers);
    }
    if ours.withdrawn {
        found.push(Finding::Withdrawn);
    }
    found
}

/// What is wrong with a record of ours, checkpoints aside: for its page, which says so rather than show
/// what does not hold.
pub async fn own(conn: &mut Conn, record: &Record) -> Result<Vec<Finding>, ProvenanceError> {
    let keys = keys::all(conn).await?.keys;
    Ok(check(&bare(conn, record).await?, &keys))
}

/// Checks a file by itself and against what we have.
pub async fn examine(conn: &mut Conn, text: &str) -> Result<Report, ProvenanceError> {
    let export = match read(text) {
        Ok(export) => export,
        Err(finding) => return Ok(Report { findings: vec![finding], ..Report::default() }),
    };
    let keys = keys::all(conn).await?.keys;
    let record = by_code(conn, &export.code).await?;
    let record = record.filter(|record| record.id.to_string() == export.record);
    let ours = match record {
        Some(record) => Some(ours(conn, &record, &export).await?),
        None => None,
    };
    let mut findings = check(&export, &keys);
    for more in compare(&export, ours.as_ref()) {
        if !findings.contains(&more) {
            findings.push(more);
        }
    }
    Ok(Report {
        findings,
        code: export.code,
        entries: export.entries.len(),
        names: export.names.len(),
        checkpoint: export.checkpoint.map(|inclusion| inclusion.day),
    })
}

async fn ours(conn: &mut Conn, record: &Record, theirs: &Export) -> Result<Ours, ProvenanceError> {
    let own = bare(conn, record).await?;
    let day = theirs.checkpoint.as_ref().and_then(|it| it.day.parse::<NaiveDate>().ok());
    let checkpoint = match day {
        Some(day) => row_of(conn, day).await?.map(|row| row.hash),
        None => None,
    };
    let entries = own.entries.iter().map(|entry| entry.hash).collect();
    Ok(Ours { entries, withdrawn: !record.is_live(), checkpoint })
}
