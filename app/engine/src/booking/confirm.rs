//! From a hold to a booking that counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::error::{BookingError, Field};
use super::model::{AnswerMap, Booking, Event, Source, State, StateKind};
use super::{enquiry, hold, letters, query, store, waitlist};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Question, QuestionKind, QuestionScope, Sharing, Tour};
use crate::course;
use crate::email::Email;
use crate::mail::{Letter, outbox};
use crate::payment;
use crate::phone::Phone;
use crate::privacy;
use crate::schedule::{NoSeats, Slot, SlotStatus, slots};
use crate::store::Tx;
use crate::{BookingId, Locale};

/// How the workshop reaches the guest; parsed, so every field is as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: Email,
    pub phone: Option<Phone>,
    pub notes: String,
}

/// Longest name and note taken, in characters.
const MAX_NAME: usize = 120;
const MAX_NOTES: usize = 2_000;

impl Contact {
    /// Parses what a guest typed; names every field that is wrong.
    pub fn parse(name: &str, email: &str, phone: &str, notes: &str) -> Result<Self, Vec<Field>> {
        let mut wrong = Vec::new();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > MAX_NAME {
            wrong.push(Field::Name);
        }
        let email = email.parse::<Email>();
        if email.is_err() {
            wrong.push(Field::Email);
        }
        let phone = (!phone.trim().is_empty()).then(|| phone.parse::<Phone>()).transpose();
        if phone.is_err() {
            wrong.push(Field::Phone);
        }
        if notes.chars().count() > MAX_NOTES {
            wrong.push(Field::Notes);
        }
        match (email, phone) {
            (Ok(email), Ok(phone)) if wrong.is_empty() => {
                Ok(Self { name, email, phone, notes: notes.trim().to_owned() })
            }
            _ => Err(wrong),
        }
    }
}

/// Checked answers to a tour's questions, and whether the waiver was accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub map: AnswerMap,
    pub waiver: bool,
}

const MAX_ANSWER: usize = 200;

impl Answers {
    /// Checks what was typed against the tour's questions of one scope. The waiver is asked
    /// for together with them.
    pub fn parse(
        tour: &Tour,
        scope: QuestionScope,
        typed: &BTreeMap<String, String>,
        waiver: bool,
    ) -> Result<Self, Vec<Field>> {
        let mut wrong = Vec::new();
        let mut map = BTreeMap::new();
        for question in tour.questions.of(scope) {
            let answer = typed.get(&question.key).map(|text| text.trim()).unwrap_or_default();
            if answer_fits(question, answer) {
                if !answer.is_empty() {
                    map.insert(question.key.clone(), answer.to_owned());
                }
            } else {
                wrong.push(Field::Answer(question.key.clone()));
            }
        }
        if tour.waiver.is_some() && !waiver {
            wrong.push(Field::Waiver);
        }
        if wrong.is_empty() { Ok(Self { map: AnswerMap(map), waiver }) } else { Err(wrong) }
    }
}

pub(super) fn answer_fits(question: &Question, answer: &str) -> bool {
    if answer.is_empty() {
        return !question.required;
    }
    match question.kind {
        QuestionKind::Text => answer.chars().count() <= MAX_ANSWER,
        QuestionKind::Number => answer.parse::<u32>().is_ok_and(|number| number <= 10_000),
        QuestionKind::Choice => question.choices.iter().any(|choice| choice.value == answer),
    }
}

/// The guest has filled in the details.
#[derive(Debug, Clone)]
pub struct FillIn {
    pub catalogue: Arc<Catalogue>,
    pub booking: BookingId,
    pub contact: Contact,
    /// The language in which the guest is written to.
    pub locale: Locale,
    pub answers: Answers,
}

/// Keeps the details in a booking that is not confirmed yet. Works on an expired one too: what
/// was typed must not be lost because the clock ran out.
pub async fn fill_in(tx: &mut Tx, command: FillIn) -> Result<Booking, BookingError> {
    let mut booking = store::load_for(tx, &Actor::Guest, command.booking, Event::Confirm).await?;
    let (tour, _) = command.catalogue.option(booking.option_id).ok_or(BookingError::NotOnSale)?;
    let Contact { name, email, phone, notes } = command.contact;
    booking.name = name;
    booking.email = email.to_string();
    booking.phone = phone.map(|phone| phone.to_string()).unwrap_or_default();
    booking.notes = notes;
    booking.locale = command.locale;
    booking.answers = command.answers.map;
    booking.waiver_at = (tour.waiver.is_some() && command.answers.waiver).then(|| tx.now());
    store::update(tx, &mut booking).await?;
    Ok(booking)
}

/// The guest has read the review and pressed "book".
#[derive(Debug, Clone)]
pub struct Confirm {
    pub catalogue: Arc<Catalogue>,
    pub booking: BookingId,
}

/// Confirms a booking whose details are filled in, and puts the letters in the outbox. Where the tour
/// is paid beforehand, it keeps its seats and waits for the money ([`crate::payment`]) instead.
/// Confirming twice answers the booking unchanged. A hold that ran out is taken again
/// while seats are left.
pub async fn confirm(tx: &mut Tx, command: Confirm) -> Result<Booking, BookingError> {
    let booking = query::by_id(tx, command.booking).await?.ok_or(BookingError::Unknown)?;
    if matches!(booking.state.kind(), StateKind::Confirmed | StateKind::AwaitingPayment) {
        return Ok(booking);
    }
    let (tour, slot, mut booking) = ready(tx, &command.catalogue, booking, &Actor::Guest).await?;
    agreed(tx, tour, &booking).await?;
    let now = tx.now();
    let Some(ask) = payment::asked(tx, tour, &booking, &slot, now).await? else {
        return count(tx, tour, booking, &Actor::Guest).await;
    };
    booking.state = State::AwaitingPayment { until: ask.due_at };
    store::update(tx, &mut booking).await?;
    payment::ask(tx, &booking, ask).await?;
    outbox::to_guest(tx, &booking, Letter::PaymentRequest).await?;
    audit::record(
        tx,
        &Actor::Guest,
        "booking.await_payment",
        &booking.code,
        Some(booking.workshop_id),
        json!({ "people": booking.people, "total": booking.total }),
    )
    .await?;
    Ok(booking)
}

/// Pressing "book" is agreeing to the rules that are named beside the button.
async fn agreed(tx: &mut Tx, tour: &Tour, booking: &Booking) -> Result<(), BookingError> {
    let waiver = tour.waiver.as_ref().filter(|_| booking.waiver_at.is_some());
    let given = privacy::Given {
        subject: privacy::Subject::Booking,
        id: booking.id.into(),
        workshop: booking.workshop_id,
        locale: booking.locale,
        waiver: waiver.map(|text| text.text(booking.locale)),
    };
    Ok(privacy::record_consent(tx, given).await?)
}

/// The money for it has come: the booking counts. One that ran out meanwhile takes its seats again,
/// where there are any and bookings are open still.
pub(crate) async fn confirm_paid(
    tx: &mut Tx,
    catalogue: &Catalogue,
    booking: BookingId,
) -> Result<Booking, BookingError> {
    let booking = query::by_id(tx, booking).await?.ok_or(BookingError::Unknown)?;
    if booking.state.kind() == StateKind::Confirmed {
        return Ok(booking);
    }
    let (tour, _, booking) = ready(tx, catalogue, booking, &Actor::System).await?;
    count(tx, tour, booking, &Actor::System).await
}

/// The same for a travel company, which pays by its contract. What ran out is the company's no more.
pub(crate) async fn confirm_resold(
    tx: &mut Tx,
    command: Confirm,
    actor: &Actor,
) -> Result<Booking, BookingError> {
    let booking = query::by_id(tx, command.booking).await?.ok_or(BookingError::Unknown)?;
    if booking.state.kind() == StateKind::Confirmed {
        return Ok(booking);
    }
    if booking.ran_out(tx.now()) {
        return Err(BookingError::State(StateKind::Expired));
    }
    let (tour, _, booking) = ready(tx, &command.catalogue, booking, actor).await?;
    count(tx, tour, booking, actor).await
}

/// Checks that a booking can count, and takes its seats where it does not keep them.
async fn ready<'c>(
    tx: &mut Tx,
    catalogue: &'c Catalogue,
    mut booking: Booking,
    actor: &Actor,
) -> Result<(&'c Tour, Slot, Booking), BookingError> {
    if !booking.state.kind().allows(Event::Confirm) || offer_ran_out(&booking) {
        return Err(BookingError::State(booking.state.kind()));
    }
    let (tour, _) = catalogue.option(booking.option_id).ok_or(BookingError::NotOnSale)?;
    // What the tour asks a travel company's guests it asks them when they come.
    let resold = matches!(actor, Actor::Reseller(_));
    let missing = if resold { Vec::new() } else { missing_details(tour, &booking) };
    if !missing.is_empty() {
        return Err(BookingError::Fields(missing));
    }
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    if slot.status == SlotStatus::Cancelled {
        return Err(NoSeats::Closed.into());
    }
    if !booking.state.kind().holds_seats() {
        let whole = tour.sharing == Sharing::Private;
        let (_, seats) = hold::take(tx, slot.id, booking.party.seats(), whole).await?;
        booking.seats = seats;
    }
    Ok((tour, slot, booking))
}

/// From now on it counts: seats, list of participants, waiting line, letters.
async fn count(
    tx: &mut Tx,
    tour: &Tour,
    mut booking: Booking,
    actor: &Actor,
) -> Result<Booking, BookingError> {
    booking.confirmed_at = Some(tx.now());
    booking.state = State::Confirmed { at: tx.now() };
    store::update(tx, &mut booking).await?;
    course::enrol_booker(tx, tour, &booking).await?;
    waitlist::claim(tx, &booking).await?;
    enquiry::claim(tx, &booking).await?;
    letters::announce_by(tx, actor, &booking, Letter::Confirmation, Letter::HostNew).await?;
    audit::record(
        tx,
        actor,
        "booking.confirm",
        &booking.code,
        Some(booking.workshop_id),
        json!({ "people": booking.people, "total": booking.total }),
    )
    .await?;
    Ok(booking)
}

/// An offer to a group holds until its deadline and no longer: a price is not agreed for ever.
/// Seats kept for guests who are passed on are theirs by [`super::overflow::accept`] alone.
pub(super) fn offer_ran_out(booking: &Booking) -> bool {
    match booking.source {
        Source::Enquiry => booking.state.kind() == StateKind::Expired,
        Source::Overflow => !matches!(booking.state, State::Confirmed { .. }),
        Source::Web | Source::Phone | Source::Waitlist | Source::Reseller => false,
    }
}

/// The answers that a tour asks once for the party, and its waiver.
pub(super) fn check_answers(tour: &Tour, answers: &Answers) -> Result<(), BookingError> {
    let required = |question: &&Question| question.required;
    let mut missing: Vec<Field> = tour
        .questions
        .of(QuestionScope::Booking)
        .filter(required)
        .filter(|question| !answers.map.0.contains_key(&question.key))
        .map(|question| Field::Answer(question.key.clone()))
        .collect();
    if tour.waiver.is_some() && !answers.waiver {
        missing.push(Field::Waiver);
    }
    if missing.is_empty() { Ok(()) } else { Err(BookingError::Fields(missing)) }
}

/// What the guest must still tell before the booking can count.
pub fn missing_details(tour: &Tour, booking: &Booking) -> Vec<Field> {
    let mut missing = Vec::new();
    if booking.name.is_empty() {
        missing.push(Field::Name);
    }
    if booking.email.is_empty() {
        missing.push(Field::Email);
    }
    for question in tour.questions.of(QuestionScope::Booking) {
        if question.required && !booking.answers.0.contains_key(&question.key) {
            missing.push(Field::Answer(question.key.clone()));
        }
    }
    if tour.waiver.is_some() && booking.waiver_at.is_none() {
        missing.push(Field::Waiver);
    }
    missing
}
