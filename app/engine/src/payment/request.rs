//! What a booking's guest is asked to pay beforehand.

use chrono::{DateTime, Utc};

use super::account::{self, BankAccount};
use super::code::PaymentCode;
use super::money::{Money, money_of};
use super::terms::{self, PaymentTerms};
use super::vietqr::VietQr;
use crate::booking::{Booking, Source, State};
use crate::catalogue::Tour;
use crate::mail::{Letter, outbox};
use crate::schedule::Slot;
use crate::store::{Conn, StoreError, Tx};
use crate::{BankAccountId, BookingId, Dong, columns, params};

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Payment {
    pub booking_id: BookingId,
    pub account_id: BankAccountId,
    pub code: PaymentCode,
    /// Of the price, as it was promised.
    pub percent: i32,
    pub amount: Dong,
    pub due_at: DateTime<Utc>,
}

impl Payment {
    /// Of what was asked, not there yet.
    pub fn open(&self, money: Money) -> Dong {
        self.amount - money.net()
    }
}

/// What is to be asked of a guest.
#[derive(Debug, Clone)]
pub struct Ask {
    account: BankAccountId,
    percent: u8,
    pub amount: Dong,
    pub due_at: DateTime<Utc>,
}

/// What a booking has to pay before it counts; None: nothing. See the module's words on which
/// bookings are asked.
pub async fn asked(
    conn: &mut Conn,
    tour: &Tour,
    booking: &Booking,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Result<Option<Ask>, StoreError> {
    let terms = tour.payment_terms();
    let by_guest = matches!(booking.source, Source::Web | Source::Waitlist | Source::Enquiry);
    if terms == PaymentTerms::OnTheSpot || !by_guest || booking.pass_booking_id.is_some() {
        return Ok(None);
    }
    let amount = terms::beforehand(booking.total, terms.percent());
    let due_at = terms::due(now, terms.minutes(), slot.starts_at);
    if amount == Dong::ZERO || due_at <= now {
        return Ok(None);
    }
    let Some(account) = account::of_workshop(conn, booking.workshop_id).await? else {
        return Ok(None);
    };
    if money_of(conn, booking.id).await?.net() >= amount {
        return Ok(None);
    }
    Ok(Some(Ask { account: account.id, percent: terms.percent(), amount, due_at }))
}

/// How often a new code is drawn when another payment has it already.
const CODE_DRAWS: usize = 5;

/// Asks: one payment for a booking. Asked again (the guest took expired seats once more), it keeps
/// its code and account, because somebody may have its QR code in their hands.
pub(crate) async fn ask(tx: &mut Tx, booking: &Booking, ask: Ask) -> Result<(), StoreError> {
    let remind_at = terms::remind_at(tx.now(), ask.due_at);
    let terms = columns! {
        percent: i32::from(ask.percent),
        amount: ask.amount,
        due_at: ask.due_at,
        remind_at: remind_at,
    };
    if tx.update("payment", terms.clone(), columns! { booking_id: booking.id }).await? == 1 {
        return Ok(());
    }
    for _ in 0..CODE_DRAWS {
        let code = PaymentCode::draw(tx);
        let fixed = columns! {
            booking_id: booking.id,
            account_id: ask.account,
            code: code,
            created_at: tx.now(),
        };
        if tx.insert_if_new("payment", fixed.and(terms.clone())).await? {
            return Ok(());
        }
    }
    Err(StoreError::Abandoned("no free payment code was drawn".into()))
}

/// A booking that waits for money has another party or another departure: what is asked follows,
/// and the time to pay ends with the new departure's start. Answers whether it is paid by now; the
/// caller then makes it count.
pub(crate) async fn follow(
    tx: &mut Tx,
    booking: &mut Booking,
    slot: &Slot,
) -> Result<bool, StoreError> {
    let State::AwaitingPayment { until } = booking.state else { return Ok(false) };
    let Some(payment) = of_booking(tx, booking.id).await? else { return Ok(false) };
    let due_at = until.min(slot.starts_at);
    booking.state = State::AwaitingPayment { until: due_at };
    let percent = u8::try_from(payment.percent).unwrap_or(100);
    let amount = terms::beforehand(booking.total, percent);
    if amount > Dong::ZERO {
        let row = columns! { amount: amount, due_at: due_at };
        tx.update_one("payment", row, columns! { booking_id: booking.id }).await?;
    }
    Ok(money_of(tx, booking.id).await?.net() >= amount)
}

pub async fn of_booking(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<Payment>, StoreError> {
    conn.fetch_optional("SELECT * FROM payment WHERE booking_id = $1", params![booking]).await
}

/// The payment that a transfer into this account names. A code of another account says nothing
/// here: who keeps one account must not be able to pay bookings of another.
pub(super) async fn by_code(
    conn: &mut Conn,
    account: BankAccountId,
    code: &PaymentCode,
) -> Result<Option<Payment>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM payment WHERE code = $1 AND account_id = $2",
        params![*code, account],
    )
    .await
}

/// The text of the QR code that pays so much of it; None for an amount of nothing.
pub fn qr_text(payment: &Payment, account: &BankAccount, amount: Dong) -> Option<String> {
    pay_text(&payment.code, account, amount)
}

/// The same for any code.
pub fn pay_text(code: &PaymentCode, account: &BankAccount, amount: Dong) -> Option<String> {
    let text = code.as_str().parse().ok()?;
    let qr = VietQr::payment(account.bank.clone(), account.number.clone(), amount, &text);
    qr.ok().map(|qr| qr.build())
}

/// Letters written in one transaction.
const BATCH: i64 = 200;

const DUE: &str = "SELECT payment.booking_id FROM payment \
     JOIN booking ON booking.id = payment.booking_id \
     WHERE payment.remind_at <= $1 AND payment.due_at > $1 \
     AND booking.state = 'awaiting_payment' ORDER BY payment.remind_at LIMIT $2";

/// Reminds guests whose payment is due soon; answers how many. Who has paid is not asked.
pub async fn remind_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let now = tx.now();
    let due: Vec<(BookingId,)> = tx.fetch_all(DUE, params![now, BATCH]).await?;
    for (id,) in &due {
        let booking = crate::booking::query::by_id(tx, *id).await?;
        if let Some(booking) = booking {
            outbox::to_guest(tx, &booking, Letter::PaymentReminder).await?;
        }
        let done = columns! { remind_at: None::<DateTime<Utc>> };
        tx.update_one("payment", done, columns! { booking_id: *id }).await?;
    }
    Ok(due.len())
}
