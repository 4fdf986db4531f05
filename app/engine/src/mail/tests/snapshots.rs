//! Every letter about a booking, whole, in both languages: a changed word is seen before it is sent.

use serde_json::json;

use super::*;
use crate::booking::checkin::{CheckIn, check_in};
use crate::mail::render::{Desk, Queued, render};
use crate::store::Kind;
use crate::store::testing::fresh;

const WHILE_CONFIRMED: [Letter; 8] = [
    Letter::Confirmation,
    Letter::Change,
    Letter::Reminder,
    Letter::ManageLink,
    Letter::HostMessage,
    Letter::BelowMinimum,
    Letter::HostNew,
    Letter::HostChange,
];

/// Subject and text of the letters, one after another, without what is drawn anew each time.
async fn texts(village: &Village, store: &Store, booking: &Booking, kinds: &[Letter]) -> String {
    let mut all = Vec::new();
    for kind in kinds {
        let rendered = written(village, store, booking, *kind).await;
        all.push(format!("════ {kind}\nSubject: {}\n\n{}", rendered.subject, rendered.text));
    }
    steady(&all.join("\n"), booking)
}

async fn written(
    village: &Village,
    store: &Store,
    booking: &Booking,
    kind: Letter,
) -> crate::mail::render::Rendered {
    let row = Queued {
        kind,
        recipient: booking.email.clone(),
        recipient_name: "Nguyễn Thị Hoa".into(),
        locale: booking.locale,
        payload: json!({ "text": "Hôm nay trời mưa, mời đi cửa sau.\nBring a coat." }).to_string(),
        booking_id: Some(booking.id),
        workshop_id: Some(booking.workshop_id),
        attempts: 0,
    };
    let desk =
        Desk { catalogue: &village.catalogue, settings: &village.settings, now: store.now() };
    render(&mut store.read().await.unwrap(), &desk, &row).await.unwrap().unwrap()
}

fn steady(text: &str, booking: &Booking) -> String {
    let companions = booking::guests::token(booking);
    text.replace(&companions, "TOKEN")
        .replace(&booking.code, "CODE")
        .replace(&booking.secret, "SECRET")
}

async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let booking = village.book(&store, locale, "guest@example.com").await;
    let gone = village.book(&store, locale, "other@example.com").await;
    // The evening before the visit.
    store.clock().advance(TimeDelta::hours(3 * 24));
    let confirmed = texts(&village, &store, &booking, &WHILE_CONFIRMED).await;
    insta::assert_snapshot!(format!("confirmed-{locale}"), confirmed);
    let html = written(&village, &store, &booking, Letter::Confirmation).await.html;
    insta::assert_snapshot!(format!("confirmation-html-{locale}"), steady(&html, &booking));

    village.cancel(&store, &gone).await;
    let kinds = [Letter::Cancellation, Letter::HostCancellation];
    let cancelled = texts(&village, &store, &gone, &kinds).await;
    insta::assert_snapshot!(format!("cancelled-{locale}"), cancelled);

    store.clock().advance(TimeDelta::hours(26));
    let arrived = CheckIn { actor: Actor::System, booking: booking.id, arrived: 2, at: None };
    store.write("check in", arrived, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    let thanks = texts(&village, &store, &booking, &[Letter::Thanks]).await;
    insta::assert_snapshot!(format!("thanks-{locale}"), thanks);
}

#[tokio::test]
async fn letters_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}
