//! Time that a student spent at the workshop: what their school is shown on paper.

use chrono::NaiveDate;
use serde_json::json;

use super::applicant::{ApplicantState, applicant};
use super::error::{Field, PartnerError, Wrong, Wrongs};
use super::placement;
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{ApplicantId, PlacementDayId, columns, params};

/// Nobody works longer on one day.
const MOST_MINUTES: i32 = 12 * 60;

/// A day at the workshop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct DayDone {
    pub on_date: NaiveDate,
    pub minutes: i32,
}

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoursInput {
    pub date: String,
    /// "7", "7,5" or "7.5"; 0 takes the day off the list.
    pub hours: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursData {
    on: NaiveDate,
    minutes: i32,
}

impl HoursData {
    /// Days of the placement up to today.
    pub fn parse(
        input: &HoursInput,
        (first, last): (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let on = reader.date(Field::Date, &input.date, (first, last.min(today)));
        let minutes = minutes(&input.hours);
        if minutes.is_none() {
            reader.wrong(Field::Hours, Wrong::Hours);
        }
        let data = on.zip(minutes).map(|(on, minutes)| HoursData { on, minutes });
        reader.finish(data)
    }
}

/// Hours with at most two decimals, in whole minutes.
fn minutes(text: &str) -> Option<i32> {
    let text = text.trim();
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(whole, 2) || !digits(part, 2) {
        return None;
    }
    let hundredths = part.parse::<i32>().ok()? * if part.len() == 1 { 10 } else { 1 };
    let minutes = whole.parse::<i32>().ok()? * 60 + hundredths * 60 / 100;
    (minutes <= MOST_MINUTES).then_some(minutes)
}

#[derive(Debug, Clone)]
pub struct NoteHours {
    pub actor: Actor,
    pub applicant: ApplicantId,
    pub data: HoursData,
}

/// Notes a day of somebody who was accepted; the same day again is put right.
pub async fn note_hours(tx: &mut Tx, command: NoteHours) -> Result<(), PartnerError> {
    let NoteHours { actor, applicant: id, data } = command;
    let it = applicant(tx, &actor, id).await?;
    let placed = it.placement_id.filter(|_| it.state == ApplicantState::Accepted);
    let placement = placed.ok_or(PartnerError::State)?;
    let placement = placement::placement(tx, placement).await?.ok_or(PartnerError::Unknown)?;
    let last = placement.last_date.min(local_date(tx.now()));
    if !(placement.first_date..=last).contains(&data.on) {
        return Err(vec![(Field::Date, Wrong::Date)].into());
    }
    if data.minutes == 0 {
        tx.execute(
            "DELETE FROM applicant_day WHERE applicant_id = $1 AND on_date = $2",
            params![id, data.on],
        )
        .await?;
    } else {
        tx.execute_one(
            "INSERT INTO applicant_day (id, applicant_id, on_date, minutes, created_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (applicant_id, on_date) DO UPDATE \
             SET minutes = excluded.minutes",
            params![PlacementDayId::new(tx.now()), id, data.on, data.minutes, tx.now()],
        )
        .await?;
    }
    let changed = columns! { changed_on: local_date(tx.now()) };
    tx.update_one("applicant", changed, columns! { id: id }).await?;
    let detail = json!({ "on": data.on, "minutes": data.minutes });
    audit::record(tx, &actor, "applicant.hours", id, Some(it.workshop_id), detail).await?;
    Ok(())
}

/// The days of somebody, in their order; whoever asks has been asked who they are.
pub async fn days_of(conn: &mut Conn, id: ApplicantId) -> Result<Vec<DayDone>, StoreError> {
    conn.fetch_all(
        "SELECT on_date, minutes FROM applicant_day WHERE applicant_id = $1 ORDER BY on_date",
        params![id],
    )
    .await
}

/// Minutes of all days.
pub fn whole(days: &[DayDone]) -> i32 {
    days.iter().map(|day| day.minutes).fold(0, i32::saturating_add)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (typed, read) in [("7", 420), ("7,5", 450), (" 7.25 ", 435), ("0", 0), ("12", 720)] {
            assert_eq!(minutes(typed), Some(read), "{typed}");
        }
        for typed in ["", "-1", "13", "7,555", "7h", ",5", "1 000", "7,"] {
            assert_eq!(minutes(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text: String) {
            prop_assert!(minutes(&text).is_none_or(|minutes| (0..=MOST_MINUTES).contains(&minutes)));
        }
    }
}
