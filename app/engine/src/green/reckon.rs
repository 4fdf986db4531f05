//! What the program knows of a period, and what follows from it.
//!
//! The energy of a piece: of the workshop's loads, the pieces that came whole out of their last firing in the
//! period. A piece that is fired twice is thus one piece, with the energy of both firings. What cracked is no
//! piece, but its energy was used all the same.
//!
//! Shared transport: of guests who came, those for whose departure seats of a shared vehicle were kept, and
//! those who took a pick-up. Of one departure the larger of the two numbers counts, because they may be the
//! same people; how the others came only the workshop can know.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveTime, Utc};

use super::amount::Hundredths;
use super::measure::Measure;
use super::period::Period;
use crate::clock::venue_instant;
use crate::craft::{StepKind, StepList};
use crate::price::{ExtraKind, ExtraLine, Extras, Per, Taken};
use crate::store::{Conn, StoreError};
use crate::{PieceId, SlotId, TourId, WorkshopId, params};

/// What is counted of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Guests' pieces that came out of the kilns.
    Pieces(i64),
    /// Guests who came, and those of them known to have shared a vehicle.
    Guests { came: i64, known: i64 },
}

/// Energy of a piece, rounded half up; none without a piece.
pub fn energy_of_piece(total: Hundredths, pieces: i64) -> Option<Hundredths> {
    let twice = total.0.checked_mul(2)?.checked_add(pieces)?;
    (pieces > 0).then(|| Hundredths(twice / pieces.saturating_mul(2)))
}

/// A share in per cent, rounded half up to tenths; none of nothing, and never more than all.
pub fn share(part: i64, whole: i64) -> Option<Hundredths> {
    let tenths = part.checked_mul(2_000)?.checked_add(whole)?;
    (whole > 0 && (0..=whole).contains(&part))
        .then(|| Hundredths(tenths / whole.saturating_mul(2) * 10))
}

/// What the program knows for a measure that it can reckon.
pub async fn counted(
    conn: &mut Conn,
    (workshop, tour): (WorkshopId, Option<TourId>),
    measure: Measure,
    period: Period,
) -> Result<Option<Counted>, StoreError> {
    Ok(match measure {
        Measure::KilnEnergy => Some(Counted::Pieces(pieces(conn, workshop, period).await?)),
        Measure::SharedTransport => {
            let (came, known) = guests(conn, (workshop, tour), period).await?;
            Some(Counted::Guests { came, known })
        }
        _ => None,
    })
}

/// The first instant of a period, and the first after it.
fn bounds(period: Period) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let from = venue_instant(period.first, NaiveTime::MIN)?;
    Some((from, venue_instant(period.last().succ_opt()?, NaiveTime::MIN)?))
}

/// Guests' pieces that came whole out of their last firing.
pub async fn pieces(
    conn: &mut Conn,
    workshop: WorkshopId,
    period: Period,
) -> Result<i64, StoreError> {
    let Some((from, to)) = bounds(period) else { return Ok(0) };
    let rows: Vec<(PieceId, Option<StepKind>, StepList)> = conn
        .fetch_all(
            "SELECT piece_step.piece_id, piece_step.kind, piece.steps FROM firing \
             JOIN piece_step ON piece_step.firing_id = firing.id \
             JOIN piece ON piece.id = piece_step.piece_id \
             WHERE firing.workshop_id = $1 AND firing.fired_at >= $2 AND firing.fired_at < $3 \
             AND piece_step.mark = 'done'",
            params![workshop, from, to],
        )
        .await?;
    let last = |steps: &StepList| steps.0.iter().map(|step| step.kind).rfind(|kind| kind.fires());
    let whole: BTreeSet<PieceId> = rows
        .into_iter()
        .filter(|(_, kind, steps)| kind.is_some() && *kind == last(steps))
        .map(|(piece, ..)| piece)
        .collect();
    Ok(i64::try_from(whole.len()).unwrap_or(i64::MAX))
}

/// Guests who came, and how many of them are known to have shared a vehicle.
pub async fn guests(
    conn: &mut Conn,
    (workshop, tour): (WorkshopId, Option<TourId>),
    period: Period,
) -> Result<(i64, i64), StoreError> {
    let seats: Vec<(SlotId, i64)> = conn
        .fetch_all(
            "SELECT resource_use.slot_id, CAST(SUM(resource_use.amount) AS BIGINT) AS seats \
             FROM slot JOIN resource_use ON resource_use.slot_id = slot.id \
             JOIN resource ON resource.id = resource_use.resource_id \
             WHERE slot.workshop_id = $1 AND slot.local_date BETWEEN $2 AND $3 \
             AND resource.kind = 'vehicle' AND resource_use.purpose = 'visit' \
             GROUP BY resource_use.slot_id",
            params![workshop, period.first, period.last()],
        )
        .await?;
    let seats: BTreeMap<SlotId, i64> = seats.into_iter().collect();
    let visits: Vec<(SlotId, i32, Taken, Extras)> = conn
        .fetch_all(
            "SELECT booking.slot_id, booking.arrived, booking.extras, tour.extras \
             FROM slot JOIN booking ON booking.slot_id = slot.id \
             JOIN tour ON tour.id = booking.tour_id \
             WHERE slot.workshop_id = $1 AND slot.local_date BETWEEN $2 AND $3 \
             AND booking.state = 'checked_in' AND booking.arrived > 0 AND booking.test = $4 \
             AND ($5 IS NULL OR booking.tour_id = $5)",
            params![workshop, period.first, period.last(), false, tour],
        )
        .await?;
    let mut slots: BTreeMap<SlotId, (i64, i64)> = BTreeMap::new();
    for (slot, arrived, taken, offered) in visits {
        let arrived = i64::from(arrived);
        let sums = slots.entry(slot).or_default();
        sums.0 += arrived;
        sums.1 += picked_up(&taken, &offered).map_or(0, |most| most.min(arrived));
    }
    Ok(slots.into_iter().fold((0, 0), |(came, known), (slot, (here, picked))| {
        let rode = seats.get(&slot).copied().unwrap_or(0);
        (came + here, known + rode.max(picked).min(here))
    }))
}

/// How many of a party a pick-up is for; none who took none. What the tour offers no more counts by what was
/// taken of it.
fn picked_up(taken: &Taken, offered: &Extras) -> Option<i64> {
    let of_line = |line: &ExtraLine| {
        let extra = offered.0.iter().find(|extra| extra.id == line.id);
        match extra.map(|extra| extra.per) {
            Some(Per::Booking) => i64::MAX,
            Some(Per::Person | Per::Piece) | None => i64::from(line.quantity),
        }
    };
    taken.lines().iter().filter(|line| line.kind == ExtraKind::PickUp).map(of_line).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_rounded_half_up() {
        assert_eq!(energy_of_piece(Hundredths::whole(1_240), 310), Some(Hundredths::whole(4)));
        assert_eq!(energy_of_piece(Hundredths::whole(10), 3), Some(Hundredths(333)));
        assert_eq!(energy_of_piece(Hundredths::whole(20), 3), Some(Hundredths(667)));
        assert_eq!(energy_of_piece(Hundredths::whole(20), 0), None);
        assert_eq!(share(1, 3), Some(Hundredths(3_330)));
        assert_eq!(share(2, 3), Some(Hundredths(6_670)));
        assert_eq!(share(5, 5), Some(Hundredths::whole(100)));
        assert_eq!((share(0, 0), share(6, 5), share(-1, 5)), (None, None, None));
    }

    proptest! {
        #[test]
        fn a_share_is_never_more_than_all(whole in 1_i64..1_000_000, part in 0_i64..1_000_000) {
            let share = share(part, whole);
            prop_assert_eq!(share.is_some(), part <= whole);
            prop_assert!(share.is_none_or(|it| (0..=10_000).contains(&it.0)));
        }
    }
}
