//! Letters to a guide, whole, in both languages, as the outbox has them after each deed.

use super::*;
use crate::guide::{
    Assign, EditGuide, Guide, GuideTexts, Unassign, assign, edit_guide, of_workshop, unassign,
};
use crate::schedule::{CancelSlot, MoveSlot, cancel_slot, move_slot};
use crate::store::Kind;
use crate::store::testing::fresh;

/// A guide with an address, who reads `locale`.
async fn guide(village: &Village, store: &Store, locale: Locale) -> Guide {
    let workshop = village.catalogue.workshop_by_slug("gom-minh-hai").unwrap().id;
    let all = of_workshop(&mut store.read().await.unwrap(), workshop).await.unwrap();
    let mai = all.into_iter().find(|it| it.name() == "Lê Thị Mai").unwrap();
    let texts = GuideTexts {
        name: mai.name().to_owned(),
        languages: mai.languages.0.clone(),
        phone: mai.phone.clone(),
        email: "mai@example.com".into(),
        locale,
        travel_minutes: mai.travel_minutes,
        may_check_in: true,
        hours: mai.resource.hours.clone(),
        note: String::new(),
        active: true,
    };
    let edit = EditGuide { actor: Actor::System, guide: mai.id(), texts, force: false };
    store.write("edit", edit, |tx, c| Box::pin(edit_guide(tx, c))).await.unwrap()
}

/// The newest letter in the outbox; None where events have overtaken it.
async fn newest(village: &Village, store: &Store, guide: &Guide) -> Option<String> {
    let mut conn = store.read().await.unwrap();
    let (payload,): (String,) = conn
        .fetch_one(
            "SELECT payload FROM outbox WHERE kind = 'guide_news' \
             ORDER BY created_at DESC, id DESC LIMIT 1",
            vec![],
        )
        .await
        .unwrap();
    drop(conn);
    let row = queued(Letter::GuideNews, (&guide.email, guide.name()), guide.locale, payload, None);
    let letter = village.rendered(store, &row).await?;
    let text = letter.text.replace(&guide.token, "TOKEN");
    Some(format!("════\nSubject: {}\n\n{text}", letter.subject))
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let mai = guide(&village, &store, locale).await;
    village.book(&store, Locale::En, "chau@example.com").await;
    let (actor, slot) = (Actor::System, village.slot);
    let put = Assign { actor: actor.clone(), slot, guide: mai.id() };
    let mut all = Vec::new();
    store.write("assign", put.clone(), |tx, c| Box::pin(assign(tx, c))).await.unwrap();
    all.push(newest(&village, &store, &mai).await.unwrap());
    store.clock().advance(TimeDelta::minutes(1));
    let catalogue = Arc::clone(&village.catalogue);
    let (date, time) = ("2026-12-06".parse().unwrap(), "10:30".parse().unwrap());
    let step = MoveSlot { catalogue, actor: actor.clone(), slot, date, time };
    store.write("move", step, |tx, c| Box::pin(move_slot(tx, c))).await.unwrap();
    all.push(newest(&village, &store, &mai).await.unwrap());
    store.clock().advance(TimeDelta::minutes(1));
    let off = Unassign { actor: actor.clone(), slot };
    store.write("unassign", off, |tx, c| Box::pin(unassign(tx, c))).await.unwrap();
    all.push(newest(&village, &store, &mai).await.unwrap());
    // Put back before the letter left: it is not sent.
    store.write("assign", put, |tx, c| Box::pin(assign(tx, c))).await.unwrap();
    store.clock().advance(TimeDelta::minutes(1));
    let cancel = CancelSlot { actor, slot, reason: "Mưa bão".into() };
    store.write("cancel", cancel, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
    all.push(newest(&village, &store, &mai).await.unwrap());
    insta::assert_snapshot!(format!("guide-{locale}"), all.join("\n"));
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}

#[tokio::test]
async fn a_guide_put_back_at_once_is_not_told_of_being_taken_off() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let mai = guide(&village, &store, Locale::Vi).await;
    let (actor, slot) = (Actor::System, village.slot);
    let put = Assign { actor: actor.clone(), slot, guide: mai.id() };
    store.write("assign", put.clone(), |tx, c| Box::pin(assign(tx, c))).await.unwrap();
    store.clock().advance(TimeDelta::seconds(1));
    let off = Unassign { actor, slot };
    store.write("unassign", off, |tx, c| Box::pin(unassign(tx, c))).await.unwrap();
    store.clock().advance(TimeDelta::seconds(1));
    store.write("assign", put, |tx, c| Box::pin(assign(tx, c))).await.unwrap();
    let delivered = village.deliver(&store).await;
    // Of three letters "you lead it" holds twice, "no more" not.
    assert_eq!((delivered.sent, delivered.superseded), (2, 1));
}
