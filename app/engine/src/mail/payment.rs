//! Letters about money: what is to be paid and by when, receipts, refunds.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, option_title, seller};
use super::{Letter, invite, words};
use crate::booking::{Booking, State, query};
use crate::catalogue::{Tour, Workshop};
use crate::ledger::Method;
use crate::payment::{self, BankAccount, Payment, Reckoning};
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Dong, MoveId};

/// What these letters speak of.
struct Matter<'a> {
    booking: Booking,
    slot: Slot,
    tour: &'a Tour,
    workshop: &'a Workshop,
    /// Held of the guest's money now, and what follows from it.
    net: Dong,
    reckoning: Reckoning,
}

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = row.booking_id else { return Ok(None) };
    let Some(booking) = query::by_id(conn, id).await? else { return Ok(None) };
    let Some(slot) = slots::find(conn, booking.slot_id).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(booking.tour_id) else { return Ok(None) };
    let money = payment::money_of(conn, id).await?;
    let reckoning = payment::reckon(&booking, money);
    let matter = Matter { booking, slot, tour, workshop, net: money.net(), reckoning };
    let mut draft = match row.kind {
        Letter::PaymentRequest | Letter::PaymentReminder => {
            let Some(asked) = payment::of_booking(conn, id).await? else { return Ok(None) };
            let account = payment::account_by_id(conn, asked.account_id).await?;
            let Some(account) = account else { return Ok(None) };
            let Some(draft) = request(desk, row, &matter, &asked, &account) else {
                return Ok(None);
            };
            draft
        }
        Letter::PaymentExpired => {
            if !matches!(matter.booking.state, State::Expired { .. }) {
                return Ok(None);
            }
            expired(desk, row, &matter)
        }
        _ => {
            let Some(moved) = id_in::<MoveId>(payload, "move_id") else { return Ok(None) };
            let Some(moved) = payment::move_by_id(conn, moved).await? else { return Ok(None) };
            moved_letter(desk, row, &matter, &moved)
        }
    };
    draft.code = Some(matter.booking.code.clone());
    draft.small.push(text::answer_host(row.locale).to_owned());
    draft.small.push(seller(matter.workshop, row.locale));
    Ok(Some(finish(&draft, None, Some(matter.workshop))))
}

/// Tour and time, as every letter of these tells them.
fn visit(desk: &Desk<'_>, draft: &mut Draft, matter: &Matter<'_>) {
    let l = draft.locale;
    let title = option_title(desk.catalogue, matter.tour, &matter.booking, l);
    draft.fact(text::tour(l), title);
    draft.fact(text::when(l), words::hours(l, &matter.slot));
    draft.fact(text::party(l), matter.booking.party.words(l));
}

/// While the booking waits for the money.
fn request(
    desk: &Desk<'_>,
    row: &Queued,
    matter: &Matter<'_>,
    asked: &Payment,
    account: &BankAccount,
) -> Option<Draft> {
    let State::AwaitingPayment { until } = matter.booking.state else { return None };
    let open = asked.amount - matter.net;
    if until <= desk.now || open <= Dong::ZERO {
        return None;
    }
    let l = row.locale;
    let (title, day) = (matter.tour.title.text(l), words::day(l, matter.slot.local_date));
    let (amount, time) = (open.display(l), words::moment(l, until));
    let (subject, heading, lead) = if row.kind == Letter::PaymentReminder {
        (
            text::payment_reminder_subject(l, day, title),
            text::payment_reminder_title(l),
            text::payment_reminder_lead(l, &amount, time),
        )
    } else {
        (
            text::payment_request_subject(l, day, title),
            text::payment_request_title(l),
            text::payment_request_lead(l, &amount, time),
        )
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::payment_amount(l), amount);
    draft.fact(text::payment_bank(l), account.bank.name());
    draft.fact(text::payment_account(l), account.number.as_str());
    draft.fact(text::payment_holder(l), account.holder.clone());
    draft.fact(text::payment_text(l), asked.code.as_str());
    visit(desk, &mut draft, matter);
    let page = format!("{}/pay", invite::manage_url(desk.settings, &matter.booking));
    draft.button = Some((text::payment_button(l).to_owned(), page));
    draft.small.push(text::payment_direct(l).to_owned());
    Some(draft)
}

fn expired(desk: &Desk<'_>, row: &Queued, matter: &Matter<'_>) -> Draft {
    let l = row.locale;
    let (title, day) = (matter.tour.title.text(l), words::day(l, matter.slot.local_date));
    let subject = text::payment_expired_subject(l, day, title);
    let mut draft = Desk::draft(row, subject, text::payment_expired_title(l).to_owned());
    draft.paragraphs.push(text::payment_expired_lead(l).to_owned());
    visit(desk, &mut draft, matter);
    let page = invite::manage_url(desk.settings, &matter.booking);
    draft.button = Some((text::payment_expired_button(l).to_owned(), page));
    draft
}

/// A receipt, or the news that money went back.
fn moved_letter(
    desk: &Desk<'_>,
    row: &Queued,
    matter: &Matter<'_>,
    moved: &payment::Move,
) -> Draft {
    let l = row.locale;
    let amount = moved.amount.display(l);
    let (house, code) = (&matter.workshop.name, &matter.booking.code);
    let back = row.kind == Letter::RefundMade;
    let by_card = moved.method == Method::GiftCard;
    let (subject, heading, lead) = if by_card && back {
        (
            text::card_back_subject(l, &amount, code),
            text::card_back_title(l),
            text::card_back_lead(l, &amount),
        )
    } else if by_card {
        (
            text::card_paid_subject(l, &amount, code),
            text::card_paid_title(l),
            text::card_paid_lead(l, &amount, &moved.note),
        )
    } else if back {
        (
            text::refund_made_subject(l, &amount, code),
            text::refund_made_title(l),
            text::refund_made_lead(l, &amount, house),
        )
    } else {
        (
            text::payment_received_subject(l, &amount, code),
            text::payment_received_title(l),
            text::payment_received_lead(l, &amount, house),
        )
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::payment_amount(l), amount);
    let label = if back { text::refund_day(l) } else { text::payment_day(l) };
    draft.fact(label, words::day(l, moved.on_date));
    let due = matter.reckoning.due;
    if back {
        if due > Dong::ZERO {
            draft.fact(text::refund_left(l), due.display(l));
        }
    } else {
        draft.fact(text::payment_sum(l), matter.net.display(l));
        if matter.booking.state.kind().holds_seats() {
            draft.fact(text::payment_open(l), matter.reckoning.open.display(l));
        }
        if due > Dong::ZERO {
            draft.fact(text::payment_back(l), due.display(l));
        }
    }
    visit(desk, &mut draft, matter);
    let page = invite::manage_url(desk.settings, &matter.booking);
    draft.button = Some((text::payment_view(l).to_owned(), page));
    draft
}
