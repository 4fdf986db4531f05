//! Letters about guests who are asked to come to a sister workshop: to them, and to both workshops.

use serde_json::Value;

use super::about::id_in;
use super::render::{Desk, Queued, Rendered, finish, place, policy, seller};
use super::{Letter, words};
use crate::OverflowId;
use crate::booking::overflow::{self, Overflow, OverflowState, Way};
use crate::booking::{Booking, query};
use crate::catalogue::{Tour, Workshop};
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

/// What all these letters speak of.
struct Matter<'a> {
    overflow: Overflow,
    /// The guests' booking as it is now, and its departure.
    booking: Booking,
    slot: Slot,
    /// What keeps the seats at the sister, or came there; and that departure.
    there: Booking,
    there_slot: Slot,
    from: &'a Workshop,
    to: &'a Workshop,
    tour: &'a Tour,
}

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<OverflowId>(payload, "overflow_id") else { return Ok(None) };
    let Some(matter) = load(conn, desk, id).await? else { return Ok(None) };
    if row.kind == Letter::OverflowOffer {
        return Ok(offer(desk, row, &matter));
    }
    Ok(to_host(desk, row, payload, &matter))
}

async fn load<'a>(
    conn: &mut Conn,
    desk: &Desk<'a>,
    id: OverflowId,
) -> Result<Option<Matter<'a>>, StoreError> {
    let Some(overflow) = overflow::by_id(conn, id).await? else { return Ok(None) };
    let Some(asked) = overflow.booking_id else { return Ok(None) };
    let booking = query::by_id(conn, asked).await?;
    let there = query::by_id(conn, overflow.to_booking_id).await?;
    let slot = slots::find(conn, overflow.from_slot_id).await?;
    let there_slot = slots::find(conn, overflow.to_slot_id).await?;
    let (Some(booking), Some(there), Some(slot), Some(there_slot)) =
        (booking, there, slot, there_slot)
    else {
        return Ok(None);
    };
    let from = desk.catalogue.workshop(overflow.from_workshop_id);
    let to = desk.catalogue.workshop(overflow.to_workshop_id);
    let tour = desk.catalogue.tour(there_slot.tour_id);
    let (Some(from), Some(to), Some(tour)) = (from, to, tour) else { return Ok(None) };
    Ok(Some(Matter { overflow, booking, slot, there, there_slot, from, to, tour }))
}

/// While it is open: what is offered, and that nothing changes without a yes.
fn offer(desk: &Desk<'_>, row: &Queued, matter: &Matter<'_>) -> Option<Rendered> {
    let Matter { overflow, there, there_slot, from, to, tour, .. } = matter;
    let open = overflow.state == OverflowState::Offered;
    let until = overflow.until.filter(|until| open && *until > desk.now)?;
    let l = row.locale;
    let day = words::day(l, there_slot.local_date);
    let subject = text::overflow_offer_subject(l, day, &to.name);
    let mut draft = Desk::draft(row, subject, text::overflow_offer_title(l, &to.name));
    let deadline = words::moment(l, until);
    draft.paragraphs.push(match overflow.way {
        Way::Shared => {
            text::overflow_share_lead(l, &from.name, there.party.words(l), &to.name, deadline)
        }
        Way::Passed | Way::Found => text::overflow_offer_lead(l, &from.name, &to.name, deadline),
    });
    if !overflow.words.is_empty() {
        draft.paragraphs.push(overflow.words.clone());
    }
    let option = tour.option(there_slot.option_id).map(|option| option.title.text(l));
    draft.fact(text::tour(l), format!("{}\n{}", tour.title.text(l), option.unwrap_or_default()));
    draft.fact(text::when(l), words::hours(l, there_slot));
    draft.fact(text::party(l), there.party.words(l));
    place(&mut draft, tour, to);
    draft.fact(text::pay(l), words::prices(l, &there.bill()));
    draft.fact(text::until(l), words::moment(l, until));
    let url = desk.url(l, &format!("/passed/{}/{}", overflow.id, overflow.secret));
    draft.button = Some((text::overflow_take(l).to_owned(), url));
    draft.small.push(policy(desk, there.policy, there_slot, l));
    draft.small.push(text::answer_host(l).to_owned());
    draft.small.push(seller(to, l));
    Some(finish(&draft, None, Some(from)))
}

/// To the workshop that asks, or to the one that is asked for.
fn to_host(
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
    matter: &Matter<'_>,
) -> Option<Rendered> {
    let Matter { overflow, booking, slot, there, there_slot, from, to, .. } = matter;
    let l = row.locale;
    let name = &booking.name;
    let at_sister = row.workshop_id == Some(to.id);
    let (subject, title, lead) = match payload["event"].as_str().unwrap_or_default() {
        "kept" => {
            // Decided meanwhile: what came of it says more.
            let until = overflow.until.filter(|_| overflow.state == OverflowState::Offered)?;
            (
                text::host_overflow_kept_subject(l, &from.name, name),
                text::host_overflow_kept_title(l),
                text::host_overflow_kept_lead(l, &from.name, words::moment(l, until)),
            )
        }
        "accepted" => (
            text::host_overflow_accepted_subject(l, name, &to.name),
            text::host_overflow_accepted_title(l),
            text::host_overflow_accepted_lead(l, &to.name),
        ),
        "declined" => (
            text::host_overflow_declined_subject(l, name),
            text::host_overflow_declined_title(l),
            text::host_overflow_declined_lead(l, &from.name),
        ),
        "lapsed" => (
            text::host_overflow_lapsed_subject(l, name),
            text::host_overflow_lapsed_title(l),
            text::host_overflow_lapsed_lead(l, &from.name),
        ),
        _ => (
            text::host_overflow_gone_subject(l, name),
            text::host_overflow_gone_title(l),
            text::host_overflow_gone_lead(l, &from.name),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::guest(l), name.clone());
    draft.fact(text::party(l), there.party.words(l));
    draft.fact(&from.name, words::hours(l, slot));
    draft.fact(&to.name, words::hours(l, there_slot));
    let (house, departure) = if at_sister { (to, there_slot) } else { (from, slot) };
    let path = format!("/host/{}/slots/{}", house.slug, departure.id);
    draft.button = Some((text::open_calendar(l).to_owned(), desk.url(l, &path)));
    draft.foot = text::why_host(l);
    Some(finish(&draft, None, None))
}
