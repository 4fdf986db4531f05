//! Asking somebody to be of a village's administration: the account and the letter; what they see is for
//! [`crate::report`] to say.

use serde_json::json;

use super::people::PersonRow;
use super::{AccountError, Forbidden, link, people};
use crate::email::Email;
use crate::mail::{Letter, outbox};
use crate::store::Tx;
use crate::{LetterId, Locale, PersonId, VillageId};

/// The person with this address, who gets a link to sign in. The caller has asked who may do that.
pub(crate) async fn invite_to_village(
    tx: &mut Tx,
    email: &Email,
    name: &str,
    locale: Locale,
    village: VillageId,
) -> Result<PersonId, AccountError> {
    let name = people::checked_name(name)?;
    let person = people::ensure_person_in(tx, email.as_str(), &name, locale).await?;
    let row = PersonRow::by_id(tx, person).await?.ok_or(Forbidden)?;
    let token = link::make(tx, person, link::INVITATION_LIFE).await?;
    let letter = outbox::Envelope {
        event_key: format!("{}:{}", Letter::Invitation, LetterId::new(tx.now())),
        letter: Letter::Invitation,
        recipient: row.email,
        recipient_name: row.name,
        locale: row.locale,
        payload: json!({ "token": token, "village": village }),
        booking_id: None,
        workshop_id: None,
    };
    outbox::post(tx, letter).await?;
    Ok(person)
}
