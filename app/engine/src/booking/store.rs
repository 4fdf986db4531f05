//! Bookings in the database: one row type, one insert, one compare-and-swap update.

use chrono::{DateTime, Utc};

use super::error::BookingError;
use super::model::{AnswerMap, Booking, EndedBy, Event, Source, State, StateKind};
use super::party::Party;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, Dong, Locale, OptionId, SlotId, TourId, WorkshopId, params};

#[derive(sqlx::FromRow)]
pub(super) struct BookingRow {
    id: BookingId,
    code: String,
    secret: String,
    slot_id: SlotId,
    option_id: OptionId,
    tour_id: TourId,
    workshop_id: WorkshopId,
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
    people: i32,
    seats: i32,
    over_capacity: i32,
    arrived: i32,
    total: Dong,
    answers: AnswerMap,
    waiver_at: Option<DateTime<Utc>>,
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
            StateKind::CheckedIn => State::CheckedIn { arrived: row.arrived },
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
            state,
            source: row.source,
            locale: row.locale,
            name: row.name,
            email: row.email,
            phone: row.phone,
            notes: row.notes,
            host_notes: row.host_notes,
            party: row.units,
            people: row.people,
            seats: row.seats,
            over_capacity: row.over_capacity,
            total: row.total,
            answers: row.answers,
            waiver_at: row.waiver_at,
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
        };
        match state {
            State::Held { until } | State::AwaitingPayment { until } => {
                StateColumns { until: Some(*until), ..plain }
            }
            State::CheckedIn { arrived } => StateColumns { arrived: *arrived, ..plain },
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

/// Writes a new booking. Its seats must have been taken in the same transaction.
pub(super) async fn insert(
    tx: &mut Tx,
    booking: &Booking,
    form_key: &str,
) -> Result<(), StoreError> {
    let state = StateColumns::from(&booking.state);
    tx.execute_one(
        "INSERT INTO booking (id, code, form_key, secret, slot_id, option_id, tour_id, \
         workshop_id, state, until, confirmed_at, ended_at, ended_by, end_reason, refund_percent, \
         source, locale, name, email, phone, notes, host_notes, units, people, seats, \
         over_capacity, arrived, total, answers, waiver_at, sequence, version, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)",
        params![
            booking.id,
            booking.code,
            *form_key,
            booking.secret,
            booking.slot_id,
            booking.option_id,
            booking.tour_id,
            booking.workshop_id,
            state.kind,
            state.until,
            booking.confirmed_at,
            state.ended_at,
            state.ended_by,
            *state.end_reason,
            state.refund_percent,
            booking.source,
            booking.locale,
            booking.name,
            booking.email,
            booking.phone,
            booking.notes,
            booking.host_notes,
            booking.party,
            booking.people,
            booking.seats,
            booking.over_capacity,
            state.arrived,
            booking.total,
            booking.answers,
            booking.waiver_at,
            booking.sequence,
            booking.version,
            booking.created_at,
        ],
    )
    .await
}

/// Writes a changed booking, if nobody else changed it since it was read.
pub(super) async fn update(tx: &mut Tx, booking: &mut Booking) -> Result<(), BookingError> {
    let state = StateColumns::from(&booking.state);
    let changed = tx
        .execute(
            "UPDATE booking SET slot_id = $3, option_id = $4, state = $5, until = $6, \
             confirmed_at = $7, ended_at = $8, ended_by = $9, end_reason = $10, \
             refund_percent = $11, locale = $12, name = $13, email = $14, phone = $15, \
             notes = $16, host_notes = $17, units = $18, people = $19, seats = $20, \
             over_capacity = $21, arrived = $22, total = $23, answers = $24, waiver_at = $25, \
             sequence = $26, version = version + 1 WHERE id = $1 AND version = $2",
            params![
                booking.id,
                booking.version,
                booking.slot_id,
                booking.option_id,
                state.kind,
                state.until,
                booking.confirmed_at,
                state.ended_at,
                state.ended_by,
                *state.end_reason,
                state.refund_percent,
                booking.locale,
                booking.name,
                booking.email,
                booking.phone,
                booking.notes,
                booking.host_notes,
                booking.party,
                booking.people,
                booking.seats,
                booking.over_capacity,
                state.arrived,
                booking.total,
                booking.answers,
                booking.waiver_at,
                booking.sequence,
            ],
        )
        .await?;
    if changed == 0 {
        return Err(BookingError::Changed);
    }
    booking.version += 1;
    Ok(())
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
    sql: &'static str,
    params: Vec<crate::store::Param>,
) -> Result<Vec<Booking>, StoreError> {
    let rows: Vec<BookingRow> = conn.fetch_all(sql, params).await?;
    rows.into_iter().map(Booking::try_from).collect()
}

/// The booking, if its state allows the event.
pub(super) async fn load_for(
    tx: &mut Tx,
    id: BookingId,
    event: Event,
) -> Result<Booking, BookingError> {
    let booking = super::query::by_id(tx, id).await?.ok_or(BookingError::Unknown)?;
    if booking.state.kind().allows(event) {
        Ok(booking)
    } else {
        Err(BookingError::State(booking.state.kind()))
    }
}
