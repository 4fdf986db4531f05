//! Naming calendars, pausing them, letting single events pass.

use serde_json::json;

use super::error::{BusyError, BusyField};
use super::fetch::{self, News};
use super::look;
use super::mark;
use super::model::{BusyCalendar, Subject, Who};
use crate::accounts::{Actor, Forbidden, audit};
use crate::guide;
use crate::resource;
use crate::store::{Conn, Tx};
use crate::{CalendarId, TourId, WorkshopId, columns, params, stored_enum};

/// Calendars of one workshop, guide or machine.
const MAX_CALENDARS: usize = 10;
/// Longest name, in characters.
const MAX_NAME: usize = 60;

impl Who {
    /// May name calendars and take them off: the owner, or the guide whose time it is.
    pub(super) async fn must_change(
        &self,
        conn: &mut Conn,
        subject: Subject,
    ) -> Result<(), BusyError> {
        match (self, subject) {
            (Who::Actor(actor), Subject::Workshop(workshop)) => actor.must_own(workshop)?,
            (Who::Actor(actor), Subject::Resource(id)) => {
                let resource = resource::find(conn, id).await?.ok_or(BusyError::Unknown)?;
                let owner = resource.owner().ok_or(BusyError::Unknown)?;
                owner.must_rule(conn, actor).await?;
            }
            (Who::Guide(token), Subject::Resource(id)) => {
                let guide = guide::by_token(conn, token).await?.ok_or(BusyError::Unknown)?;
                if guide.id() != id {
                    return Err(BusyError::Unknown);
                }
            }
            (Who::Guide(_), Subject::Workshop(_)) => return Err(Forbidden.into()),
        }
        Ok(())
    }

    /// Whom the audit names. A guide has no account.
    fn actor(&self) -> Actor {
        match self {
            Who::Actor(actor) => actor.clone(),
            Who::Guide(_) => Actor::Guest,
        }
    }
}

/// A calendar that was read once, so that a wrong address is told at once.
#[derive(Debug, Clone)]
pub struct AddCalendar {
    pub who: Who,
    pub subject: Subject,
    /// Of a workshop: only this tour stops for it.
    pub tour: Option<TourId>,
    pub name: String,
    pub url: String,
    pub news: News,
}

/// Adds it; what it says counts from now on.
pub async fn add(tx: &mut Tx, command: AddCalendar) -> Result<BusyCalendar, BusyError> {
    let AddCalendar { who, subject, tour, name, url, news } = command;
    who.must_change(tx, subject).await?;
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut wrong = Vec::new();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        wrong.push(BusyField::Name);
    }
    if let Some(tour) = tour
        && !has_tour(tx, subject, tour).await?
    {
        wrong.push(BusyField::Tour);
    }
    if !wrong.is_empty() {
        return Err(BusyError::Fields(wrong));
    }
    let others = look::of_subject(tx, subject).await?;
    if others.len() >= MAX_CALENDARS {
        return Err(BusyError::TooMany(MAX_CALENDARS));
    }
    if others.iter().any(|it| it.url == url && it.tour_id == tour) {
        return Err(BusyError::Twice);
    }
    let (workshop_id, resource_id) = subject.ids();
    let id = CalendarId::new(tx.now());
    let row = columns! {
        id: id,
        workshop_id: workshop_id,
        resource_id: resource_id,
        tour_id: tour,
        name: name,
        url: url,
        paused: false,
        etag: *"",
        modified: *"",
        seen_at: tx.now(),
        read_at: tx.now(),
        next_at: tx.now(),
        failures: 0_i32,
        warned: false,
        own_events: 0_i32,
        unread_events: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("busy_calendar", row).await?;
    fetch::take(tx, (id, Ok(news))).await?;
    let workshop = workshop_of(tx, subject).await?;
    audit::record(tx, &who.actor(), "calendar.add", id, workshop, json!({ "name": name })).await?;
    look::find(tx, id).await?.ok_or(BusyError::Unknown)
}

async fn has_tour(conn: &mut Conn, subject: Subject, tour: TourId) -> Result<bool, BusyError> {
    let Subject::Workshop(workshop) = subject else { return Ok(false) };
    let found: Option<(TourId,)> = conn
        .fetch_optional(
            "SELECT id FROM tour WHERE id = $1 AND workshop_id = $2",
            params![tour, workshop],
        )
        .await?;
    Ok(found.is_some())
}

async fn workshop_of(conn: &mut Conn, subject: Subject) -> Result<Option<WorkshopId>, BusyError> {
    match subject {
        Subject::Workshop(workshop) => Ok(Some(workshop)),
        Subject::Resource(id) => {
            Ok(resource::find(conn, id).await?.and_then(|resource| resource.workshop_id))
        }
    }
}

stored_enum! {
    pub enum Change {
        /// It is not read, and hinders nothing.
        Pause = "pause",
        Resume = "resume",
        Remove = "remove",
    }
}

#[derive(Debug, Clone)]
pub struct ChangeCalendar {
    pub who: Who,
    pub calendar: CalendarId,
    pub change: Change,
}

pub async fn change(tx: &mut Tx, command: ChangeCalendar) -> Result<(), BusyError> {
    let ChangeCalendar { who, calendar, change } = command;
    let (calendar, subject) = changeable(tx, &who, calendar).await?;
    let id = calendar.id;
    match change {
        Change::Pause => {
            tx.execute_one("UPDATE busy_calendar SET paused = TRUE WHERE id = $1", params![id])
                .await?;
        }
        Change::Resume => {
            // Read at once, all of it: much may have happened.
            tx.execute_one(
                "UPDATE busy_calendar SET paused = FALSE, warned = FALSE, failures = 0, \
                 failure = NULL, etag = '', modified = '', next_at = $2 WHERE id = $1",
                params![id, tx.now()],
            )
            .await?;
        }
        Change::Remove => {
            tx.execute("DELETE FROM busy_pass WHERE calendar_id = $1", params![id]).await?;
            tx.execute("DELETE FROM busy_span WHERE calendar_id = $1", params![id]).await?;
        }
    }
    mark::follow(tx, subject).await?;
    if change == Change::Remove {
        // What was to come of its upkeep has just ended; what is over goes too.
        tx.execute("DELETE FROM resource_use WHERE calendar_id = $1", params![id]).await?;
        tx.execute_one("DELETE FROM busy_calendar WHERE id = $1", params![id]).await?;
    }
    let verb = match change {
        Change::Pause => "calendar.pause",
        Change::Resume => "calendar.resume",
        Change::Remove => "calendar.remove",
    };
    let workshop = workshop_of(tx, subject).await?;
    let detail = json!({ "name": calendar.name });
    audit::record(tx, &who.actor(), verb, id, workshop, detail).await?;
    Ok(())
}

/// An event hinders nothing, or does again.
#[derive(Debug, Clone)]
pub struct LetPass {
    pub who: Who,
    pub calendar: CalendarId,
    pub uid: String,
    pub passes: bool,
}

/// All repetitions of an event pass, also those that come later.
pub async fn let_pass(tx: &mut Tx, command: LetPass) -> Result<(), BusyError> {
    let LetPass { who, calendar, uid, passes } = command;
    let (calendar, subject) = changeable(tx, &who, calendar).await?;
    let touched = tx
        .execute(
            "UPDATE busy_span SET blocks = $3 WHERE calendar_id = $1 AND uid = $2",
            params![calendar.id, uid, !passes],
        )
        .await?;
    if touched == 0 {
        return Err(BusyError::Unknown);
    }
    let sql = if passes {
        "INSERT INTO busy_pass (calendar_id, uid) VALUES ($1, $2) \
         ON CONFLICT (calendar_id, uid) DO NOTHING"
    } else {
        "DELETE FROM busy_pass WHERE calendar_id = $1 AND uid = $2"
    };
    tx.execute(sql, params![calendar.id, uid]).await?;
    mark::follow(tx, subject).await?;
    let workshop = workshop_of(tx, subject).await?;
    let detail = json!({ "name": calendar.name, "passes": passes });
    audit::record(tx, &who.actor(), "calendar.pass", calendar.id, workshop, detail).await?;
    Ok(())
}

async fn changeable(
    tx: &mut Tx,
    who: &Who,
    id: CalendarId,
) -> Result<(BusyCalendar, Subject), BusyError> {
    let calendar = look::find(tx, id).await?.ok_or(BusyError::Unknown)?;
    let subject = calendar.subject().ok_or(BusyError::Unknown)?;
    who.must_change(tx, subject).await?;
    Ok((calendar, subject))
}
