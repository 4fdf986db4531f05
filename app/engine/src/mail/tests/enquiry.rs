//! Letters to and about a group.

use serde_json::json;

use super::snapshots::text_of;
use super::*;
use crate::booking::GroupPrice;
use crate::booking::enquiry::{
    Ask, Decline, Enquiry, Offer, Terms, Wish, ask, decline, offer, withdraw,
};
use crate::mail::render::Queued;
use crate::schedule::{CancelSlot, cancel_slot};
use crate::store::Kind;
use crate::store::testing::fresh;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

async fn asked(village: &Village, store: &Store, locale: Locale) -> Enquiry {
    let command = Ask {
        catalogue: Arc::clone(&village.catalogue),
        tour: village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap().id,
        option: None,
        wish: Wish::parse("25", "2026-12-10", "THCS", day("2026-12-01")).unwrap(),
        contact: Contact::parse(NAME, "lan@example.com", "", "Lớp 7A").unwrap(),
        locale,
        form_key: "1".into(),
    };
    store.write("ask", command, |tx, c| Box::pin(ask(tx, c))).await.unwrap()
}

fn terms(village: &Village) -> Terms {
    let tour = village.catalogue.tour_by_slug("nan-gom-ban-xoay").unwrap();
    Terms {
        option: tour.options[0].id,
        date: day("2026-12-10"),
        time: "08:30".parse().unwrap(),
        people: 25,
        price: crate::Dong(120_000),
        by: GroupPrice::Each,
        until: day("2026-12-03"),
        words: "Mời các em đến chơi với đất.".into(),
        alone: false,
        over: false,
    }
}

/// Each letter of a group from the wish to the end, whole.
async fn letters_in(locale: Locale) {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let village = Village::new(&store).await;
    let asked = asked(&village, &store, locale).await;
    let row = |kind, booking, payload: serde_json::Value| {
        let mut payload = payload;
        payload["enquiry_id"] = json!(asked.id);
        Queued {
            kind,
            recipient: "lan@example.com".into(),
            recipient_name: "Cô Lan".into(),
            locale,
            payload: payload.to_string(),
            booking_id: booking,
            workshop_id: Some(asked.workshop_id),
            attempts: 0,
        }
    };
    let mut all = Vec::new();
    for kind in [Letter::EnquiryReceived, Letter::HostEnquiry] {
        all.push(text_of(&village, &store, &row(kind, None, json!({}))).await);
    }
    let command = Offer {
        catalogue: Arc::clone(&village.catalogue),
        actor: Actor::System,
        enquiry: asked.id,
        terms: terms(&village),
    };
    let offered = store.write("offer", command, |tx, c| Box::pin(offer(tx, c))).await.unwrap().1;
    let held = Some(offered.id);
    all.push(text_of(&village, &store, &row(Letter::EnquiryOffer, held, json!({}))).await);
    let reason = "Lò hỏng, xưởng xin lỗi";
    let cancel =
        CancelSlot { actor: Actor::System, slot: offered.slot_id, reason: reason.to_owned() };
    store.write("cancel", cancel, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
    all.push(
        text_of(&village, &store, &row(Letter::EnquiryOff, held, json!({ "text": reason }))).await,
    );
    let words = "Hôm đó xưởng đóng cửa.".to_owned();
    let no = Decline { actor: Actor::System, enquiry: asked.id, words };
    store.write("decline", no, |tx, c| Box::pin(decline(tx, c))).await.unwrap();
    all.push(text_of(&village, &store, &row(Letter::EnquiryDeclined, None, json!({}))).await);
    let all = all.join("\n").replace(&asked.id.to_string(), "ID").replace(&asked.secret, "SECRET");
    insta::assert_snapshot!(format!("group-{locale}"), all);
}

#[tokio::test]
async fn letters_to_a_group_in_vietnamese_read_as_they_should() {
    letters_in(Locale::Vi).await;
}

#[tokio::test]
async fn letters_to_a_group_in_english_read_as_they_should() {
    letters_in(Locale::En).await;
}

both_dbs! {
    async fn a_group_reads_its_offer(store) {
        let village = Village::new(&store).await;
        let asked = asked(&village, &store, Locale::Vi).await;
        assert_eq!(village.deliver(&store).await.sent, 2, "to the guest and to the host");
        let terms = terms(&village);
        let make = |enquiry, terms| {
            let catalogue = Arc::clone(&village.catalogue);
            let command = Offer { catalogue, actor: Actor::System, enquiry, terms };
            store.write("offer", command, |tx, c| Box::pin(offer(tx, c)))
        };
        let (_, held) = make(asked.id, terms.clone()).await.unwrap();
        village.deliver(&store).await;
        let bytes = village.written(&store, &held, Letter::EnquiryOffer).await;
        let message = MessageParser::default().parse(&bytes).unwrap();
        let text = message.body_text(0).unwrap();
        let price = format!("đoàn 25 người × {}", crate::Dong(120_000).display(Locale::Vi));
        for said in [
            "Mời các em đến chơi với đất.",
            "Thứ Năm 10/12/2026, 08:30–09:30",
            "23:59, Thứ Năm 3/12/2026",
            price.as_str(),
            asked.secret.as_str(),
        ] {
            assert!(text.contains(said), "{said} is not in {text}");
        }
        assert!(!text.contains(&held.secret), "not booked yet");
        // An offer that another one replaced, and one taken back, are not sent.
        make(asked.id, terms.clone()).await.unwrap();
        make(asked.id, terms).await.unwrap();
        store.write("withdraw", asked.id, |tx, c| Box::pin(withdraw(tx, c))).await.unwrap();
        let done = village.deliver(&store).await;
        assert_eq!((done.sent, done.superseded), (1, 2), "the host hears of the withdrawal");
    }
}
