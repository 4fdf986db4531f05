//! From a row of the outbox to a letter: loads what it tells of as it is now, so that a letter
//! never says what is no longer true. One that events have overtaken is not written at all.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

use super::draft::Draft;
use super::ics::Method;
use super::transport::MailSettings;
use super::{
    Letter, about, busy, commission, coop, course, credential, enquiry, event, giftcard, guide,
    invite, order, overflow, partner, pass, payment, piece, privacy, reseller, review, webhook,
    words,
};
use crate::booking::disruption::{self, Case, Disruption};
use crate::booking::{Booking, StateKind, guests, query};
use crate::catalogue::{Catalogue, Policy, Tour, Workshop};
use crate::payment::money_of;
use crate::phone::readable;
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{BookingId, Dong, Locale, WorkshopId};

/// A letter ready to be sent.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub invite: Option<(Method, String)>,
    /// Name and address of the workshop, for letters to guests.
    pub reply_to: Option<(String, String)>,
}

/// A row of the outbox, as far as rendering and sending need it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Queued {
    pub kind: Letter,
    pub recipient: String,
    pub recipient_name: String,
    pub locale: Locale,
    pub payload: String,
    pub booking_id: Option<BookingId>,
    pub workshop_id: Option<WorkshopId>,
    pub attempts: i32,
}

/// All that letters look at besides their row.
pub(super) struct Desk<'a> {
    pub catalogue: &'a Catalogue,
    pub settings: &'a MailSettings,
    pub now: DateTime<Utc>,
}

impl Desk<'_> {
    pub(super) fn url(&self, locale: Locale, path: &str) -> String {
        format!("{}/{locale}{path}", self.settings.base_url)
    }

    /// The venue's next day.
    pub(super) fn tomorrow(&self) -> NaiveDate {
        crate::clock::local_date(self.now) + chrono::Days::new(1)
    }

    pub(super) fn draft(row: &Queued, subject: String, title: String) -> Draft {
        let name = row.recipient_name.trim();
        let greeting = if name.is_empty() {
            text::hello_nobody(row.locale).to_owned()
        } else {
            text::hello(row.locale, name)
        };
        Draft {
            locale: row.locale,
            subject,
            title,
            greeting,
            paragraphs: vec![],
            pictures: vec![],
            facts: vec![],
            code: None,
            code_name: None,
            button: None,
            small: vec![],
            foot: text::why_guest(row.locale),
        }
    }
}

pub(super) fn finish(
    draft: &Draft,
    invite: Option<(Method, String)>,
    reply_to: Option<&Workshop>,
) -> Rendered {
    Rendered {
        subject: draft.subject.clone(),
        text: draft.text(),
        html: draft.html(),
        invite,
        reply_to: reply_to.map(|workshop| (workshop.name.clone(), workshop.email.clone())),
    }
}

/// The letter, or None when events have overtaken it.
pub(super) async fn render(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
) -> Result<Option<Rendered>, StoreError> {
    let payload: Value = serde_json::from_str(&row.payload).unwrap_or_default();
    match row.kind {
        Letter::SignIn | Letter::Invitation => about::account(conn, desk, row, &payload).await,
        Letter::WaitlistJoined | Letter::WaitlistOffer | Letter::WaitlistCancelled => {
            about::waitlist(conn, desk, row, &payload).await
        }
        Letter::EnquiryReceived
        | Letter::EnquiryOffer
        | Letter::EnquiryDeclined
        | Letter::EnquiryOff
        | Letter::HostEnquiry => enquiry::render(conn, desk, row, &payload).await,
        Letter::OverflowOffer | Letter::HostOverflow => {
            overflow::render(conn, desk, row, &payload).await
        }
        Letter::CoopInvitation | Letter::CoopNews => coop::render(conn, desk, row, &payload).await,
        Letter::PassConfirmation | Letter::PassChanged | Letter::PassCancelled => {
            pass::render(conn, desk, row, &payload).await
        }
        Letter::PaymentRequest
        | Letter::PaymentReminder
        | Letter::PaymentExpired
        | Letter::PaymentReceived
        | Letter::RefundMade => payment::render(conn, desk, row, &payload).await,
        Letter::GiftCardRequest
        | Letter::GiftCardReceipt
        | Letter::GiftCard
        | Letter::GiftCardUsed => giftcard::render(conn, desk, row, &payload).await,
        Letter::PieceRegistered
        | Letter::PieceFired
        | Letter::PieceCracked
        | Letter::PieceReady
        | Letter::PiecePosted
        | Letter::PieceLate => piece::to_guest(conn, desk, row).await,
        Letter::Commission => commission::to_customer(conn, desk, row, &payload).await,
        Letter::HostCommission => commission::to_host(conn, desk, row, &payload).await,
        Letter::HostPieceChoice => piece::to_host(conn, desk, row, &payload).await,
        Letter::ReviewDecided | Letter::HostReview => {
            review::render(conn, desk, row, &payload).await
        }
        Letter::OrderNews | Letter::HostOrder => order::render(conn, desk, row, &payload).await,
        Letter::MyData => privacy::render(conn, desk, row, &payload).await,
        Letter::PassAsked => pass::asked(conn, desk, row, &payload).await,
        Letter::ResellerInvited => reseller::render(conn, desk, row, &payload).await,
        Letter::PartnerAsked | Letter::HostPartner => {
            partner::render(conn, desk, row, &payload).await
        }
        Letter::ApplicationReceived | Letter::ApplicationAnswered | Letter::HostApplication => {
            partner::application(conn, desk, row, &payload).await
        }
        Letter::GuideNews => guide::render(conn, desk, row, &payload).await,
        Letter::EventNews => event::render(conn, desk, row, &payload).await,
        Letter::CalendarStale => busy::render(conn, desk, row, &payload).await,
        Letter::WebhookFailing => webhook::render(conn, desk, row, &payload).await,
        Letter::CredentialDecided | Letter::CredentialExpiring => {
            credential::render(conn, desk, row, &payload).await
        }
        Letter::HostTomorrow => about::tomorrow(conn, desk, row, &payload).await,
        Letter::HostBelowMinimum => about::below_minimum(conn, desk, row, &payload).await,
        _ => booking(conn, desk, row, &payload).await,
    }
}

/// Whether a letter about a booking still holds in the booking's state.
fn holds(letter: Letter, state: StateKind) -> bool {
    match letter {
        Letter::Cancellation | Letter::HostCancellation => state == StateKind::Cancelled,
        Letter::Thanks => state == StateKind::CheckedIn,
        Letter::SessionChange | Letter::HostMessage => {
            matches!(state, StateKind::CheckedIn | StateKind::Confirmed)
        }
        Letter::ManageLink | Letter::Certificate => true,
        // Checked in by then: the letter is late, and of no more use.
        _ => state == StateKind::Confirmed,
    }
}

async fn booking(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = row.booking_id else { return Ok(None) };
    let Some(booking) = query::by_id(conn, id).await? else { return Ok(None) };
    let Some(slot) = slots::find(conn, booking.slot_id).await? else { return Ok(None) };
    // A course goes on after the first session, at which its booking was checked in.
    let going_on = slot.is_run()
        && booking.state.kind() == StateKind::CheckedIn
        && matches!(row.kind, Letter::Reminder | Letter::Change);
    if !going_on && !holds(row.kind, booking.state.kind()) {
        return Ok(None);
    }
    if row.kind == Letter::Certificate {
        return course::certificate(conn, desk, row, payload).await;
    }
    let run = course::Run::load(conn, &slot, &booking).await?;
    let before_visit = matches!(row.kind, Letter::Reminder | Letter::BelowMinimum);
    // What a reminder reminds of: the visit, or the next session of a course.
    let next = if row.kind == Letter::Reminder { run.next(desk.now) } else { None };
    let (starts_at, date) =
        next.map_or((slot.starts_at, slot.local_date), |next| (next.starts_at, next.local_date));
    if before_visit && (starts_at <= desk.now || slot.status == SlotStatus::Cancelled) {
        return Ok(None);
    }
    // Moved to a later day since: that day's reminder is to come.
    if row.kind == Letter::Reminder && date > desk.tomorrow() {
        return Ok(None);
    }
    let Some((tour, workshop, _)) = desk.catalogue.place(booking.tour_id) else {
        return Ok(None);
    };
    let asked = if row.kind == Letter::Disruption {
        // Answered since, or another bad day is asked about.
        let open = disruption::open_case(conn, booking.id).await?;
        let Some(open) = open.filter(|(case, _)| payload["case_id"] == case.id.to_string()) else {
            return Ok(None);
        };
        Some(open)
    } else {
        None
    };
    let paid = money_of(conn, booking.id).await?.net();
    let visit = Visit { booking: &booking, slot: &slot, tour, workshop, run: &run, paid };
    if matches!(row.kind, Letter::HostNew | Letter::HostChange | Letter::HostCancellation) {
        return Ok(Some(to_host(desk, row, &visit)));
    }
    Ok(Some(to_guest(desk, row, payload, &visit, asked.as_ref())))
}

struct Visit<'a> {
    booking: &'a Booking,
    slot: &'a Slot,
    tour: &'a Tour,
    workshop: &'a Workshop,
    run: &'a course::Run,
    /// Beforehand, less what went back.
    paid: Dong,
}

impl Visit<'_> {
    fn what(&self, l: Locale) -> &'static str {
        if self.slot.is_run() { text::course(l) } else { text::tour(l) }
    }

    fn when(&self, l: Locale) -> &'static str {
        if self.slot.is_run() { text::sessions(l) } else { text::when(l) }
    }

    /// Day and hours, or the sessions of a course.
    fn hours(&self, l: Locale) -> String {
        if self.run.is_course() {
            words::sessions(l, &self.run.sessions)
        } else {
            words::hours(l, self.slot)
        }
    }

    /// What was paid, and what is left for the workshop.
    fn paid(&self, l: Locale, draft: &mut Draft) {
        if self.paid > Dong::ZERO {
            let left = (self.booking.total - self.paid).max(Dong::ZERO);
            let (paid, left) = (self.paid.display(l), left.display(l));
            draft.fact(text::paid(l), text::paid_and_left(l, left, paid));
        }
    }

    /// The slot's day and time for a subject; those of the next session where a reminder asks.
    fn begins(&self, kind: Letter, now: DateTime<Utc>) -> (DateTime<Utc>, NaiveDate) {
        let next = if kind == Letter::Reminder { self.run.next(now) } else { None };
        next.map_or((self.slot.starts_at, self.slot.local_date), |next| {
            (next.starts_at, next.local_date)
        })
    }
}

fn to_guest(
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
    visit: &Visit<'_>,
    asked: Option<&(Case, Disruption)>,
) -> Rendered {
    let Visit { booking, slot, tour, workshop, run, .. } = *visit;
    let l = row.locale;
    let title = tour.title.text(l);
    let (starts_at, date) = visit.begins(row.kind, desk.now);
    let day = words::day(l, date);
    let time = words::time(l, starts_at);
    let house = &workshop.name;
    let remind =
        if run.is_course() { text::session_reminder_lead(l) } else { text::reminder_lead(l) };
    let said = |key: &str| payload[key].as_str().unwrap_or_default().to_owned();
    let (subject, heading, lead) = match row.kind {
        Letter::Change => (
            text::change_subject(l, day, title),
            text::change_title(l).to_owned(),
            text::change_lead(l).to_owned(),
        ),
        Letter::Cancellation => (
            text::cancellation_subject(l, day, title),
            text::cancellation_title(l).to_owned(),
            match &booking.state {
                crate::booking::State::Cancelled { by: crate::booking::EndedBy::Guest, .. } => {
                    text::cancellation_by_guest(l).to_owned()
                }
                _ => text::cancellation_by_host(l).to_owned(),
            },
        ),
        Letter::Reminder if date < desk.tomorrow() => (
            text::reminder_today_subject(l, time, title),
            text::reminder_today_title(l).to_owned(),
            remind.to_owned(),
        ),
        Letter::Reminder => (
            text::reminder_subject(l, time, title),
            text::reminder_title(l).to_owned(),
            remind.to_owned(),
        ),
        Letter::Thanks => (
            text::thanks_subject(l, house),
            text::thanks_title(l).to_owned(),
            text::thanks_lead(l, house),
        ),
        Letter::ManageLink => (
            text::manage_link_subject(l, &booking.code),
            text::manage_link_title(l).to_owned(),
            text::manage_link_lead(l).to_owned(),
        ),
        Letter::HostMessage => (
            text::host_message_subject(l, day, title, house),
            text::host_message_title(l, house),
            said("text"),
        ),
        Letter::SessionChange => (
            text::session_change_subject(l, title),
            text::session_change_title(l).to_owned(),
            run.what_changed(l, payload),
        ),
        Letter::Confirmation if run.is_course() => (
            text::enrolled_subject(l, title, day),
            text::enrolled_title(l).to_owned(),
            text::enrolled_lead(l).to_owned(),
        ),
        Letter::BelowMinimum => (
            text::below_minimum_subject(l, day, title),
            text::below_minimum_title(l).to_owned(),
            text::below_minimum_lead(l).to_owned(),
        ),
        Letter::Disruption => (
            text::disruption_subject(l, day, title),
            text::disruption_title(l).to_owned(),
            asked.map_or_else(String::new, |(_, bad_day)| bad_day.cause.to_guests(l).to_owned()),
        ),
        Letter::DisruptionOver => (
            text::disruption_over_subject(l, day, title),
            text::disruption_over_title(l).to_owned(),
            text::disruption_over_lead(l).to_owned(),
        ),
        _ => (
            text::confirmation_subject(l, day, title),
            text::confirmation_title(l).to_owned(),
            text::confirmation_lead(l).to_owned(),
        ),
    };
    let mut draft = Desk::draft(row, subject, heading);
    draft.paragraphs.push(lead);
    if let Some((case, bad_day)) = asked {
        if !bad_day.words.is_empty() {
            draft.paragraphs.push(bad_day.words.clone());
        }
        draft.paragraphs.push(text::disruption_choose(l, words::moment(l, case.until)));
    }
    draft.fact(visit.what(l), option_title(desk.catalogue, tour, booking, l));
    if row.kind != Letter::Thanks {
        if let Some(next) = run.next(desk.now).filter(|_| row.kind == Letter::Reminder) {
            draft.fact(&run.number(l, next), words::session(l, next));
        }
        draft.fact(visit.when(l), visit.hours(l));
        draft.fact(text::party(l), booking.party.words(l));
    }
    let begun = run.is_course() && slot.starts_at <= desk.now;
    let ended = booking.state.kind() == StateKind::Cancelled;
    if asked.is_some() {
        let path = format!("/booking/{}/{}/choose", booking.code, booking.secret);
        draft.code = Some(booking.code.clone());
        draft.button = Some((text::disruption_button(l).to_owned(), desk.url(l, &path)));
        draft.small.push(text::urgent(l, readable(&workshop.phone, l)));
    } else if ended {
        if let crate::booking::State::Cancelled { reason, .. } = &booking.state {
            draft.fact(text::reason(l), reason.clone());
        }
        draft.button = Some((text::find_another(l).to_owned(), desk.url(l, "/tours")));
    } else if row.kind != Letter::Thanks {
        place(&mut draft, tour, workshop);
        if !begun {
            draft.fact(text::pay(l), words::prices(l, &booking.bill()));
        }
        visit.paid(l, &mut draft);
        draft.fact(text::bring(l), tour.bring.list(l).join("\n"));
        draft.code = Some(booking.code.clone());
        draft.button =
            Some((text::manage(l).to_owned(), invite::manage_url(desk.settings, booking)));
        let before = matches!(row.kind, Letter::Confirmation | Letter::Reminder);
        if before && run.is_course() && booking.people > 1 {
            // One list for all of them: a teacher has it already.
            if !begun {
                let list = format!("{}/guests", invite::manage_url(desk.settings, booking));
                draft.fact(text::participants(l), text::participants_more(l));
                if let Some(fact) = draft.facts.last_mut() {
                    fact.link = Some((text::participants_link(l).to_owned(), list));
                }
            }
        } else if before && booking.people > 1 && guests::asks(tour) {
            let path = format!("/companions/{}/{}", booking.code, guests::token(booking));
            draft.fact(text::companions(l), text::companions_more(l));
            if let Some(fact) = draft.facts.last_mut() {
                fact.link = Some((text::companions_link(l).to_owned(), desk.url(l, &path)));
            }
        }
        if !begun {
            draft.small.push(policy(desk, booking.policy, slot, l));
        }
        draft.small.push(text::urgent(l, readable(&workshop.phone, l)));
    }
    if row.kind == Letter::Thanks && booking.contract_id.is_none() {
        let path = format!("/booking/{}/{}/rating", booking.code, booking.secret);
        draft.paragraphs.push(text::thanks_review(l).to_owned());
        draft.button = Some((text::thanks_review_button(l).to_owned(), desk.url(l, &path)));
    }
    let told = matches!(
        row.kind,
        Letter::Confirmation | Letter::Change | Letter::Cancellation | Letter::SessionChange
    );
    // A booking that never counted is in no calendar.
    let told = told && booking.confirmed_at.is_some();
    let invite = told.then(|| run.invite(desk, booking, slot)).flatten();
    if invite.is_some() && !ended {
        let words =
            if run.is_course() { text::sessions_attached(l) } else { text::invite_attached(l) };
        draft.small.push(words.to_owned());
    }
    draft.small.push(text::answer_host(l).to_owned());
    draft.small.push(seller(workshop, l));
    finish(&draft, invite, Some(workshop))
}

fn to_host(desk: &Desk<'_>, row: &Queued, visit: &Visit<'_>) -> Rendered {
    let Visit { booking, slot, tour, workshop, .. } = *visit;
    let l = row.locale;
    let day = words::day(l, slot.local_date);
    let party = booking.party.words(l);
    let (subject, title) = match row.kind {
        Letter::HostChange => {
            (text::host_change_subject(l, day, &booking.name), text::host_change_title(l))
        }
        Letter::HostCancellation => (
            text::host_cancellation_subject(l, day, &booking.name),
            text::host_cancellation_title(l),
        ),
        _ => (text::host_new_subject(l, day, &booking.name, &party), text::host_new_title(l)),
    };
    let mut draft = Desk::draft(row, subject, title.to_owned());
    draft.fact(visit.what(l), option_title(desk.catalogue, tour, booking, l));
    draft.fact(visit.when(l), visit.hours(l));
    draft.fact(text::guest(l), booking.name.clone());
    draft.fact(text::organisation(l), visit.run.group.words());
    draft.fact(text::party(l), party);
    draft.fact(text::phone(l), readable(&booking.phone, l));
    draft.fact(text::email(l), booking.email.clone());
    draft.fact(text::notes(l), booking.notes.clone());
    draft.fact(text::pay(l), words::prices(l, &booking.bill()));
    visit.paid(l, &mut draft);
    if let crate::booking::State::Cancelled { reason, .. } = &booking.state {
        draft.fact(text::reason(l), reason.clone());
    }
    draft.code = Some(booking.code.clone());
    let path = format!("/host/{}/bookings/{}", workshop.slug, booking.code);
    draft.button = Some((text::open_calendar(l).to_owned(), desk.url(l, &path)));
    draft.foot = text::why_host(l);
    finish(&draft, None, None)
}

pub(super) fn option_title(
    catalogue: &Catalogue,
    tour: &Tour,
    booking: &Booking,
    l: Locale,
) -> String {
    let option = catalogue.option(booking.option_id).map(|(_, option)| option.title.text(l));
    format!("{}\n{}", tour.title.text(l), option.unwrap_or_default())
}

/// Meeting point, address and a map that needs no account.
pub(super) fn place(draft: &mut Draft, tour: &Tour, workshop: &Workshop) {
    let l = draft.locale;
    let lines =
        format!("{}\n{}\n{}", workshop.name, tour.meeting_point.text(l), workshop.address.text(l));
    draft.fact(text::meet(l), lines);
    if let Some(fact) = draft.facts.last_mut() {
        let (lat, lon) = (tour.meeting_lat, tour.meeting_lon);
        let map =
            format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}");
        fact.link = Some((text::map(l).to_owned(), map));
    }
}

/// The policy's steps as moments before this slot, those that are still ahead.
pub(super) fn policy(desk: &Desk<'_>, policy: Policy, slot: &Slot, l: Locale) -> String {
    let mut sentences: Vec<String> = policy
        .steps()
        .iter()
        .map(|(hours, percent)| (slot.starts_at - TimeDelta::hours(*hours), percent))
        .filter(|(until, _)| *until > desk.now)
        .map(|(until, percent)| match percent {
            100 => text::policy_full_until(l, words::moment(l, until)),
            _ => text::policy_part_until(l, percent, words::moment(l, until)),
        })
        .collect();
    let last = if sentences.is_empty() { text::policy_over(l) } else { text::policy_none_after(l) };
    sentences.push(last.to_owned());
    l.writing().sentences(&sentences)
}

pub(super) fn seller(workshop: &Workshop, l: Locale) -> String {
    let phone = readable(&workshop.phone, l);
    text::seller(l, &workshop.email, &workshop.legal_name, phone, &workshop.tax_code)
}

/// A date in a payload.
pub(super) fn date_in(payload: &Value, key: &str) -> Option<NaiveDate> {
    payload[key].as_str()?.parse().ok()
}
