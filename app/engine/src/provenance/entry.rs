//! What the entries of a record say.
//!
//! Everything is text as it was known then: a workshop that is renamed later, or leaves its co-op, does
//! not change what was written. Names of people are not in it; see [`Maker`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hash::{Print, sha256};
use super::record::RecordKind;
use crate::coop::CoopForm;
use crate::{CredentialId, Localized, RecordId, stored_enum};

stored_enum! {
    pub enum EntryKind {
        Opened = "opened",
        Material = "material",
        Maker = "maker",
        Step = "step",
        Photo = "photo",
        Credential = "credential",
        Remark = "remark",
        Correction = "correction",
        HandedOver = "handed_over",
        Withdrawn = "withdrawn",
    }
}

/// The first entry of a record: what it is about, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The record's, so that no other can be put in its place.
    pub code: String,
    pub of: RecordKind,
    pub title: Localized,
    /// None where it is one piece.
    pub quantity: Option<u32>,
    /// What is counted ("chiếc"); may be empty.
    pub unit: Localized,
    pub made_from: Option<NaiveDate>,
    pub made_to: Option<NaiveDate>,
    pub workshop: Place,
    pub village: Place,
    pub coop: Option<CoopThen>,
    /// What it stands in for; not written where it is for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaced>,
}

/// A record that ended, and the last entry that it had then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    pub record: RecordId,
    pub head: Print,
}

/// A workshop or village, and the end of its address here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub name: Localized,
    pub slug: String,
}

/// The co-op in which the workshop worked then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoopThen {
    pub form: CoopForm,
    pub name: String,
    pub slug: String,
    /// The collective trademark and its number; empty when none.
    pub trademark: String,
    pub trademark_number: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    pub name: Localized,
    /// Where it comes from.
    pub origin: Localized,
}

/// Who made it: SHA-256 of a random salt and the name, which stand beside the chain. When both are
/// erased nobody finds the name out, and the chain still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maker {
    pub commitment: Print,
}

/// A picture that is kept by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    pub sha256: Print,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub words: Localized,
    /// When it was done; the entry's own instant tells when it was written down.
    pub on: NaiveDate,
    pub picture: Option<Picture>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Photo {
    pub words: Localized,
    pub picture: Picture,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    pub words: Localized,
    /// Stars of the OCOP programme ("one commune, one product"), 3 to 5.
    pub ocop_stars: Option<u8>,
    /// Of the decision or certificate; may be empty.
    pub number: String,
    /// The certificate in the register of credentials, and its last day as it was then; neither is
    /// written where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CredentialId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    pub words: Localized,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The entry that it puts right.
    pub of: u32,
    pub words: Localized,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedOver {
    /// To whom, without a person's name: "to the shop in Hàng Gai", "to whoever made it".
    pub words: Localized,
    pub on: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawn {
    pub reason: Localized,
}

/// One entry's kind and body.
#[expect(clippy::large_enum_variant, reason = "an entry is read from its row and dropped")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Entry {
    Opened(Opened),
    Material(Material),
    Maker(Maker),
    Step(Step),
    Photo(Photo),
    Credential(Credential),
    Remark(Remark),
    Correction(Correction),
    HandedOver(HandedOver),
    Withdrawn(Withdrawn),
}

impl Entry {
    pub const fn kind(&self) -> EntryKind {
        match self {
            Entry::Opened(_) => EntryKind::Opened,
            Entry::Material(_) => EntryKind::Material,
            Entry::Maker(_) => EntryKind::Maker,
            Entry::Step(_) => EntryKind::Step,
            Entry::Photo(_) => EntryKind::Photo,
            Entry::Credential(_) => EntryKind::Credential,
            Entry::Remark(_) => EntryKind::Remark,
            Entry::Correction(_) => EntryKind::Correction,
            Entry::HandedOver(_) => EntryKind::HandedOver,
            Entry::Withdrawn(_) => EntryKind::Withdrawn,
        }
    }

    pub(super) fn body(&self) -> Result<Value, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        Ok(value.get_mut("body").map(Value::take).unwrap_or_default())
    }

    pub(super) fn read(kind: EntryKind, body: Value) -> Result<Entry, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "kind": kind.word(), "body": body }))
    }

    /// The picture that it shows.
    pub const fn picture(&self) -> Option<&Picture> {
        match self {
            Entry::Step(step) => step.picture.as_ref(),
            Entry::Photo(photo) => Some(&photo.picture),
            _ => None,
        }
    }
}

/// What the chain holds of a maker's name.
pub(super) fn commitment(salt: &Print, name: &str) -> Print {
    sha256(&[&salt.0, name.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_written_and_read_by_its_kind() {
        let words = Localized { vi: "Nung ở 1.280 °C".into(), en: String::new() };
        let on = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        for entry in [
            Entry::Step(Step { words: words.clone(), on, picture: None }),
            Entry::HandedOver(HandedOver { words: words.clone(), on }),
            Entry::Maker(Maker { commitment: commitment(&sha256(&[b"salt"]), "Vân") }),
            Entry::Withdrawn(Withdrawn { reason: words }),
        ] {
            let body = entry.body().unwrap();
            assert!(body.is_object(), "{body}");
            assert_eq!(Entry::read(entry.kind(), body).unwrap(), entry);
        }
        let other = serde_json::json!({ "words": { "vi": "", "en": "" }, "more": 1 });
        assert!(Entry::read(EntryKind::Remark, other).is_err());
    }
}
