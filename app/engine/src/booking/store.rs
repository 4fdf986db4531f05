//! Bookings in the database: one row type, one list of columns, one compare-and-swap update.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::error::BookingError;
use super::model::{AnswerMap, Booking, EndedBy, Event, Source, State, StateKind};
use super::party::Party;
use crate::accounts::{Actor, Seller};
use crate::catalogue::{Catalogue, Policy, Tour, TourOption};
use crate::clock::local_date;
use crate::price::{Promo, Taken};
use crate::reseller;
use crate::schedule::Slot;
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{
    BookingId, ContractId, Dong, Locale, OptionId, PassBookingId, SlotId, TourId, WorkshopId,
    columns, params,
};

#[derive(sqlx::FromRow)]
pub(super) struct BookingRow {
    id: BookingId,
    code: String,
    secret: String,
    slot_id: SlotId,
    option_id: OptionId,
    tour_id: TourId,
    workshop_id: WorkshopId,
    pass_booking_id: Option<PassBookingId>,
    contract_id: Option<ContractId>,
    test: bool,
    state: StateKind,
    until: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<EndedBy>,
    end_reason: String,
    refund_percent: i32,
    source: Source,
    locale: Locale,
    name: String,
    email: String,
    phone: String,
    notes: String,
    host_notes: String,
    units: Party,
    extras: Taken,
    promo: Option<Promo>,
    people: i32,
    seats: i32,
    over_capacity: i32,
    arrived: i32,
    total: Dong,
    policy: Policy,
    answers: AnswerMap,
    waiver_at: Option<DateTime<Utc>>,
    checked_in_at: Option<DateTime<Utc>>,
    attendance_at: Option<DateTime<Utc>>,
    sequence: i32,
    version: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<BookingRow> for Booking {
    type Error = StoreError;

    fn try_from(row: BookingRow) -> Result<Self, StoreError> {
        let missing = |column: &str| StoreError::Inconsistent {
            table: "booking",
            what: format!("{} is {} without {column}", row.code, row.state),
        };
        let until = || row.until.ok_or_else(|| missing("until"));
        let ended = || row.ended_at.ok_or_else(|| missing("ended_at"));
        let state = match row.state {
            StateKind::Held => State::Held { until: until()? },
            StateKind::AwaitingPayment => State::AwaitingPayment { until: until()? },
            StateKind::Confirmed => {
                State::Confirmed { at: row.confirmed_at.ok_or_else(|| missing("confirmed_at"))? }
            }
            StateKind::CheckedIn => State::CheckedIn {
                arrived: row.arrived,
                at: row.checked_in_at.ok_or_else(|| missing("checked_in_at"))?,
            },
            StateKind::NoShow => State::NoShow,
            StateKind::Cancelled => State::Cancelled {
                by: row.ended_by.ok_or_else(|| missing("ended_by"))?,
                at: ended()?,
                reason: row.end_reason,
                refund_percent: u8::try_from(row.refund_percent).unwrap_or(0),
            },
            StateKind::Expired => State::Expired { at: ended()? },
        };
        Ok(Booking {
            id: row.id,
            code: row.code,
            secret: row.secret,
            slot_id: row.slot_id,
            option_id: row.option_id,
            tour_id: row.tour_id,
            workshop_id: row.workshop_id,
            pass_booking_id: row.pass_booking_id,
            contract_id: row.contract_id,
            test: row.test,
            state,
            source: row.source,
            locale: row.locale,
            name: row.name,
            email: row.email,
            phone: row.phone,
            notes: row.notes,
            host_notes: row.host_notes,
            party: row.units,
            extras: row.extras,
            promo: row.promo,
            people: row.people,
            seats: row.seats,
            over_capacity: row.over_capacity,
            total: row.total,
            policy: row.policy,
            answers: row.answers,
            waiver_at: row.waiver_at,
            attendance_at: row.attendance_at,
            sequence: row.sequence,
            version: row.version,
            confirmed_at: row.confirmed_at,
            created_at: row.created_at,
        })
    }
}

/// The state's data, spread over its columns.
struct StateColumns<'a> {
    kind: StateKind,
    until: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<EndedBy>,
    end_reason: &'a str,
    refund_percent: i32,
    arrived: i32,
    checked_in_at: Option<DateTime<Utc>>,
}

impl<'a> From<&'a State> for StateColumns<'a> {
    fn from(state: &'a State) -> Self {
        let plain = StateColumns {
            kind: state.kind(),
            until: None,
            ended_at: None,
            ended_by: None,
            end_reason: "",
            refund_percent: 0,
            arrived: 0,
            checked_in_at: None,
        };
        match state {
            State::Held { until } | State::AwaitingPayment { until } => {
                StateColumns { until: Some(*until), ..plain }
            }
            State::CheckedIn { arrived, at } => {
                StateColumns { arrived: *arrived, checked_in_at: Some(*at), ..plain }
            }
            State::Cancelled { by, at, reason, refund_percent } => StateColumns {
                ended_at: Some(*at),
                ended_by: Some(*by),
                end_reason: reason,
                refund_percent: i32::from(*refund_percent),
                ..plain
            },
            State::Expired { at } => {
                StateColumns { ended_at: Some(*at), ended_by: Some(EndedBy::System), ..plain }
            }
            State::Confirmed { .. } | State::NoShow => plain,
        }
    }
}

/// How often a new code is drawn when another booking has it already.
const CODE_DRAWS: usize = 5;

/// Writes a new booking; false when the same form has made one already. Its seats must have
/// been taken in the same transaction.
pub(super) async fn insert(
    tx: &mut Tx,
    booking: &mut Booking,
    form_key: &str,
) -> Result<bool, StoreError> {
    for _ in 0..CODE_DRAWS {
        if insert_row(tx, booking, form_key).await? {
            return Ok(true);
        }
        if super::query::by_form_key(tx, form_key).await?.is_some() {
            return Ok(false);
        }
        booking.code = tx.draw_code(CODE_LENGTH);
    }
    Err(StoreError::Abandoned("no free booking code was drawn".into()))
}

/// Length of a booking's code, in characters.
pub(super) const CODE_LENGTH: usize = 6;

async fn insert_row(tx: &mut Tx, booking: &Booking, form_key: &str) -> Result<bool, StoreError> {
    let fixed = columns! {
        id: booking.id,
        code: booking.code,
        form_key: *form_key,
        secret: booking.secret,
        pass_booking_id: booking.pass_booking_id,
        contract_id: booking.contract_id,
        test: booking.test,
        source: booking.source,
        policy: booking.policy,
        version: booking.version,
        created_at: booking.created_at,
    };
    tx.insert_if_new("booking", fixed.and(what_changes(booking))).await
}

/// The columns that a verb may change after the booking was made, its version aside.
fn what_changes(booking: &Booking) -> Columns {
    let state = StateColumns::from(&booking.state);
    columns! {
        slot_id: booking.slot_id,
        option_id: booking.option_id,
        tour_id: booking.tour_id,
        workshop_id: booking.workshop_id,
        state: state.kind,
        until: state.until,
        confirmed_at: booking.confirmed_at,
        ended_at: state.ended_at,
        ended_by: state.ended_by,
        end_reason: *state.end_reason,
        refund_percent: state.refund_percent,
        locale: booking.locale,
        name: booking.name,
        email: booking.email,
        phone: booking.phone,
        notes: booking.notes,
        host_notes: booking.host_notes,
        units: booking.party,
        extras: booking.extras,
        promo_code_id: booking.promo.as_ref().map(|promo| promo.id),
        promo: booking.promo,
        people: booking.people,
        seats: booking.seats,
        over_capacity: booking.over_capacity,
        arrived: state.arrived,
        checked_in_at: state.checked_in_at,
        attendance_at: booking.attendance_at,
        total: booking.total,
        answers: booking.answers,
        waiver_at: booking.waiver_at,
        sequence: booking.sequence,
    }
    .and(super::counted::columns(&booking.party, &booking.phone))
}

/// Writes a changed booking. Where somebody changed it since it was read, the whole write is
/// tried again with what is there now.
pub(super) async fn update(tx: &mut Tx, booking: &mut Booking) -> Result<(), BookingError> {
    if update_unchanged(tx, booking).await? {
        return Ok(());
    }
    tx.try_again();
    Err(BookingError::Changed)
}

/// Takes the booking's row for this transaction without changing what it says: whoever reckons what is
/// open of it and pays that must be alone.
pub(crate) async fn lock(tx: &mut Tx, booking: &mut Booking) -> Result<(), BookingError> {
    let next = columns! { version: booking.version + 1 };
    let unchanged = columns! { id: booking.id, version: booking.version };
    if tx.update("booking", next, unchanged).await? == 1 {
        booking.version += 1;
        return Ok(());
    }
    tx.try_again();
    Err(BookingError::Changed)
}

/// Writes a changed booking; false, and nothing written, when somebody changed it since it
/// was read.
pub(super) async fn update_unchanged(
    tx: &mut Tx,
    booking: &mut Booking,
) -> Result<bool, StoreError> {
    let next = columns! { version: booking.version + 1 };
    let unchanged = columns! { id: booking.id, version: booking.version };
    let changed = tx.update("booking", what_changes(booking).and(next), unchanged).await?;
    if changed == 1 {
        booking.version += 1;
    }
    Ok(changed == 1)
}

pub(super) async fn one(
    conn: &mut Conn,
    sql: &'static str,
    params: Vec<crate::store::Param>,
) -> Result<Option<Booking>, StoreError> {
    let row: Option<BookingRow> = conn.fetch_optional(sql, params).await?;
    row.map(Booking::try_from).transpose()
}

pub(super) async fn many(
    conn: &mut Conn,
    sql: impl sqlx::SqlSafeStr,
    params: Vec<crate::store::Param>,
) -> Result<Vec<Booking>, StoreError> {
    let rows: Vec<BookingRow> = conn.fetch_all(sql, params).await?;
    rows.into_iter().map(Booking::try_from).collect()
}

/// Bookings by a statement over many ids, see [`Conn::fetch_among`].
pub(super) async fn among<I: crate::store::Bind + Sync>(
    conn: &mut Conn,
    ids: &[I],
    sql: impl Fn(&str) -> String + Send + Sync,
) -> Result<Vec<Booking>, StoreError> {
    let rows: Vec<BookingRow> = conn.fetch_among(ids, sql).await?;
    rows.into_iter().map(Booking::try_from).collect()
}

/// The booking, if the actor may touch it and its state allows the event. Whose it is comes
/// first: a stranger does not learn its state.
pub(super) async fn load_for(
    tx: &mut Tx,
    actor: &Actor,
    id: BookingId,
    event: Event,
) -> Result<Booking, BookingError> {
    let booking = load(tx, actor, id).await?;
    if booking.state.kind().allows(event) {
        Ok(booking)
    } else {
        Err(BookingError::State(booking.state.kind()))
    }
}

/// The booking, if the actor may touch it. A guest has shown its secret before.
pub(super) async fn load(
    tx: &mut Tx,
    actor: &Actor,
    id: BookingId,
) -> Result<Booking, BookingError> {
    let booking = super::query::by_id(tx, id).await?.ok_or(BookingError::Unknown)?;
    match actor {
        Actor::Guest => {}
        Actor::Reseller(seller) if sold_by(&booking, seller) => {}
        // What others sold is nothing that it knows of.
        Actor::Reseller(_) => return Err(BookingError::Unknown),
        Actor::Person(_) | Actor::System => actor.must_serve(booking.workshop_id)?,
    }
    Ok(booking)
}

/// Whether the seller made it; with a test key, to try the connection out.
fn sold_by(booking: &Booking, seller: &Seller) -> bool {
    booking.contract_id == Some(seller.contract) && (booking.test || !seller.test)
}

/// A leg is part of a day that fits together: its guest changes the whole pass or nothing. Whose
/// booking a travel company made, they ask the company.
pub(super) async fn must_stand_alone(
    tx: &mut Tx,
    actor: &Actor,
    id: BookingId,
) -> Result<(), BookingError> {
    if *actor != Actor::Guest {
        return Ok(());
    }
    let of: Option<(Option<PassBookingId>, Option<ContractId>)> = tx
        .fetch_optional(
            "SELECT pass_booking_id, contract_id FROM booking WHERE id = $1",
            params![id],
        )
        .await?;
    match of {
        Some((Some(_), _)) => Err(BookingError::OfPass),
        Some((_, Some(_))) => Err(BookingError::Resold),
        _ => Ok(()),
    }
}

/// What a departure sells to whoever books, or booked, at that instant.
pub(super) fn sold<'c>(
    catalogue: &'c Catalogue,
    slot: &Slot,
    booked_at: DateTime<Utc>,
) -> Result<(&'c Tour, Cow<'c, TourOption>), BookingError> {
    catalogue.sold_in(slot, local_date(booked_at)).ok_or(BookingError::NotOnSale)
}

/// The option at the prices that hold for the booking: net where a travel company made it, those of
/// residents where they said so.
pub(super) async fn priced_for<'a>(
    tx: &mut Tx,
    booking: &Booking,
    option: Cow<'a, TourOption>,
) -> Result<Cow<'a, TourOption>, StoreError> {
    match booking.contract_id {
        None if booking.party.is_of_residents() => {
            Ok(Cow::Owned(option.for_residents(true).into_owned()))
        }
        None => Ok(option),
        Some(contract) => Ok(Cow::Owned(reseller::terms(tx, contract).await?.net(&option))),
    }
}

/// What a leg's guest saves on each price, in per cent; 0 for other bookings.
pub(super) async fn percent_off(tx: &mut Tx, booking: &Booking) -> Result<u8, StoreError> {
    let Some(pass) = booking.pass_booking_id else { return Ok(0) };
    let (percent,): (i32,) =
        tx.fetch_one("SELECT percent_off FROM pass_booking WHERE id = $1", params![pass]).await?;
    Ok(u8::try_from(percent).unwrap_or(0))
}
