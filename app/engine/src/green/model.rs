//! An entry as it is stored, and what it says.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::amount::Hundredths;
use super::measure::{Fuel, Known, Measure, Unit};
use super::period::Period;
use crate::{GreenEntryId, Localized, TourId, WorkshopId, json_column};

/// What a measure came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    Number(Hundredths),
    Fuel(Fuel),
    YesNo(bool),
}

/// What the program reckoned a figure from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Basis {
    /// The kilns' energy in kWh, and the pieces that came out whole: of guests, which the program knows, and
    /// of the workshop's own, which it was told.
    Energy { total: Hundredths, guests: i64, own: i64 },
    /// Guests who came; of these, who had a shared vehicle as the program knows; who else shared one or came
    /// by public transport, as somebody counted.
    Transport { came: i64, known: i64, counted: i64 },
}

json_column!(Basis);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub id: GreenEntryId,
    pub workshop_id: WorkshopId,
    /// None: of the whole workshop.
    pub tour_id: Option<TourId>,
    pub measure: Measure,
    pub amount: Option<Hundredths>,
    pub fuel: Option<Fuel>,
    pub done: Option<bool>,
    /// Of local materials: from how far at most.
    pub within_km: Option<i32>,
    /// How it is done, or what is used instead; may be empty.
    pub practice: Localized,
    #[sqlx(flatten)]
    pub period: Period,
    pub known: Known,
    pub source: Localized,
    pub basis: Option<Basis>,
    /// As the audit names who entered it.
    pub entered_by: String,
    pub entered_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// None for a row that the database's check forbids.
    pub fn value(&self) -> Option<Value> {
        match self.measure.unit() {
            Unit::Percent | Unit::KwhPerPiece | Unit::KgPerMonth => self.amount.map(Value::Number),
            Unit::Fuel => self.fuel.map(Value::Fuel),
            Unit::YesNo => self.done.map(Value::YesNo),
        }
    }
}
