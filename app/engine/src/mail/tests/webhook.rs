//! The letter about a webhook that nobody could reach for days.

use serde_json::json;

use super::*;
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::webhook::{self, Add, Change, ChangeWebhook, Event};

#[tokio::test]
async fn who_owns_a_webhook_that_fails_is_told_where_it_is() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let house = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap();
    let command = Add {
        actor: Actor::System,
        workshop: house.id,
        url: "https://software.example/in?key=secret".into(),
        events: Event::OWN.to_vec(),
    };
    let made = store.write("add", command, |tx, c| Box::pin(webhook::add(tx, c))).await.unwrap();
    let fails = "UPDATE webhook SET state = 'failing'";
    crate::booking::testing::run(&store, fails, params![]).await;
    let payload = json!({ "webhook_id": made.id }).to_string();
    let letter = async |locale| {
        let to = (house.email.as_str(), house.name.as_str());
        let row = queued(Letter::WebhookFailing, to, locale, payload.clone(), Some(house.id));
        village.rendered(&store, &row).await
    };
    for locale in [Locale::Vi, Locale::En] {
        let letter = letter(locale).await.unwrap();
        assert!(letter.subject.contains("software.example"));
        assert!(!letter.text.contains("secret"), "{}", letter.text);
        let page = format!("/host/gom-minh-hai/webhooks/{}", made.id);
        assert!(letter.text.contains(&page), "{}", letter.text);
    }
    // Used again before the letter left.
    let actor = Actor::System;
    let resume = ChangeWebhook { actor, webhook: made.id, change: Change::Resume };
    store.write("resume", resume, |tx, c| Box::pin(webhook::change(tx, c))).await.unwrap();
    assert!(letter(Locale::Vi).await.is_none());
}
