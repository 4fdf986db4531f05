//! Who looked at whose data. Writes are in the audit; this is about reading: one row for a person, a
//! thing and a day, so that the table stays small and still answers the question.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::erase::Rows;
use super::error::PrivacyError;
use crate::accounts::{Actor, Role as TeamRole};
use crate::booking::query;
use crate::clock::local_date;
use crate::schedule::slots;
use crate::store::{Conn, StoreError, Tx};
use crate::{PersonId, ResourceId, ViewId, WorkshopId, columns, params, stored_enum};

stored_enum! {
    /// What somebody is to the workshop whose guest it is.
    pub enum Role { Owner = "owner", Staff = "staff", Office = "office", Guide = "guide" }
}

stored_enum! {
    /// What was opened.
    pub enum What {
        /// One booking with its contact; named by its code.
        Booking = "booking",
        /// A day's list or sheet; named by the date.
        Day = "day",
        /// The guests of a departure; named by its id.
        Departure = "departure",
        Enquiry = "enquiry",
        GiftCard = "gift_card",
        Commission = "commission",
        /// One order of the shop; named by its code.
        Order = "order",
        /// A file or a paper with many; named by what it was.
        Export = "export",
    }
}

/// Somebody opens something with guests' data.
#[derive(Debug, Clone)]
pub struct Look {
    pub actor: Actor,
    /// A guide, who comes by a link and has no account.
    pub guide: Option<ResourceId>,
    pub workshop: WorkshopId,
    pub what: What,
    pub subject: String,
}

impl Look {
    fn role(&self) -> Option<Role> {
        if self.guide.is_some() {
            return Some(Role::Guide);
        }
        let Actor::Person(person) = &self.actor else { return None };
        let of = |role| person.memberships.contains(&(self.workshop, role));
        Some(if of(TeamRole::Owner) {
            Role::Owner
        } else if of(TeamRole::Staff) {
            Role::Staff
        } else {
            Role::Office
        })
    }
}

/// Notes it, once a day; false when it was noted already, or when a guest looks at their own.
pub async fn look(tx: &mut Tx, command: Look) -> Result<bool, StoreError> {
    let Some(role) = command.role() else { return Ok(false) };
    let actor = match command.guide {
        Some(guide) => format!("guide:{guide}"),
        None => command.actor.label(),
    };
    let row = columns! {
        id: ViewId::new(tx.now()),
        on_date: local_date(tx.now()),
        actor: actor,
        role: role,
        what: command.what,
        subject: command.subject,
        workshop_id: command.workshop,
        first_at: tx.now(),
    };
    tx.insert_if_new("personal_view", row).await
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    pub id: ViewId,
    pub on_date: NaiveDate,
    /// "person:<id>" or "guide:<id>".
    pub actor: String,
    pub role: Role,
    pub what: What,
    pub subject: String,
    pub workshop_id: WorkshopId,
    pub first_at: DateTime<Utc>,
}

impl Seen {
    /// None for a guide.
    pub fn person(&self) -> Option<PersonId> {
        self.actor.strip_prefix("person:")?.parse().ok()
    }
}

/// Names of whoever looked, by how the log calls them.
pub async fn names(conn: &mut Conn, lines: &[Seen]) -> Result<HashMap<String, String>, StoreError> {
    let people: Vec<PersonId> = lines.iter().filter_map(Seen::person).collect();
    let sql = |list: &str| format!("SELECT id, name FROM person WHERE id IN ({list})");
    let people: Vec<(PersonId, String)> = conn.fetch_among(&people, sql).await?;
    let guide = |line: &Seen| line.actor.strip_prefix("guide:")?.parse().ok();
    let guides: Vec<ResourceId> = lines.iter().filter_map(guide).collect();
    let sql = |list: &str| format!("SELECT id, name FROM resource WHERE id IN ({list})");
    let guides: Vec<(ResourceId, String)> = conn.fetch_among(&guides, sql).await?;
    let people = people.into_iter().map(|(id, name)| (format!("person:{id}"), name));
    let guides = guides.into_iter().map(|(id, name)| (format!("guide:{id}"), name));
    Ok(people.chain(guides).collect())
}

/// A workshop's log for its owners, newest first, older than `before`.
pub async fn list(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    before: Option<ViewId>,
    limit: i64,
) -> Result<Vec<Seen>, PrivacyError> {
    actor.must_own(workshop)?;
    let seen = conn
        .fetch_all(
            "SELECT * FROM personal_view WHERE workshop_id = $1 AND ($2 IS NULL OR id < $2) \
             ORDER BY id DESC LIMIT $3",
            params![workshop, before, limit],
        )
        .await?;
    Ok(seen)
}

/// Who saw what is held of a guest: their bookings one by one, and the lists in which they stood.
pub(super) async fn of_guest(
    conn: &mut Conn,
    rows: &Rows,
    now: DateTime<Utc>,
) -> Result<Vec<Seen>, StoreError> {
    let mut all: Vec<Seen> = Vec::new();
    for booking in &rows.bookings {
        let Some(booking) = query::by_id(conn, *booking).await? else { continue };
        let Some(slot) = slots::find(conn, booking.slot_id).await? else { continue };
        let seen: Vec<Seen> = conn
            .fetch_all(
                "SELECT * FROM personal_view WHERE (what = 'booking' AND subject = $1) \
                 OR (workshop_id = $2 AND ((what = 'day' AND subject = $3) \
                 OR (what = 'departure' AND subject = $4) \
                 OR (what = 'export' AND on_date BETWEEN $5 AND $6))) ORDER BY id",
                params![
                    booking.code,
                    booking.workshop_id,
                    slot.local_date.to_string(),
                    slot.id.to_string(),
                    local_date(booking.created_at),
                    local_date(now),
                ],
            )
            .await?;
        all.extend(seen);
    }
    for enquiry in rows.enquiries.iter().chain(&rows.applicants) {
        let seen: Vec<Seen> = conn
            .fetch_all(
                "SELECT * FROM personal_view WHERE what = 'enquiry' AND subject = $1 ORDER BY id",
                params![enquiry.to_string()],
            )
            .await?;
        all.extend(seen);
    }
    let cards: Vec<Uuid> = rows.bought.iter().chain(&rows.received).copied().collect();
    for card in cards {
        let seen: Vec<Seen> = conn
            .fetch_all(
                "SELECT * FROM personal_view WHERE what = 'gift_card' AND subject = $1 ORDER BY id",
                params![card.to_string()],
            )
            .await?;
        all.extend(seen);
    }
    for commission in &rows.commissions {
        let seen: Vec<Seen> = conn
            .fetch_all(
                "SELECT * FROM personal_view WHERE what = 'commission' AND subject = $1 ORDER BY id",
                params![commission.to_string()],
            )
            .await?;
        all.extend(seen);
    }
    for order in &rows.orders {
        let seen: Vec<Seen> = conn
            .fetch_all(
                "SELECT * FROM personal_view WHERE what = 'order' AND subject = \
                 (SELECT code FROM shop_order WHERE id = $1) ORDER BY id",
                params![*order],
            )
            .await?;
        all.extend(seen);
    }
    all.sort_by_key(|seen| seen.id);
    all.dedup_by_key(|seen| seen.id);
    Ok(all)
}
