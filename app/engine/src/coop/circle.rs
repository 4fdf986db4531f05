//! What flows in a co-op's circle in a month: from the bookings of its members, while they were
//! members, and nothing guessed.

use chrono::NaiveDate;

use super::{CoopError, must_belong};
use crate::accounts::Actor;
use crate::booking::Source;
use crate::clock::venue_instant;
use crate::store::Conn;
use crate::{CoopId, Dong, TourId, WorkshopId, params};

/// What the visits of a month to one tour brought, by how they were booked. Cancelled bookings
/// and those who did not come are left out.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Flow {
    pub workshop_id: WorkshopId,
    pub tour_id: TourId,
    pub source: Source,
    pub bookings: i64,
    /// People booked.
    pub guests: i64,
    /// People who were checked in.
    pub came: i64,
    /// Price of the bookings.
    pub value: Dong,
    /// What those who came spent at the craft, together: people times the option's minutes.
    pub minutes: i64,
}

/// Flows of the visits from `first` up to, not including, `next`; for those who belong.
pub async fn flows(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
    (first, next): (NaiveDate, NaiveDate),
) -> Result<Vec<Flow>, CoopError> {
    must_belong(conn, actor, coop).await?;
    let flows = conn
        .fetch_all(
            "SELECT booking.workshop_id, booking.tour_id, booking.source, \
             CAST(COUNT(*) AS BIGINT) AS bookings, \
             CAST(SUM(booking.people) AS BIGINT) AS guests, \
             CAST(SUM(CASE WHEN booking.state = 'checked_in' THEN booking.arrived ELSE 0 END) \
             AS BIGINT) AS came, \
             CAST(SUM(booking.total) AS BIGINT) AS value, \
             CAST(SUM(CASE WHEN booking.state = 'checked_in' \
             THEN booking.arrived * tour_option.duration_minutes ELSE 0 END) AS BIGINT) AS minutes \
             FROM booking JOIN slot ON slot.id = booking.slot_id \
             JOIN tour_option ON tour_option.id = booking.option_id \
             JOIN coop_member ON coop_member.workshop_id = booking.workshop_id \
             WHERE coop_member.coop_id = $1 AND coop_member.state IN ('active', 'left') \
             AND coop_member.joined_at <= slot.starts_at \
             AND (coop_member.ended_at IS NULL OR slot.starts_at < coop_member.ended_at) \
             AND slot.local_date >= $2 AND slot.local_date < $3 \
             AND booking.state IN ('confirmed', 'checked_in') AND NOT booking.test \
             GROUP BY booking.workshop_id, booking.tour_id, booking.source \
             ORDER BY booking.workshop_id, booking.tour_id, booking.source",
            params![coop, first, next],
        )
        .await?;
    Ok(flows)
}

/// Groups that asked the members in a month, and the people they spoke of.
pub async fn groups(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
    (first, next): (NaiveDate, NaiveDate),
) -> Result<(i64, i64), CoopError> {
    must_belong(conn, actor, coop).await?;
    let midnight = chrono::NaiveTime::MIN;
    let (Some(from), Some(to)) = (venue_instant(first, midnight), venue_instant(next, midnight))
    else {
        return Ok((0, 0));
    };
    let groups = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(enquiry.people), 0) AS BIGINT) \
             FROM enquiry JOIN coop_member ON coop_member.workshop_id = enquiry.workshop_id \
             WHERE coop_member.coop_id = $1 AND coop_member.state IN ('active', 'left') \
             AND coop_member.joined_at <= enquiry.created_at \
             AND (coop_member.ended_at IS NULL OR enquiry.created_at < coop_member.ended_at) \
             AND enquiry.created_at >= $2 AND enquiry.created_at < $3",
            params![coop, from, to],
        )
        .await?;
    Ok(groups)
}
