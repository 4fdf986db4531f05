//! A host edits: what guests see follows, what they were promised stays.

use super::*;
use crate::booking::testing::Scene;
use crate::booking::{CancelByGuest, State, cancel_by_guest};
use crate::catalogue::{Catalogue, CatalogueCache, Policy, UnitKind};
use crate::params;
use crate::payment;
use crate::schedule::{HORIZON_DAYS, Opening, Slot, Times, Weekdays, generate_workshop};
use crate::store::Store;
use crate::{Dong, Localized, both_dbs};

fn both(vi: &str, en: &str) -> Localized {
    Localized { vi: vi.into(), en: en.into() }
}

fn words(title: &str) -> IntroInput {
    IntroInput {
        title: both(title, ""),
        summary: both("Một buổi\r\nbên bàn xoay", "An hour at the wheel"),
        description: both("Đoạn một.\r\n\r\nĐoạn hai.", ""),
        included: both("Đất\r\nTạp dề", ""),
        meeting_point: both("Cổng xưởng", "The gate"),
        position: "20.9766, 105.9122".into(),
        languages: vec!["en".into(), "vi".into(), "tlh".into()],
        ..IntroInput::default()
    }
}

fn adult(price: &str) -> UnitInput {
    UnitInput { kind: "adult".into(), price: price.into(), ..UnitInput::default() }
}

fn wheel(slug: &str, units: Vec<UnitInput>) -> OptionInput {
    OptionInput {
        slug: slug.into(),
        title: both("Bàn xoay", "Wheel"),
        minutes: "90".into(),
        capacity: "12".into(),
        units,
    }
}

async fn save(scene: &Scene, actor: &Actor, inputs: &[OptionInput]) -> Result<Saved, EditError> {
    let options = Options::parse(inputs).unwrap();
    let command = SaveOptions { actor: actor.clone(), tour: scene.tour, options };
    scene.store.write("save options", command, |tx, c| Box::pin(save_options(tx, c))).await
}

async fn create(scene: &Scene, actor: &Actor, title: &str) -> Result<(TourId, String), EditError> {
    let intro = Intro::parse(&words(title)).unwrap();
    let command = CreateTour { actor: actor.clone(), workshop: scene.workshop, intro };
    scene.store.write("create tour", command, |tx, c| Box::pin(create_tour(tx, c))).await
}

async fn catalogue(store: &Store) -> std::sync::Arc<Catalogue> {
    CatalogueCache::new(store.clone()).get().await.unwrap()
}

async fn slots(scene: &Scene) -> Vec<Slot> {
    let mut conn = scene.store.read().await.unwrap();
    conn.fetch_all(
        "SELECT * FROM slot WHERE workshop_id = $1 ORDER BY starts_at",
        params![scene.workshop],
    )
    .await
    .unwrap()
}

/// Open every day at nine, with the option's seats.
async fn open_daily(scene: &Scene) {
    let (catalogue, workshop, option) =
        (catalogue(&scene.store).await, scene.workshop, scene.option);
    let opening = Opening {
        weekdays: serde_json::from_str::<Weekdays>(
            r#"["mon","tue","wed","thu","fri","sat","sun"]"#,
        )
        .unwrap(),
        lunar_days: crate::schedule::LunarDays::default(),
        times: serde_json::from_str::<Times>(r#"["09:00"]"#).unwrap(),
        season: None,
        valid_from: None,
        valid_to: None,
        capacity: 12,
        guide: String::new(),
    };
    scene
        .store
        .write("open", (catalogue, opening), move |tx, (catalogue, opening)| {
            Box::pin(async move {
                crate::schedule::insert_rule(tx, workshop, option, &opening).await?;
                generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await
            })
        })
        .await
        .unwrap();
}

#[test]
fn everything_wrong_is_told_at_once() {
    let input = IntroInput {
        title: both(" ", "x"),
        summary: both(&"a".repeat(401), ""),
        position: "Hà Nội".into(),
        ..IntroInput::default()
    };
    let wrongs = Intro::parse(&input).unwrap_err();
    assert_eq!(
        wrongs,
        [
            (Field::Title(Locale::Vi), Wrong::Missing),
            (Field::Summary(Locale::Vi), Wrong::TooLong { max: 400 }),
            (Field::Description(Locale::Vi), Wrong::Missing),
            (Field::MeetingPoint(Locale::Vi), Wrong::Missing),
            (Field::Position, Wrong::Position),
            (Field::Languages, Wrong::Missing),
        ]
    );
    let child = UnitInput {
        kind: "child".into(),
        min_age: "11".into(),
        max_age: "5".into(),
        price: "1.5".into(),
        seats: "-1".into(),
    };
    let option = OptionInput {
        minutes: "ninety".into(),
        capacity: "0".into(),
        ..wheel("", vec![adult("200k"), adult(""), child])
    };
    assert_eq!(
        Options::parse(&[option]).unwrap_err(),
        [
            (Field::Option(0, OptionPart::Minutes), Wrong::Number { min: 5, max: 2880 }),
            (Field::Option(0, OptionPart::Capacity), Wrong::Number { min: 1, max: 1000 }),
            (Field::Unit(0, 1, UnitPart::Price), Wrong::Missing),
            (Field::Unit(0, 1, UnitPart::Kind), Wrong::Twice),
            (Field::Unit(0, 2, UnitPart::MaxAge), Wrong::BelowOther),
            (Field::Unit(0, 2, UnitPart::Price), Wrong::Price),
            (Field::Unit(0, 2, UnitPart::Seats), Wrong::Number { min: 0, max: 20 }),
        ]
    );
    assert_eq!(Options::parse(&[]).unwrap_err(), [(Field::Options, Wrong::Missing)]);
}

fn conditions() -> TermsInput {
    TermsInput {
        policy: "strict".into(),
        lead_time_hours: "24".into(),
        min_party: "2".into(),
        max_party: "8".into(),
        sharing: "private".into(),
        weather: "outdoor".into(),
        min_to_run: "3".into(),
        decide_hours: "48".into(),
        children: false,
        prepay: String::new(),
        prepay_percent: "30".into(),
        pay_minutes: "240".into(),
        waiver: both("Tôi đồng ý.", ""),
        questions: vec![
            QuestionInput {
                scope: "guest".into(),
                kind: "choice".into(),
                label: both("Cỡ tạp dề", "Apron size"),
                choices: "Trẻ em | Child\r\nNgười lớn|Adult\n".into(),
                ..QuestionInput::default()
            },
            QuestionInput {
                key: "apron_size".into(),
                scope: "booking".into(),
                kind: "text".into(),
                required: true,
                label: both("Ghi chú", ""),
                ..QuestionInput::default()
            },
        ],
    }
}

#[test]
fn conditions_that_contradict_each_other_are_refused() {
    let input = TermsInput {
        max_party: "1".into(),
        policy: "generous".into(),
        waiver: both("", "I accept"),
        questions: vec![QuestionInput {
            kind: "choice".into(),
            scope: "guest".into(),
            label: both("Men", ""),
            choices: "Men ngọc".into(),
            ..QuestionInput::default()
        }],
        ..conditions()
    };
    assert_eq!(
        Terms::parse(&input).unwrap_err(),
        [
            (Field::MaxParty, Wrong::BelowOther),
            (Field::Policy, Wrong::Choice),
            (Field::Waiver(Locale::Vi), Wrong::Missing),
            (Field::Question(0, QuestionPart::Choices), Wrong::Missing),
        ]
    );
}

both_dbs! {
    async fn a_new_tour_is_a_draft_with_an_address_of_its_own(store) {
        let scene = Scene::new(&store).await;
        let (id, slug) = create(&scene, &scene.owner, "Nặn gốm “bàn xoay”").await.unwrap();
        assert_eq!(slug, "nan-gom-ban-xoay");
        let (_, second) = create(&scene, &scene.owner, "Nặn gốm bàn xoay").await.unwrap();
        assert_eq!(second, "nan-gom-ban-xoay-2");
        let (_, korean) = create(&scene, &scene.owner, "도자기").await.unwrap();
        assert_eq!(korean, "tour");
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let refused = create(&scene, actor, "Khác").await;
            assert!(matches!(refused, Err(EditError::Forbidden(_))));
        }
        let catalogue = catalogue(&store).await;
        let tour = catalogue.tour(id).unwrap();
        assert!(!tour.published && tour.options.is_empty());
        assert_eq!(tour.summary.vi, "Một buổi bên bàn xoay");
        assert_eq!(tour.description.vi, "Đoạn một.\n\nĐoạn hai.");
        assert_eq!(tour.title.text(Locale::En), "Nặn gốm “bàn xoay”");
        assert_eq!(tour.title.language(Locale::En), Locale::Vi);
        assert_eq!(tour.included.list(Locale::En), ["Đất", "Tạp dề"]);
        assert_eq!(tour.languages.0.len(), 2);
        assert_eq!(catalogue.tours_of(scene.workshop).count(), 1);
    }

    async fn a_tour_without_prices_is_not_published(store) {
        let scene = Scene::new(&store).await;
        let (id, _) = create(&scene, &scene.owner, "Vẽ men").await.unwrap();
        let publish_it = |actor: &Actor, tour| {
            let command = Publish { actor: actor.clone(), tour, published: true };
            store.write("publish", command, |tx, c| Box::pin(publish(tx, c)))
        };
        let early = publish_it(&scene.owner, id).await;
        assert!(matches!(early, Err(EditError::NotReady(lacks)) if lacks == [Lack::Options]));
        let options = Options::parse(&[wheel("", vec![adult("150.000")])]).unwrap();
        let command = SaveOptions { actor: scene.owner.clone(), tour: id, options };
        store.write("save", command, |tx, c| Box::pin(save_options(tx, c))).await.unwrap();
        assert!(publish_it(&scene.staff, id).await.is_err());
        publish_it(&scene.owner, id).await.unwrap();
        let catalogue = catalogue(&store).await;
        assert!(catalogue.tour(id).unwrap().published);
        assert_eq!(catalogue.tour(id).unwrap().price_from(), Some(Dong(150_000)));
    }

    async fn a_booking_keeps_the_price_it_was_promised(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let units = vec![adult("350.000 ₫"), UnitInput { kind: "senior".into(), ..adult("0") }];
        save(&scene, &scene.owner, &[wheel("wheel", units)]).await.unwrap();
        let catalogue = catalogue(&store).await;
        let (_, option) = catalogue.option(scene.option).unwrap();
        let sold: Vec<_> = option.open_units().map(|unit| (unit.kind, unit.price)).collect();
        assert_eq!(sold, [(UnitKind::Adult, Dong(350_000)), (UnitKind::Senior, Dong(0))]);
        let child = option.units.iter().find(|unit| unit.kind == UnitKind::Child).unwrap();
        assert!(!child.active && child.id == scene.child);
        assert_eq!(option.units.iter().find(|unit| unit.active).unwrap().id, scene.adult);
        let after = scene.again(&booking).await;
        assert_eq!(after.total, Dong(600_000));
        assert_eq!(after.party.lines()[0].price, Dong(300_000));
    }

    async fn departures_follow_an_option_and_bookings_stay(store) {
        let scene = Scene::new(&store).await;
        open_daily(&scene).await;
        let all = slots(&scene).await;
        let rule: Vec<_> = all.iter().filter(|slot| slot.id != scene.slot).collect();
        assert!(rule.len() > 100, "{}", rule.len());
        let kept = rule[5].id;
        scene.booked(kept, 2).await.unwrap();
        let wider = OptionInput { capacity: "8".into(), minutes: "60".into(), ..wheel("wheel", vec![adult("1")]) };
        let saved = save(&scene, &scene.owner, &[wider]).await.unwrap();
        assert_eq!(saved.kept, 1);
        assert!(saved.slots.changed > 100);
        let after = slots(&scene).await;
        for slot in after.iter().filter(|slot| slot.id != scene.slot) {
            let minutes = (slot.ends_at - slot.starts_at).num_minutes();
            let expected = if slot.id == kept { (12, 90) } else { (8, 60) };
            assert_eq!((slot.capacity, minutes), expected, "{slot:?}");
        }
        // Another option in its place: the old one is off sale, its empty departures go.
        let other = OptionInput { title: both("Vẽ men", ""), ..wheel("", vec![adult("90000")]) };
        let saved = save(&scene, &scene.owner, &[other]).await.unwrap();
        assert_eq!(saved.kept, 1);
        let left: Vec<_> = slots(&scene).await.into_iter().map(|slot| slot.id).collect();
        assert_eq!(left, [kept]);
        let refused = scene.hold(kept, 1).await;
        assert!(refused.is_ok(), "the scene's own catalogue is older");
        let mut wish = scene.wish(kept, 1);
        wish.catalogue = catalogue(&store).await;
        assert!(scene.send(wish).await.is_err());
        // Listed again by its title, it is the same option, with its rules.
        let again = save(&scene, &scene.owner, &[wheel("", vec![adult("90000")])]).await.unwrap();
        assert!(again.slots.added > 100, "{again:?}");
        assert_eq!(catalogue(&store).await.tour(scene.tour).unwrap().open_options().count(), 1);
    }

    async fn only_an_owner_of_this_workshop_saves(store) {
        let scene = Scene::new(&store).await;
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let refused = save(&scene, actor, &[wheel("wheel", vec![adult("1")])]).await;
            assert!(matches!(refused, Err(EditError::Forbidden(_))));
        }
        let nothing = SaveIntro {
            actor: scene.owner.clone(),
            tour: TourId::new(store.now()),
            intro: Intro::parse(&words("Không có")).unwrap(),
        };
        let answer = store.write("save", nothing, |tx, c| Box::pin(save_intro(tx, c))).await;
        assert!(matches!(answer, Err(EditError::Unknown)));
    }

    async fn conditions_are_saved_and_empty_departures_close_earlier(store) {
        let scene = Scene::new(&store).await;
        open_daily(&scene).await;
        let terms = Terms::parse(&conditions()).unwrap();
        let command = SaveTerms { actor: scene.owner.clone(), tour: scene.tour, terms };
        store.write("terms", command, |tx, c| Box::pin(save_terms(tx, c))).await.unwrap();
        let catalogue = catalogue(&store).await;
        let tour = catalogue.tour(scene.tour).unwrap();
        assert_eq!((tour.min_party, tour.max_party, tour.min_to_run), (2, 8, 3));
        assert_eq!(tour.waiver.as_ref().unwrap().vi, "Tôi đồng ý.");
        let keys: Vec<_> = tour.questions.0.iter().map(|question| question.key.as_str()).collect();
        assert_eq!(keys, ["apron_size", "apron_size_2"]);
        let values: Vec<_> = tour.questions.0[0].choices.iter().map(|c| c.value.as_str()).collect();
        assert_eq!(values, ["child", "adult"]);
        for slot in slots(&scene).await.iter().filter(|slot| slot.id != scene.slot) {
            assert_eq!((slot.starts_at - slot.closes_at).num_hours(), 24);
        }
        let many = TermsInput { min_to_run: "13".into(), ..conditions() };
        let terms = Terms::parse(&many).unwrap();
        let command = SaveTerms { actor: scene.owner.clone(), tour: scene.tour, terms };
        let refused = store.write("terms", command, |tx, c| Box::pin(save_terms(tx, c))).await;
        let Err(EditError::Fields(wrongs)) = refused else { panic!("{refused:?}") };
        assert_eq!(wrongs, [(Field::MinToRun, Wrong::Number { min: 1, max: 12 })]);
    }

    async fn guests_pay_beforehand_only_into_an_account(store) {
        let scene = Scene::new(&store).await;
        let save = |prepay: &str, percent: &str| {
            let input = TermsInput {
                prepay: prepay.into(),
                prepay_percent: percent.into(),
                min_to_run: "1".into(),
                ..conditions()
            };
            let terms = Terms::parse(&input).unwrap();
            let command = SaveTerms { actor: scene.owner.clone(), tour: scene.tour, terms };
            store.write("terms", command, |tx, c| Box::pin(save_terms(tx, c)))
        };
        let Err(EditError::Fields(wrongs)) = save("deposit", "30").await else { panic!("no account") };
        assert_eq!(wrongs, [(Field::Prepay, Wrong::NoAccount)]);
        let data = payment::AccountData::parse(&payment::AccountInput {
            bank: "970436".into(),
            number: "1".into(),
            holder: "Lò Bầu".into(),
        })
        .unwrap();
        let of = payment::AccountOf::Workshop(scene.workshop);
        let add = payment::AddAccount { actor: scene.owner.clone(), of, data };
        store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap();
        save("deposit", "30").await.unwrap();
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let terms = catalogue.tour(scene.tour).unwrap().payment_terms();
        assert_eq!(terms, payment::PaymentTerms::Deposit { percent: 30, minutes: 240 });
        for (prepay, percent) in [("later", "30"), ("deposit", "0"), ("deposit", "100")] {
            let input = TermsInput {
                prepay: prepay.into(),
                prepay_percent: percent.into(),
                ..conditions()
            };
            assert!(Terms::parse(&input).is_err(), "{prepay} {percent}");
        }
    }

    async fn a_booking_keeps_the_policy_it_was_promised(store) {
        let scene = Scene::new(&store).await;
        let slot = scene.add_slot(chrono::TimeDelta::days(4)).await;
        let booking = scene.booked(slot, 1).await.unwrap();
        let terms = Terms::parse(&conditions()).unwrap();
        let command = SaveTerms { actor: scene.owner.clone(), tour: scene.tour, terms };
        store.write("terms", command, |tx, c| Box::pin(save_terms(tx, c))).await.unwrap();
        let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
        let ended = store
            .write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c)))
            .await
            .unwrap();
        // Moderate gives all back four days before; strict, the tour's policy now, nothing.
        let State::Cancelled { refund_percent, .. } = ended.state else { panic!("{ended:?}") };
        assert_eq!(refund_percent, 100);
        let mut wish = scene.wish(slot, 2);
        wish.catalogue = catalogue(&store).await;
        assert_eq!(scene.send(wish).await.unwrap().policy, Policy::Strict);
    }

    async fn tours_change_places_within_their_workshop(store) {
        let scene = Scene::new(&store).await;
        let elsewhere = Scene::new(&store).await;
        let (second, _) = create(&scene, &scene.owner, "Hai").await.unwrap();
        let (third, _) = create(&scene, &scene.owner, "Ba").await.unwrap();
        let order = || async {
            let catalogue = catalogue(&store).await;
            catalogue.all_tours_of(scene.workshop).map(|tour| tour.id).collect::<Vec<_>>()
        };
        assert_eq!(order().await, [scene.tour, second, third]);
        let go = |tour, up| {
            let command = MoveTour { actor: scene.owner.clone(), tour, up };
            store.write("move", command, |tx, c| Box::pin(move_tour(tx, c)))
        };
        go(third, true).await.unwrap();
        assert_eq!(order().await, [scene.tour, third, second]);
        go(scene.tour, true).await.unwrap();
        go(scene.tour, false).await.unwrap();
        assert_eq!(order().await, [third, scene.tour, second]);
        assert!(matches!(go(elsewhere.tour, true).await, Err(EditError::Forbidden(_))));
    }

    async fn a_workshop_changes_its_data(store) {
        let scene = Scene::new(&store).await;
        let input = WorkshopInput {
            name: "  Gốm   Ngõ Bát ".into(),
            address: both("Thôn 5", "Hamlet 5"),
            position: "20.97, 105.91".into(),
            phone: "0912 345 678".into(),
            email: "Hanh@Example.com".into(),
            languages: vec!["vi".into(), "fr".into()],
            summary: both("Xưởng nhỏ", ""),
            story: both("Chuyện nhà", ""),
            accessibility: both("", ""),
            legal_name: "Hộ kinh doanh Nguyễn Thị Hạnh".into(),
            legal_form: "household".into(),
            tax_code: "001 080 012 345".into(),
            mail_language: "en".into(),
        };
        let data = WorkshopData::parse(&input).unwrap();
        let save_as = |actor: &Actor| {
            let command = SaveWorkshop { actor: actor.clone(), workshop: scene.workshop, data: data.clone() };
            store.write("save workshop", command, |tx, c| Box::pin(save_workshop(tx, c)))
        };
        assert!(save_as(&scene.staff).await.is_err());
        save_as(&scene.owner).await.unwrap();
        let catalogue = catalogue(&store).await;
        let workshop = catalogue.workshop(scene.workshop).unwrap();
        assert_eq!(workshop.name, "Gốm Ngõ Bát");
        assert_eq!(workshop.phone, "+84912345678");
        assert_eq!(workshop.email, "Hanh@example.com");
        assert_eq!(workshop.tax_code, "001080012345");
        assert_eq!(workshop.locale, Locale::En);
        let bad = WorkshopInput { phone: "12".into(), email: "no".into(), tax_code: "1".into(), legal_form: String::new(), ..input };
        assert_eq!(
            WorkshopData::parse(&bad).unwrap_err(),
            [
                (Field::Phone, Wrong::Phone),
                (Field::Email, Wrong::Email),
                (Field::LegalForm, Wrong::Choice),
                (Field::TaxCode, Wrong::TaxCode),
            ]
        );
        let mut conn = store.read().await.unwrap();
        let (lines,): (i64,) = conn
            .fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM audit WHERE verb = 'workshop.save'", vec![])
            .await
            .unwrap();
        assert_eq!(lines, 1);
    }
}
