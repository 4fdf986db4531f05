//! Letters about a pass: the whole itinerary, and a calendar with an entry for each leg.

use serde_json::Value;

use super::about::id_in;
use super::draft::Draft;
use super::render::{Desk, Queued, Rendered, finish, place, policy, seller};
use super::{Letter, invite, words};
use crate::booking::{EndedBy, State};
use crate::catalogue::Workshop;
use crate::pass::{self, Booked, Consent, Place, Standing, Stop};
use crate::phone::readable;
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Locale, PassBookingId, PassId};

pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<PassBookingId>(payload, "pass_booking_id") else { return Ok(None) };
    let Some(booked) = pass::by_id(conn, id).await? else { return Ok(None) };
    let l = row.locale;
    let Some(date) = booked.date() else { return Ok(None) };
    let (title, day) = (booked.pass.title.text(l), words::day(l, date));
    let standing = booked.standing();
    let (subject, heading, lead) = match (row.kind, standing) {
        // Overtaken: the letter of the cancellation is on its way.
        (Letter::PassConfirmation | Letter::PassChanged, Standing::Cancelled)
        | (Letter::PassCancelled, Standing::Whole) => return Ok(None),
        (Letter::PassConfirmation, _) => (
            text::pass_confirmation_subject(l, &day, title),
            text::pass_confirmation_title(l),
            text::pass_confirmation_lead(l),
        ),
        (Letter::PassCancelled, Standing::Cancelled) => (
            text::pass_cancelled_subject(l, &day, title),
            text::pass_cancelled_title(l),
            if by_guest(&booked) {
                text::pass_cancelled_by_guest(l)
            } else {
                text::pass_cancelled_by_host(l)
            },
        ),
        (Letter::PassCancelled, Standing::Part) => (
            text::pass_part_subject(l, &day, title),
            text::pass_part_title(l),
            text::pass_part_lead(l),
        ),
        _ => (
            text::pass_changed_subject(l, &day, title),
            text::pass_changed_title(l),
            text::pass_changed_lead(l),
        ),
    };
    let mut draft = Desk::draft(row, subject, heading.to_owned());
    draft.paragraphs.push(lead.to_owned());
    draft.fact(text::pass(l), title);
    draft.fact(text::when(l), format!("{day}\n({})", text::venue_time(l)));
    itinerary(&mut draft, desk, &booked, l);
    if standing == Standing::Cancelled {
        draft.button = Some((text::pass_other(l).to_owned(), desk.url(l, "/passes")));
    } else {
        let total = booked.total().display(l);
        draft.fact(text::pass_total(l), text::pass_total_lines(l, total));
        draft.fact(text::pass_code(l), booked.booking.code.clone());
        let url = desk.url(l, &pass::manage_path(&booked.booking));
        draft.button = Some((text::pass_manage(l).to_owned(), url));
        conditions(&mut draft, desk, &booked, l);
    }
    let calendar = calendar(desk, &booked);
    if calendar.is_some() && standing != Standing::Cancelled {
        draft.small.push(text::pass_invite_attached(l).to_owned());
    }
    for workshop in workshops(desk, &booked) {
        draft.small.push(seller(workshop, l));
    }
    Ok(Some(finish(&draft, calendar, None)))
}

/// Whether the guest had a part in it: then nobody says sorry, and not all may come back.
fn by_guest(booked: &Booked) -> bool {
    booked
        .legs
        .iter()
        .any(|leg| matches!(leg.booking.state, State::Cancelled { by: EndedBy::Guest, .. }))
}

/// Each leg with its hours, place and price, and the way between.
fn itinerary(draft: &mut Draft, desk: &Desk<'_>, booked: &Booked, l: Locale) {
    let mut ways = booked.ways(desk.catalogue).into_iter();
    let mut first = true;
    for leg in &booked.legs {
        let Some(stop) = Place::of(desk.catalogue, leg.booking.option_id) else { continue };
        if leg.is_live() {
            if !first && let Some(minutes) = ways.next() {
                let way = text::pass_way_minutes(l, minutes, &stop.workshop.name);
                draft.fact(text::pass_way(l), way);
            }
            first = false;
        }
        let title = format!("{}\n{}", stop.tour.title.text(l), stop.option.title.text(l));
        draft.fact(&words::time_range(l, leg.slot.starts_at, leg.slot.ends_at), title);
        if let State::Cancelled { refund_percent, reason, .. } = &leg.booking.state {
            let said = text::pass_leg_cancelled(l, refund_percent);
            if let Some(fact) = draft.facts.last_mut() {
                fact.lines.extend([stop.workshop.name.clone(), said]);
                if !reason.is_empty() {
                    fact.lines.push(l.writing().labelled(text::reason(l), reason));
                }
            }
            continue;
        }
        place(draft, stop.tour, stop.workshop);
        draft.fact(text::pay(l), words::prices(l, &leg.booking.bill()));
        draft.fact(text::bring(l), stop.tour.bring.list(l).join("\n"));
    }
}

/// What cancelling each leg costs, and whom to call.
fn conditions(draft: &mut Draft, desk: &Desk<'_>, booked: &Booked, l: Locale) {
    for leg in booked.live() {
        let Some(workshop) = desk.catalogue.workshop(leg.booking.workshop_id) else { continue };
        let words = policy(desk, leg.booking.policy, &leg.slot, l);
        draft.small.push(text::pass_policy(l, words, &workshop.name));
    }
    for workshop in workshops(desk, booked) {
        draft.small.push(text::pass_urgent(l, readable(&workshop.phone, l), &workshop.name));
    }
}

/// The workshops of the legs, each once.
fn workshops<'a>(desk: &Desk<'a>, booked: &Booked) -> Vec<&'a Workshop> {
    let mut found: Vec<&Workshop> = Vec::new();
    for leg in &booked.legs {
        if let Some(workshop) = desk.catalogue.workshop(leg.booking.workshop_id)
            && !found.iter().any(|other| other.id == workshop.id)
        {
            found.push(workshop);
        }
    }
    found
}

/// An entry for each leg, those that were cancelled too, so that they leave the calendar.
fn calendar(desk: &Desk<'_>, booked: &Booked) -> Option<(super::ics::Method, String)> {
    let events = invite::pass_events(desk.settings, desk.catalogue, booked, desk.now);
    invite::publish(desk.settings, &booked.legs.first()?.booking, &events)
}

/// Asks a workshop whether it wants to be a stop of a pass; not sent once it has answered.
pub(super) async fn asked(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let house = row.workshop_id.and_then(|id| desk.catalogue.workshop(id));
    let (Some(house), Some(id)) = (house, id_in::<PassId>(payload, "pass_id")) else {
        return Ok(None);
    };
    let Some(pass) = pass::find(conn, id).await? else { return Ok(None) };
    let stops = pass::stops_of(conn, id).await?;
    let open = |stop: &&Stop| stop.workshop_id == house.id && stop.consent == Consent::Asked;
    if !stops.iter().any(|stop| open(&stop)) {
        return Ok(None);
    }
    let l = row.locale;
    let title = pass.title.text(l);
    let subject = text::pass_asked_subject(l, title);
    let mut draft = Desk::draft(row, subject, text::pass_asked_title(l).to_owned());
    draft.paragraphs.push(text::pass_asked_lead(l, title, &house.name));
    let lines: Vec<String> = stops
        .iter()
        .filter_map(|stop| Place::of(desk.catalogue, stop.option_id))
        .map(|place| l.writing().labelled(&place.workshop.name, place.tour.title.text(l)))
        .collect();
    draft.fact(text::pass_asked_day(l), lines.join("\n"));
    let off = text::pass_asked_off(l, i64::from(pass.percent()));
    draft.fact(text::pass_asked_price(l), off);
    draft.paragraphs.push(pass.summary.text(l).to_owned());
    draft.small.push(text::pass_asked_small(l).to_owned());
    let url = desk.url(l, &format!("/host/{}/passes", house.slug));
    draft.button = Some((text::pass_asked_open(l).to_owned(), url));
    draft.foot = text::why_host(l);
    Ok(Some(finish(&draft, None, None)))
}
