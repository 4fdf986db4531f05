//! Filling in a guest of a party.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::confirm::answer_fits;
use super::super::error::{BookingError, Field};
use super::super::model::{AnswerMap, Booking};
use super::super::query;
use super::{Guest, GuestError, by_key, is_open, of_booking};
use crate::catalogue::{Catalogue, QuestionScope, Tour};
use crate::course;
use crate::schedule::slots;
use crate::store::Tx;
use crate::{BookingId, GuestId, params};

/// Who fills in: companions answer for themselves, in full; the booker what they know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Booker,
    Companion,
}

/// Checked answers of one guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub name: String,
    pub answers: AnswerMap,
    pub waiver: bool,
}

const MAX_NAME: usize = 120;

impl Form {
    /// Checks what was typed; names every field that is wrong.
    pub fn parse(
        tour: &Tour,
        who: Who,
        name: &str,
        typed: &BTreeMap<String, String>,
        waiver: bool,
    ) -> Result<Self, Vec<Field>> {
        let mut wrong = Vec::new();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > MAX_NAME {
            wrong.push(Field::Name);
        }
        let mut answers = BTreeMap::new();
        for question in tour.questions.of(QuestionScope::Guest) {
            let answer = typed.get(&question.key).map(|text| text.trim()).unwrap_or_default();
            let unknown = answer.is_empty() && who == Who::Booker;
            if !unknown && !answer_fits(question, answer) {
                wrong.push(Field::Answer(question.key.clone()));
            } else if !answer.is_empty() {
                answers.insert(question.key.clone(), answer.to_owned());
            }
        }
        if tour.waiver.is_some() && who == Who::Companion && !waiver {
            wrong.push(Field::Waiver);
        }
        if wrong.is_empty() {
            Ok(Self { name, answers: AnswerMap(answers), waiver })
        } else {
            Err(wrong)
        }
    }
}

/// A guest's answers, new or changed.
#[derive(Debug, Clone)]
pub struct FillGuest {
    pub catalogue: Arc<Catalogue>,
    /// Whose link or secret was shown.
    pub booking: BookingId,
    pub who: Who,
    /// Made with the form; the same key is the same guest.
    pub form_key: String,
    pub form: Form,
}

/// Keeps the answers. A guest that is new takes the next free place of the party.
pub async fn fill_guest(tx: &mut Tx, command: FillGuest) -> Result<Guest, GuestError> {
    let booking = open(tx, command.booking).await?;
    let tour = command.catalogue.tour(booking.tour_id).ok_or(GuestError::Unknown)?;
    let accepts = tour.waiver.is_some() && command.form.waiver;
    let Form { name, answers, .. } = command.form;
    if let Some(guest) = by_key(tx, booking.id, &command.form_key).await? {
        if guest.by_companion && command.who == Who::Booker {
            // What companions wrote is theirs.
            return Err(GuestError::Unknown);
        }
        // Accepted once is accepted; the first instant counts.
        let waiver_at = guest.waiver_at.filter(|_| accepts).or_else(|| accepts.then(|| tx.now()));
        tx.execute_one(
            "UPDATE guest SET name = $2, answers = $3, waiver_at = $4 WHERE id = $1",
            params![guest.id, name.clone(), answers, waiver_at],
        )
        .await?;
        return Ok(Guest { name, answers, waiver_at, ..guest });
    }
    let taken: Vec<i32> =
        of_booking(tx, booking.id).await?.iter().map(|guest| guest.position).collect();
    let free = (1..=booking.people).find(|position| !taken.contains(position));
    let position = free.ok_or(GuestError::Full { people: booking.people })?;
    let guest = Guest {
        id: GuestId::new(tx.now()),
        booking_id: booking.id,
        position,
        form_key: command.form_key,
        name,
        answers,
        waiver_at: accepts.then(|| tx.now()),
        by_companion: command.who == Who::Companion,
        created_at: tx.now(),
        born: None,
    };
    let written = tx
        .execute(
            "INSERT INTO guest (id, booking_id, position, form_key, name, answers, waiver_at, \
             by_companion, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT DO NOTHING",
            params![
                guest.id,
                guest.booking_id,
                guest.position,
                guest.form_key,
                guest.name,
                guest.answers,
                guest.waiver_at,
                guest.by_companion,
                guest.created_at,
            ],
        )
        .await?;
    if written == 0 {
        // The key is another booking's, which is no business of this one …
        let other = "SELECT * FROM guest WHERE form_key = $1";
        let other: Option<Guest> =
            tx.fetch_optional(other, params![guest.form_key.clone()]).await?;
        if other.is_none_or(|other| other.booking_id == booking.id) {
            // … or somebody took the place at this very moment.
            tx.try_again();
        }
        return Err(GuestError::Unknown);
    }
    Ok(guest)
}

/// Takes a guest off the list: the party became smaller, or somebody was filled in twice.
#[derive(Debug, Clone)]
pub struct RemoveGuest {
    pub booking: BookingId,
    pub guest: GuestId,
}

pub async fn remove_guest(tx: &mut Tx, command: RemoveGuest) -> Result<(), GuestError> {
    let booking = open(tx, command.booking).await?;
    let listed = of_booking(tx, booking.id).await?;
    if let Some(guest) = listed.iter().find(|guest| guest.id == command.guest)
        && course::on_record(tx, guest).await?
    {
        return Err(GuestError::Attended);
    }
    tx.execute(
        "DELETE FROM guest WHERE id = $1 AND booking_id = $2",
        params![command.guest, booking.id],
    )
    .await?;
    Ok(())
}

/// The booking, while its guests can be filled in.
async fn open(tx: &mut Tx, id: BookingId) -> Result<Booking, GuestError> {
    let booking = query::by_id(tx, id).await?.ok_or(GuestError::Unknown)?;
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    if is_open(&booking, &slot, tx.now()) { Ok(booking) } else { Err(GuestError::Closed) }
}
