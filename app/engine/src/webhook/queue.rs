//! Messages on their way: one row for a webhook and an event; what waits of one subject becomes one.

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use super::model::Event;
use super::rule::{self, Days};
use crate::store::{StoreError, Tx};
use crate::{DeliveryId, SlotId, WebhookId, columns, params};

/// Something to be told.
#[derive(Debug, Clone)]
pub(super) struct News {
    pub event: Event,
    /// The booking, option or tour.
    pub subject: Uuid,
    pub days: Option<Days>,
    pub data: Value,
}

#[derive(sqlx::FromRow)]
struct Waiting {
    event: Event,
    first_date: Option<NaiveDate>,
    last_date: Option<NaiveDate>,
    slot_id: Option<SlotId>,
}

pub(super) fn days(
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    slot: Option<SlotId>,
) -> Option<Days> {
    first.zip(last).map(|(first, last)| Days { first, last, slot })
}

/// Puts it in the line. What waits of the same subject is taken into it; what is being sent this
/// moment is not touched.
pub(super) async fn post(
    tx: &mut Tx,
    webhook: WebhookId,
    news: News,
) -> Result<DeliveryId, StoreError> {
    let now = tx.now();
    let waiting: Vec<Waiting> = tx
        .fetch_all(
            "UPDATE webhook_delivery SET state = 'merged', leased_until = NULL \
             WHERE webhook_id = $1 AND subject_id = $2 AND state = 'queued' \
             AND (leased_until IS NULL OR leased_until <= $3) \
             RETURNING event, first_date, last_date, slot_id",
            params![webhook, news.subject, now],
        )
        .await?;
    // Nobody heard of those that were never tried: no line of the log is about them.
    tx.execute(
        "DELETE FROM webhook_delivery WHERE webhook_id = $1 AND subject_id = $2 \
         AND state = 'merged' AND attempts = 0",
        params![webhook, news.subject],
    )
    .await?;
    let (mut event, mut all) = (news.event, news.days);
    for before in waiting {
        event = rule::merged(before.event, event);
        let old = days(before.first_date, before.last_date, before.slot_id);
        all = match (all, old) {
            (Some(new), Some(old)) => Some(new.and(old)),
            (new, old) => new.or(old),
        };
    }
    let id = DeliveryId::new(now);
    let row = columns! {
        id: id,
        webhook_id: webhook,
        event: event,
        subject_id: news.subject,
        first_date: all.map(|days| days.first),
        last_date: all.map(|days| days.last),
        slot_id: all.and_then(|days| days.slot),
        data: news.data.to_string(),
        state: *"queued",
        attempts: 0_i32,
        spent: 0_i32,
        due_at: now,
        answer: *"",
        created_at: now,
    };
    tx.insert("webhook_delivery", row).await?;
    Ok(id)
}
