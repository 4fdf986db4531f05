//! What follows from busy times: slots that are not sold, resources that are not to be had.

use chrono::{DateTime, Utc};

use super::look;
use super::model::{Span, Subject};
use crate::resource::{self, ResourceError, Stretch};
use crate::store::{StoreError, Tx};
use crate::{CalendarId, ResourceId, WorkshopId, params};

/// Brings everything in line with the calendars of a subject.
pub(super) async fn follow(tx: &mut Tx, subject: Subject) -> Result<(), ResourceError> {
    match subject {
        Subject::Workshop(workshop) => {
            mark(tx, workshop).await?;
            Ok(())
        }
        Subject::Resource(resource) => block(tx, resource).await,
    }
}

/// Notes on every slot of a workshop that is not over whether a calendar takes its time; answers
/// how many changed. Of a run the sessions count, not the weeks between them.
///
/// Slots keep their status: who frees the time frees the slot, whatever a host did to it meanwhile.
pub(crate) async fn mark(tx: &mut Tx, workshop: WorkshopId) -> Result<u64, StoreError> {
    let now = tx.now();
    tx.execute(
        "UPDATE slot SET busy = NOT busy WHERE workshop_id = $1 AND ends_at > $2 \
         AND status <> 'cancelled' AND busy <> EXISTS (SELECT 1 FROM busy_calendar \
         JOIN busy_span ON busy_span.calendar_id = busy_calendar.id \
         WHERE busy_calendar.workshop_id = $1 AND busy_calendar.paused = FALSE \
         AND busy_span.blocks = TRUE AND busy_span.ends_at > $2 \
         AND (busy_calendar.tour_id IS NULL OR busy_calendar.tour_id = slot.tour_id) \
         AND busy_span.starts_at < slot.ends_at AND busy_span.ends_at > slot.starts_at \
         AND (slot.last_date IS NULL OR EXISTS (SELECT 1 FROM course_session \
         WHERE course_session.slot_id = slot.id AND course_session.cancelled_at IS NULL \
         AND busy_span.starts_at < course_session.ends_at \
         AND busy_span.ends_at > course_session.starts_at)))",
        params![workshop, now],
    )
    .await
}

/// Makes the upkeep of a resource what its calendars say; visits that lose it move where they can.
async fn block(tx: &mut Tx, id: ResourceId) -> Result<(), ResourceError> {
    let Some(resource) = resource::find(tx, id).await? else { return Ok(()) };
    let now: DateTime<Utc> = tx.now();
    let mut taken: Vec<(CalendarId, String, Stretch)> = Vec::new();
    for calendar in look::of_subject(tx, Subject::Resource(id)).await? {
        if calendar.paused {
            continue;
        }
        let spans = look::spans(tx, calendar.id, now).await?;
        let stretches = spans.iter().filter(|it| it.blocks).map(Span::stretch);
        for stretch in merged(stretches) {
            taken.push((calendar.id, calendar.name.clone(), stretch));
        }
    }
    resource::take_by_calendars(tx, &resource, taken).await
}

/// Stretches that touch or overlap become one; sorted by their beginning.
pub(super) fn merged(stretches: impl Iterator<Item = Stretch>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = stretches.collect();
    all.sort_unstable();
    let mut merged: Vec<Stretch> = Vec::with_capacity(all.len());
    for stretch in all {
        match merged.last_mut().filter(|last| stretch.from <= last.to) {
            Some(last) => last.to = last.to.max(stretch.to),
            None => merged.push(stretch),
        }
    }
    merged
}
