//! Letters about other things than one booking: waiting list, enquiries, a day, an account.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::render::{Desk, Queued, Rendered, date_in, finish, place, seller};
use super::{Letter, words};
use crate::accounts;
use crate::booking::{Party, StateKind, query};
use crate::schedule::{SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Dong, EnquiryId, SlotId, TourId, WaitlistId, params};

fn id_in<T: std::str::FromStr>(payload: &Value, key: &str) -> Option<T> {
    payload[key].as_str()?.parse().ok()
}

/// A sign-in link, while it opens the door.
pub(super) async fn account(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let token = payload["token"].as_str().unwrap_or_default();
    if !accounts::link_opens(conn, token, desk.now).await? {
        return Ok(None);
    }
    let l = row.locale;
    let workshop = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let (subject, title, lead) = match workshop {
        Some(workshop) if row.kind == Letter::Invitation => (
            text::invitation_subject(l, &workshop.name),
            text::invitation_title(l, &workshop.name),
            if payload["role"] == "owner" {
                text::invitation_owner(l)
            } else {
                text::invitation_staff(l)
            },
        ),
        _ => (
            text::sign_in_subject(l).to_owned(),
            text::sign_in_title(l).to_owned(),
            text::sign_in_lead(l),
        ),
    };
    let mut draft = Desk::draft(row, subject, title);
    draft.paragraphs.push(lead.to_owned());
    let url = desk.url(l, &format!("/sign-in/{token}"));
    draft.button = Some((text::sign_in_button(l).to_owned(), url));
    draft.foot = text::why_person(l);
    Ok(Some(finish(&draft, None, None)))
}

#[derive(sqlx::FromRow)]
struct Waiting {
    slot_id: SlotId,
    secret: String,
    state: String,
    units: Party,
    offer_until: Option<DateTime<Utc>>,
}

pub(super) async fn waitlist(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<WaitlistId>(payload, "waitlist_id") else { return Ok(None) };
    let entry: Option<Waiting> = conn
        .fetch_optional(
            "SELECT slot_id, secret, state, units, offer_until FROM waitlist WHERE id = $1",
            params![id],
        )
        .await?;
    let Some(entry) = entry else { return Ok(None) };
    let Some(slot) = slots::find(conn, entry.slot_id).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(slot.tour_id) else { return Ok(None) };
    let l = row.locale;
    let (title, day) = (tour.title.text(l), words::day(l, slot.local_date));
    let (subject, heading, lead, button) = if row.kind == Letter::WaitlistOffer {
        let open = entry.offer_until.filter(|until| entry.state == "offered" && *until > desk.now);
        let Some(until) = open else { return Ok(None) };
        (
            text::waitlist_offer_subject(l, day, title),
            text::waitlist_offer_title(l),
            text::waitlist_offer_lead(l, words::moment(l, until)),
            text::waitlist_take(l),
        )
    } else {
        if entry.state != "waiting" {
            return Ok(None);
        }
        (
            text::waitlist_joined_subject(l, day, title),
            text::waitlist_joined_title(l),
            text::waitlist_joined_lead(l).to_owned(),
            text::waitlist_open(l),
        )
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead);
    draft.fact(text::tour(l), title);
    draft.fact(text::when(l), words::hours(l, &slot));
    draft.fact(text::party(l), words::party(l, &entry.units));
    draft.fact(text::pay(l), words::prices(l, &entry.units));
    place(&mut draft, tour, workshop);
    let url = desk.url(l, &format!("/waitlist/entry/{id}/{}", entry.secret));
    draft.button = Some((button.to_owned(), url));
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, Some(workshop))))
}

#[derive(sqlx::FromRow)]
struct Asked {
    tour_id: TourId,
    secret: String,
    state: String,
    name: String,
    email: String,
    phone: String,
    organisation: String,
    people: i32,
    wished_date: NaiveDate,
    message: String,
    reply: String,
    offer_starts_at: Option<DateTime<Utc>>,
    offer_total: Option<Dong>,
    offer_until: Option<DateTime<Utc>>,
}

pub(super) async fn enquiry(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<EnquiryId>(payload, "enquiry_id") else { return Ok(None) };
    let asked: Option<Asked> = conn
        .fetch_optional(
            "SELECT tour_id, secret, state, name, email, phone, organisation, people, \
             wished_date, message, reply, offer_starts_at, offer_total, offer_until \
             FROM enquiry WHERE id = $1",
            params![id],
        )
        .await?;
    let Some(asked) = asked else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(asked.tour_id) else { return Ok(None) };
    let l = row.locale;
    let (title, house) = (tour.title.text(l), &workshop.name);
    let people = text::people(l, i64::from(asked.people));
    let mut draft = match row.kind {
        Letter::EnquiryOffer => {
            let open =
                asked.offer_until.filter(|until| asked.state == "offered" && *until > desk.now);
            let Some(until) = open else { return Ok(None) };
            let subject = text::enquiry_offer_subject(l, title);
            let mut draft = Desk::draft(row, subject, text::enquiry_offer_title(l).to_owned());
            draft.paragraphs.push(asked.reply.clone());
            draft.paragraphs.push(text::enquiry_offer_lead(l, words::moment(l, until)));
            draft
        }
        Letter::EnquiryDeclined => {
            if asked.state != "declined" {
                return Ok(None);
            }
            let subject = text::enquiry_declined_subject(l, title);
            let mut draft = Desk::draft(row, subject, text::enquiry_declined_title(l).to_owned());
            draft.paragraphs.push(text::enquiry_declined_lead(l, house));
            draft.paragraphs.push(asked.reply.clone());
            draft
        }
        Letter::HostEnquiry => {
            let subject = text::host_enquiry_subject(l, &asked.name, &people);
            let mut draft = Desk::draft(row, subject, text::host_enquiry_title(l).to_owned());
            draft.paragraphs.push(asked.message.clone());
            draft
        }
        _ => {
            let subject = text::enquiry_received_subject(l, title);
            let mut draft = Desk::draft(row, subject, text::enquiry_received_title(l).to_owned());
            draft.paragraphs.push(text::enquiry_received_lead(l, house));
            draft
        }
    };
    draft.paragraphs.retain(|paragraph| !paragraph.trim().is_empty());
    draft.fact(text::tour(l), title);
    draft.fact(text::party(l), people);
    if row.kind == Letter::EnquiryOffer {
        if let Some(at) = asked.offer_starts_at {
            let when = format!("{}\n({})", words::moment(l, at), text::venue_time(l));
            draft.fact(text::when(l), when);
        }
        if let Some(total) = asked.offer_total {
            draft.fact(text::enquiry_price(l), total.display(l));
        }
        place(&mut draft, tour, workshop);
    } else {
        draft.fact(text::wished_date(l), words::day(l, asked.wished_date));
    }
    if row.kind == Letter::HostEnquiry {
        draft.fact(text::guest(l), asked.name);
        draft.fact(text::organisation(l), asked.organisation);
        draft.fact(text::phone(l), asked.phone);
        draft.fact(text::email(l), asked.email);
        let url = desk.url(l, &format!("/host/{}/enquiries/{id}", workshop.slug));
        draft.button = Some((text::open_enquiry(l).to_owned(), url));
        draft.foot = text::why_host(l);
        return Ok(Some(finish(&draft, None, None)));
    }
    let button = match row.kind {
        Letter::EnquiryOffer => text::enquiry_take(l),
        _ => text::open_enquiry(l),
    };
    let url = desk.url(l, &format!("/enquiry/{id}/{}", asked.secret));
    draft.button = Some((button.to_owned(), url));
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, Some(workshop))))
}

/// The departures of a day and their guests.
pub(super) async fn tomorrow(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let workshop = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let (Some(workshop), Some(date)) = (workshop, date_in(payload, "date")) else {
        return Ok(None);
    };
    let l = row.locale;
    let mut people = 0;
    let mut lists = Vec::new();
    for slot in slots::of_workshop(conn, workshop.id, date, date).await? {
        if slot.status == SlotStatus::Cancelled || slot.starts_at <= desk.now {
            continue;
        }
        let mut lines = Vec::new();
        for booking in query::of_slot(conn, slot.id).await? {
            if booking.state.kind() == StateKind::Confirmed {
                people += i64::from(booking.people);
                let party = words::party(l, &booking.party);
                let line = [booking.name, party, booking.phone, booking.notes, booking.code];
                let line: Vec<_> = line.into_iter().filter(|part| !part.is_empty()).collect();
                // A note of several lines must not look like several guests.
                lines.push(line.join(" · ").replace(['\r', '\n'], " "));
            }
        }
        if !lines.is_empty() {
            let title = desk.catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(l));
            let time = crate::clock::local_time(slot.starts_at).format("%H:%M");
            lists.push((time.to_string(), format!("{title}\n{}", lines.join("\n"))));
        }
    }
    if lists.is_empty() {
        return Ok(None);
    }
    let (day, people) = (words::day(l, date), text::people(l, people));
    let (subject, title) = if date < desk.tomorrow() {
        (text::host_today_subject(l, day, people), text::host_today_title(l))
    } else {
        (text::host_tomorrow_subject(l, day, people), text::host_tomorrow_title(l))
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.paragraphs.push(text::host_tomorrow_lead(l).to_owned());
    for (time, list) in lists {
        draft.fact(&time, list);
    }
    let url = desk.url(l, &format!("/host/{}?date={date}", workshop.slug));
    draft.button = Some((text::open_calendar(l).to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}

/// Asks the host whether a departure with too few guests runs.
pub(super) async fn below_minimum(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<SlotId>(payload, "slot_id") else { return Ok(None) };
    let Some(slot) = slots::find(conn, id).await? else { return Ok(None) };
    let Some((tour, workshop, _)) = desk.catalogue.place(slot.tour_id) else { return Ok(None) };
    let decided = slot.run_state == crate::schedule::RunState::Runs
        || slot.status == SlotStatus::Cancelled
        || slot.taken >= tour.min_to_run
        || slot.starts_at <= desk.now;
    if decided {
        return Ok(None);
    }
    let l = row.locale;
    let (title, day) = (tour.title.text(l), words::day(l, slot.local_date));
    let subject = text::host_below_minimum_subject(l, day, title);
    let mut draft = Desk::draft(row, subject, text::host_below_minimum_title(l).to_owned());
    draft.paragraphs.push(text::host_below_minimum_lead(l, tour.min_to_run, slot.taken));
    draft.fact(text::tour(l), title);
    draft.fact(text::when(l), words::hours(l, &slot));
    let url = desk.url(l, &format!("/host/{}/slots/{id}", workshop.slug));
    draft.button = Some((text::open_calendar(l).to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
