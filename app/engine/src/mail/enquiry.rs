//! Letters about a group's enquiry: to who asked, and to the workshop.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, place, policy, seller};
use super::{Letter, words};
use crate::EnquiryId;
use crate::booking::enquiry::{self, Enquiry, EnquiryState};
use crate::catalogue::{Tour, Workshop};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<EnquiryId>(payload, "enquiry_id") else { return Ok(None) };
    let Some(asked) = enquiry::by_id(conn, id).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(asked.tour_id) else { return Ok(None) };
    Ok(match row.kind {
        Letter::EnquiryOffer => offer(conn, desk, row, &asked).await?,
        Letter::EnquiryDeclined if asked.state != EnquiryState::Declined => None,
        Letter::EnquiryOff => off(conn, desk, row, payload, &asked).await?,
        Letter::HostEnquiry => Some(to_host(desk, row, payload, &asked, tour, workshop)),
        _ => Some(to_guest(desk, row, &asked, tour, workshop)),
    })
}

/// The offer, while it is open and the latest.
async fn offer(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    asked: &Enquiry,
) -> Result<Option<Rendered>, StoreError> {
    let open = asked.state == EnquiryState::Offered && asked.booking_id == row.booking_id;
    let Some(until) = asked.offer_until.filter(|until| open && *until > desk.now) else {
        return Ok(None);
    };
    let Some(offered) = enquiry::offer_of(conn, asked).await? else { return Ok(None) };
    let (booking, slot) = (&offered.booking, &offered.slot);
    let Some((tour, option)) = desk.catalogue.option(slot.option_id) else { return Ok(None) };
    let Some(workshop) = desk.catalogue.workshop(asked.workshop_id) else { return Ok(None) };
    let l = row.locale;
    let title = tour.title.text(l);
    let subject = text::enquiry_offer_subject(l, title);
    let mut draft = Desk::draft(row, subject, text::enquiry_offer_title(l).to_owned());
    say(&mut draft, &asked.reply);
    draft.paragraphs.push(text::enquiry_offer_lead(l, words::moment(l, until)));
    draft.fact(text::tour(l), format!("{title}\n{}", option.title.text(l)));
    draft.fact(text::when(l), words::hours(l, slot));
    draft.fact(text::party(l), booking.party.words(l));
    place(&mut draft, tour, workshop);
    draft.fact(text::pay(l), words::prices(l, &booking.bill()));
    draft.fact(text::until(l), words::moment(l, until));
    link(&mut draft, desk, asked, text::enquiry_take(l));
    draft.small.push(policy(desk, booking.policy, slot, l));
    draft.small.push(text::answer_host(l).to_owned());
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, Some(workshop))))
}

/// The departure that was offered is cancelled, and no other one is offered yet.
async fn off(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
    asked: &Enquiry,
) -> Result<Option<Rendered>, StoreError> {
    let waits = asked.state == EnquiryState::New && asked.booking_id == row.booking_id;
    let Some(offered) = enquiry::offer_of(conn, asked).await?.filter(|_| waits) else {
        return Ok(None);
    };
    let Some((tour, workshop, _)) = desk.catalogue.place(offered.slot.tour_id) else {
        return Ok(None);
    };
    let l = row.locale;
    let title = tour.title.text(l);
    let subject = text::enquiry_off_subject(l, title);
    let mut draft = Desk::draft(row, subject, text::enquiry_off_title(l).to_owned());
    draft.paragraphs.push(text::enquiry_off_lead(l, &workshop.name));
    draft.fact(text::tour(l), title);
    draft.fact(text::when(l), words::hours(l, &offered.slot));
    draft.fact(text::party(l), offered.booking.party.words(l));
    draft.fact(text::reason(l), payload["text"].as_str().unwrap_or_default());
    link(&mut draft, desk, asked, text::open_enquiry(l));
    draft.small.push(text::answer_host(l).to_owned());
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, Some(workshop))))
}

/// The enquiry has arrived, or can't be met.
fn to_guest(
    desk: &Desk<'_>,
    row: &Queued,
    asked: &Enquiry,
    tour: &Tour,
    workshop: &Workshop,
) -> Rendered {
    let l = row.locale;
    let (title, house) = (tour.title.text(l), &workshop.name);
    let mut draft = if row.kind == Letter::EnquiryDeclined {
        let subject = text::enquiry_declined_subject(l, title);
        let mut draft = Desk::draft(row, subject, text::enquiry_declined_title(l).to_owned());
        draft.paragraphs.push(text::enquiry_declined_lead(l, house));
        say(&mut draft, &asked.reply);
        draft
    } else {
        let subject = text::enquiry_received_subject(l, title);
        let mut draft = Desk::draft(row, subject, text::enquiry_received_title(l).to_owned());
        draft.paragraphs.push(text::enquiry_received_lead(l, house));
        draft
    };
    wish(&mut draft, desk, asked, tour);
    link(&mut draft, desk, asked, text::open_enquiry(l));
    draft.small.push(text::answer_host(l).to_owned());
    draft.small.push(seller(workshop, l));
    finish(&draft, None, Some(workshop))
}

fn to_host(
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
    asked: &Enquiry,
    tour: &Tour,
    workshop: &Workshop,
) -> Rendered {
    let l = row.locale;
    let people = text::people(l, i64::from(asked.people));
    let (subject, title, lead) = match payload["event"].as_str() {
        Some("withdrawn") => (
            text::host_enquiry_withdrawn_subject(l, &asked.name, people),
            text::host_enquiry_withdrawn_title(l),
            text::host_enquiry_withdrawn_lead(l),
        ),
        Some("lapsed") => (
            text::host_enquiry_lapsed_subject(l, &asked.name, people),
            text::host_enquiry_lapsed_title(l),
            text::host_enquiry_lapsed_lead(l),
        ),
        _ => (
            text::host_enquiry_subject(l, &asked.name, people),
            text::host_enquiry_title(l),
            asked.message.as_str(),
        ),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    say(&mut draft, lead);
    wish(&mut draft, desk, asked, tour);
    draft.fact(text::guest(l), asked.name.clone());
    draft.fact(text::organisation(l), asked.organisation.clone());
    draft.fact(text::phone(l), crate::phone::readable(&asked.phone, l));
    draft.fact(text::email(l), asked.email.clone());
    let url = desk.url(l, &format!("/host/{}/enquiries/{}", workshop.slug, asked.id));
    draft.button = Some((text::open_enquiry(l).to_owned(), url));
    draft.foot = text::why_host(l);
    finish(&draft, None, None)
}

fn say(draft: &mut Draft, words: &str) {
    if !words.trim().is_empty() {
        draft.paragraphs.push(words.to_owned());
    }
}

/// What the group asked for.
fn wish(draft: &mut Draft, desk: &Desk<'_>, asked: &Enquiry, tour: &Tour) {
    let l = draft.locale;
    draft.fact(text::tour(l), tour.title.text(l));
    let option = asked.option_id.and_then(|id| desk.catalogue.option(id));
    draft.fact(text::wished_option(l), option.map_or("", |(_, option)| option.title.text(l)));
    draft.fact(text::party(l), text::people(l, i64::from(asked.people)));
    draft.fact(text::wished_date(l), words::day(l, asked.wished_date));
}

fn link(draft: &mut Draft, desk: &Desk<'_>, asked: &Enquiry, words: &str) {
    let url = desk.url(draft.locale, &format!("/enquiry/{}/{}", asked.id, asked.secret));
    draft.button = Some((words.to_owned(), url));
}
