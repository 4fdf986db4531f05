//! Every letter about a booking, whole, in Vietnamese and English: a changed word is seen before it is sent. One
//! letter in each further language.

use serde_json::json;

use super::*;
use crate::accounts::{Person, Role};
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::disruption;
use crate::booking::overflow::{PassOn, pass_on};
use crate::booking::waitlist;
use crate::mail::render::{Desk, Queued, render};
use crate::schedule::{CancelSlot, cancel_slot};
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
    let payload = json!({ "text": "Hôm nay trời mưa, mời đi cửa sau.\nBring a coat." });
    written_with(village, store, booking, kind, payload).await
}

/// A bad day that hits the booking; answers the question about it.
async fn bad_day(village: &Village, store: &Store, booking: &Booking) -> crate::CaseId {
    let (from, to) = (store.now(), store.now() + TimeDelta::days(2));
    let tell = disruption::Tell {
        catalogue: Arc::clone(&village.catalogue),
        actor: Actor::System,
        workshop: booking.workshop_id,
        scope: disruption::Scope { cause: disruption::Cause::Ill, from, to, tour: None },
        words: "Ông Hải bị sốt từ đêm qua.".into(),
        hours: 12,
        form_key: booking.code.clone(),
    };
    store.write("tell", tell, |tx, c| Box::pin(disruption::tell(tx, c))).await.unwrap();
    let mut conn = store.read().await.unwrap();
    disruption::open_case(&mut conn, booking.id).await.unwrap().unwrap().0.id
}

async fn call_off_all(store: &Store, booking: &Booking) {
    let mut conn = store.read().await.unwrap();
    let (_, found) = disruption::open_case(&mut conn, booking.id).await.unwrap().unwrap();
    drop(conn);
    let well = disruption::CallOff { actor: Actor::System, disruption: found.id };
    store.write("call off", well, |tx, c| Box::pin(disruption::call_off(tx, c))).await.unwrap();
}

async fn written_with(
    village: &Village,
    store: &Store,
    booking: &Booking,
    kind: Letter,
    payload: serde_json::Value,
) -> crate::mail::render::Rendered {
    let row = Queued {
        kind,
        recipient: booking.email.clone(),
        recipient_name: "Nguyễn Thị Hoa".into(),
        locale: booking.locale,
        payload: payload.to_string(),
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

    let case = bad_day(&village, &store, &booking).await;
    let payload = json!({ "case_id": case });
    let mut hit = Vec::new();
    for kind in [Letter::Disruption, Letter::DisruptionOver] {
        let letter = written_with(&village, &store, &booking, kind, payload.clone()).await;
        hit.push(format!("════ {kind}\nSubject: {}\n\n{}", letter.subject, letter.text));
    }
    insta::assert_snapshot!(format!("bad-day-{locale}"), steady(&hit.join("\n"), &booking));
    call_off_all(&store, &booking).await;

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

#[tokio::test]
async fn confirmations_in_further_languages_read_as_they_should() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    for locale in [Locale::Ko, Locale::Zh, Locale::Ja, Locale::Fr] {
        let booking = village.book(&store, locale, "guest@example.com").await;
        let text = texts(&village, &store, &booking, &[Letter::Confirmation]).await;
        insta::assert_snapshot!(format!("confirmation-{locale}"), text);
        let html = written(&village, &store, &booking, Letter::Confirmation).await.html;
        assert!(html.contains(&format!("<html lang=\"{}\"", locale.tag())));
    }
}

/// Letters that are not about one booking, or about more than one workshop.
async fn other_letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let booking = village.book(&store, locale, "guest@example.com").await;
    let sister = departure(&village, &store, "ve-tren-gom-moc").await;
    let owner = |workshop| {
        Actor::Person(Person {
            id: crate::PersonId::new(store.now()),
            email: "chu@example.com".into(),
            name: "Chủ xưởng".into(),
            locale,
            admin: false,
            memberships: vec![(workshop, Role::Owner)],
        })
    };
    let ask = PassOn {
        catalogue: Arc::clone(&village.catalogue),
        actor: owner(booking.workshop_id),
        booking: booking.id,
        to: sister,
        wanted: vec![],
        words: "Bàn xoay hỏng, mời bác sang nhà Vân.".into(),
        hours: 24,
        agreed: false,
    };
    let asked = store.write("ask", ask, |tx, c| Box::pin(pass_on(tx, c))).await.unwrap();
    let mut all = Vec::new();
    let about = |kind, event: &str, workshop| Queued {
        kind,
        recipient: "guest@example.com".into(),
        recipient_name: "Nguyễn Thị Hoa".into(),
        locale,
        payload: json!({ "overflow_id": asked.id, "event": event }).to_string(),
        booking_id: Some(booking.id),
        workshop_id: Some(workshop),
        attempts: 0,
    };
    let (from, to) = (asked.from_workshop_id, asked.to_workshop_id);
    let mut rows = vec![about(Letter::OverflowOffer, "", from)];
    for event in ["kept", "accepted", "declined", "lapsed", "withdrawn"] {
        rows.push(about(Letter::HostOverflow, event, if event == "kept" { to } else { from }));
    }
    for row in rows {
        all.push(text_of(&village, &store, &row).await);
    }

    // The departure that is waited for, and the one of an open offer, are cancelled.
    let wait = waitlist::Join {
        catalogue: Arc::clone(&village.catalogue),
        slot: village.slot,
        wanted: vec![(booking.party.lines()[0].unit_id, 8)],
        contact: Contact::parse("Nguyễn Thị Hoa", "hoa@example.com", "", "").unwrap(),
        locale,
        form_key: uuid::Uuid::now_v7().to_string(),
    };
    let entry = store.write("wait", wait, |tx, c| Box::pin(waitlist::join(tx, c))).await.unwrap();
    let cancel = CancelSlot {
        actor: owner(booking.workshop_id),
        slot: village.slot,
        reason: "Lò hỏng, xưởng xin lỗi".into(),
    };
    store.write("cancel", cancel, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
    let row = Queued {
        payload: json!({ "waitlist_id": entry.id, "text": "Lò hỏng, xưởng xin lỗi" }).to_string(),
        ..about(Letter::WaitlistCancelled, "", from)
    };
    all.push(text_of(&village, &store, &row).await);
    let all = steady(&all.join("\n"), &booking)
        .replace(&asked.id.to_string(), "ID")
        .replace(&asked.secret, "SECRET")
        .replace(&village.slot.to_string(), "SLOT")
        .replace(&sister.to_string(), "SISTER");
    insta::assert_snapshot!(format!("others-{locale}"), all);
}

pub(super) async fn text_of(village: &Village, store: &Store, row: &Queued) -> String {
    let desk =
        Desk { catalogue: &village.catalogue, settings: &village.settings, now: store.now() };
    let rendered = render(&mut store.read().await.unwrap(), &desk, row).await.unwrap().unwrap();
    format!("════ {}\nSubject: {}\n\n{}", row.kind, rendered.subject, rendered.text)
}

/// A departure of another tour at the hour of the village's own.
async fn departure(village: &Village, store: &Store, tour: &str) -> crate::SlotId {
    let tour = village.catalogue.tour_by_slug(tour).unwrap();
    let option = tour.open_options().next().unwrap().id;
    let (own, id) = (village.slot, crate::SlotId::new(store.now()));
    let command = (own, id, option, tour.id, tour.workshop_id);
    store
        .write("slot", command, |tx, (own, id, option, tour, workshop)| {
            Box::pin(async move {
                tx.execute(
                    "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
                     closes_at, local_date, capacity, taken, overbooked, status, origin, guide, \
                     note, run_state) SELECT $1, $2, $3, $4, starts_at, ends_at, closes_at, \
                     local_date, capacity, 0, 0, status, origin, guide, note, run_state \
                     FROM slot WHERE id = $5",
                    params![id, option, tour, workshop, own],
                )
                .await?;
                Ok::<_, crate::store::StoreError>(())
            })
        })
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn other_letters_in_vietnamese_read_as_they_should() {
    other_letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn other_letters_in_english_read_as_they_should() {
    other_letters_in(Locale::En).await;
}
