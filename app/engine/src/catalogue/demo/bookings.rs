//! The demo's bookings: made by the verbs that guests and hosts use, each at an instant before its
//! visit, so that a host's calendar looks like one that has been in use. The same date gives the
//! same bookings (their codes and secrets aside). No letter is left to be sent to invented people.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::booking::checkin::{self, CheckIn, Mark};
use crate::booking::desk::{Caller, TakeCall, take_call};
use crate::booking::enquiry::{self, Ask, Wish};
use crate::booking::waitlist::{self, Join};
use crate::booking::{
    self, Answers, Booking, BookingError, CancelByGuest, Confirm, Contact, FillIn, Hold,
};
use crate::catalogue::{
    Catalogue, QuestionKind, QuestionScope, Sharing, Tour, TourOption, UnitKind,
};
use crate::clock::local_date;
use crate::coop;
use crate::schedule::{Slot, slots};
use crate::store::Tx;
use crate::{Locale, UnitId, WorkshopId, params};

pub(super) const GUESTS: &str = include_str!("../../../demo/guests.toml");
/// Days before today whose visits are over.
pub(super) const PAST_DAYS: i64 = 7;
/// Days before today from which members of a co-op still have some, and how many in all.
pub(super) const LONG_PAST_DAYS: i64 = 100;
const OLDER: usize = 16;
/// Days after today within which visits are booked.
const AHEAD_DAYS: i64 = 30;
/// Bookings of a workshop: so many are over, today, still to come.
const SHARES: [(usize, Part); 3] = [(2, Part::Past), (2, Part::Today), (3, Part::Ahead)];
/// Days ahead at the least of the slot that is full: nobody has to hurry to it.
const FULL_AHEAD: i64 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Past,
    Today,
    Ahead,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Visitors {
    guests: Vec<Guest>,
    waiting: Vec<Guest>,
    callers: Vec<Guest>,
    group: Group,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    name: String,
    email: String,
    locale: Locale,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    notes: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    workshop: String,
    people: i32,
    days_ahead: i64,
    organisation: String,
    guest: Guest,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: "guests.toml", reason: reason.to_string() }
}

/// What differs from one booking to the next, drawn from the date.
pub(super) struct Draw(u64);

impl Draw {
    pub(super) const fn seeded(seed: u64) -> Self {
        Draw(seed)
    }

    /// A number below `n`; Knuth's constants for a linear congruence.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n.max(1)
    }
}

struct Desk<'a> {
    catalogue: &'a Arc<Catalogue>,
    now: DateTime<Utc>,
    draw: Draw,
    guests: std::iter::Cycle<std::vec::IntoIter<Guest>>,
    made: usize,
}

/// Makes the bookings in a database that holds the demo's catalogue and slots, and nothing else.
pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: Visitors = toml::from_str(GUESTS).map_err(broken)?;
    let now = tx.now();
    let day = u64::try_from(local_date(now).num_days_from_ce()).unwrap_or(0);
    let guests = file.guests.into_iter().cycle();
    let mut desk = Desk { catalogue, now, draw: Draw(day), guests, made: 0 };
    let mut callers = file.callers.into_iter().cycle();
    for (at, workshop) in catalogue.workshops.iter().enumerate() {
        let today = local_date(now);
        let (from, to) = (today - TimeDelta::days(PAST_DAYS), today + TimeDelta::days(AHEAD_DAYS));
        let mut all = slots::of_workshop(tx, workshop.id, from, to).await?;
        all.retain(|slot| !slot.is_run());
        for (count, part) in SHARES {
            let of_part: Vec<&Slot> = all.iter().filter(|slot| desk.part(slot) == part).collect();
            for _ in 0..count.min(of_part.len()) {
                let slot = of_part[desk.draw.below(of_part.len())];
                if let Some(booking) = desk.book(tx, slot).await? {
                    desk.afterwards(tx, slot, part, booking).await?;
                }
            }
        }
        let later = all.iter().find(|slot| slot.starts_at > now + TimeDelta::days(2));
        if let Some((slot, caller)) = later.zip(callers.next().filter(|_| at % 3 == 0)) {
            desk.call(tx, slot, caller).await?;
        }
        if workshop.slug == file.group.workshop {
            desk.full(tx, &all, &file.waiting).await?;
            desk.group(tx, &file.group).await?;
        }
    }
    for workshop in &catalogue.workshops {
        if coop::of_workshop(tx, workshop.id).await?.is_some() {
            desk.older(tx, workshop.id).await?;
        }
    }
    tx.turn(now);
    // Nobody is written to who does not exist: not now, nor before or after the visit.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    tx.execute("UPDATE booking SET reminded_at = $1, thanked_at = $1", params![now]).await?;
    Ok(())
}

impl Desk<'_> {
    fn part(&self, slot: &Slot) -> Part {
        match slot.local_date.cmp(&local_date(self.now)) {
            std::cmp::Ordering::Less => Part::Past,
            std::cmp::Ordering::Equal => Part::Today,
            std::cmp::Ordering::Greater => Part::Ahead,
        }
    }

    fn key(&mut self) -> String {
        self.made += 1;
        format!("demo-{}", self.made)
    }

    /// An instant before now, and well before the slot closes.
    fn before(&mut self, slot: &Slot) -> DateTime<Utc> {
        let hours = i64::try_from(self.draw.below(60)).unwrap_or(0);
        let last = self.now.min(slot.closes_at - TimeDelta::hours(6));
        last - TimeDelta::hours(1 + hours) - TimeDelta::minutes(hours * 7 % 60)
    }

    /// A party that suits the tour, a child among them now and then.
    fn party(&mut self, tour: &Tour, option: &TourOption) -> Vec<(UnitId, u32)> {
        let unit = |kind| option.open_units().find(|unit| unit.kind == kind).map(|unit| unit.id);
        let least = u32::try_from(tour.min_party).unwrap_or(1);
        let adults = [1, 2, 2, 2, 3, 4][self.draw.below(6)].max(least);
        let mut wanted: Vec<(UnitId, u32)> =
            unit(UnitKind::Adult).into_iter().map(|id| (id, adults)).collect();
        if let Some(child) = unit(UnitKind::Child)
            && self.draw.below(3) == 0
        {
            wanted.push((child, 1));
        }
        wanted
    }

    /// A guest books; None where the slot has no room for the party, or takes none.
    async fn book(&mut self, tx: &mut Tx, slot: &Slot) -> Result<Option<Booking>, DemoError> {
        let Some((tour, option)) = self.catalogue.option(slot.option_id) else {
            return Ok(None);
        };
        let wanted = self.party(tour, option);
        let Some(guest) = self.guests.next() else {
            return Ok(None);
        };
        let at = self.before(slot);
        self.book_as(tx, slot, tour, wanted, &guest, at).await
    }

    async fn book_as(
        &mut self,
        tx: &mut Tx,
        slot: &Slot,
        tour: &Tour,
        wanted: Vec<(UnitId, u32)>,
        guest: &Guest,
        at: DateTime<Utc>,
    ) -> Result<Option<Booking>, DemoError> {
        tx.turn(at);
        let hold = Hold {
            residents: false,
            catalogue: Arc::clone(self.catalogue),
            slot: slot.id,
            wanted,
            locale: guest.locale,
            form_key: self.key(),
            minutes: 15,
        };
        let held = match booking::hold(tx, hold).await {
            Ok(held) => held,
            Err(BookingError::Seats(_) | BookingError::Party(_)) => return Ok(None),
            Err(error) => return Err(broken(error)),
        };
        tx.turn(at + TimeDelta::minutes(3));
        let fill_in = FillIn {
            catalogue: Arc::clone(self.catalogue),
            booking: held.id,
            contact: contact(guest)?,
            locale: guest.locale,
            answers: answers(tour, guest.locale)?,
        };
        booking::fill_in(tx, fill_in).await.map_err(broken)?;
        tx.turn(at + TimeDelta::minutes(4));
        let confirm = Confirm { catalogue: Arc::clone(self.catalogue), booking: held.id };
        Ok(Some(booking::confirm(tx, confirm).await.map_err(broken)?))
    }

    /// What became of a booking: guests came, or did not, or cancelled in time.
    async fn afterwards(
        &mut self,
        tx: &mut Tx,
        slot: &Slot,
        part: Part,
        booking: Booking,
    ) -> Result<(), DemoError> {
        let begun = slot.starts_at <= self.now;
        let luck = self.draw.below(8);
        if part == Part::Past && luck == 0 {
            tx.turn(slot.starts_at + TimeDelta::minutes(30));
            let mark = Mark { actor: Actor::System, booking: booking.id, at: None };
            checkin::no_show(tx, mark).await.map_err(broken)?;
        } else if part == Part::Past || part == Part::Today && (begun || luck == 1) {
            tx.turn((slot.starts_at - TimeDelta::minutes(5)).min(self.now));
            let arrived = booking.people;
            let actor = Actor::System;
            let check_in = CheckIn { actor, booking: booking.id, arrived, at: None };
            checkin::check_in(tx, check_in).await.map_err(broken)?;
        } else if part == Part::Ahead && luck == 2 {
            tx.turn(self.now - TimeDelta::minutes(40));
            let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
            booking::cancel_by_guest(tx, cancel).await.map_err(broken)?;
        }
        Ok(())
    }

    /// Visits of the months before, spread over them.
    async fn older(&mut self, tx: &mut Tx, workshop: WorkshopId) -> Result<(), DemoError> {
        let today = local_date(self.now);
        let first = today - TimeDelta::days(LONG_PAST_DAYS);
        let last = today - TimeDelta::days(PAST_DAYS + 1);
        let all = slots::of_workshop(tx, workshop, first, last).await?;
        let stretch = all.len() / OLDER;
        for some in all.chunks(stretch.max(1)).take(OLDER) {
            let slot = &some[self.draw.below(some.len())];
            if let Some(booking) = self.book(tx, slot).await? {
                self.afterwards(tx, slot, Part::Past, booking).await?;
            }
        }
        Ok(())
    }

    async fn call(&mut self, tx: &mut Tx, slot: &Slot, guest: Guest) -> Result<(), DemoError> {
        let Some((tour, option)) = self.catalogue.option(slot.option_id) else { return Ok(()) };
        let wanted = self.party(tour, option);
        let caller = Caller::parse(&guest.name, &guest.phone, &guest.email, &guest.notes)
            .map_err(|wrong| broken(format!("{}: {wrong:?}", guest.name)))?;
        tx.turn(self.now - TimeDelta::hours(5));
        let call = TakeCall {
            catalogue: Arc::clone(self.catalogue),
            actor: Actor::System,
            slot: slot.id,
            wanted,
            caller,
            locale: guest.locale,
            over: false,
            form_key: self.key(),
        };
        match take_call(tx, call).await {
            Ok(_) | Err(BookingError::Seats(_) | BookingError::Party(_)) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// One slot of the workshop is sold out, and others wait for it.
    async fn full(
        &mut self,
        tx: &mut Tx,
        slots: &[Slot],
        waiting: &[Guest],
    ) -> Result<(), DemoError> {
        let from = self.now + TimeDelta::days(FULL_AHEAD);
        let found = slots.iter().filter(|slot| slot.starts_at > from).find_map(|slot| {
            let (tour, option) = self.catalogue.option(slot.option_id)?;
            let shared = tour.sharing == Sharing::Shared && tour.min_party == 1;
            let adult = option.open_units().find(|unit| unit.kind == UnitKind::Adult)?;
            shared.then_some((slot, tour, adult.id))
        });
        let Some((slot, tour, adult)) = found else { return Ok(()) };
        while let Some(now) =
            slots::find(tx, slot.id).await?.filter(|slot| slot.taken < slot.capacity)
        {
            let left = u32::try_from(now.capacity - now.taken).unwrap_or(0);
            let Some(guest) = self.guests.next() else { break };
            let at = self.before(slot);
            let wanted = vec![(adult, left.min(2))];
            if self.book_as(tx, slot, tour, wanted, &guest, at).await?.is_none() {
                break;
            }
        }
        for (guest, minutes) in waiting.iter().zip([90, 50]) {
            tx.turn(self.now - TimeDelta::minutes(minutes));
            let join = Join {
                catalogue: Arc::clone(self.catalogue),
                slot: slot.id,
                wanted: vec![(adult, 2)],
                contact: contact(guest)?,
                locale: guest.locale,
                form_key: self.key(),
            };
            waitlist::join(tx, join).await.map_err(broken)?;
        }
        Ok(())
    }

    async fn group(&mut self, tx: &mut Tx, group: &Group) -> Result<(), DemoError> {
        let workshop = self.catalogue.workshop_by_slug(&group.workshop);
        let tour = workshop.and_then(|workshop| self.catalogue.tours_of(workshop.id).next());
        let tour = tour.ok_or_else(|| broken(format!("no workshop {}", group.workshop)))?;
        tx.turn(self.now - TimeDelta::hours(3));
        let ask = Ask {
            catalogue: Arc::clone(self.catalogue),
            tour: tour.id,
            option: None,
            wish: Wish {
                people: group.people,
                date: local_date(self.now) + TimeDelta::days(group.days_ahead),
                organisation: group.organisation.clone(),
            },
            contact: contact(&group.guest)?,
            locale: group.guest.locale,
            form_key: self.key(),
        };
        enquiry::ask(tx, ask).await.map_err(broken)?;
        Ok(())
    }
}

fn contact(guest: &Guest) -> Result<Contact, DemoError> {
    Contact::parse(&guest.name, &guest.email, &guest.phone, &guest.notes)
        .map_err(|wrong| broken(format!("{}: {wrong:?}", guest.name)))
}

/// What a guest answers to a tour's questions.
pub(super) fn answers(tour: &Tour, locale: Locale) -> Result<Answers, DemoError> {
    let mut typed = BTreeMap::new();
    for question in tour.questions.of(QuestionScope::Booking).filter(|asked| asked.required) {
        let answer = match question.kind {
            QuestionKind::Text if locale == Locale::Vi => "Không có gì đặc biệt".to_owned(),
            QuestionKind::Text => "Nothing special".to_owned(),
            QuestionKind::Number => "30".to_owned(),
            QuestionKind::Choice => {
                question.choices.first().map(|choice| choice.value.clone()).unwrap_or_default()
            }
        };
        typed.insert(question.key.clone(), answer);
    }
    Answers::parse(tour, QuestionScope::Booking, &typed, true)
        .map_err(|wrong| broken(format!("{}: {wrong:?}", tour.slug)))
}
