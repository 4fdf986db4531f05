//! Visits of the year behind the demo, so that reports have months to compare. They are written as rows, not
//! booked: nobody looks at their letters, and a year of booking would make the first start slow. What they
//! brought in is entered by the ledger's own verb.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::Deserialize;

use super::bookings::{Draw, PAST_DAYS};
use super::{DemoError, bookings};
use crate::booking::Party;
use crate::catalogue::{Catalogue, Tour, TourOption, UnitKind};
use crate::clock::{local_date, venue_instant};
use crate::ledger::enter_due;
use crate::store::Tx;
use crate::{BookingId, Locale, SlotId, columns, coop};

/// So many days back they begin: a report of a year has one to compare it with in part.
const DAYS: i64 = 430;
/// Members of a co-op have the bookings of their last months already, and rules of sharing from then on.
const MEMBERS_UNTIL: i64 = 118;
/// How often visits come: on average every so many days, in a workshop few know and in one everybody does.
const EVERY: (usize, usize) = (13, 4);
/// The ledger enters what lies within two months; it is asked on these days.
const ENTRIES: [i64; 7] = [400, 345, 290, 235, 180, 125, 118];

/// Where guests come from, a line for each in a hundred or so.
const ORIGINS: [(&str, usize); 14] = [
    ("VN", 44),
    ("KR", 13),
    ("FR", 7),
    ("US", 6),
    ("CN", 6),
    ("JP", 6),
    ("AU", 4),
    ("DE", 4),
    ("GB", 3),
    ("TW", 3),
    ("SG", 2),
    ("TH", 2),
    ("NL", 1),
    ("", 7),
];

#[derive(Debug, Deserialize)]
struct Names {
    guests: Vec<Person>,
}

#[derive(Debug, Clone, Deserialize)]
struct Person {
    name: String,
    email: String,
    locale: Locale,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: "the demo's past visits", reason: reason.to_string() }
}

/// More guests come in autumn and in spring than in the heat.
const fn season(month: u32) -> usize {
    match month {
        10..=12 => 4,
        2..=4 => 3,
        6..=8 => 1,
        _ => 2,
    }
}

/// Everything of one workshop that a visit is made of.
struct House<'a> {
    tour: &'a Tour,
    option: &'a TourOption,
    draw: Draw,
    guests: &'a [Person],
    nth: usize,
}

impl House<'_> {
    /// A country, by how often guests come from there.
    fn origin(&mut self) -> &'static str {
        let all = ORIGINS.iter().map(|(_, weight)| weight).sum();
        let mut drawn = self.draw.below(all);
        for (code, weight) in ORIGINS {
            if drawn < weight {
                return code;
            }
            drawn -= weight;
        }
        ""
    }

    /// Now and then a class or a group, else a few adults, some of them with a child.
    fn party(&mut self) -> Option<Party> {
        let units: Vec<_> = self.option.open_units().collect();
        let unit = |kind| units.iter().find(|unit| unit.kind == kind).map(|unit| unit.id);
        let adult = unit(UnitKind::Adult)?;
        let adults = [1, 2, 2, 2, 2, 3, 4, 4, 6, 11][self.draw.below(10)];
        let mut wanted = vec![(adult, adults)];
        if let Some(child) = unit(UnitKind::Child).filter(|_| self.draw.below(3) == 0) {
            wanted.push((child, 1 + u32::try_from(self.draw.below(2)).unwrap_or(0)));
        }
        if let Some(student) = unit(UnitKind::Student).filter(|_| self.draw.below(9) == 0) {
            wanted = vec![(adult, 2), (student, 18)];
        }
        Party::of_any_size(self.option, &wanted).ok()
    }

    /// Mornings mostly, afternoons, and an evening at the end of the week.
    fn time(&mut self, date: NaiveDate) -> NaiveTime {
        let late = matches!(date.weekday(), Weekday::Fri | Weekday::Sat);
        let hour = match self.draw.below(10) {
            0..=4 => 9,
            5..=7 => 14,
            _ if late => 19,
            _ => 10,
        };
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
    }

    async fn visit(&mut self, tx: &mut Tx, date: NaiveDate) -> Result<(), DemoError> {
        let time = self.time(date);
        let Some((start, party)) = venue_instant(date, time).zip(self.party()) else {
            return Ok(());
        };
        let (fate, country) = (self.draw.below(20), self.origin());
        let guest = self.guests[self.draw.below(self.guests.len())].clone();
        // Who is written to in Vietnamese lives here.
        let country = if guest.locale == Locale::Vi { "VN" } else { country };
        self.nth += 1;
        self.write(tx, start, &party, fate, country, &guest).await
    }

    async fn write(
        &self,
        tx: &mut Tx,
        start: DateTime<Utc>,
        party: &Party,
        fate: usize,
        country: &'static str,
        guest: &Person,
    ) -> Result<(), DemoError> {
        let (people, seats) = (party.people(), party.seats());
        let (state, cancelled) = match fate {
            0 => ("no_show", false),
            1 => ("cancelled", true),
            _ => ("checked_in", false),
        };
        let came = state == "checked_in";
        let taken = if cancelled { 0 } else { seats };
        let minutes = i64::from(self.option.duration_minutes);
        let booked = start - TimeDelta::days(3) - TimeDelta::minutes(37);
        let slot = SlotId::new(booked);
        let departure = columns! {
            id: slot,
            option_id: self.option.id,
            tour_id: self.tour.id,
            workshop_id: self.tour.workshop_id,
            starts_at: start,
            ends_at: start + TimeDelta::minutes(minutes),
            closes_at: start - TimeDelta::hours(2),
            local_date: local_date(start),
            capacity: self.option.capacity.max(seats),
            taken: taken,
            overbooked: 0_i32,
            heads: taken,
            status: "closed",
            origin: "host",
            guide: "",
            note: "",
            run_state: "runs",
        };
        // Two visits at one time are one departure too many for what this is.
        if !tx.insert_if_new("slot", departure).await? {
            return Ok(());
        }
        let source = if fate % 7 == 3 { "phone" } else { "web" };
        let booking = columns! {
            id: BookingId::new(booked),
            code: tx.draw_code(6),
            form_key: format!("demo-past-{}-{}", self.tour.slug, self.nth),
            secret: tx.draw_token(),
            slot_id: slot,
            option_id: self.option.id,
            tour_id: self.tour.id,
            workshop_id: self.tour.workshop_id,
            state: state,
            confirmed_at: booked,
            ended_at: cancelled.then_some(start - TimeDelta::days(2)),
            ended_by: cancelled.then_some("guest"),
            end_reason: "",
            refund_percent: if cancelled { 100_i32 } else { 0 },
            source: source,
            locale: guest.locale,
            name: guest.name,
            email: guest.email,
            phone: "",
            notes: "",
            host_notes: "",
            units: *party,
            people: people,
            seats: seats,
            over_capacity: 0_i32,
            arrived: if came { people } else { 0 },
            checked_in_at: came.then_some(start),
            attendance_at: (!cancelled).then_some(start),
            total: party.total(),
            policy: self.tour.policy,
            answers: "{}",
            sequence: 0_i32,
            version: 1_i32,
            reminded_at: start,
            thanked_at: start,
            created_at: booked,
            country: country,
        };
        let counted = crate::booking::columns_counted(party, "");
        tx.insert("booking", booking.and(counted)).await?;
        Ok(())
    }
}

/// Writes the visits, in a database that holds no other of those days.
pub(super) async fn make(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let names: Names = toml::from_str(bookings::GUESTS).map_err(broken)?;
    let today = local_date(tx.now());
    for (at, shop) in catalogue.workshops.iter().enumerate() {
        let mut sold = catalogue.tours_of(shop.id).filter(|tour| tour.course.is_none());
        let sold = sold.find_map(|tour| Some((tour, tour.open_options().next()?)));
        let Some((tour, option)) = sold else { continue };
        let draw = Draw::seeded(u64::try_from(at).unwrap_or(0) + 11);
        let mut house = House { tour, option, draw, guests: &names.guests, nth: 0 };
        let until = match coop::of_workshop(tx, shop.id).await? {
            Some(_) => MEMBERS_UNTIL,
            None => PAST_DAYS + 1,
        };
        let known = at * 5 % 7;
        let every = EVERY.0 - known * (EVERY.0 - EVERY.1) / 6;
        for back in (until..DAYS).rev() {
            let date = today - TimeDelta::days(back);
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            let pull = season(date.month()) * if weekend { 3 } else { 1 };
            // A year ago there were fewer.
            let grown = if back > 365 { 2 } else { 3 };
            if house.draw.below(every * 5) < pull * grown / 2 {
                house.visit(tx, date).await?;
            }
        }
    }
    Ok(())
}

/// Enters in the ledger what they brought in, as it would have been at the time.
pub(super) async fn enter(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), DemoError> {
    for back in ENTRIES {
        tx.turn(now - TimeDelta::days(back));
        while enter_due(tx).await.map_err(broken)? > 0 {}
    }
    tx.turn(now);
    Ok(())
}
