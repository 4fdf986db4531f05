//! The letter about a calendar that can't be read any more.

use serde_json::json;

use super::model::{BusyCalendar, Subject};
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::resource::{self, Owner};
use crate::store::{StoreError, Tx};
use crate::{WorkshopId, coop, guide};

/// To the guide whose calendar it is, else to the workshop, or to those that manage the co-op.
pub(super) async fn stale(tx: &mut Tx, calendar: &BusyCalendar) -> Result<(), StoreError> {
    let Some(subject) = calendar.subject() else { return Ok(()) };
    let letter = Letter::CalendarStale;
    // One letter for each time that it falls silent.
    let key = format!("{letter}:{}:{}", calendar.id, calendar.seen_at.timestamp_micros());
    let payload = json!({ "calendar_id": calendar.id });
    let houses: Vec<WorkshopId> = match subject {
        Subject::Workshop(workshop) => vec![workshop],
        Subject::Resource(id) => {
            let guide = guide::find(tx, id).await?.filter(|guide| !guide.email.is_empty());
            if let Some(guide) = guide {
                let envelope = Envelope {
                    event_key: key,
                    letter,
                    recipient: guide.email.clone(),
                    recipient_name: guide.name().to_owned(),
                    locale: guide.locale,
                    payload,
                    booking_id: None,
                    workshop_id: None,
                };
                outbox::post(tx, envelope).await?;
                return Ok(());
            }
            match resource::find(tx, id).await?.and_then(|resource| resource.owner()) {
                Some(Owner::Workshop(workshop)) => vec![workshop],
                Some(Owner::Coop(coop)) => {
                    let members = coop::members(tx, coop).await?.into_iter();
                    let managers = members.filter(|it| it.role == coop::MemberRole::Manager);
                    managers.map(|it| it.workshop_id).collect()
                }
                None => Vec::new(),
            }
        }
    };
    for house in houses {
        let key = format!("{key}:{house}");
        outbox::to_workshop(tx, house, letter, key, payload.clone()).await?;
    }
    Ok(())
}
