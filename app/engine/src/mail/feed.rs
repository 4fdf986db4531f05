//! The calendar that a workshop's people subscribe to (see [`crate::feeds`]).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::ics::{self, AllDay, Event, Feed};
use super::transport::MailSettings;
use crate::booking::{Booking, StateKind, query};
use crate::catalogue::{Catalogue, Workshop};
use crate::clock::{local_date, venue_instant};
use crate::course::{self, Session};
use crate::feeds::{AHEAD, BEHIND};
use crate::schedule::{Closure, DayRule, Slot, SlotStatus, closures_of, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Locale, WorkshopId, params};

/// The feed behind a token: departures that somebody booked, of the last 30 days and the next
/// year, and closed days. None for a wrong token.
pub async fn of_token(
    conn: &mut Conn,
    catalogue: &Catalogue,
    settings: &MailSettings,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let found: Option<(WorkshopId, Locale)> = conn
        .fetch_optional("SELECT id, locale FROM workshop WHERE feed_token = $1", params![*token])
        .await?;
    let Some((id, locale)) = found else { return Ok(None) };
    let Some(workshop) = catalogue.workshop(id) else { return Ok(None) };
    let today = local_date(now);
    let (from, to) = (today - BEHIND, today + AHEAD);
    // Empty departures would hide the day's work under noise.
    let mut taken = slots::of_workshop(conn, id, from, to).await?;
    taken.retain(|slot| slot.status != SlotStatus::Cancelled && slot.taken > 0);
    let ids: Vec<_> = taken.iter().map(|slot| slot.id).collect();
    let bookings = query::of_slots(conn, &ids).await?;
    let changes = last_changes(conn, id).await?;
    let scene = Scene { catalogue, settings, workshop, locale, changes };
    let mut events: Vec<Event> = Vec::new();
    for slot in taken.iter().filter(|slot| !slot.is_run()) {
        events.extend(bookings.get(&slot.id).and_then(|all| scene.departure(slot, all)));
    }
    let sessions = course::days_of_workshop(conn, id, from, to).await?;
    let runs: Vec<_> = sessions.iter().map(|(_, slot)| slot.id).collect();
    let enrolled = query::of_slots(conn, &runs).await?;
    for (session, slot) in &sessions {
        let of_slot = enrolled.get(&slot.id).and_then(|all| scene.departure(slot, all));
        let uid = format!("session-{}@{}", session.id, settings.from.domain());
        events.extend(of_slot.map(|run| of_session(run, uid, session, locale)));
    }
    let mut days = Vec::new();
    for closure in closures_of(conn, id).await? {
        scene.closed(&closure, (from, to), &mut days, &mut events);
    }
    Ok(Some(ics::feed(&Feed { name: workshop.name.clone(), events, days })))
}

/// When each slot and booking of a workshop was last changed, by slot id and booking code.
pub(crate) async fn last_changes(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<HashMap<String, DateTime<Utc>>, StoreError> {
    let rows: Vec<(String, DateTime<Utc>)> = conn
        .fetch_all(
            "SELECT subject, MAX(at) FROM audit WHERE workshop_id = $1 \
             AND (verb LIKE 'slot.%' OR verb LIKE 'booking.%') GROUP BY subject",
            params![workshop],
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Those who come, or have come: a hold is nobody yet.
pub(crate) fn coming(bookings: &[Booking]) -> Vec<&Booking> {
    bookings.iter().filter(|booking| booking.state.kind() != StateKind::Held).collect()
}

/// When a departure or one of those who come to it last changed; None where nobody comes and nothing
/// was changed.
pub(crate) fn last_changed(
    slot: &Slot,
    coming: &[&Booking],
    changes: &HashMap<String, DateTime<Utc>>,
) -> Option<DateTime<Utc>> {
    let of = |subject: &str| changes.get(subject).copied();
    coming
        .iter()
        .flat_map(|booking| [Some(booking.created_at), booking.confirmed_at, of(&booking.code)])
        .chain([of(&slot.id.to_string())])
        .flatten()
        .max()
}

/// One session of a course, out of the event of its run.
pub(crate) fn of_session(run: Event, uid: String, session: &Session, locale: Locale) -> Event {
    let number = text::session(locale, i64::from(session.position));
    Event {
        uid,
        starts_at: session.starts_at,
        ends_at: session.ends_at,
        summary: format!("{} · {number}", run.summary),
        ..run
    }
}

struct Scene<'a> {
    catalogue: &'a Catalogue,
    settings: &'a MailSettings,
    workshop: &'a Workshop,
    locale: Locale,
    changes: HashMap<String, DateTime<Utc>>,
}

impl Scene<'_> {
    fn departure(&self, slot: &Slot, bookings: &[Booking]) -> Option<Event> {
        let Scene { settings, workshop, locale, .. } = *self;
        let coming = coming(bookings);
        if coming.is_empty() {
            return None;
        }
        let guests: Vec<String> = coming
            .iter()
            .map(|booking| {
                let who = booking.party.words(locale);
                let parts = [&booking.name, &who, &booking.phone, &booking.code];
                let said: Vec<&str> = parts
                    .iter()
                    .map(|part| part.as_str())
                    .filter(|part| !part.is_empty())
                    .collect();
                said.join(" · ")
            })
            .collect();
        let people: i32 = coming.iter().map(|booking| booking.people).sum();
        let title =
            self.catalogue.option(slot.option_id).map_or("", |(tour, _)| tour.title.text(locale));
        let changed = last_changed(slot, &coming, &self.changes)?;
        let uid = format!("slot-{}@{}", slot.id, settings.from.domain());
        let summary = format!("{title} ({people}/{})", slot.capacity);
        Some(Event {
            description: guests.join("\n"),
            location: workshop.address.text(locale).to_owned(),
            url: format!("{}/{locale}/host/{}/slots/{}", settings.base_url, workshop.slug, slot.id),
            ..Event::in_feed(uid, changed, (slot.starts_at, slot.ends_at), summary)
        })
    }

    /// Closed days as days; closed hours as events of that length.
    fn closed(
        &self,
        closure: &Closure,
        (from, to): (NaiveDate, NaiveDate),
        days: &mut Vec<AllDay>,
        events: &mut Vec<Event>,
    ) {
        let domain = self.settings.from.domain();
        let tour = closure.tour_id.and_then(|tour| self.catalogue.tour(tour));
        let reason = closure.reason.text(self.locale);
        let summary = match tour {
            Some(tour) => format!("{reason} ({})", tour.title.text(self.locale)),
            None => reason.to_owned(),
        };
        let last_modified = closure.saved_at;
        let covered: BTreeSet<NaiveDate> = from
            .iter_days()
            .take_while(|day| *day <= to)
            .filter(|day| closure.rule.covers(*day))
            .collect();
        if let Some(hours) = closure.hours {
            for day in covered {
                let at = |time: NaiveTime| venue_instant(day, time);
                let Some((starts_at, ends_at)) = at(hours.from.time()).zip(at(hours.to.time()))
                else {
                    continue;
                };
                let uid = format!("closure-{}-{day}@{domain}", closure.id);
                let times = (starts_at, ends_at);
                events.push(Event::in_feed(uid, last_modified, times, summary.clone()));
            }
        } else if let DayRule::Dates { from: first, to: last } = closure.rule {
            if !covered.is_empty() {
                let uid = format!("closure-{}@{domain}", closure.id);
                days.push(AllDay { uid, first, last, summary, last_modified });
            }
        } else {
            for (first, last) in runs(&covered) {
                let uid = format!("closure-{}-{first}@{domain}", closure.id);
                days.push(AllDay { uid, first, last, summary: summary.clone(), last_modified });
            }
        }
    }
}

/// Days that follow each other, as first and last.
fn runs(days: &BTreeSet<NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for &day in days {
        match runs.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(day) => *last = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}
