//! Letters that co-ops cause, and to whom they go.

use serde_json::json;

use super::{Member, MemberRole, read};
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{Locale, MemberId, WorkshopId, params, stored_enum};

stored_enum! {
    /// What a letter about a membership tells.
    pub enum News {
        Accepted = "accepted",
        Declined = "declined",
        Left = "left",
        Removed = "removed",
    }
}

#[derive(sqlx::FromRow)]
struct To {
    email: String,
    name: String,
    locale: Locale,
}

/// A workshop's owners; its own address where nobody has an account yet.
async fn owners(tx: &mut Tx, workshop: WorkshopId) -> Result<Vec<To>, StoreError> {
    let owners: Vec<To> = tx
        .fetch_all(
            "SELECT person.email, person.name, person.locale FROM membership \
             JOIN person ON person.id = membership.person_id \
             WHERE membership.workshop_id = $1 AND membership.role = 'owner' ORDER BY person.email",
            params![workshop],
        )
        .await?;
    if !owners.is_empty() {
        return Ok(owners);
    }
    let (email, name, locale) = outbox::address_of(tx, workshop).await?;
    Ok(vec![To { email, name, locale }])
}

pub(super) async fn invite(
    tx: &mut Tx,
    member: MemberId,
    workshop: WorkshopId,
) -> Result<(), StoreError> {
    for to in owners(tx, workshop).await? {
        post(tx, Letter::CoopInvitation, member, workshop, to, None).await?;
    }
    Ok(())
}

/// Tells the owners of the managing workshops; a person who owns two of them gets one letter.
pub(super) async fn to_managers(
    tx: &mut Tx,
    member: &Member,
    news: News,
) -> Result<(), StoreError> {
    for manager in read::members(tx, member.coop_id).await? {
        if manager.role == MemberRole::Manager {
            for to in owners(tx, manager.workshop_id).await? {
                post(tx, Letter::CoopNews, member.id, manager.workshop_id, to, Some(news)).await?;
            }
        }
    }
    Ok(())
}

/// Tells the owners of the workshop itself.
pub(super) async fn to_workshop(
    tx: &mut Tx,
    member: &Member,
    news: News,
) -> Result<(), StoreError> {
    for to in owners(tx, member.workshop_id).await? {
        post(tx, Letter::CoopNews, member.id, member.workshop_id, to, Some(news)).await?;
    }
    Ok(())
}

/// `house` is the workshop whose pages the letter leads to.
async fn post(
    tx: &mut Tx,
    letter: Letter,
    member: MemberId,
    house: WorkshopId,
    to: To,
    news: Option<News>,
) -> Result<(), StoreError> {
    let event = news.map_or("", News::word);
    let envelope = Envelope {
        event_key: format!("{letter}:{member}:{event}:{}", to.email),
        letter,
        recipient: to.email,
        recipient_name: to.name,
        locale: to.locale,
        payload: json!({ "member_id": member, "event": event }),
        booking_id: None,
        workshop_id: Some(house),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}
