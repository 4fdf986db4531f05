//! Letters about credentials, and to whom they go.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::{Credential, CredentialState};
use crate::coop::{self, MemberRole};
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{Locale, WorkshopId, params};

#[derive(sqlx::FromRow)]
struct To {
    email: String,
    name: String,
    locale: Locale,
}

/// Who answers for a credential, each once, with the workshop whose pages they read: the owners of the
/// workshop; of a co-op's mark those of its managers; else the office.
async fn readers(
    tx: &mut Tx,
    it: &Credential,
) -> Result<Vec<(Option<WorkshopId>, To)>, StoreError> {
    let houses: Vec<WorkshopId> = match (it.workshop_id, it.coop_id) {
        (Some(workshop), _) => vec![workshop],
        (None, Some(coop)) => {
            let members = coop::members(tx, coop).await?.into_iter();
            let managers = members.filter(|member| member.role == MemberRole::Manager);
            managers.map(|member| member.workshop_id).collect()
        }
        (None, None) => {
            let admins: Vec<To> = tx
                .fetch_all(
                    "SELECT email, name, locale FROM person WHERE admin = $1 ORDER BY email",
                    params![true],
                )
                .await?;
            return Ok(admins.into_iter().map(|to| (None, to)).collect());
        }
    };
    let mut all = BTreeMap::new();
    for house in houses {
        let owners: Vec<To> = tx
            .fetch_all(
                "SELECT person.email, person.name, person.locale FROM membership \
                 JOIN person ON person.id = membership.person_id \
                 WHERE membership.workshop_id = $1 AND membership.role = 'owner'",
                params![house],
            )
            .await?;
        for to in owners {
            all.entry(to.email.clone()).or_insert((Some(house), to));
        }
    }
    Ok(all.into_values().collect())
}

async fn post(
    tx: &mut Tx,
    it: &Credential,
    letter: Letter,
    event: &str,
    payload: serde_json::Value,
) -> Result<(), StoreError> {
    for (house, to) in readers(tx, it).await? {
        let envelope = Envelope {
            event_key: format!("{letter}:{}:{event}:{}", it.id, to.email),
            letter,
            recipient: to.email,
            recipient_name: to.name,
            locale: to.locale,
            payload: payload.clone(),
            booking_id: None,
            workshop_id: house,
        };
        outbox::post(tx, envelope).await?;
    }
    Ok(())
}

/// The office has decided; nobody writes to the office of its own doing.
pub(super) async fn decided(
    tx: &mut Tx,
    it: &Credential,
    state: CredentialState,
) -> Result<(), StoreError> {
    if it.workshop_id.is_none() && it.coop_id.is_none() {
        return Ok(());
    }
    let event = format!("{state}:{}", it.version);
    let payload = json!({ "credential_id": it.id, "state": state });
    post(tx, it, Letter::CredentialDecided, &event, payload).await
}

/// It ends within so many days.
pub(super) async fn expiring(tx: &mut Tx, it: &Credential, days: i32) -> Result<(), StoreError> {
    let Some(until) = it.valid_until else { return Ok(()) };
    let payload = json!({ "credential_id": it.id, "until": until });
    post(tx, it, Letter::CredentialExpiring, &format!("{until}:{days}"), payload).await
}
