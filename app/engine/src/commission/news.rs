//! Letters about a commission: to its customer, and to the workshop.

use serde_json::json;

use super::model::Commission;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{CommissionEntryId, Dong, stored_enum};

stored_enum! {
    /// What a letter tells of.
    pub enum News {
        /// The brief has arrived.
        Asked = "asked",
        Message = "message",
        Offer = "offer",
        /// The offer was accepted: what is to be paid, or that the work begins.
        Accepted = "accepted",
        /// The deposit is due soon.
        Reminder = "reminder",
        Lapsed = "lapsed",
        Paid = "paid",
        Milestone = "milestone",
        Ready = "ready",
        Posted = "posted",
        Delivered = "delivered",
        Ended = "ended",
        Returned = "returned",
    }
}

/// What happened, with what a letter needs of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub news: News,
    pub entry: Option<CommissionEntryId>,
    pub amount: Option<Dong>,
}

impl Told {
    pub(super) const fn of(news: News) -> Told {
        Told { news, entry: None, amount: None }
    }

    pub(super) const fn entry(news: News, entry: CommissionEntryId) -> Told {
        Told { news, entry: Some(entry), amount: None }
    }

    fn payload(self, commission: &Commission) -> serde_json::Value {
        json!({
            "commission_id": commission.id,
            "news": self.news,
            "entry_id": self.entry,
            "amount": self.amount,
        })
    }
}

/// Writes to the customer. The commission's version makes a further event a further letter.
pub(super) async fn to_customer(
    tx: &mut Tx,
    commission: &Commission,
    told: Told,
) -> Result<(), StoreError> {
    if commission.is_forgotten() {
        return Ok(());
    }
    let letter = Letter::Commission;
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{}:{}", told.news, commission.id, commission.version),
        letter,
        recipient: commission.email.clone(),
        recipient_name: commission.name.clone(),
        locale: commission.locale,
        payload: told.payload(commission),
        booking_id: None,
        workshop_id: Some(commission.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

/// Tells the workshop what its customer did, or what time did.
pub(super) async fn to_host(
    tx: &mut Tx,
    commission: &Commission,
    told: Told,
) -> Result<(), StoreError> {
    let letter = Letter::HostCommission;
    let key = format!("{letter}:{}:{}:{}", told.news, commission.id, commission.version);
    outbox::to_workshop(tx, commission.workshop_id, letter, key, told.payload(commission)).await
}
