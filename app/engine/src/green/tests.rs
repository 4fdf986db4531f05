//! Stories of green measures, on both databases; what is read and what is shown, without one.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::reckon::{Counted, counted};
use super::*;
use crate::accounts::Actor;
use crate::booking::Booking;
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::testing::{Scene, run};
use crate::both_dbs;
use crate::clock::local_date;
use crate::store::Store;
use crate::{
    ExtraId, FiringId, GreenEntryId, Locale, Localized, PieceId, PiecePartyId, PieceStepId, PoolId,
    ResourceId, SlotId, TourId, UseId, WorkshopId, params,
};

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn words(vi: &str, en: &str) -> Localized {
    Localized { vi: vi.to_owned(), en: en.to_owned() }
}

fn input(period: &str) -> EntryInput {
    EntryInput {
        way: "said".into(),
        value: "62,5".into(),
        period: period.into(),
        known: "counted".into(),
        source: words("Sổ cân đất của xưởng", ""),
        ..EntryInput::default()
    }
}

async fn tell(
    scene: &Scene,
    tour: Option<TourId>,
    measure: Measure,
    input: &EntryInput,
) -> Result<GreenEntryId, GreenError> {
    let data = EntryData::parse(measure, input, local_date(scene.store.now()))?;
    let (actor, form_key) = (scene.owner.clone(), uuid::Uuid::now_v7().to_string());
    let command = Enter { actor, workshop: scene.workshop, tour, data, form_key };
    scene.store.write("enter", command, |tx, c| Box::pin(enter(tx, c))).await
}

async fn take_back(scene: &Scene, actor: &Actor, entry: GreenEntryId) -> Result<(), GreenError> {
    let command = Withdraw { actor: actor.clone(), workshop: scene.workshop, entry };
    scene.store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await
}

async fn seen(store: &Store, workshop: WorkshopId) -> Vec<Shown> {
    let today = local_date(store.now());
    of_workshop(&mut store.read().await.unwrap(), workshop, today).await.unwrap()
}

fn fields(answer: Result<impl std::fmt::Debug, GreenError>) -> Wrongs {
    match answer {
        Err(GreenError::Fields(wrongs)) => wrongs,
        other => panic!("no fields: {other:?}"),
    }
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    let today = on("2026-12-01");
    let parse = |measure, input: &EntryInput| EntryData::parse(measure, input, today);
    let empty = EntryInput::default();
    assert_eq!(
        fields(parse(Measure::LocalMaterials, &empty)),
        [
            (Field::Value, Wrong::Missing),
            (Field::WithinKm, Wrong::Missing),
            (Field::Period, Wrong::Choice),
            (Field::Known, Wrong::Choice),
            (Field::Source(Locale::Vi), Wrong::Missing),
        ]
    );
    assert_eq!(fields(parse(Measure::KilnFuel, &empty))[0], (Field::Fuel, Wrong::Choice));
    assert_eq!(fields(parse(Measure::KilnEnergy, &empty))[0], (Field::Way, Wrong::Choice));
    let more = EntryInput { value: "100,01".into(), ..input("2026-10") };
    let most = Wrong::Number { most: 100 };
    assert_eq!(fields(parse(Measure::ClayReclaimed, &more)), [(Field::Value, most)]);
    // November is over, December is not.
    assert!(parse(Measure::ClayReclaimed, &input("2026-11")).is_ok());
    let early = fields(parse(Measure::ClayReclaimed, &input("2026-12")));
    assert_eq!(early, [(Field::Period, Wrong::Choice)]);
    // Who says yes says how; who says no need not.
    let yes = EntryInput { done: "yes".into(), ..input("2026") };
    let how = (Field::Practice(Locale::Vi), Wrong::Missing);
    assert_eq!(fields(parse(Measure::PlasticFree, &yes)), [how]);
    assert!(parse(Measure::PlasticFree, &EntryInput { done: "no".into(), ..yes }).is_ok());
    let long = "ă".repeat(MOST_WORDS + 1);
    let long = EntryInput { source: words("Sổ", &long), ..input("2026-10") };
    let field = (Field::Source(Locale::En), Wrong::TooLong { most: MOST_WORDS });
    assert_eq!(fields(parse(Measure::ClayReclaimed, &long)), [field]);
    let half = EntryInput {
        way: "reckoned".into(),
        total: "1.240,5".into(),
        own: "2,5".into(),
        ..input("2026-10")
    };
    let whole = (Field::Own, Wrong::Whole { least: 0, most: 1_000_000 });
    assert_eq!(fields(parse(Measure::KilnEnergy, &half)), [whole]);
}

#[test]
fn a_figure_ages_by_one_rule() {
    let last = on("2026-06-30");
    for (today, standing) in [
        ("2026-06-30", Standing::Fresh),
        ("2027-12-30", Standing::Fresh),
        ("2027-12-31", Standing::NotRenewed),
        ("2028-06-30", Standing::NotRenewed),
        ("2028-07-01", Standing::Past),
    ] {
        assert_eq!(super::standing(last, on(today)), standing, "{today}");
    }
    let long = last.checked_add_months(Months::new(SHOWN_MONTHS)).unwrap();
    assert_eq!(super::standing(last, long), Standing::NotRenewed);
}

both_dbs! {
    async fn owners_tell_and_everybody_reads(store) {
        let scene = Scene::new(&store).await;
        let data = EntryData::parse(Measure::ClayReclaimed, &input("2026-10"), on("2026-12-01"));
        let command = Enter {
            actor: scene.staff.clone(),
            workshop: scene.workshop,
            tour: None,
            data: data.unwrap(),
            form_key: "one".into(),
        };
        let send = async |actor: &Actor| {
            let command = Enter { actor: actor.clone(), ..command.clone() };
            store.write("enter", command, |tx, c| Box::pin(enter(tx, c))).await
        };
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            assert!(matches!(send(actor).await, Err(GreenError::Forbidden(_))));
        }
        let id = send(&scene.owner).await.unwrap();
        // The same form sent twice is one entry.
        assert_eq!(send(&scene.owner).await.unwrap(), id);
        let shown = seen(&store, scene.workshop).await;
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].value, Value::Number(Hundredths(6_250)));
        assert_eq!((shown[0].standing, shown[0].line.len()), (Standing::Fresh, 0));
        assert_eq!(shown[0].entry.period.to_string(), "2026-10");
        assert_eq!(shown[0].entry.entered_by, scene.owner.label());
        assert_eq!(shown[0].entry.entered_at, store.now());
        let mut conn = store.read().await.unwrap();
        let of = (scene.workshop, None);
        let kept = history(&mut conn, &scene.owner, of, Measure::ClayReclaimed).await.unwrap();
        assert_eq!(kept.len(), 1);
        let other = history(&mut conn, &scene.stranger, of, Measure::ClayReclaimed).await;
        assert!(matches!(other, Err(GreenError::Forbidden(_))));
        assert!(overview(&mut conn, &scene.staff, scene.workshop, None).await.is_err());
    }

    async fn history_is_kept_and_the_newest_counts(store) {
        let scene = Scene::new(&store).await;
        let percent = async |period: &str, value: &str| {
            store.clock().advance(TimeDelta::minutes(1));
            let input = EntryInput { value: value.into(), ..input(period) };
            tell(&scene, None, Measure::ClayReclaimed, &input).await.unwrap()
        };
        percent("2026-10", "60").await;
        percent("2026-09", "50").await;
        let one = async || seen(&store, scene.workshop).await.remove(0);
        assert_eq!(one().await.entry.period.to_string(), "2026-10", "older, though said later");
        let wrong = percent("2026-10", "70").await;
        assert_eq!(one().await.value, Value::Number(Hundredths::whole(70)));
        assert!(one().await.line.is_empty(), "two months make no line");
        percent("2026-08", "40").await;
        // A quarter is no month.
        percent("2026-q3", "10").await;
        let line: Vec<i64> = one().await.line.iter().map(|point| point.amount.0).collect();
        assert_eq!(line, [4_000, 5_000, 7_000]);

        assert!(take_back(&scene, &scene.staff, wrong).await.is_err());
        take_back(&scene, &scene.owner, wrong).await.unwrap();
        take_back(&scene, &scene.owner, wrong).await.unwrap();
        assert_eq!(one().await.value, Value::Number(Hundredths::whole(60)));
        let mut conn = store.read().await.unwrap();
        let of = (scene.workshop, None);
        let kept = history(&mut conn, &scene.owner, of, Measure::ClayReclaimed).await.unwrap();
        assert_eq!(kept.len(), 5);
        assert!(kept.iter().any(|it| it.entry.id == wrong && it.entry.withdrawn_at.is_some()));
        drop(conn);
        let unknown = GreenEntryId::new(store.now());
        let none = take_back(&scene, &scene.owner, unknown).await;
        assert!(matches!(none, Err(GreenError::Unknown)));
    }

    async fn what_is_done_is_as_it_was_said_last(store) {
        let scene = Scene::new(&store).await;
        let yes = EntryInput {
            done: "yes".into(),
            practice: words("Nước uống trong bình gốm", "Water in jugs"),
            ..input("2026")
        };
        tell(&scene, None, Measure::PlasticFree, &yes).await.unwrap();
        store.clock().advance(TimeDelta::days(1));
        let no = EntryInput { done: "no".into(), ..input("2026-12") };
        tell(&scene, None, Measure::PlasticFree, &no).await.unwrap();
        let shown = seen(&store, scene.workshop).await;
        assert_eq!((shown.len(), shown[0].value), (1, Value::YesNo(false)));
    }

    async fn old_figures_fade_and_go(store) {
        let scene = Scene::new(&store).await;
        let fuel = EntryInput { fuel: "gas".into(), ..input("2026-11") };
        tell(&scene, None, Measure::KilnFuel, &fuel).await.unwrap();
        let stands = async || {
            seen(&store, scene.workshop).await.first().map(|shown| shown.standing)
        };
        assert_eq!(stands().await, Some(Standing::Fresh));
        store.clock().advance(TimeDelta::days(600));
        assert_eq!(stands().await, Some(Standing::NotRenewed));
        store.clock().advance(TimeDelta::days(200));
        assert_eq!(stands().await, None);
        let mut conn = store.read().await.unwrap();
        let all = overview(&mut conn, &scene.owner, scene.workshop, None).await.unwrap();
        assert_eq!(all.len(), 1, "the workshop still has it");
    }

    async fn a_tour_says_its_own_before_its_workshops(store) {
        let (scene, other) = (Scene::new(&store).await, Scene::new(&store).await);
        let dyes = |value: &str| EntryInput { value: value.into(), ..input("2026-11") };
        tell(&scene, None, Measure::NaturalDyes, &dyes("30")).await.unwrap();
        tell(&scene, None, Measure::ClayReclaimed, &dyes("60")).await.unwrap();
        tell(&scene, Some(scene.tour), Measure::NaturalDyes, &dyes("90")).await.unwrap();
        let clay = tell(&scene, Some(scene.tour), Measure::ClayReclaimed, &dyes("9")).await;
        assert!(matches!(clay, Err(GreenError::Unknown)), "no measure of a tour");
        let theirs = tell(&scene, Some(other.tour), Measure::NaturalDyes, &dyes("9")).await;
        assert!(matches!(theirs, Err(GreenError::Unknown)));
        let mut conn = store.read().await.unwrap();
        let today = local_date(store.now());
        let shown = of_tour(&mut conn, scene.workshop, scene.tour, today).await.unwrap();
        let said: Vec<(Measure, bool, Value)> = shown
            .iter()
            .map(|it| (it.entry.measure, it.entry.tour_id.is_some(), it.value))
            .collect();
        assert_eq!(
            said,
            [
                (Measure::ClayReclaimed, false, Value::Number(Hundredths::whole(60))),
                (Measure::NaturalDyes, true, Value::Number(Hundredths::whole(90))),
            ]
        );
        drop(conn);
        assert_eq!(seen(&store, scene.workshop).await.len(), 2);

        tell(&other, None, Measure::NaturalDyes, &dyes("80")).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let both = [scene.workshop, other.workshop];
        let lines = side_by_side(&mut conn, &both, today).await.unwrap();
        let there: Vec<(Measure, Vec<bool>)> = lines
            .iter()
            .map(|line| (line.measure, line.cells.iter().map(Option::is_some).collect()))
            .collect();
        assert_eq!(
            there,
            [
                (Measure::ClayReclaimed, vec![true, false]),
                (Measure::NaturalDyes, vec![true, true]),
            ]
        );
        assert!(side_by_side(&mut conn, &[], today).await.unwrap().is_empty());
    }

    async fn guests_who_shared_a_vehicle_are_reckoned(store) {
        let scene = Scene::new(&store).await;
        let reckoned = |more: &str| EntryInput {
            way: "reckoned".into(),
            counted: more.into(),
            ..input("2026-12")
        };
        let (ridden, picked) = (came(&scene, 4).await, came(&scene, 3).await);
        ride(&scene, ridden.slot_id, 3).await;
        let line = json!([{
            "id": ExtraId::new(store.now()), "kind": "pick_up", "quantity": 2, "price": 0,
            "title": { "vi": "Đón ở ga", "en": "From the station" },
        }]);
        let sql = "UPDATE booking SET extras = $1 WHERE id = $2";
        run(&store, sql, params![line.to_string(), picked.id]).await;
        store.clock().advance(TimeDelta::days(40));
        let december = Period::parse("2026-12").unwrap();
        let mut conn = store.read().await.unwrap();
        let known = counted(&mut conn, (scene.workshop, None), Measure::SharedTransport, december);
        assert_eq!(known.await.unwrap(), Some(Counted::Guests { came: 7, known: 5 }));
        drop(conn);
        let tour = Some(scene.tour);
        let more = tell(&scene, tour, Measure::SharedTransport, &reckoned("3")).await;
        let wrong = Wrong::MoreThanCame { came: 7, known: 5 };
        assert_eq!(fields(more), [(Field::Counted, wrong)]);
        tell(&scene, None, Measure::SharedTransport, &reckoned("1")).await.unwrap();
        let shown = seen(&store, scene.workshop).await.remove(0);
        assert_eq!(shown.value, Value::Number(Hundredths(8_570)));
        let basis = Basis::Transport { came: 7, known: 5, counted: 1 };
        assert_eq!(shown.entry.basis, Some(basis));
        let before = EntryInput { period: "2026-11".into(), ..reckoned("0") };
        let nobody = tell(&scene, None, Measure::SharedTransport, &before).await;
        assert_eq!(fields(nobody), [(Field::Period, Wrong::NoGuests)]);
    }

    async fn energy_is_divided_by_what_came_out_of_the_kilns(store) {
        let scene = Scene::new(&store).await;
        let reckoned = |own: &str| EntryInput {
            way: "reckoned".into(),
            total: "1.240".into(),
            own: own.into(),
            known: "metered".into(),
            ..input("2026-12")
        };
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let december = store.now() + TimeDelta::days(10);
        fired(&scene, &booking, december).await;
        store.clock().advance(TimeDelta::days(40));
        let period = Period::parse("2026-12").unwrap();
        let mut conn = store.read().await.unwrap();
        // Of three pieces one cracked and one had its first firing.
        assert_eq!(reckon::pieces(&mut conn, scene.workshop, period).await.unwrap(), 1);
        assert_eq!(reckon::pieces(&mut conn, scene.workshop, period.back(1)).await.unwrap(), 0);
        drop(conn);
        tell(&scene, None, Measure::KilnEnergy, &reckoned("309")).await.unwrap();
        let shown = seen(&store, scene.workshop).await.remove(0);
        assert_eq!(shown.value, Value::Number(Hundredths::whole(4)));
        let total = Hundredths::whole(1_240);
        assert_eq!(shown.entry.basis, Some(Basis::Energy { total, guests: 1, own: 309 }));
        let none = EntryInput { period: "2026-11".into(), ..reckoned("0") };
        let none = tell(&scene, None, Measure::KilnEnergy, &none).await;
        assert_eq!(fields(none), [(Field::Own, Wrong::NoPieces)]);
    }
}

/// So many guests of a departure of their own who came today; the clock moves on to it.
async fn came(scene: &Scene, people: i32) -> Booking {
    let slot = scene.add_slot(TimeDelta::days(2)).await;
    let booking = scene.booked(slot, u32::try_from(people).unwrap()).await.unwrap();
    scene.store.clock().advance(TimeDelta::days(2));
    let actor = scene.owner.clone();
    let command = CheckIn { actor, booking: booking.id, arrived: people, at: None };
    scene.store.write("check in", command, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    scene.again(&booking).await
}

/// A resource of the workshop.
async fn resource(scene: &Scene, kind: &str) -> ResourceId {
    let now = scene.store.now();
    let (pool, id) = (PoolId::new(now), ResourceId::new(now));
    run(&scene.store, "INSERT INTO resource_pool (id, version) VALUES ($1, 0)", params![pool])
        .await;
    run(
        &scene.store,
        "INSERT INTO resource (id, pool_id, workshop_id, kind, name, quantity, setup_minutes, \
         cleanup_minutes, hours, note, active, created_at) \
         VALUES ($1, $2, $3, $4, $5, 100, 0, 0, '[]', '', $6, $7)",
        params![id, pool, scene.workshop, *kind, words("Máy", ""), true, now],
    )
    .await;
    id
}

/// Keeps seats of a vehicle for a departure.
async fn ride(scene: &Scene, slot: SlotId, seats: i32) {
    let vehicle = resource(scene, "vehicle").await;
    let now = scene.store.now();
    run(
        &scene.store,
        "INSERT INTO resource_use (id, resource_id, starts_at, ends_at, amount, purpose, slot_id, \
         workshop_id, note, created_at) VALUES ($1, $2, $3, $4, $5, 'visit', $6, $7, '', $3)",
        params![
            UseId::new(now),
            vehicle,
            now,
            now + TimeDelta::hours(1),
            seats,
            slot,
            scene.workshop
        ],
    )
    .await;
}

/// Three pieces in a glaze firing at an instant: one whole, one cracked, one that is to be fired once more.
async fn fired(scene: &Scene, booking: &Booking, at: DateTime<Utc>) {
    let store = &scene.store;
    let (kiln, now) = (resource(scene, "kiln").await, store.now());
    let (party, firing) = (PiecePartyId::new(now), FiringId::new(now));
    run(
        store,
        "INSERT INTO piece_party (id, workshop_id, booking_id, secret, created_at) \
         VALUES ($1, $2, $3, 'green', $4)",
        params![party, scene.workshop, booking.id, now],
    )
    .await;
    run(
        store,
        "INSERT INTO firing (id, workshop_id, resource_id, kind, starts_at, ends_at, state, note, \
         fired_at, created_at) VALUES ($1, $2, $3, 'glaze_firing', $4, $5, 'fired', '', $5, $4)",
        params![firing, scene.workshop, kiln, at - TimeDelta::hours(9), at],
    )
    .await;
    let step = |kind: &str| json!({ "kind": kind, "days": 1, "load": true });
    let twice = json!([step("bisque_firing"), step("glaze_firing")]).to_string();
    for (number, kind, mark) in
        [(1, "glaze_firing", "done"), (2, "glaze_firing", "cracked"), (3, "bisque_firing", "done")]
    {
        let piece = PieceId::new(now);
        let label = format!("G{number}");
        run(
            store,
            "INSERT INTO piece (id, form_key, party_id, workshop_id, slot_id, option_id, number, \
             label, code, name, litres, grams, steps, done, state, since, looked_on, version, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $2, $2, '', 2, 500, $8, 1, 'making', \
             $9, $10, 1, $9)",
            params![
                piece,
                label,
                party,
                scene.workshop,
                booking.slot_id,
                scene.option,
                number,
                twice,
                now,
                local_date(now)
            ],
        )
        .await;
        run(
            store,
            "INSERT INTO piece_step (id, piece_id, at, version, mark, kind, who, firing_id, note) \
             VALUES ($1, $2, $3, 1, $4, $5, 'system', $6, '')",
            params![PieceStepId::new(now), piece, at, *mark, *kind, firing],
        )
        .await;
    }
}
