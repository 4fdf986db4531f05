//! Letters about other things than one booking: waiting list, a day, an account.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::render::{Desk, Queued, Rendered, date_in, finish, place, seller};
use super::{Letter, words};
use crate::accounts;
use crate::booking::{Bill, Party, StateKind, query};
use crate::course;
use crate::phone::readable;
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{SlotId, WaitlistId, params};

pub(super) fn id_in<T: std::str::FromStr>(payload: &Value, key: &str) -> Option<T> {
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
        None if row.kind == Letter::Invitation => {
            let village = id_in(payload, "village").and_then(|id| desk.catalogue.village(id));
            let name = village.map_or("", |village| village.name.text(l));
            (
                text::invitation_village_subject(l, name),
                text::invitation_village_title(l, name),
                text::invitation_village(l),
            )
        }
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
    if row.kind == Letter::WaitlistCancelled {
        let subject = text::waitlist_cancelled_subject(l, day, title);
        let heading = text::waitlist_cancelled_title(l).to_owned();
        let mut draft = Desk::draft(row, subject, heading);
        draft.paragraphs.push(text::waitlist_cancelled_lead(l).to_owned());
        draft.fact(text::tour(l), title);
        draft.fact(text::when(l), words::hours(l, &slot));
        draft.fact(text::reason(l), payload["text"].as_str().unwrap_or_default());
        let other = desk.url(l, &format!("/tours/{}", tour.slug));
        draft.button = Some((text::other_times(l).to_owned(), other));
        draft.small.push(seller(workshop, l));
        return Ok(Some(finish(&draft, None, Some(workshop))));
    }
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
    draft.fact(text::party(l), entry.units.words(l));
    draft.fact(text::pay(l), words::prices(l, &Bill::of_party(&entry.units)));
    place(&mut draft, tour, workshop);
    let url = desk.url(l, &format!("/waitlist/entry/{id}/{}", entry.secret));
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
    let mut departures: Vec<(DateTime<Utc>, Slot)> =
        slots::of_workshop(conn, workshop.id, date, date)
            .await?
            .into_iter()
            .filter(|slot| !slot.is_run())
            .map(|slot| (slot.starts_at, slot))
            .collect();
    let sessions = course::days_of_workshop(conn, workshop.id, date, date).await?;
    departures.extend(sessions.into_iter().map(|(session, slot)| (session.starts_at, slot)));
    departures.sort_by_key(|(starts_at, slot)| (*starts_at, slot.id));
    for (starts_at, slot) in departures {
        if slot.status == SlotStatus::Cancelled || starts_at <= desk.now {
            continue;
        }
        let mut lines = Vec::new();
        for booking in query::of_slot(conn, slot.id).await? {
            let state = booking.state.kind();
            let going_on = slot.is_run() && state == StateKind::CheckedIn;
            if state == StateKind::Confirmed || going_on {
                people += i64::from(booking.people);
                let party = booking.party.words(l);
                let line =
                    [booking.name, party, readable(&booking.phone, l), booking.notes, booking.code];
                let line: Vec<_> = line.into_iter().filter(|part| !part.is_empty()).collect();
                // A note of several lines must not look like several guests.
                lines.push(line.join(" · ").replace(['\r', '\n'], " "));
            }
        }
        if !lines.is_empty() {
            let title = desk.catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(l));
            lists.push((words::time(l, starts_at), format!("{title}\n{}", lines.join("\n"))));
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
