//! An entry as it is typed, and as it is read.

use chrono::NaiveDate;

use super::amount::Hundredths;
use super::error::{Field, GreenError, Wrong, Wrongs};
use super::measure::{Fuel, Known, Measure, Unit};
use super::model::Value;
use super::period::Period;
use crate::{Locale, Localized};

/// Letters of a source, and of how something is done.
pub const MOST_WORDS: usize = 300;
/// No workshop of a village fires more pieces or sees more guests in a year.
const MOST_COUNTED: i64 = 1_000_000;
const MOST_KWH: i64 = 10_000_000;
const FARTHEST: i64 = 1_000;

/// As it was typed; of a measure some fields alone matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryInput {
    /// "said" or "reckoned"; where the program can't reckon it is said.
    pub way: String,
    pub value: String,
    pub fuel: String,
    /// "yes" or "no".
    pub done: String,
    pub within_km: String,
    pub practice: Localized,
    pub period: String,
    pub known: String,
    pub source: Localized,
    pub total: String,
    pub own: String,
    pub counted: String,
}

/// The value, or what it is to be reckoned from besides what the program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Value(Value),
    Energy { total: Hundredths, own: i64 },
    Transport { counted: i64 },
}

/// An entry that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryData {
    pub(super) measure: Measure,
    pub(super) told: Told,
    pub(super) within_km: Option<i32>,
    pub(super) practice: Localized,
    pub(super) period: Period,
    pub(super) known: Known,
    pub(super) source: Localized,
}

impl EntryData {
    pub fn parse(
        measure: Measure,
        input: &EntryInput,
        today: NaiveDate,
    ) -> Result<Self, GreenError> {
        let mut wrongs = Wrongs::new();
        let told = told(measure, input, &mut wrongs);
        let within_km = (measure == Measure::LocalMaterials)
            .then(|| whole(&input.within_km, Field::WithinKm, (1, FARTHEST), &mut wrongs))
            .flatten()
            .and_then(|km| i32::try_from(km).ok());
        let practice = practice(measure, told, input, &mut wrongs);
        let period = Period::parse(&input.period)
            .filter(|period| Period::open(measure, today).contains(period));
        if period.is_none() {
            wrongs.push((Field::Period, Wrong::Choice));
        }
        let known = Known::parse(&input.known);
        if known.is_none() {
            wrongs.push((Field::Known, Wrong::Choice));
        }
        let source = Localized {
            vi: line(&input.source.vi, Field::Source(Locale::Vi), true, &mut wrongs),
            en: line(&input.source.en, Field::Source(Locale::En), false, &mut wrongs),
        };
        match (told, period, known) {
            (Some(told), Some(period), Some(known)) if wrongs.is_empty() => {
                Ok(Self { measure, told, within_km, practice, period, known, source })
            }
            _ => Err(GreenError::Fields(wrongs)),
        }
    }

    pub const fn measure(&self) -> Measure {
        self.measure
    }
}

fn told(measure: Measure, input: &EntryInput, wrongs: &mut Wrongs) -> Option<Told> {
    // Where the program can't reckon, there is one way and no question.
    let reckoned = measure.is_reckoned() && input.way == "reckoned";
    if measure.is_reckoned() && !reckoned && input.way != "said" {
        wrongs.push((Field::Way, Wrong::Choice));
        return None;
    }
    if reckoned && measure == Measure::KilnEnergy {
        let total = decimal(&input.total, Field::Total, MOST_KWH, wrongs);
        let own = whole(&input.own, Field::Own, (0, MOST_COUNTED), wrongs);
        return total.zip(own).map(|(total, own)| Told::Energy { total, own });
    }
    if reckoned {
        let counted = whole(&input.counted, Field::Counted, (0, MOST_COUNTED), wrongs);
        return counted.map(|counted| Told::Transport { counted });
    }
    let unit = measure.unit();
    let value = match unit {
        Unit::Percent | Unit::KwhPerPiece | Unit::KgPerMonth => {
            decimal(&input.value, Field::Value, unit.most(), wrongs).map(Value::Number)
        }
        Unit::Fuel => {
            let fuel = Fuel::parse(&input.fuel);
            if fuel.is_none() {
                wrongs.push((Field::Fuel, Wrong::Choice));
            }
            fuel.map(Value::Fuel)
        }
        Unit::YesNo => {
            let done = match input.done.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            if done.is_none() {
                wrongs.push((Field::Done, Wrong::Choice));
            }
            done.map(Value::YesNo)
        }
    };
    value.map(Told::Value)
}

/// How it is done: whoever says "yes" says how, whoever says "no" may say why.
fn practice(
    measure: Measure,
    told: Option<Told>,
    input: &EntryInput,
    wrongs: &mut Wrongs,
) -> Localized {
    if measure.unit() != Unit::YesNo {
        return Localized::default();
    }
    let done = told == Some(Told::Value(Value::YesNo(true)));
    Localized {
        vi: line(&input.practice.vi, Field::Practice(Locale::Vi), done, wrongs),
        en: line(&input.practice.en, Field::Practice(Locale::En), false, wrongs),
    }
}

fn decimal(text: &str, field: Field, most: i64, wrongs: &mut Wrongs) -> Option<Hundredths> {
    let read = Hundredths::parse(text).filter(|it| *it <= Hundredths::whole(most));
    if read.is_none() {
        let missing = text.trim().is_empty();
        wrongs.push((field, if missing { Wrong::Missing } else { Wrong::Number { most } }));
    }
    read
}

fn whole(text: &str, field: Field, (least, most): (i64, i64), wrongs: &mut Wrongs) -> Option<i64> {
    let read = Hundredths::parse(text).filter(|it| it.0 % 100 == 0).map(|it| it.0 / 100);
    let read = read.filter(|number| (least..=most).contains(number));
    if read.is_none() {
        let missing = text.trim().is_empty();
        wrongs.push((field, if missing { Wrong::Missing } else { Wrong::Whole { least, most } }));
    }
    read
}

/// One line, without needless spaces.
fn line(text: &str, field: Field, required: bool, wrongs: &mut Wrongs) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() && required {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > MOST_WORDS {
        wrongs.push((field, Wrong::TooLong { most: MOST_WORDS }));
    }
    text
}
