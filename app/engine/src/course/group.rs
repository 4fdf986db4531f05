//! School groups: for whom a booking is made, and who answers for its participants.

use std::collections::HashMap;

use crate::booking::{BookingError, query};
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, params};

/// Longest name of a school or teacher, in characters.
const MAX_NAME: usize = 120;

/// A school, company or club. Empty fields are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    pub organisation: String,
    pub teacher: String,
}

impl Group {
    /// What was typed, in one line each and no longer than is kept.
    pub fn parse(organisation: &str, teacher: &str) -> Self {
        let line = |text: &str| -> String {
            text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect()
        };
        Self { organisation: line(organisation), teacher: line(teacher) }
    }

    pub const fn is_empty(&self) -> bool {
        self.organisation.is_empty() && self.teacher.is_empty()
    }

    /// "THCS Bát Tràng, cô Lan".
    pub fn words(&self) -> String {
        let parts = [self.organisation.as_str(), self.teacher.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Keeps for whom a booking is made; its guest has shown the secret before.
pub async fn name_group(
    tx: &mut Tx,
    booking: BookingId,
    group: &Group,
) -> Result<(), BookingError> {
    query::by_id(tx, booking).await?.ok_or(BookingError::Unknown)?;
    tx.execute(
        "INSERT INTO school_group (booking_id, organisation, teacher) VALUES ($1, $2, $3) \
         ON CONFLICT (booking_id) DO UPDATE SET organisation = excluded.organisation, \
         teacher = excluded.teacher",
        params![booking, group.organisation, group.teacher],
    )
    .await?;
    Ok(())
}

pub async fn group_of(conn: &mut Conn, booking: BookingId) -> Result<Group, StoreError> {
    let found: Option<Group> = conn
        .fetch_optional(
            "SELECT organisation, teacher FROM school_group WHERE booking_id = $1",
            params![booking],
        )
        .await?;
    Ok(found.unwrap_or_default())
}

/// The groups of several bookings, those without one not.
pub async fn groups_of(
    conn: &mut Conn,
    bookings: &[BookingId],
) -> Result<HashMap<BookingId, Group>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT booking_id, organisation, teacher FROM school_group WHERE booking_id IN ({list})"
        )
    };
    let rows: Vec<(BookingId, String, String)> = conn.fetch_among(bookings, sql).await?;
    let group = |(booking, organisation, teacher)| (booking, Group { organisation, teacher });
    Ok(rows.into_iter().map(group).filter(|(_, group)| !group.is_empty()).collect())
}
