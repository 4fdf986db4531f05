//! What is free: by day for a calendar, and the next departures for a list.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use super::lunar::LunarDate;
use super::model::Slot;
use super::slots;
use crate::catalogue::{Catalogue, Sharing, Tour};
use crate::clock::local_date;
use crate::store::{Conn, StoreError};
use crate::{OptionId, TourId, params};

/// How a day looks to a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayState {
    Free,
    /// At most [`FEW`] seats are left in the best slot.
    Few,
    /// Slots take bookings, but none has seats for the party.
    Full,
    /// No slot takes bookings.
    Closed,
}

/// So many seats left are few.
pub const FEW: i32 = 3;

/// A day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub state: DayState,
    /// Most seats left in one slot.
    pub left: i32,
    /// Slots that have seats for the party.
    pub departures: usize,
    /// "15", or "1/11" on the first of a lunar month.
    pub lunar: String,
}

/// The days of a month, of one option or of all, for a party that needs so many seats; empty for an impossible month.
pub async fn month(
    conn: &mut Conn,
    catalogue: &Catalogue,
    tour: TourId,
    option: Option<OptionId>,
    (year, month): (i32, u32),
    seats: i32,
    now: DateTime<Utc>,
) -> Result<Vec<Day>, StoreError> {
    let bounds = NaiveDate::from_ymd_opt(year, month, 1)
        .and_then(|first| Some((first, first.checked_add_months(Months::new(1))?)));
    let (Some((first, next)), Some(tour)) = (bounds, catalogue.tour(tour)) else {
        return Ok(Vec::new());
    };
    let last = next.checked_sub_days(Days::new(1)).unwrap_or(first);
    let mut slots = slots::of_tour(conn, tour.id, first, last).await?;
    slots.retain(|slot| option.is_none_or(|option| slot.option_id == option));
    Ok(first
        .iter_days()
        .take_while(|date| *date <= last)
        .map(|date| {
            let of_day = slots.iter().filter(|slot| slot.local_date == date);
            day(tour, date, of_day, seats.max(1), now)
        })
        .collect())
}

fn day<'a>(
    tour: &Tour,
    date: NaiveDate,
    slots: impl Iterator<Item = &'a Slot>,
    seats: i32,
    now: DateTime<Utc>,
) -> Day {
    let open: Vec<i32> = slots
        .filter(|slot| slot.is_open(now))
        .filter(|slot| tour.option(slot.option_id).is_some_and(|option| option.active))
        .map(|slot| slot.left_for(tour.sharing, now))
        .collect();
    let left = open.iter().copied().max().unwrap_or(0);
    let departures = open.iter().filter(|left| **left >= seats).count();
    let state = match () {
        () if open.is_empty() => DayState::Closed,
        () if departures == 0 => DayState::Full,
        () if left <= FEW && tour.sharing == Sharing::Shared => DayState::Few,
        () => DayState::Free,
    };
    Day { date, state, left, departures, lunar: LunarDate::from_solar(date).label() }
}

/// The next slots of a tour, or of one option of it, that take bookings, full ones included, soonest first.
pub async fn next_departures(
    conn: &mut Conn,
    catalogue: &Catalogue,
    tour: TourId,
    option: Option<OptionId>,
    after: DateTime<Utc>,
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    let Some(tour) = catalogue.tour(tour) else {
        return Ok(Vec::new());
    };
    // The date narrows the index; a day of margin covers the venue's zone.
    let from = local_date(after).checked_sub_days(Days::new(1)).unwrap_or_default();
    let slots: Vec<Slot> = conn
        .fetch_all(
            "SELECT * FROM slot WHERE tour_id = $1 AND local_date >= $2 AND starts_at > $3 \
             AND closes_at > $4 AND status = 'open' AND busy = FALSE AND (option_id = $5 OR $6) \
             ORDER BY starts_at, id LIMIT $7",
            params![tour.id, from, after, now, option, option.is_none(), i64::from(limit)],
        )
        .await?;
    let active = |slot: &Slot| tour.option(slot.option_id).is_some_and(|option| option.active);
    Ok(slots.into_iter().filter(active).collect())
}

/// Months that the calendar can turn to: from this one to the last of the horizon.
pub fn months(now: DateTime<Utc>) -> impl Iterator<Item = (i32, u32)> {
    let today = local_date(now);
    let last = today + chrono::TimeDelta::days(super::generate::HORIZON_DAYS);
    let first = today.with_day(1).unwrap_or(today);
    (0..12)
        .filter_map(move |ahead| first.checked_add_months(Months::new(ahead)))
        .take_while(move |month| *month <= last)
        .map(|month| (month.year(), month.month()))
}
