//! Stories of people's data, on both databases: what is held goes, and nothing of it stays anywhere.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use sqlx::AssertSqlSafe;

use super::register::{Fate, IMPERSONAL, Of, TABLES};
use super::*;
use crate::accounts::Actor;
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::enquiry::{self, Ask, Wish};
use crate::booking::testing::{Scene, run};
use crate::booking::waitlist::{self, Join};
use crate::booking::{Booking, Contact};
use crate::both_dbs;
use crate::catalogue::CatalogueCache;
use crate::clock::local_date;
use crate::mail::Letter;
use crate::review::{ReviewData, ReviewInput, Save, save};
use crate::store::testing::fresh;
use crate::store::{Kind, Store};
use crate::{Locale, params};

const NAME: &str = "Zyxwia Qvortenka";
const EMAIL: &str = "zyxwia.qvort@example.org";
const PHONE: &str = "+84912999777";
/// Words in which she can be recognised, of notes, answers, letters.
const WORDS: &str = "qvortenkawords";

fn contact() -> Contact {
    Contact::parse(NAME, EMAIL, "0912 999 777", WORDS).unwrap()
}

/// Every text column of every table.
async fn text_columns(store: &Store) -> Vec<(String, String)> {
    let mut conn = store.read().await.unwrap();
    let sql = match store.kind() {
        Kind::Sqlite => {
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND p.type = 'TEXT' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             AND m.name NOT LIKE 'sqlite%'"
        }
        Kind::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             AND data_type = 'text' AND table_name NOT LIKE '\\_sqlx%'"
        }
    };
    conn.fetch_all(sql, vec![]).await.unwrap()
}

/// Where something can still be read, as "table.column".
async fn traces(store: &Store, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in text_columns(store).await {
        let mut conn = store.read().await.unwrap();
        let sql = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM {table} WHERE LOWER(\"{column}\") LIKE $1"
        );
        let pattern = format!("%{}%", needle.to_lowercase());
        let (count,): (i64,) = conn.fetch_one(AssertSqlSafe(sql), params![pattern]).await.unwrap();
        if count > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    found
}

async fn all_traces(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for needle in [NAME, EMAIL, PHONE, WORDS] {
        all.extend(traces(store, needle).await);
    }
    all
}

/// Asks for the link; the token lies in the letter that was not sent yet.
async fn link(store: &Store, email: &str) -> Option<String> {
    let command = AskLink { email: email.parse().unwrap(), locale: Locale::Vi };
    store.write("ask", command, |tx, c| Box::pin(ask_link(tx, c))).await.unwrap();
    let mut conn = store.read().await.unwrap();
    let row: Option<(String,)> = conn
        .fetch_optional(
            "SELECT payload FROM outbox WHERE kind = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
            params![Letter::MyData],
        )
        .await
        .unwrap();
    let payload: serde_json::Value = serde_json::from_str(&row?.0).unwrap();
    payload["token"].as_str().map(str::to_owned)
}

async fn erased(store: &Store, token: &str) -> Result<Erased, PrivacyError> {
    let command = Erase { token: token.to_owned() };
    store.write("erase", command, |tx, c| Box::pin(erase(tx, c))).await
}

/// A booking of hers, filled in with everything.
async fn books(scene: &Scene, slot: crate::SlotId) -> Booking {
    let held = scene.hold(slot, 2).await.unwrap();
    let fill = crate::booking::FillIn {
        catalogue: scene.catalogue.clone(),
        booking: held.id,
        contact: contact(),
        locale: Locale::Vi,
        answers: crate::booking::Answers::default(),
    };
    scene
        .store
        .write("fill in", fill, |tx, c| Box::pin(crate::booking::fill_in(tx, c)))
        .await
        .unwrap();
    scene.confirm(&held).await.unwrap()
}

/// She was there, said so, asked for a group, and has a card, a note about her, an account for money
/// back; and stands in a line.
async fn a_life(scene: &Scene) -> Booking {
    let store = &scene.store;
    let booking = books(scene, scene.slot).await;
    let id = booking.id;
    let name = NAME.to_owned();
    run(
        store,
        "INSERT INTO guest (id, booking_id, position, form_key, name, answers, by_companion, \
         created_at) VALUES ($1, $2, 1, 'k', $3, '{\"diet\":\"qvortenkawords\"}', $4, $5)",
        params![crate::GuestId::new(store.now()), id, name, false, store.now()],
    )
    .await;
    run(
        store,
        "INSERT INTO refund_account (booking_id, bank, number, holder, created_at) \
         VALUES ($1, '970436', '1', $2, $3)",
        params![id, name, store.now()],
    )
    .await;
    run(
        store,
        "INSERT INTO school_group (booking_id, organisation, teacher) VALUES ($1, $2, $3)",
        params![id, *WORDS, name],
    )
    .await;
    run(
        store,
        "INSERT INTO audit (id, at, actor, verb, subject, detail) \
         VALUES ($1, $2, 'guest', 'booking.note', $3, $4)",
        params![
            crate::AuditId::new(store.now()),
            store.now(),
            booking.code,
            format!("{{\"name\":\"{NAME}\"}}")
        ],
    )
    .await;
    let ask = Ask {
        catalogue: scene.catalogue.clone(),
        tour: scene.tour,
        option: None,
        wish: Wish {
            people: 20,
            date: local_date(store.now() + TimeDelta::days(20)),
            organisation: WORDS.into(),
        },
        contact: contact(),
        locale: Locale::Vi,
        form_key: "ask".into(),
    };
    store.write("ask", ask, |tx, c| Box::pin(enquiry::ask(tx, c))).await.unwrap();
    let full = scene.add_slot(TimeDelta::days(9)).await;
    scene.booked(full, 10).await.unwrap();
    scene.booked(full, 2).await.unwrap();
    let join = Join {
        catalogue: scene.catalogue.clone(),
        slot: full,
        wanted: vec![(scene.adult, 2)],
        contact: contact(),
        locale: Locale::Vi,
        form_key: "join".into(),
    };
    store.write("join", join, |tx, c| Box::pin(waitlist::join(tx, c))).await.unwrap();
    run(
        store,
        "INSERT INTO gift_card (id, form_key, workshop_id, code, secret, origin, state, value, \
         remaining, valid_until, months, buyer_name, buyer_email, recipient_name, \
         recipient_email, words, reason, locale, note, lapsed, version, created_at) \
         VALUES ($1, 'c', $2, 'ABCDEFGHJKMNPQRS', 's', 'given', 'active', 300000, 300000, $3, 12, \
         '', '', $4, $5, $6, $6, 'vi', '', $7, 1, $8)",
        params![
            crate::GiftCardId::new(store.now()),
            scene.workshop,
            local_date(store.now() + TimeDelta::days(300)),
            name,
            *EMAIL,
            *WORDS,
            false,
            store.now(),
        ],
    )
    .await;
    store.clock().advance(TimeDelta::days(3));
    let actor = scene.owner.clone();
    let check = CheckIn { actor, booking: id, arrived: 2, at: None };
    store.write("check in", check, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    store.clock().advance(TimeDelta::days(1));
    let input = ReviewInput {
        stars: "5".into(),
        words: format!("Tôi là {NAME}, {WORDS}."),
        signed: "name".into(),
        name: NAME.into(),
        language: "vi".into(),
    };
    let data = ReviewData::parse(&input).unwrap();
    let written = Save { booking: id, data };
    store.write("review", written, |tx, c| Box::pin(save(tx, c))).await.unwrap();
    scene.again(&booking).await
}

both_dbs! {
    async fn after_deletion_nothing_of_her_is_left_anywhere(store) {
        let scene = Scene::new(&store).await;
        let booking = a_life(&scene).await;
        assert!(all_traces(&store).await.len() > 15);
        assert_eq!(link(&store, "nobody@example.org").await, None);
        let token = link(&store, "Zyxwia.Qvort@example.org").await.unwrap();
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let file = export(&mut conn, &catalogue, &token, Locale::Vi, store.now()).await.unwrap();
        drop(conn);
        assert_eq!(file["format"], FORMAT);
        assert_eq!(file["records"]["booking"][0]["name"], NAME);
        assert_eq!(file["records"]["booking"][0]["phone"], PHONE);
        assert_eq!(file["records"]["guest"][0]["answers"]["diet"], WORDS);
        assert_eq!(file["records"]["review"][0]["stars"], 5);
        assert_eq!(file["records"]["gift_card"][0]["value"], 300_000);
        assert_eq!(file["visits"][0]["code"], booking.code);
        let agreed: BTreeSet<&str> =
            file["consents"].as_array().unwrap().iter().filter_map(|one| one["subject"].as_str()).collect();
        assert_eq!(agreed.into_iter().collect::<Vec<_>>(), ["booking", "enquiry", "waitlist"]);
        let done = erased(&store, &token).await.unwrap();
        assert_eq!((done.done, done.kept), (4, 0));
        assert_eq!(all_traces(&store).await, Vec::<String>::new());
        assert!(matches!(erased(&store, &token).await, Err(PrivacyError::Spent)));
        assert_eq!(link(&store, EMAIL).await, None);
        let left = scene.again(&booking).await;
        assert_eq!((left.name.as_str(), left.total, left.people), (UNNAMED, booking.total, 2));
        // Others' data are as they were.
        assert!(traces(&store, "hoa@example.com").await.contains(&"booking.email".to_owned()));
    }

    async fn what_is_to_come_stays_until_it_is_cancelled(store) {
        let scene = Scene::new(&store).await;
        let booking = books(&scene, scene.slot).await;
        let token = link(&store, EMAIL).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let found = find(&mut conn, EMAIL).await.unwrap();
        let held = holdings(&mut conn, &found, store.now()).await.unwrap();
        drop(conn);
        assert!(matches!(held[0].kept, Some(Kept::Upcoming { .. })), "{held:?}");
        let done = erased(&store, &token).await.unwrap();
        assert_eq!((done.done, done.kept), (0, 1));
        assert_eq!(scene.again(&booking).await.email, EMAIL);
    }

    async fn money_that_is_owed_keeps_its_guest(store) {
        let scene = Scene::new(&store).await;
        let booking = books(&scene, scene.slot).await;
        store.clock().advance(TimeDelta::days(5));
        run(
            &store,
            "INSERT INTO payment_move (id, event_key, booking_id, workshop_id, kind, amount, \
             method, late, on_date, actor, note, created_at) VALUES ($1, 'm', $2, $3, 'received', \
             900000, 'transfer', $4, $5, 'system', '', $6)",
            params![
                crate::MoveId::new(store.now()), booking.id, scene.workshop, false,
                local_date(store.now()), store.now()
            ],
        )
        .await;
        let mut conn = store.read().await.unwrap();
        let found = find(&mut conn, EMAIL).await.unwrap();
        let held = holdings(&mut conn, &found, store.now()).await.unwrap();
        assert_eq!(held[0].kept, Some(Kept::MoneyBack));
    }

    async fn a_link_is_short_lived_and_rationed(store) {
        let scene = Scene::new(&store).await;
        books(&scene, scene.slot).await;
        let token = link(&store, EMAIL).await.unwrap();
        for _ in 0..5 {
            link(&store, EMAIL).await;
        }
        assert_eq!(scene.letters(Letter::MyData).await, 3);
        store.clock().advance(LINK_LIFE);
        let mut conn = store.read().await.unwrap();
        assert_eq!(address_of(&mut conn, &token, store.now()).await.unwrap(), None);
    }

    async fn time_forgets_and_doing_it_twice_does_no_harm(store) {
        let scene = Scene::new(&store).await;
        let booking = a_life(&scene).await;
        let policy = Retention::default();
        let retained = async || {
            store
                .write("retain", policy, |tx, policy| Box::pin(async move { retain(tx, policy).await }))
                .await
                .unwrap()
        };
        assert_eq!(retained().await, 0);
        assert_eq!(scene.again(&booking).await.name, NAME);
        store.clock().advance(TimeDelta::days(40 * 31));
        assert!(retained().await > 5);
        while retained().await > 0 {}
        assert_eq!(retained().await, 0);
        let left = scene.again(&booking).await;
        assert_eq!((left.name.as_str(), left.email.as_str()), (UNNAMED, ""));
        // What she published is hers to take back.
        let mut kept = all_traces(&store).await;
        kept.retain(|place| !place.starts_with("review."));
        assert_eq!(kept, Vec::<String>::new());
        assert!(runs(&mut store.read().await.unwrap(), &scene.owner, 5).await.is_err());
        let days = runs(&mut store.read().await.unwrap(), &Actor::System, 5).await.unwrap();
        assert!(days[0].done.0["bookings"] >= 1, "{days:?}");
    }

    async fn who_looks_is_noted_once_a_day(store) {
        let scene = Scene::new(&store).await;
        let booking = books(&scene, scene.slot).await;
        let looked = async |actor: &Actor| {
            let command = Look {
                actor: actor.clone(),
                guide: None,
                workshop: scene.workshop,
                what: What::Booking,
                subject: booking.code.clone(),
            };
            store.write("look", command, |tx, c| Box::pin(look(tx, c))).await.unwrap()
        };
        assert!(looked(&scene.staff).await);
        assert!(!looked(&scene.staff).await);
        assert!(!looked(&Actor::Guest).await);
        store.clock().advance(TimeDelta::days(1));
        assert!(looked(&scene.staff).await);
        let mut conn = store.read().await.unwrap();
        assert!(views_of(&mut conn, &scene.staff, scene.workshop, None, 9).await.is_err());
        let lines = views_of(&mut conn, &scene.owner, scene.workshop, None, 9).await.unwrap();
        assert_eq!((lines.len(), lines[0].role), (2, Role::Staff));
        drop(conn);
        let token = link(&store, EMAIL).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let file = export(&mut conn, &scene.catalogue, &token, Locale::En, store.now()).await.unwrap();
        assert_eq!(file["seen_by"].as_array().unwrap().len(), 2);
        assert_eq!(file["seen_by"][0]["role"], "staff");
        assert!(file["seen_by"][0].get("actor").is_none());
    }
}

/// Parts of names that sound as if a column held somebody's data.
const PERSONAL: &[&str] = &[
    "name",
    "email",
    "mail",
    "phone",
    "address",
    "note",
    "notes",
    "answer",
    "answers",
    "message",
    "words",
    "contact",
    "recipient",
    "holder",
    "teacher",
    "organisation",
    "payer",
    "born",
    "birth",
    "agent",
    "reply",
    "raw",
    "detail",
    "payload",
    "company",
    "tax",
    "gender",
    "passport",
    "nationality",
    "guide",
    "items",
    "artist",
    "maker",
    "author",
    "diet",
    "age",
];

#[tokio::test]
async fn every_column_that_looks_personal_is_in_the_register() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let mut conn = store.read().await.unwrap();
    let columns: Vec<(String, String)> = conn
        .fetch_all(
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             AND m.name NOT LIKE 'sqlite%'",
            vec![],
        )
        .await
        .unwrap();
    let there: BTreeSet<String> =
        columns.iter().map(|(table, column)| format!("{table}.{column}")).collect();
    let registered: BTreeSet<String> = TABLES
        .iter()
        .flat_map(|table| {
            table.columns.iter().map(|column| format!("{}.{}", table.name, column.name))
        })
        .collect();
    let plain: BTreeSet<String> = IMPERSONAL.iter().map(|name| (*name).to_owned()).collect();
    let personal = |column: &str| column.split('_').any(|part| PERSONAL.contains(&part));
    let missing: Vec<&String> = columns
        .iter()
        .filter(|(_, column)| personal(column))
        .map(|(table, column)| format!("{table}.{column}"))
        .filter(|name| !registered.contains(name) && !plain.contains(name))
        .filter_map(|name| there.get(&name))
        .collect();
    assert!(
        missing.is_empty(),
        "say in privacy/register/list.rs what becomes of these: {missing:#?}"
    );
    let gone: Vec<&String> =
        registered.union(&plain).filter(|name| !there.contains(*name)).collect();
    assert!(gone.is_empty(), "these are no columns any more: {gone:#?}");
    // Whatever a guest can have forgotten can be found from a guest.
    for table in TABLES {
        let forgets =
            table.columns.iter().any(|column| !matches!(column.fate, Fate::Kept(_) | Fate::ByVerb));
        assert!(!forgets || matches!(table.of, Of::Guests { .. }), "{}", table.name);
    }
}
