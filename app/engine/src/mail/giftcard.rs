//! Letters about gift cards: what is to be paid, the receipt, the card itself, what was used.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::{Letter, words};
use crate::catalogue::Workshop;
use crate::clock::local_date;
use crate::giftcard::{self, CardState, GiftCard, Origin, Standing};
use crate::payment::{self, MoveKind};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Dong, GiftCardId, Locale, MoveId};

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<GiftCardId>(payload, "card_id") else { return Ok(None) };
    let Some(card) = giftcard::by_id(conn, id).await? else { return Ok(None) };
    let Some(workshop) = desk.catalogue.workshop(card.workshop_id) else { return Ok(None) };
    let mut draft = match row.kind {
        Letter::GiftCardRequest => {
            let Some(draft) = request(conn, desk, row, &card, workshop).await? else {
                return Ok(None);
            };
            draft
        }
        Letter::GiftCardUsed => {
            let Some(moved) = id_in::<MoveId>(payload, "move_id") else { return Ok(None) };
            let Some(moved) = giftcard::moved(conn, moved).await? else { return Ok(None) };
            let left = Dong(payload["left"].as_i64().unwrap_or(card.remaining.0));
            used(desk, row, &card, workshop, moved, left)
        }
        // Blocked, cancelled or over meanwhile.
        _ if card.standing(local_date(desk.now)) != Standing::Active => return Ok(None),
        Letter::GiftCardReceipt => receipt(desk, row, &card, workshop),
        _ => present(desk, row, &card, workshop),
    };
    draft.small.push(seller(workshop, row.locale));
    draft.foot = text::why_gift_card(row.locale);
    Ok(Some(finish(&draft, None, Some(workshop))))
}

fn page(desk: &Desk<'_>, l: Locale, card: &GiftCard, sub: &str) -> String {
    desk.url(l, &format!("/gift/{}/{}{sub}", card.id, card.secret))
}

/// While it waits for the money.
async fn request(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    card: &GiftCard,
    workshop: &Workshop,
) -> Result<Option<Draft>, StoreError> {
    let l = row.locale;
    let asked = card.account_id.zip(card.due_at).zip(card.pay_code.as_ref());
    let Some(((account, due), code)) = asked.filter(|_| card.state == CardState::Awaiting) else {
        return Ok(None);
    };
    let Some(account) = payment::account_by_id(conn, account).await? else { return Ok(None) };
    let open = card.value - giftcard::paid_for(conn, card.id).await?;
    if due <= desk.now || open <= Dong::ZERO {
        return Ok(None);
    }
    let amount = open.display(l);
    let subject = text::gift_card_request_subject(l, card.value.display(l), &workshop.name);
    let mut draft = Desk::draft(row, subject, text::gift_card_request_title(l).to_owned());
    draft.paragraphs.push(text::gift_card_request_lead(l, &amount, words::moment(l, due)));
    draft.fact(text::payment_amount(l), amount);
    draft.fact(text::payment_bank(l), account.bank.name());
    draft.fact(text::payment_account(l), account.number.as_str());
    draft.fact(text::payment_holder(l), account.holder.clone());
    draft.fact(text::payment_text(l), code.as_str());
    draft.button = Some((text::payment_button(l).to_owned(), page(desk, l, card, "/pay")));
    draft.small.push(text::payment_direct(l).to_owned());
    Ok(Some(draft))
}

/// Value, last day, where it is honoured; the code stands above them.
fn facts(draft: &mut Draft, card: &GiftCard, workshop: &Workshop) {
    let l = draft.locale;
    draft.fact(text::gift_card_value(l), card.value.display(l));
    if card.remaining != card.value {
        draft.fact(text::gift_card_left(l), card.remaining.display(l));
    }
    draft.fact(text::gift_card_until(l), words::day(l, card.valid_until));
    draft.fact(text::gift_card_at(l), workshop.name.clone());
    draft.code = Some(card.code.spoken());
    draft.code_name = Some(text::gift_card_code(l));
}

fn receipt(desk: &Desk<'_>, row: &Queued, card: &GiftCard, workshop: &Workshop) -> Draft {
    let l = row.locale;
    let amount = card.value.display(l);
    let subject = text::gift_card_receipt_subject(l, &amount, &workshop.name);
    let mut draft = Desk::draft(row, subject, text::gift_card_receipt_title(l).to_owned());
    draft.paragraphs.push(text::gift_card_receipt_lead(l, &amount, &workshop.name));
    if !card.recipient_email.is_empty() && card.recipient_email != card.buyer_email {
        draft.paragraphs.push(text::gift_card_sent_too(l, &card.recipient_email));
    }
    facts(&mut draft, card, workshop);
    draft.fact(text::gift_card_for(l), card.recipient_name.clone());
    draft.button = Some((text::gift_card_open(l).to_owned(), page(desk, l, card, "")));
    draft.small.push(text::gift_card_keep(l).to_owned());
    draft
}

/// The card for whoever gets it.
fn present(desk: &Desk<'_>, row: &Queued, card: &GiftCard, workshop: &Workshop) -> Draft {
    let l = row.locale;
    let amount = card.value.display(l);
    let (subject, title, lead) = match card.origin {
        Origin::Bought => (
            text::gift_card_subject(l, &card.buyer_name, &workshop.name),
            text::gift_card_title(l),
            text::gift_card_lead(l, &amount, &card.buyer_name, &workshop.name),
        ),
        Origin::Given => (
            text::gift_voucher_subject(l, &amount, &workshop.name),
            text::gift_voucher_title(l),
            text::gift_voucher_lead(l, &amount, &workshop.name),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead);
    if !card.words.is_empty() {
        draft.paragraphs.push(card.words.clone());
    }
    draft.paragraphs.push(text::gift_card_how(l).to_owned());
    facts(&mut draft, card, workshop);
    draft.button = Some((text::gift_card_open(l).to_owned(), page(desk, l, card, "")));
    draft.small.push(text::gift_card_keep(l).to_owned());
    draft
}

fn used(
    desk: &Desk<'_>,
    row: &Queued,
    card: &GiftCard,
    workshop: &Workshop,
    (kind, amount): (MoveKind, Dong),
    left: Dong,
) -> Draft {
    let l = row.locale;
    let (amount, hint, left) = (amount.display(l), card.hint(), left.display(l));
    let (subject, title, lead) = match kind {
        MoveKind::Received => (
            text::gift_card_used_subject(l, &amount, &hint),
            text::gift_card_used_title(l),
            text::gift_card_used_lead(l, &amount, &hint, &workshop.name),
        ),
        MoveKind::Refunded => (
            text::gift_card_again_subject(l, &amount, &hint),
            text::gift_card_again_title(l),
            text::gift_card_again_lead(l, &amount, &hint),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::gift_card_left(l), left);
    draft.fact(text::gift_card_until(l), words::day(l, card.valid_until));
    draft.button = Some((text::gift_card_open(l).to_owned(), page(desk, l, card, "")));
    draft.small.push(text::gift_card_not_you(l).to_owned());
    draft
}
