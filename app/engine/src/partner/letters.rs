//! Letters that this part causes, and to whom they go.

use serde_json::json;

use super::applicant::{Applicant, ApplicantState};
use super::error::PartnerError;
use super::model::Partner;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};

/// Asks a partner whether it agrees.
pub(super) async fn asked(tx: &mut Tx, partner: &Partner) -> Result<(), PartnerError> {
    let houses = partner.keeper()?.houses(tx).await?;
    let letter = Letter::PartnerAsked;
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{}", partner.id, partner.version),
        letter,
        recipient: partner.email.clone(),
        recipient_name: partner.contact.clone(),
        locale: partner.locale,
        payload: json!({ "partner_id": partner.id }),
        booking_id: None,
        workshop_id: houses.first().copied(),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

/// Tells the house what the partner answered.
pub(super) async fn answered(tx: &mut Tx, partner: &Partner) -> Result<(), PartnerError> {
    let letter = Letter::HostPartner;
    for house in partner.keeper()?.houses(tx).await? {
        let key = format!("{letter}:{}:{}:{house}", partner.id, partner.version);
        let payload = json!({ "partner_id": partner.id, "state": partner.state });
        outbox::to_workshop(tx, house, letter, key, payload).await?;
    }
    Ok(())
}

/// To who applied; nothing where they were forgotten.
async fn to_applicant(tx: &mut Tx, it: &Applicant, letter: Letter) -> Result<(), StoreError> {
    if it.email.is_empty() {
        return Ok(());
    }
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{}", it.id, it.version),
        letter,
        recipient: it.email.clone(),
        recipient_name: it.name.clone(),
        locale: it.locale,
        payload: json!({ "applicant_id": it.id, "state": it.state }),
        booking_id: None,
        workshop_id: Some(it.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

async fn to_house(tx: &mut Tx, it: &Applicant) -> Result<(), StoreError> {
    let letter = Letter::HostApplication;
    let key = format!("{letter}:{}:{}", it.id, it.version);
    let payload = json!({ "applicant_id": it.id, "state": it.state });
    outbox::to_workshop(tx, it.workshop_id, letter, key, payload).await
}

/// Somebody applied: both sides are told.
pub(super) async fn applied(tx: &mut Tx, it: &Applicant) -> Result<(), StoreError> {
    to_applicant(tx, it, Letter::ApplicationReceived).await?;
    to_house(tx, it).await
}

/// What became of it, to whoever did not do it.
pub(super) async fn changed(tx: &mut Tx, it: &Applicant) -> Result<(), StoreError> {
    match it.state {
        ApplicantState::Withdrawn => to_house(tx, it).await,
        ApplicantState::New
        | ApplicantState::Invited
        | ApplicantState::Accepted
        | ApplicantState::Declined => to_applicant(tx, it, Letter::ApplicationAnswered).await,
    }
}
