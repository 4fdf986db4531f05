//! What hosts type about lots, read.

use chrono::NaiveDate;

use super::entry::{Correction, Entry, HandedOver, Material, Photo, Picture, Remark, Step};
use super::error::{Field, ProvenanceError, Wrong, Wrongs};
use super::hash::Print;
use crate::text::is_invisible;
use crate::{CredentialId, Localized};

/// Longest title, words and name, in characters.
const MAX_TITLE: usize = 120;
const MAX_WORDS: usize = 600;
const MAX_NAME: usize = 80;
/// Materials and makers of one lot.
pub const MAX_MATERIALS: usize = 12;
const MAX_MAKERS: usize = 12;
const MAX_QUANTITY: u32 = 100_000;

/// One line: composed, without what nobody sees.
fn line(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let seen = text.nfc().filter(|c| !is_invisible(*c)).collect::<String>();
    let seen: String = seen.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(text: &Localized) -> Localized {
    Localized { vi: line(&text.vi), en: line(&text.en) }
}

/// A text in both languages; the Vietnamese one is required where one is.
fn both(text: &Localized, field: Field, max: usize, must: bool, wrongs: &mut Wrongs) -> Localized {
    let text = lines(text);
    if text.vi.is_empty() && (must || !text.en.is_empty()) {
        wrongs.push((field, Wrong::Missing));
    } else if text.vi.chars().count().max(text.en.chars().count()) > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}

pub(super) fn reason(text: &Localized) -> Result<Localized, ProvenanceError> {
    let mut wrongs = Vec::new();
    let reason = both(text, Field::Reason, MAX_WORDS, true, &mut wrongs);
    if wrongs.is_empty() { Ok(reason) } else { Err(ProvenanceError::Fields(wrongs)) }
}

/// A day that has come; None where none is given and none must be.
fn day(
    text: &str,
    field: Field,
    must: bool,
    today: NaiveDate,
    wrongs: &mut Wrongs,
) -> Option<NaiveDate> {
    let text = text.trim();
    if text.is_empty() {
        if must {
            wrongs.push((field, Wrong::Missing));
        }
        return None;
    }
    match text.parse::<NaiveDate>() {
        Ok(day) if day > today => wrongs.push((field, Wrong::Future)),
        Ok(day) => return Some(day),
        Err(_) => wrongs.push((field, Wrong::Date)),
    }
    None
}

fn short(text: &str, field: Field, must: bool, wrongs: &mut Wrongs) -> String {
    let text = line(text);
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > MAX_NAME {
        wrongs.push((field, Wrong::TooLong { max: MAX_NAME }));
    }
    text
}

/// A certificate as it was chosen; None where none was.
fn certificate(text: &str, must: bool, wrongs: &mut Wrongs) -> Option<CredentialId> {
    let text = text.trim();
    let chosen: Option<CredentialId> = text.parse().ok();
    if chosen.is_none() && (must || !text.is_empty()) {
        wrongs.push((Field::Certificate, Wrong::Choice));
    }
    chosen
}

/// A lot as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LotInput {
    pub title: Localized,
    pub quantity: String,
    pub unit: Localized,
    pub made_from: String,
    pub made_to: String,
    /// Rows of name and origin; empty ones are passed over.
    pub materials: Vec<(Localized, Localized)>,
    /// One name a line.
    pub makers: String,
    /// They agreed to be named.
    pub consent: bool,
    /// Of the workshop's certified stars those of this product, or empty.
    pub certificate: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotData {
    pub(super) title: Localized,
    pub(super) quantity: u32,
    pub(super) unit: Localized,
    pub(super) made_from: Option<NaiveDate>,
    pub(super) made_to: Option<NaiveDate>,
    pub(super) materials: Vec<Material>,
    pub(super) makers: Vec<String>,
    pub(super) certificate: Option<CredentialId>,
}

impl LotData {
    pub fn parse(input: &LotInput, today: NaiveDate) -> Result<LotData, ProvenanceError> {
        let mut wrongs = Vec::new();
        let title = both(&input.title, Field::Title, MAX_TITLE, true, &mut wrongs);
        let quantity = input.quantity.trim().replace(['.', ','], "").parse::<u32>().ok();
        let quantity = quantity.filter(|count| (1..=MAX_QUANTITY).contains(count));
        if quantity.is_none() {
            wrongs.push((Field::Quantity, Wrong::Number));
        }
        let unit = both(&input.unit, Field::Unit, MAX_NAME, false, &mut wrongs);
        let made_from = day(&input.made_from, Field::MadeFrom, false, today, &mut wrongs);
        let made_to = day(&input.made_to, Field::MadeTo, false, today, &mut wrongs);
        if made_from.zip(made_to).is_some_and(|(from, to)| to < from) {
            wrongs.push((Field::MadeTo, Wrong::Before));
        }
        let mut materials = Vec::new();
        for (at, (name, origin)) in input.materials.iter().take(MAX_MATERIALS).enumerate() {
            let (name, origin) = (lines(name), lines(origin));
            if [&name.vi, &name.en, &origin.vi, &origin.en].iter().all(|text| text.is_empty()) {
                continue;
            }
            let name = both(&name, Field::Material(at), MAX_TITLE, true, &mut wrongs);
            let origin = both(&origin, Field::Origin(at), MAX_TITLE, true, &mut wrongs);
            materials.push(Material { name, origin });
        }
        let makers = makers(&input.makers, input.consent, &mut wrongs);
        let certificate = certificate(&input.certificate, false, &mut wrongs);
        match quantity {
            Some(quantity) if wrongs.is_empty() => Ok(LotData {
                title,
                quantity,
                unit,
                made_from,
                made_to,
                materials,
                makers,
                certificate,
            }),
            _ => Err(ProvenanceError::Fields(wrongs)),
        }
    }
}

fn makers(text: &str, consent: bool, wrongs: &mut Wrongs) -> Vec<String> {
    let makers: Vec<String> = text.lines().map(line).filter(|name| !name.is_empty()).collect();
    if makers.len() > MAX_MAKERS {
        wrongs.push((Field::Makers, Wrong::TooMany { max: MAX_MAKERS }));
    } else if makers.iter().any(|name| name.chars().count() > MAX_NAME) {
        wrongs.push((Field::Makers, Wrong::TooLong { max: MAX_NAME }));
    }
    if !makers.is_empty() && !consent {
        wrongs.push((Field::Consent, Wrong::Consent));
    }
    makers
}

/// What is added to a record by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddKind {
    Step,
    Photo,
    Material,
    Maker,
    Credential,
    Remark,
    Correction,
    HandedOver,
}

impl AddKind {
    pub const ALL: [AddKind; 8] = [
        AddKind::Step,
        AddKind::Photo,
        AddKind::Material,
        AddKind::Maker,
        AddKind::Credential,
        AddKind::Remark,
        AddKind::Correction,
        AddKind::HandedOver,
    ];

    /// The word that stands for it in forms.
    pub const fn word(self) -> &'static str {
        match self {
            AddKind::Step => "step",
            AddKind::Photo => "photo",
            AddKind::Material => "material",
            AddKind::Maker => "maker",
            AddKind::Credential => "credential",
            AddKind::Remark => "remark",
            AddKind::Correction => "correction",
            AddKind::HandedOver => "handed_over",
        }
    }

    pub fn parse(word: &str) -> Option<AddKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What speaks of people, or for others, is the owners' to say.
    pub const fn only_owners(self) -> bool {
        matches!(self, AddKind::Maker | AddKind::Credential)
    }
}

/// An addition as it was typed; each kind uses some of the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddInput {
    pub words: Localized,
    pub origin: Localized,
    pub date: String,
    pub of: String,
    pub name: String,
    pub consent: bool,
    pub certificate: String,
}

/// The same, read.
#[expect(clippy::large_enum_variant, reason = "one for each form")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddData {
    Entry(Entry),
    /// A picture's hash is known once it is kept.
    Photo(Localized),
    Maker(String),
    /// What it says is looked up.
    Certificate(CredentialId),
}

impl AddData {
    pub fn parse(
        kind: AddKind,
        input: &AddInput,
        today: NaiveDate,
    ) -> Result<AddData, ProvenanceError> {
        let mut wrongs = Vec::new();
        let words = |must: bool, wrongs: &mut Wrongs| {
            both(&input.words, Field::Words, MAX_WORDS, must, wrongs)
        };
        let data = match kind {
            AddKind::Step => {
                let words = words(true, &mut wrongs);
                day(&input.date, Field::Date, true, today, &mut wrongs)
                    .map(|on| AddData::Entry(Entry::Step(Step { words, on, picture: None })))
            }
            AddKind::Photo => Some(AddData::Photo(words(true, &mut wrongs))),
            AddKind::Material => {
                let name = words(true, &mut wrongs);
                let origin = both(&input.origin, Field::Origin(0), MAX_TITLE, true, &mut wrongs);
                Some(AddData::Entry(Entry::Material(Material { name, origin })))
            }
            AddKind::Maker => {
                let name = short(&input.name, Field::Name, true, &mut wrongs);
                if !input.consent {
                    wrongs.push((Field::Consent, Wrong::Consent));
                }
                Some(AddData::Maker(name))
            }
            AddKind::Credential => {
                certificate(&input.certificate, true, &mut wrongs).map(AddData::Certificate)
            }
            AddKind::Remark => {
                Some(AddData::Entry(Entry::Remark(Remark { words: words(true, &mut wrongs) })))
            }
            AddKind::Correction => {
                let words = words(true, &mut wrongs);
                let of = input.of.trim().parse::<u32>().ok();
                if of.is_none() {
                    wrongs.push((Field::Of, Wrong::Choice));
                }
                of.map(|of| AddData::Entry(Entry::Correction(Correction { of, words })))
            }
            AddKind::HandedOver => {
                let words = words(true, &mut wrongs);
                day(&input.date, Field::Date, true, today, &mut wrongs)
                    .map(|on| AddData::Entry(Entry::HandedOver(HandedOver { words, on })))
            }
        };
        match data {
            Some(data) if wrongs.is_empty() => Ok(data),
            _ => Err(ProvenanceError::Fields(wrongs)),
        }
    }

    /// With a picture, where one belongs to it.
    pub(super) fn with_picture(self, sha256: Option<Print>) -> Option<AddData> {
        let picture = sha256.map(|sha256| Picture { sha256 });
        match (self, picture) {
            (AddData::Photo(words), Some(picture)) => {
                Some(AddData::Entry(Entry::Photo(Photo { words, picture })))
            }
            (AddData::Photo(_), None) => None,
            (AddData::Entry(Entry::Step(step)), picture) => {
                Some(AddData::Entry(Entry::Step(Step { picture, ..step })))
            }
            (data, _) => Some(data),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vi(text: &str) -> Localized {
        Localized { vi: text.into(), en: String::new() }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()
    }

    fn wrongs<T: std::fmt::Debug>(answer: Result<T, ProvenanceError>) -> Wrongs {
        match answer {
            Err(ProvenanceError::Fields(wrongs)) => wrongs,
            other => vec![(Field::Of, Wrong::TooLong { max: format!("{other:?}").len() })],
        }
    }

    #[test]
    fn a_lot_is_read_and_each_mistake_named() {
        let good = LotInput {
            title: vi("  Bát   men ngọc "),
            quantity: "1.200".into(),
            unit: vi("chiếc"),
            made_from: "2026-11-01".into(),
            made_to: "2026-11-20".into(),
            materials: vec![(vi("Cao lanh"), vi("Trúc Thôn")), (vi(""), vi(" "))],
            makers: "Nguyễn Thị Vân\n\n Lê Hải ".into(),
            consent: true,
            certificate: "01a20fff-1942-76eb-9f19-02874410c44f".into(),
        };
        let data = LotData::parse(&good, today()).unwrap();
        assert_eq!((data.title.vi.as_str(), data.quantity), ("Bát men ngọc", 1200));
        assert_eq!((data.materials.len(), data.makers.len()), (1, 2));
        assert!(data.certificate.is_some());
        let bad = LotInput {
            title: Localized { vi: String::new(), en: "Bowls".into() },
            quantity: "many".into(),
            made_from: "2026-12-02".into(),
            made_to: "yesterday".into(),
            materials: vec![(vi("Cao lanh"), vi(""))],
            consent: false,
            certificate: "six stars".into(),
            ..good.clone()
        };
        assert_eq!(
            wrongs(LotData::parse(&bad, today())),
            [
                (Field::Title, Wrong::Missing),
                (Field::Quantity, Wrong::Number),
                (Field::MadeFrom, Wrong::Future),
                (Field::MadeTo, Wrong::Date),
                (Field::Origin(0), Wrong::Missing),
                (Field::Consent, Wrong::Consent),
                (Field::Certificate, Wrong::Choice),
            ]
        );
        let turned = LotInput { made_to: "2026-10-31".into(), ..good };
        let before = [(Field::MadeTo, Wrong::Before)];
        assert_eq!(wrongs(LotData::parse(&turned, today())), before);
    }

    #[test]
    fn additions_are_read_by_their_kind() {
        let input = AddInput { words: vi("Phơi\u{200b}\nba ngày"), ..AddInput::default() };
        let parse = |kind, input: &AddInput| AddData::parse(kind, input, today());
        assert_eq!(
            parse(AddKind::Remark, &input).unwrap(),
            AddData::Entry(Entry::Remark(Remark { words: vi("Phơi ba ngày") }))
        );
        assert_eq!(wrongs(parse(AddKind::Step, &input)), [(Field::Date, Wrong::Missing)]);
        assert_eq!(wrongs(parse(AddKind::Correction, &input)), [(Field::Of, Wrong::Choice)]);
        let none = AddInput::default();
        let both = [(Field::Name, Wrong::Missing), (Field::Consent, Wrong::Consent)];
        assert_eq!(wrongs(parse(AddKind::Maker, &none)), both);
        let choice = [(Field::Certificate, Wrong::Choice)];
        assert_eq!(wrongs(parse(AddKind::Credential, &none)), choice);
        for kind in AddKind::ALL {
            assert_eq!(AddKind::parse(kind.word()), Some(kind));
        }
        assert!(parse(AddKind::Photo, &input).unwrap().with_picture(None).is_none());
    }
}
