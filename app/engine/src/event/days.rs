//! What the events of a village make of a workshop's days.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use super::model::{Event, EventOpening};
use super::read;
use crate::catalogue::PriceLevel;
use crate::clock::local_date;
use crate::store::{Bind, Conn, StoreError, Tx, placeholders};
use crate::{SlotId, WorkshopId, params};

/// What a day of an event is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    pub opening: EventOpening,
    /// Of the seats that an opening rule gives; see [`super::CAPACITY_RANGE`].
    pub capacity_percent: i32,
    pub price: PriceLevel,
}

impl Effect {
    /// A day like any other.
    pub const NONE: Effect =
        Effect { opening: EventOpening::Usual, capacity_percent: 100, price: PriceLevel::USUAL };

    /// Seats of a departure that usually has so many: never none, half seats rounded up.
    pub fn seats(self, usual: i32) -> i32 {
        let exact = i64::from(usual) * i64::from(self.capacity_percent);
        i32::try_from((exact + 50) / 100).unwrap_or(i32::MAX).max(1)
    }
}

/// The days of one workshop. Where several events fall on a day, the newest counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days(Vec<Event>);

impl Days {
    /// Of events in the order in which they were made.
    pub(super) fn of_events(events: Vec<Event>) -> Self {
        Self(events)
    }

    /// What that day is like.
    pub fn of(&self, date: NaiveDate) -> Effect {
        let event = self.0.iter().rev().find(|event| event.days.covers(date));
        event.map_or(Effect::NONE, |event| event.effect)
    }
}

/// The days of a workshop under all events that concern it.
pub(crate) async fn days_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Days, StoreError> {
    Ok(Days(read::in_force(conn, workshop).await?))
}

/// Slots changed in one statement.
const BATCH: usize = 500;

/// Gives every slot of a workshop, from today on, the price of its day; answers how many changed.
/// Runs of courses keep the usual price: they last longer than a festival.
pub(crate) async fn reprice(tx: &mut Tx, workshop: WorkshopId) -> Result<u64, StoreError> {
    let days = days_of(tx, workshop).await?;
    let today = local_date(tx.now());
    let slots: Vec<(SlotId, NaiveDate, PriceLevel)> = tx
        .fetch_all(
            "SELECT id, local_date, price_percent FROM slot WHERE workshop_id = $1 \
             AND local_date >= $2 AND last_date IS NULL",
            params![workshop, today],
        )
        .await?;
    let mut wrong: BTreeMap<PriceLevel, Vec<SlotId>> = BTreeMap::new();
    for (slot, date, level) in slots {
        let right = days.of(date).price;
        if right != level {
            wrong.entry(right).or_default().push(slot);
        }
    }
    let mut changed = 0;
    for (level, slots) in wrong {
        for batch in slots.chunks(BATCH) {
            let list = placeholders(2, batch.len());
            let sql = format!("UPDATE slot SET price_percent = $1 WHERE id IN ({list})");
            let mut values = params![level];
            values.extend(batch.iter().map(Bind::bind));
            changed += tx.execute(AssertSqlSafe(sql), values).await?;
        }
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_never_none() {
        let half = Effect { capacity_percent: 50, ..Effect::NONE };
        assert_eq!([half.seats(12), half.seats(5), half.seats(1)], [6, 3, 1]);
        let tenth = Effect { capacity_percent: 10, ..Effect::NONE };
        assert_eq!(tenth.seats(4), 1);
        assert_eq!(Effect::NONE.seats(7), 7);
    }
}
