//! Rules, extras and codes where bookings are made.

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::prelude::*;

use crate::booking::testing::Scene;
use crate::booking::{
    Bill, Booking, BookingError, ChangeParty, ChooseExtras, Hold, Party, UseCode, change_party,
    choose_extras, drop_code, use_code,
};
use crate::catalogue::CatalogueCache;
use crate::catalogue::edit::EditError;
use crate::clock::local_date;
use crate::price::{
    Code, CodeData, CodeInput, EndCode, ExtraInput, ExtraList, PromoError, RuleInput, RuleList,
    SaveCode, SaveExtras, SaveRules, codes_of, end_code, save_code, save_extras, save_rules,
    takes_codes,
};
use crate::store::Store;
use crate::{Dong, Localized, PromoCodeId, both_dbs};

struct Story {
    scene: Scene,
}

impl Story {
    async fn begin(store: &Store) -> Story {
        Story { scene: Scene::new(store).await }
    }

    async fn reload(&mut self) {
        self.scene.catalogue = CatalogueCache::new(self.scene.store.clone()).get().await.unwrap();
    }

    async fn rules(&mut self, rules: &[RuleInput]) {
        let rules = RuleList::parse(rules).unwrap();
        let save = SaveRules { actor: self.scene.owner.clone(), tour: self.scene.tour, rules };
        self.scene.store.write("rules", save, |tx, c| Box::pin(save_rules(tx, c))).await.unwrap();
        self.reload().await;
    }

    async fn lunch(&mut self) {
        let title = Localized { vi: "Cơm trưa".into(), en: "Lunch".into() };
        let row = ExtraInput {
            kind: "meal".into(),
            title,
            price: "90.000".into(),
            per: "person".into(),
            ..ExtraInput::default()
        };
        let extras = ExtraList::parse(&[row]).unwrap();
        let save = SaveExtras { actor: self.scene.owner.clone(), tour: self.scene.tour, extras };
        self.scene.store.write("extras", save, |tx, c| Box::pin(save_extras(tx, c))).await.unwrap();
        self.reload().await;
    }

    async fn code(&self, input: CodeInput) -> Result<PromoCodeId, EditError> {
        let scene = &self.scene;
        let data = CodeData::parse(&input, &scene.catalogue, scene.workshop).unwrap();
        let (actor, workshop) = (scene.owner.clone(), scene.workshop);
        let save = SaveCode { actor, workshop, id: None, data };
        scene.store.write("code", save, |tx, c| Box::pin(save_code(tx, c))).await
    }

    async fn say(&self, booking: &Booking, code: &str) -> Result<Booking, BookingError> {
        let code: Code = code.parse().unwrap();
        let command = UseCode { booking: booking.id, code };
        self.scene.store.write("use code", command, |tx, c| Box::pin(use_code(tx, c))).await
    }

    async fn eat(&self, booking: &Booking, lunches: u32) -> Result<Booking, BookingError> {
        let catalogue = Arc::clone(&self.scene.catalogue);
        let meal = catalogue.tour(self.scene.tour).unwrap().extras.0[0].id;
        let actor = crate::accounts::Actor::Guest;
        let wanted = vec![(meal, lunches)];
        let command = ChooseExtras { catalogue, actor, booking: booking.id, wanted };
        self.scene.store.write("extras", command, |tx, c| Box::pin(choose_extras(tx, c))).await
    }

    async fn become_(&self, booking: &Booking, adults: u32) -> Booking {
        let command = ChangeParty {
            residents: None,
            catalogue: Arc::clone(&self.scene.catalogue),
            actor: crate::accounts::Actor::Guest,
            booking: booking.id,
            wanted: vec![(self.scene.adult, adults)],
            over: false,
        };
        let store = &self.scene.store;
        store.write("change", command, |tx, c| Box::pin(change_party(tx, c))).await.unwrap()
    }
}

fn rule(when: &str, least: &str, percent: &str) -> RuleInput {
    RuleInput {
        when: when.into(),
        least: least.into(),
        way: "less".into(),
        by: "percent".into(),
        much: percent.into(),
        ..RuleInput::default()
    }
}

fn promo(code: &str, percent: &str) -> CodeInput {
    let (code, much) = (code.to_owned(), percent.to_owned());
    CodeInput { code, by: "percent".into(), much, ..CodeInput::default() }
}

fn adds_up(booking: &Booking) {
    let bill = booking.bill();
    assert_eq!(bill.total, booking.total);
    assert_eq!(bill.lines.iter().map(|(_, amount)| *amount).sum::<Dong>(), bill.total);
}

both_dbs! {
    async fn a_guest_pays_what_the_rules_say_and_reads_why(store) {
        let mut story = Story::begin(&store).await;
        story.rules(&[rule("early", "2", "10"), rule("group", "4", "20")]).await;
        let usual = story.scene.hold(story.scene.slot, 1).await.unwrap().party.lines()[0].usual();
        let two = story.scene.booked(story.scene.slot, 2).await.unwrap();
        adds_up(&two);
        assert_eq!(two.total, Dong(2 * (usual.0 - usual.0 / 10)));
        // Two more come: all four pay as a group; then one stays at home.
        let four = story.become_(&two, 4).await;
        adds_up(&four);
        assert_eq!(four.total, Dong(4 * (usual.0 * 7 / 10)));
        let three = story.become_(&four, 3).await;
        adds_up(&three);
        assert_eq!(three.total, Dong(3 * (usual.0 - usual.0 / 10)));
        // Whoever books on the eve has not booked early.
        let eve = story.scene.add_slot(TimeDelta::hours(30)).await;
        let late = story.scene.booked(eve, 2).await.unwrap();
        assert_eq!(late.total, Dong(2 * usual.0));
        // The rules go, the promise stays.
        story.rules(&[]).await;
        let four = story.become_(&three, 4).await;
        assert_eq!(four.party.lines()[0].price, Dong(usual.0 - usual.0 / 10));
    }

    async fn residents_pay_less_when_they_say_so_before_they_book(store) {
        let mut story = Story::begin(&store).await;
        story.rules(&[rule("residents", "", "20")]).await;
        let scene = &story.scene;
        let mut wish = scene.wish(scene.slot, 2);
        wish.residents = true;
        let here = scene.send(wish.clone()).await.unwrap();
        assert!(here.party.is_of_residents());
        // The form goes back and forth: said no more, the price is everybody's.
        let abroad = scene.send(Hold { residents: false, ..wish.clone() }).await.unwrap();
        assert_eq!((abroad.id, abroad.party.is_of_residents()), (here.id, false));
        assert!(abroad.total > here.total);
        let again = scene.send(wish).await.unwrap();
        assert_eq!(again.total, here.total);
        adds_up(&again);
    }

    async fn things_and_codes_are_on_the_bill(store) {
        let mut story = Story::begin(&store).await;
        story.lunch().await;
        story.code(promo("tet 2027", "10")).await.unwrap();
        let held = story.scene.hold(story.scene.slot, 3).await.unwrap();
        let eating = story.eat(&held, 3).await.unwrap();
        assert_eq!(eating.total, held.total + Dong(270_000));
        assert!(matches!(story.eat(&held, 4).await, Err(BookingError::Extra(_))));
        let less = story.say(&held, "TET2027").await.unwrap();
        adds_up(&less);
        assert_eq!(less.total, held.total.less(10) + Dong(270_000), "lunch costs what it costs");
        story.scene.fill_in(&less, "hoa@example.com").await.unwrap();
        let booked = story.scene.confirm(&less).await.unwrap();
        assert_eq!(booked.total, less.total);
        // One stays at home: two lunches, and the code goes on.
        let two = story.become_(&booked, 2).await;
        adds_up(&two);
        assert_eq!(two.extras.total(), Dong(180_000));
        let late = story.say(&two, "TET2027").await;
        assert!(late.is_ok_and(|booking| booking.total == two.total) || two.promo.is_some());
        // Lunch is called off, and ordered again, until the cut-off.
        let hungry = story.eat(&two, 0).await.unwrap();
        assert_eq!(hungry.total, two.total - Dong(180_000));
        adds_up(&hungry);
    }

    async fn a_code_is_for_whom_it_is_for(store) {
        let story = Story::begin(&store).await;
        let scene = &story.scene;
        let today = local_date(store.now());
        let on = |days| (today + TimeDelta::days(days)).to_string();
        let with = |code: &str, input: CodeInput| CodeInput { code: code.into(), ..input };
        let base = promo("", "10");
        story.code(with("SOON", CodeInput { book_from: on(2), ..base.clone() })).await.unwrap();
        story.code(with("OLD", CodeInput { book_to: on(-1), ..base.clone() })).await.unwrap();
        story.code(with("LATER", CodeInput { visit_from: on(30), ..base.clone() })).await.unwrap();
        story.code(with("CROWD", CodeInput { min_people: "4".into(), ..base.clone() })).await.unwrap();
        let asked = || async {
            takes_codes(&mut store.read().await.unwrap(), scene.workshop, today).await.unwrap()
        };
        assert!(asked().await, "LATER is for visits to come");
        let gone = story.code(with("GONE", base.clone())).await.unwrap();
        let (actor, workshop) = (scene.owner.clone(), scene.workshop);
        let end = EndCode { actor, workshop, id: gone };
        store.write("end", end, |tx, c| Box::pin(end_code(tx, c))).await.unwrap();
        let held = scene.hold(scene.slot, 2).await.unwrap();
        let refused = |code: &'static str| {
            let (story, held) = (&story, &held);
            async move {
                match story.say(held, code).await {
                    Err(BookingError::Promo(error)) => error,
                    other => panic!("{code}: {other:?}"),
                }
            }
        };
        assert!(matches!(refused("NOSUCH").await, PromoError::Unknown));
        assert!(matches!(refused("SOON").await, PromoError::NotYet(_)));
        assert!(matches!(refused("OLD").await, PromoError::Over));
        assert!(matches!(refused("GONE").await, PromoError::Over));
        assert!(matches!(refused("LATER").await, PromoError::Day));
        assert!(matches!(refused("CROWD").await, PromoError::People(4)));
        assert_eq!(scene.again(&held).await.total, held.total);
        for used in codes_of(&mut store.read().await.unwrap(), workshop).await.unwrap() {
            let end = EndCode { actor: scene.owner.clone(), workshop, id: used.code.id };
            store.write("end", end, |tx, c| Box::pin(end_code(tx, c))).await.unwrap();
        }
        assert!(!asked().await);
        let twice = story.code(with("soon", base)).await;
        assert!(matches!(twice, Err(EditError::Fields(_))));
    }

    async fn a_code_is_used_as_often_as_it_may_be_and_given_back(store) {
        let story = Story::begin(&store).await;
        let scene = &story.scene;
        story.code(CodeInput { max_uses: "1".into(), ..promo("FIRST", "50") }).await.unwrap();
        let (one, other) = (
            scene.hold(scene.slot, 1).await.unwrap(),
            scene.hold(scene.slot, 1).await.unwrap(),
        );
        let (a, b) = tokio::join!(story.say(&one, "FIRST"), story.say(&other, "FIRST"));
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        let lucky = if a.is_ok() { &one } else { &other };
        let unlucky = if a.is_ok() { &other } else { &one };
        let mut conn = store.read().await.unwrap();
        assert_eq!(codes_of(&mut conn, scene.workshop).await.unwrap()[0].uses, 1);
        drop(conn);
        store.write("drop", lucky.id, |tx, id| Box::pin(drop_code(tx, id))).await.unwrap();
        let now = story.say(unlucky, "FIRST").await.unwrap();
        assert!(now.total < unlucky.total);
    }
}

#[test]
fn codes_are_read_as_people_type_them() {
    let code = |text: &str| text.parse::<Code>().map(|code| code.to_string());
    assert_eq!(code(" tet-2027 "), Ok("TET2027".to_owned()));
    for wrong in ["", "ab", "TẾT2027", "a_b_c", &"x".repeat(21)] {
        assert!(code(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn a_bill_adds_up_whatever_is_on_it(
        prices in prop::collection::vec((0..900_i64, 1..20_u32, -300..300_i64), 1..5),
        (percent, amount, by_percent, least) in (1..=100_u8, 0..5_000_000_i64, any::<bool>(), 1..30_i32),
    ) {
        let lines: Vec<serde_json::Value> = prices
            .iter()
            .enumerate()
            .map(|(at, (price, quantity, step))| {
                let usual = price * 1_000;
                let each = (step * 1_000).max(-usual);
                serde_json::json!({
                    "unit_id": uuid::Uuid::from_u128(at as u128), "kind": "adult",
                    "quantity": quantity, "price": usual + each, "seats": 1,
                    "steps": [{ "why": "resident", "change": { "each": each }, "each": each }],
                })
            })
            .collect();
        let party: Party = serde_json::from_value(lines.into()).unwrap();
        let cut = if by_percent {
            serde_json::json!({ "percent": percent })
        } else {
            serde_json::json!({ "amount": amount })
        };
        let promo = serde_json::from_value(serde_json::json!({
            "id": uuid::Uuid::nil(), "code": "ABC", "cut": cut, "min_people": least,
            "visit_from": null, "visit_to": null,
        }))
        .unwrap();
        let bill = Bill::new(&party, &crate::price::Taken::default(), Some(&promo));
        prop_assert_eq!(bill.lines.iter().map(|(_, amount)| *amount).sum::<Dong>(), bill.total);
        prop_assert!(bill.total >= Dong::ZERO && bill.total <= party.total());
        if party.people() < least {
            prop_assert_eq!(bill.total, party.total());
        }
    }
}
