//! Letters to a workshop about an event of its village, whole, in both languages.

use super::*;
use crate::clock::local_date;
use crate::coop::Author;
use crate::event::{DayInput, Event, EventData, EventInput, Publish, SaveEvent, publish, save};
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::{EventId, Localized};

fn input(price: &str) -> EventInput {
    let text = |vi: &str, en: &str| Localized { vi: vi.into(), en: en.into() };
    EventInput {
        name: text("Hội đình Bát Tràng", "Bát Tràng communal-house festival"),
        summary: text(
            "Rước nước, cờ người và cỗ làng.",
            "Water from the river, chess and a feast.",
        ),
        days: DayInput {
            kind: "lunar_range".into(),
            lunar_from: "14/2".into(),
            lunar_to: "16/2".into(),
            ..DayInput::default()
        },
        opening: "daily".into(),
        capacity_percent: "80".into(),
        price_percent: price.into(),
        ..EventInput::default()
    }
}

async fn write(village: &Village, store: &Store, id: Option<EventId>, price: &str) -> Event {
    let catalogue = Arc::clone(&village.catalogue);
    let place = catalogue.village_by_slug("bat-trang").unwrap().id;
    let data = EventData::parse(&input(price), local_date(store.now())).unwrap();
    let (actor, author) = (Actor::System, Author::Office);
    let command = SaveEvent { catalogue, actor, id, author, village: place, data };
    store.write("save", command, |tx, c| Box::pin(save(tx, c))).await.unwrap()
}

async fn announce(village: &Village, store: &Store, event: EventId, published: bool) {
    let catalogue = Arc::clone(&village.catalogue);
    let command = Publish { catalogue, actor: Actor::System, event, published };
    store.write("publish", command, |tx, c| Box::pin(publish(tx, c))).await.unwrap();
}

/// The newest letter to one workshop of the village; None where events have overtaken it.
async fn newest(village: &Village, store: &Store, locale: Locale) -> Option<String> {
    let house = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap();
    let mut conn = store.read().await.unwrap();
    let (payload,): (String,) = conn
        .fetch_one(
            "SELECT payload FROM outbox WHERE kind = 'event_news' AND workshop_id = $1 \
             ORDER BY created_at DESC, id DESC LIMIT 1",
            params![house.id],
        )
        .await
        .unwrap();
    drop(conn);
    let to = (house.email.as_str(), house.name.as_str());
    let row = queued(Letter::EventNews, to, locale, payload, Some(house.id));
    let letter = village.rendered(store, &row).await?;
    Some(format!("════\nSubject: {}\n\n{}", letter.subject, letter.text))
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let event = write(&village, &store, None, "110").await;
    announce(&village, &store, event.id, true).await;
    let mut all = vec![newest(&village, &store, locale).await.unwrap()];
    store.clock().advance(TimeDelta::minutes(1));
    write(&village, &store, Some(event.id), "120").await;
    all.push(newest(&village, &store, locale).await.unwrap());
    store.clock().advance(TimeDelta::minutes(1));
    announce(&village, &store, event.id, false).await;
    all.push(newest(&village, &store, locale).await.unwrap());
    insta::assert_snapshot!(format!("event-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}
