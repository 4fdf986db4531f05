//! Webhooks: other systems are told by HTTP when something changes. Those of a workshop's owner, and
//! the notifications of OCTO for travel companies, by one machine.
//!
//! Nobody calls this when something happens. A worker compares what was last told with what is now
//! (`look`): a booking's version, a slot's seats and times, the print of a tour. So no verb can be
//! forgotten, and what changed while nothing ran is told afterwards. What it finds becomes rows in the
//! same transaction (`queue`); they are sent outside of any (`deliver`), at least once and with the
//! same id, with growing pauses, then given up. [`rule`] is what all of that is decided by.

mod baseline;
mod deliver;
mod ears;
mod edit;
mod error;
mod letters;
mod look;
mod model;
mod queue;
mod read;
pub mod rule;
mod subscribe;

pub use deliver::{LOG_DAYS, clean_due, deliver_due, deliver_one};
pub use edit::{
    Add, Change, ChangeWebhook, Edit, MAX_WEBHOOKS, NewWebhook, Renew, Resend, Try, add, change,
    edit, renew, resend, send_test,
};
pub use error::WebhookError;
pub use look::{is_due, look};
pub use model::{Delivery, DeliveryState, Event, Events, Headers, Webhook, WebhookState};
pub(crate) use read::any;
pub use read::{find, log, of_contract, of_workshop};
pub use subscribe::{Resubscribe, Subscribe, Unsubscribe, resubscribe, subscribe, unsubscribe};

use crate::outside::Outside;
use crate::store::Store;

/// Looks of one round.
const LOOKS: usize = 20;

/// One round of the worker: looks for what changed, sends what is due, removes what is old. Answers
/// how much it did; as long as that is something there may be more.
pub async fn round(
    store: &Store,
    outside: &Outside,
    base_url: &str,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<usize, WebhookError> {
    let mut done = 0;
    // What changed at one time is found in batches and told as one.
    for _ in 0..LOOKS {
        let mut conn = store.read().await?;
        let due = is_due(&mut conn, store.now()).await?;
        drop(conn);
        if !due || stop() {
            break;
        }
        done += store.write("look for changes", (), |tx, ()| Box::pin(look(tx))).await?;
    }
    done += deliver_due(store, outside, base_url, stop).await?;
    done += clean_due(store).await?;
    Ok(done)
}

#[cfg(test)]
mod tests;
