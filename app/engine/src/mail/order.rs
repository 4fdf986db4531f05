//! Letters about orders of the shop, to their buyers and to whoever packs them.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::{Letter, words};
use crate::catalogue::Workshop;
use crate::craft::delivery;
use crate::payment;
use crate::shop::{self, Line, Order, OrderEvent, OrderState, OrderWay, Pays};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::words::order as t;
use crate::{Dong, Locale, ShopOrderId};

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<ShopOrderId>(payload, "order_id") else { return Ok(None) };
    let Some(order) = shop::by_id(conn, id).await? else { return Ok(None) };
    let Some(workshop) = desk.catalogue.workshop(order.workshop_id) else { return Ok(None) };
    let Some(event) = OrderEvent::parse(payload["event"].as_str().unwrap_or_default()) else {
        return Ok(None);
    };
    let lines = shop::lines(conn, id).await?;
    if row.kind == Letter::HostOrder {
        return Ok(Some(to_host(desk, row, &order, &lines, workshop, event)));
    }
    // What events have overtaken is not said any more.
    let holds = match event {
        OrderEvent::Ready => order.state == OrderState::Packed,
        OrderEvent::Cancelled => order.state == OrderState::Cancelled,
        OrderEvent::Expired => order.state == OrderState::Expired,
        OrderEvent::Placed => order.state.keeps(),
        _ => true,
    };
    if !holds {
        return Ok(None);
    }
    let l = row.locale;
    let code = order.code.as_str();
    let house = &workshop.name;
    let (subject, title, lead) = match event {
        OrderEvent::Placed => {
            (t::placed_subject(l, code, house), t::placed_title(l), placed(l, &order, house))
        }
        OrderEvent::Paid => (t::paid_subject(l, code), t::paid_title(l), t::paid_lead(l, house)),
        OrderEvent::Ready => {
            (t::ready_subject(l, code), t::ready_title(l), t::ready_lead(l, house))
        }
        OrderEvent::Posted => {
            (t::posted_subject(l, code), t::posted_title(l), t::posted_lead(l, house))
        }
        OrderEvent::Cancelled => {
            (t::cancelled_subject(l, code), t::cancelled_title(l), t::cancelled_lead(l).to_owned())
        }
        OrderEvent::Expired => {
            (t::expired_subject(l, code), t::expired_title(l), t::expired_lead(l).to_owned())
        }
        OrderEvent::Withdrawn => {
            (t::withdrawn_subject(l, code), t::withdrawn_title(l), t::withdrawn_lead(l, house))
        }
        OrderEvent::Refused => {
            (t::refused_subject(l, code), t::refused_title(l), t::refused_lead(l, house))
        }
        OrderEvent::Returned => {
            (t::returned_subject(l, code), t::returned_title(l), t::returned_lead(l).to_owned())
        }
        OrderEvent::Refunded => {
            let amount = Dong(payload["amount"].as_i64().unwrap_or(0)).display(l);
            let lead = t::refunded_lead(l, &amount, house);
            (t::refunded_subject(l, &amount, code), t::refunded_title(l), lead)
        }
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead);
    let said = payload["words"].as_str().unwrap_or_default();
    if !said.is_empty() {
        draft.paragraphs.push(said.to_owned());
    }
    facts(&mut draft, &order, &lines);
    let held = shop::paid_for(conn, id).await?;
    match event {
        OrderEvent::Placed if order.pays == Pays::Transfer => {
            to_pay(conn, &mut draft, &order, order.open(held)).await?;
        }
        OrderEvent::Posted => track(conn, &mut draft, &order).await?,
        OrderEvent::Cancelled | OrderEvent::Expired | OrderEvent::Returned => {
            let due = order.due_back(held);
            if due > Dong::ZERO {
                draft.paragraphs.push(t::money_back(l, due.display(l)));
            }
        }
        _ => {}
    }
    let goes_there = match event {
        OrderEvent::Placed | OrderEvent::Paid | OrderEvent::Ready => order.way == OrderWay::Collect,
        // What is given back is sent there.
        OrderEvent::Withdrawn => true,
        _ => false,
    };
    if goes_there {
        draft.fact(t::where_to(l), format!("{house}, {}", workshop.address.text(l)));
    }
    draft.code = Some(code.to_owned());
    draft.code_name = Some(t::code(l));
    let path = format!("/order/{}/{}", order.id, order.secret);
    draft.button = Some((t::open(l).to_owned(), desk.url(l, &path)));
    draft.small.push(seller(workshop, l));
    draft.foot = t::why(l);
    Ok(Some(finish(&draft, None, Some(workshop))))
}

/// What comes next.
fn placed(l: Locale, order: &Order, house: &str) -> String {
    let until = order.due_at.map(|at| words::moment(l, at)).unwrap_or_default();
    match order.pays {
        Pays::Transfer => t::placed_pay(l, house, until),
        Pays::Counter => t::placed_collect(l, house, until),
    }
}

fn facts(draft: &mut Draft, order: &Order, lines: &[Line]) {
    let l = draft.locale;
    let list: Vec<String> = lines
        .iter()
        .map(|line| t::line(l, line.quantity, line.sum().display(l), line.title.text(l)))
        .collect();
    draft.fact(t::pieces(l), list.join("\n"));
    if order.postage > Dong::ZERO {
        draft.fact(t::postage(l), order.postage.display(l));
    }
    draft.fact(t::total(l), order.total().display(l));
}

/// Account, amount and words of the transfer.
async fn to_pay(
    conn: &mut Conn,
    draft: &mut Draft,
    order: &Order,
    open: Dong,
) -> Result<(), StoreError> {
    let l = draft.locale;
    let Some(account) = order.account_id.filter(|_| open > Dong::ZERO) else { return Ok(()) };
    let Some(account) = payment::account_by_id(conn, account).await? else { return Ok(()) };
    draft.fact(text::payment_amount(l), open.display(l));
    draft.fact(text::payment_bank(l), account.bank.name());
    draft.fact(text::payment_account(l), account.number.as_str());
    draft.fact(text::payment_holder(l), account.holder.clone());
    draft.fact(text::payment_text(l), order.code.as_str());
    Ok(())
}

async fn track(conn: &mut Conn, draft: &mut Draft, order: &Order) -> Result<(), StoreError> {
    let l = draft.locale;
    let Some(parcel) = order.parcel_id else { return Ok(()) };
    let Some(parcel) = delivery::parcel(conn, parcel).await? else { return Ok(()) };
    let carrier = parcel.carrier.map_or("", delivery::Carrier::name);
    let words = format!("{carrier} {}", parcel.tracking).trim().to_owned();
    draft.fact(t::tracking(l), words);
    if let Some(fact) = draft.facts.last_mut() {
        fact.link = parcel.track_url().map(|url| (t::track(l).to_owned(), url));
    }
    Ok(())
}

fn to_host(
    desk: &Desk<'_>,
    row: &Queued,
    order: &Order,
    lines: &[Line],
    workshop: &Workshop,
    event: OrderEvent,
) -> Rendered {
    let l = row.locale;
    let code = order.code.as_str();
    let (subject, title) = match event {
        OrderEvent::Cancelled => (t::host_cancelled_subject(l, code), t::host_cancelled_title(l)),
        OrderEvent::Withdrawn => (t::host_withdrawn_subject(l, code), t::host_withdrawn_title(l)),
        _ => (t::host_new_subject(l, code), t::host_new_title(l)),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    let lead = match (event, order.way) {
        (OrderEvent::Cancelled, _) => t::host_cancelled_lead(l),
        (OrderEvent::Withdrawn, _) => t::host_withdrawn_lead(l),
        (_, OrderWay::Collect) => t::host_new_collect(l),
        (_, OrderWay::Post) => t::host_new_post(l),
    };
    draft.paragraphs.push(lead.to_owned());
    facts(&mut draft, order, lines);
    draft.fact(t::buyer(l), order.name.clone());
    draft.fact(text::reason(l), order.reason.clone());
    let path = format!("/host/{}/orders/{code}", workshop.slug);
    draft.button = Some((t::host_open(l).to_owned(), desk.url(l, &path)));
    draft.foot = t::why_host(l);
    finish(&draft, None, None)
}
