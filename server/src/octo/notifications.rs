//! Notifications: a travel company's system says where it wants to hear of changes.

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use engine::WebhookId;
use engine::channel::octo::{AskSubscription, OctoError, Subscription, Why, of_webhook};
use engine::webhook::{self, Event, Headers, Resubscribe, Subscribe, Unsubscribe, rule};
use serde_json::{Map, Value};

use super::caller::{Caller, parse, read};

pub async fn list(caller: Caller) -> Response {
    let found = async {
        let mut conn = read(&caller).await?;
        let all = webhook::of_contract(&mut conn, &caller.seller).await?;
        Ok(all.iter().map(|one| Subscription::of(one, None)).collect::<Vec<_>>())
    };
    let found = found.await;
    caller.manner.answer(found)
}

fn id_of(text: &str) -> Result<WebhookId, OctoError> {
    text.parse().map_err(|_| OctoError::BadRequest(Why::NoSubscription))
}

pub async fn one(caller: Caller, Path(id): Path<String>) -> Response {
    let found = async {
        let id = id_of(&id)?;
        let mut conn = read(&caller).await?;
        let all = webhook::of_contract(&mut conn, &caller.seller).await?;
        let found = all.iter().find(|one| one.id == id);
        let found = found.ok_or(OctoError::BadRequest(Why::NoSubscription))?;
        Ok(Subscription::of(found, None))
    };
    let found = found.await;
    caller.manner.answer(found)
}

/// An address that may be called.
fn address(caller: &Caller, url: &str) -> Result<String, OctoError> {
    let bad = || OctoError::BadRequest(Why::Address);
    let outside = caller.octo.app.outside.as_ref().ok_or_else(bad)?;
    outside.address(url).map(|url| url.to_string()).map_err(|_| bad())
}

fn events(words: &[String]) -> Result<Vec<Event>, OctoError> {
    let known = |word: &String| Event::OCTO.into_iter().find(|event| event.word() == word);
    let events: Option<Vec<Event>> = words.iter().map(known).collect();
    let events = events.filter(|events| !events.is_empty());
    events.ok_or(OctoError::BadRequest(Why::NotificationTypes))
}

fn headers(asked: &Map<String, Value>) -> Result<Headers, OctoError> {
    rule::headers(asked).ok_or(OctoError::BadRequest(Why::Headers))
}

pub async fn subscribe(caller: Caller, body: Bytes) -> Response {
    let made = async {
        let (asked, _) = parse::<AskSubscription>(&body)?;
        let command = Subscribe {
            seller: caller.seller.clone(),
            url: address(&caller, asked.url.as_deref().unwrap_or_default())?,
            events: events(&asked.notification_types.unwrap_or_default())?,
            headers: headers(&asked.headers.unwrap_or_default())?,
        };
        let store = &caller.octo.app.store;
        let made = store
            .write("octo subscribe", command, |tx, c| Box::pin(webhook::subscribe(tx, c)))
            .await;
        let (subscription, new) = made.map_err(of_webhook)?;
        Ok(Subscription::of(&subscription, Some(&new.secret)))
    };
    let made = made.await;
    caller.manner.answer(made)
}

pub async fn change(caller: Caller, Path(id): Path<String>, body: Bytes) -> Response {
    let done = async {
        let (asked, _) = parse::<AskSubscription>(&body)?;
        let command = Resubscribe {
            seller: caller.seller.clone(),
            webhook: id_of(&id)?,
            url: asked.url.as_deref().map(|url| address(&caller, url)).transpose()?,
            events: asked.notification_types.as_deref().map(events).transpose()?,
            headers: asked.headers.as_ref().map(headers).transpose()?,
        };
        let store = &caller.octo.app.store;
        let done = store
            .write("octo resubscribe", command, |tx, c| Box::pin(webhook::resubscribe(tx, c)))
            .await;
        Ok(Subscription::of(&done.map_err(of_webhook)?, None))
    };
    let done = done.await;
    caller.manner.answer(done)
}

pub async fn unsubscribe(caller: Caller, Path(id): Path<String>) -> Response {
    let done = async {
        let command = Unsubscribe { seller: caller.seller.clone(), webhook: id_of(&id)? };
        let store = &caller.octo.app.store;
        let done = store
            .write("octo unsubscribe", command, |tx, c| Box::pin(webhook::unsubscribe(tx, c)))
            .await;
        Ok(Subscription::of(&done.map_err(of_webhook)?, None))
    };
    let done = done.await;
    caller.manner.answer(done)
}
