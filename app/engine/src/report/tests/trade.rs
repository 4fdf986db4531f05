//! Trade promotion from the announcement to what came of it.

use chrono::TimeDelta;

use super::super::{
    DecidePart, Field, Figure, Orders, Outcome, PartState, Register, ReportError, SaveTrade, Scope,
    TellOutcome, TradeData, TradeInput, decide_part, register, save_trade, tell_outcome,
    trade_events, trade_of_workshop, trade_parts,
};
use super::{admin, move_to, report, village_of};
use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::both_dbs;
use crate::clock::local_date;
use crate::store::Store;
use crate::{Localized, TradeEventId};

fn input() -> TradeInput {
    let name = |vi: &str| Localized { vi: vi.into(), en: String::new() };
    TradeInput {
        kind: "fair".into(),
        name: name("Hội chợ Quà tặng Hà Nội"),
        place: name("Trung tâm Triển lãm"),
        about: Localized::default(),
        first: "2026-12-10".into(),
        last: "2026-12-12".into(),
        register_until: "2026-12-05".into(),
        published: true,
    }
}

async fn saved(store: &Store, actor: Actor, key: &str) -> Result<TradeEventId, ReportError> {
    let data = TradeData::parse(&input())?;
    let save = SaveTrade { actor, id: None, form_key: key.into(), data };
    store.write("trade", save, |tx, c| Box::pin(save_trade(tx, c))).await
}

async fn registers(
    scene: &Scene,
    event: TradeEventId,
    takes_part: bool,
) -> Result<(), ReportError> {
    let command =
        Register { actor: scene.owner.clone(), event, workshop: scene.workshop, takes_part };
    scene.store.write("register", command, |tx, c| Box::pin(register(tx, c))).await
}

async fn decides(
    scene: &Scene,
    actor: &Actor,
    event: TradeEventId,
    confirmed: bool,
) -> Result<(), ReportError> {
    let command = DecidePart { actor: actor.clone(), event, workshop: scene.workshop, confirmed };
    scene.store.write("decide", command, |tx, c| Box::pin(decide_part(tx, c))).await
}

async fn tells(scene: &Scene, event: TradeEventId, contracts: &str) -> Result<(), ReportError> {
    let command = TellOutcome {
        actor: scene.owner.clone(),
        event,
        workshop: scene.workshop,
        outcome: Outcome::parse(contracts, "under_50")?,
    };
    scene.store.write("tell", command, |tx, c| Box::pin(tell_outcome(tx, c))).await
}

both_dbs! {
    async fn workshops_take_part_in_a_fair_and_say_what_came_of_it(store) {
        let office = admin(&store);
        let first = Scene::new(&store).await;
        let village = village_of(&first).await;
        let scenes = [first, Scene::new(&store).await, Scene::new(&store).await];
        for scene in &scenes[1..] {
            move_to(scene, village).await;
        }
        let [first, second, third] = &scenes;
        assert!(matches!(saved(&store, first.owner.clone(), "a").await, Err(ReportError::Forbidden(_))));
        let event = saved(&store, office.clone(), "a").await.unwrap();
        assert_eq!(saved(&store, office.clone(), "a").await.unwrap(), event, "the same form");
        for scene in &scenes {
            registers(scene, event, true).await.unwrap();
        }
        registers(second, event, false).await.unwrap();
        registers(second, event, true).await.unwrap();
        assert!(matches!(decides(first, &first.owner, event, true).await, Err(ReportError::Forbidden(_))));
        for scene in &scenes {
            decides(scene, &office, event, true).await.unwrap();
        }
        assert!(matches!(tells(first, event, "2").await, Err(ReportError::TooEarly)));
        store.clock().advance(TimeDelta::days(10));
        assert!(matches!(registers(third, event, false).await, Err(ReportError::Closed)));
        tells(first, event, "2").await.unwrap();
        tells(second, event, "1").await.unwrap();
        let told = report(&store, &office, Scope::City).await.unwrap().trade;
        assert_eq!((told.events.len(), told.parts, told.told), (1, 3, Figure::Hidden));
        assert!(told.orders.iter().all(|(_, figure)| *figure == Figure::Hidden), "not even where none is");
        assert_eq!(told.contracts, Figure::Hidden, "of two workshops");
        tells(third, event, "3").await.unwrap();
        let told = report(&store, &office, Scope::Village(village)).await.unwrap().trade;
        assert_eq!(told.contracts, Figure::Known(6));
        assert_eq!(told.events[0].contracts, Figure::Known(6));
        assert_eq!(told.orders[1], (Orders::Under50, Figure::Known(3)));
        let mut conn = store.read().await.unwrap();
        let parts = trade_parts(&mut conn, &office, event).await.unwrap();
        assert!(parts.iter().all(|part| part.state == PartState::Confirmed));
        assert!(trade_parts(&mut conn, &first.owner, event).await.is_err());
        let today = local_date(store.now());
        let mine = trade_of_workshop(&mut conn, &first.owner, first.workshop, today).await.unwrap();
        assert_eq!(mine[0].1.unwrap().contracts, Some(2));
        assert!(trade_events(&mut conn, &first.owner).await.is_err());
        drop(conn);
        decides(second, &office, event, false).await.unwrap();
        assert!(matches!(tells(second, event, "1").await, Err(ReportError::Unknown)));
    }
}

#[test]
fn what_the_office_types_is_checked() {
    assert!(TradeData::parse(&input()).is_ok());
    let one_day = TradeInput { last: String::new(), register_until: String::new(), ..input() };
    assert!(TradeData::parse(&one_day).is_ok());
    let wrong = |input: TradeInput| match TradeData::parse(&input) {
        Err(ReportError::Fields(wrongs)) => wrongs.into_iter().map(|(field, _)| field).collect(),
        other => panic!("{other:?}"),
    };
    let fields: Vec<Field> = wrong(TradeInput { name: Localized::default(), ..input() });
    assert_eq!(fields, [Field::Name]);
    assert_eq!(wrong(TradeInput { first: "soon".into(), ..input() }), [Field::First]);
    assert_eq!(
        wrong(TradeInput { last: "2026-12-01".into(), ..input() }),
        [Field::Last, Field::RegisterUntil]
    );
    assert_eq!(wrong(TradeInput { kind: "party".into(), ..input() }), [Field::Kind]);
    assert!(Outcome::parse("-1", "none").is_err() && Outcome::parse("0", "much").is_err());
}
